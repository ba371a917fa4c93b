//! Greeting, EHLO, STARTTLS, AUTH: what each answer leads to.

use retry_email::{Credentials, Greeted, Handshake, Refusal, Reply, Stage, Tls};

/// Answers each read by the next of `replies`; what was written, and how it ended.
fn run(mut handshake: Handshake, replies: &[(u16, &str)]) -> (Vec<String>, Greeted) {
    let (mut written, mut replies) = (Vec::new(), replies.iter());
    loop {
        match handshake.step() {
            Greeted::Write(bytes) => written.push(String::from_utf8(bytes).unwrap().trim_end().to_owned()),
            Greeted::StartTls => {
                written.push("(tls)".to_owned());
                handshake.encrypted();
            }
            Greeted::Read(_) => {
                let (code, text) = replies.next().expect("a reply for each read");
                handshake.reply(&Reply::new(*code, text));
            }
            end => return (written, end),
        }
    }
}

fn refused(stage: Stage, code: u16, text: &str) -> Greeted {
    Greeted::Refused(Refusal::Reply { stage, reply: Reply::new(code, text) })
}

const GREETING: (u16, &str) = (220, "mx.example.net");

#[test]
fn a_server_that_does_not_know_ehlo_is_greeted_by_helo() {
    for code in [500, 502, 504] {
        let (written, end) = run(Handshake::new("me", Tls::Off), &[GREETING, (code, "what?"), (250, "mx\nPIPELINING")]);
        assert_eq!(written, ["EHLO me", "HELO me"]);
        let Greeted::Ready(offered) = end else { panic!("{end:?}") };
        assert!(!offered.pipelining, "HELO offers nothing");
    }
    let (written, end) = run(Handshake::new("me", Tls::Off), &[GREETING, (550, "5.7.1 go away")]);
    assert_eq!((written.len(), end), (1, refused(Stage::Ehlo, 550, "5.7.1 go away")));
    // LMTP has no other greeting.
    let (_, end) = run(Handshake::new("me", Tls::Off).lmtp(), &[GREETING, (500, "what?")]);
    assert_eq!(end, refused(Stage::Ehlo, 500, "what?"));
}

#[test]
fn a_greeting_that_refuses_is_the_refusal() {
    for code in [421, 450, 521, 554, 354] {
        let (written, end) = run(Handshake::new("me", Tls::Off), &[(code, "no")]);
        assert_eq!((written.len(), end), (0, refused(Stage::Greeting, code, "no")));
    }
}

#[test]
fn tls_is_taken_demanded_or_done_without() {
    let offered = (250, "mx\nSTARTTLS\nPIPELINING");
    for tls in [Tls::Required, Tls::Opportunistic] {
        let (written, end) = run(Handshake::new("me", tls), &[GREETING, offered, (220, "go"), (250, "mx\nSIZE 10")]);
        assert_eq!(written, ["EHLO me", "STARTTLS", "(tls)", "EHLO me"]);
        let Greeted::Ready(offered) = end else { panic!("{end:?}") };
        assert!(!offered.pipelining && offered.size == Some(10), "only what was said under TLS");
    }
    let none = (250, "mx");
    assert_eq!(run(Handshake::new("me", Tls::Required), &[GREETING, none]).1, Greeted::Refused(Refusal::NoTls));
    assert!(matches!(run(Handshake::new("me", Tls::Opportunistic), &[GREETING, none]).1, Greeted::Ready(_)));
    let later = (454, "4.7.0 TLS not available");
    let (_, end) = run(Handshake::new("me", Tls::Required), &[GREETING, offered, later]);
    assert_eq!(end, refused(Stage::Tls, 454, later.1));
    assert!(matches!(run(Handshake::new("me", Tls::Opportunistic), &[GREETING, offered, later]).1, Greeted::Ready(_)));
    let (written, _) = run(Handshake::new("me", Tls::Off), &[GREETING, offered]);
    assert_eq!(written, ["EHLO me"]);
}

fn alice() -> Handshake {
    Handshake::new("me", Tls::Implicit).authenticate(Credentials::password("alice", "secret"))
}

#[test]
fn plain_comes_before_login_and_each_is_spoken_as_servers_expect() {
    // "\0alice\0secret", "alice", "secret" in base64
    let (plain, user, secret) = ("AGFsaWNlAHNlY3JldA==", "YWxpY2U=", "c2VjcmV0");
    let both = (250, "mx\nAUTH LOGIN PLAIN");
    let (written, end) = run(alice(), &[GREETING, both, (235, "2.7.0 welcome")]);
    assert_eq!(written[1], format!("AUTH PLAIN {plain}"));
    assert!(matches!(end, Greeted::Ready(_)));
    // A server that does not read the initial response.
    let (written, _) = run(alice(), &[GREETING, both, (334, ""), (235, "welcome")]);
    assert_eq!(written[2], plain);
    let login = (250, "mx\nAUTH LOGIN");
    let (written, end) = run(alice(), &[GREETING, login, (334, "VXNlcm5hbWU6"), (334, "UGFzc3dvcmQ6"), (235, "ok")]);
    assert_eq!(written[1..], ["AUTH LOGIN", user, secret]);
    assert!(matches!(end, Greeted::Ready(_)));
}

#[test]
fn a_token_is_refused_by_its_final_reply_not_by_the_challenge() {
    let handshake = Handshake::new("me", Tls::Implicit).authenticate(Credentials::token("a@b.c", "t"));
    let replies = [GREETING, (250, "mx\nAUTH XOAUTH2 PLAIN"), (334, "eyJzdGF0dXMiOiI0MDEifQ=="), (535, "5.7.8 no")];
    let (written, end) = run(handshake, &replies);
    // "user=a@b.c\x01auth=Bearer t\x01\x01"
    assert_eq!(written[1..], ["AUTH XOAUTH2 dXNlcj1hQGIuYwFhdXRoPUJlYXJlciB0AQE=", ""]);
    assert_eq!(end, refused(Stage::Auth, 535, "5.7.8 no"));
}

#[test]
fn a_server_that_asks_for_ever_is_refused() {
    let replies = [GREETING, (250, "mx\nAUTH LOGIN"), (334, ""), (334, ""), (334, "")];
    assert_eq!(run(alice(), &replies).1, refused(Stage::Auth, 334, ""));
}

#[test]
fn secrets_stay_at_home_where_there_is_no_tls_or_no_mechanism() {
    let offered = (250, "mx\nAUTH PLAIN");
    let clear = |tls| Handshake::new("me", tls).authenticate(Credentials::password("a", "b"));
    for tls in [Tls::Off, Tls::Opportunistic] {
        assert_eq!(run(clear(tls), &[GREETING, offered]).1, Greeted::Refused(Refusal::ClearAuth));
    }
    // Encrypted, but who is it?
    let replies = [GREETING, (250, "mx\nSTARTTLS"), (220, "go"), offered];
    assert_eq!(run(clear(Tls::Opportunistic), &replies).1, Greeted::Refused(Refusal::ClearAuth));
    assert!(matches!(run(clear(Tls::Off).allow_clear_auth(), &[GREETING, offered, (235, "ok")]).1, Greeted::Ready(_)));
    let refusal = Refusal::NoMechanism { offered: vec!["CRAM-MD5".to_owned()] };
    assert_eq!(run(alice(), &[GREETING, (250, "mx\nAUTH CRAM-MD5")]).1, Greeted::Refused(refusal));
    assert!(!format!("{:?}", alice()).contains("secret"));
}

#[test]
fn a_name_cannot_break_out_of_its_command() {
    let (written, _) = run(Handshake::new("me\r\nMAIL FROM:<x>", Tls::Off), &[GREETING, (250, "mx")]);
    assert_eq!(written, ["EHLO meMAILFROM:<x>"]);
    let (written, _) = run(Handshake::new("", Tls::Off), &[GREETING, (250, "mx")]);
    assert_eq!(written, ["EHLO localhost"]);
}
