//! Parameters of notices (RFC 3461): each recipient's own, in every attempt, as seen by the servers.

use retry_email::{Envelope, Notify, Recipient, Return, State};

use super::support::{PATIENT, TWICE, endpoint, fresh, mail, sender, servers, states};

fn recipient(name: &str, notify: Notify, original: &str) -> Recipient {
    Recipient::new(format!("{name}@test.invalid").parse().unwrap()).notify(notify).originally(original)
}

#[tokio::test]
async fn they_are_sent_as_they_were_given() {
    let Some(servers) = servers() else { return };
    for (name, lmtp) in [("sink", false), ("sink_lmtp", true)] {
        let mail = mail();
        let envelope = Envelope::new("a@test.invalid".parse().unwrap())
            .returning(Return::Headers)
            .with_id("order 17")
            .with(recipient("first", Notify::SUCCESS.and(Notify::DELAY), "list+1@test.invalid"))
            .with(recipient("second", Notify::NEVER, "list=2@test.invalid"));
        let endpoint = endpoint(&servers, name);
        let sender = sender(TWICE).host(if lmtp { endpoint.lmtp() } else { endpoint });
        let sent = sender.send(&envelope, &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [State::Delivered; 2], "{sent:?}");
        let dumped = servers.dumped(name, &mail.id).unwrap();
        // Space, + and = are xtext: +20, +2B, +3D.
        let from = "X-Mail-Args: <a@test.invalid> RET=HDRS ENVID=order+2017";
        assert!(dumped[0].content.contains(from), "{}", dumped[0].content);
        assert_eq!(
            dumped[0].recipients,
            [
                "<first@test.invalid> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;list+2B1@test.invalid",
                "<second@test.invalid> NOTIFY=NEVER ORCPT=rfc822;list+3D2@test.invalid",
            ]
        );
    }
}

/// The first attempt serves one of the three; the others are greylisted, and served by the second attempt.
#[tokio::test]
async fn a_later_attempt_carries_each_recipients_own_as_the_notices_of_postfix_show() {
    let Some(servers) = servers() else { return };
    let (mail, author) = (mail(), format!("{}@test.invalid", fresh("author")));
    let (late, silent) = (fresh("late"), fresh("silent"));
    let envelope = Envelope::new(author.parse().unwrap())
        .with_id("order 18")
        .with(recipient(&silent, Notify::NEVER, "list-0@test.invalid"))
        .with(recipient("fast", Notify::SUCCESS, "list-1@test.invalid"))
        .with(recipient(&late, Notify::SUCCESS, "list-2@test.invalid"));
    let sender = sender(PATIENT).host(endpoint(&servers, "greylist"));
    let sent = sender.send(&envelope, &mail.bytes).await;
    sender.close().await;
    assert_eq!(states(&sent), [State::Delivered; 3], "{sent:?}");
    let tries: Vec<usize> = sent.recipients.iter().map(|one| one.attempts.len()).collect();
    assert!(tries[1] == 1 && tries[0] > 1 && tries[2] > 1, "{tries:?}");

    // Postfix reports both deliveries to the author, under the addresses that were given first; of the third it says nothing.
    let notices = servers.mailbox(&author).unwrap();
    let field = |notice: &str, name: &str| {
        let line = notice.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {notice}")).trim().to_owned()
    };
    let mut told: Vec<(String, String, String)> = notices
        .iter()
        .map(|notice| {
            let all = &notice.content;
            assert!(field(all, "Original-Envelope-Id:") == "order 18" && field(all, "Action:") == "delivered");
            (field(all, "Original-Recipient:"), field(all, "Final-Recipient:"), field(all, "Status:"))
        })
        .collect();
    told.sort();
    let expected = [("list-1@test.invalid", "fast"), ("list-2@test.invalid", &*late)]
        .map(|(first, last)| (format!("rfc822;{first}"), format!("rfc822; {last}@test.invalid"), "2.0.0".to_owned()));
    assert_eq!(told, expected);
}
