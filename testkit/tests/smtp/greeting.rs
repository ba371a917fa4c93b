use testkit::smtp::{Dialogue, Outcome, Reaction, Script, Stage};

use super::client::{Client, MESSAGE, start};

#[test]
fn a_well_behaved_dialogue_delivers_a_message() {
    let server = start(Script::new());
    let mut client = Client::connect(&server);
    assert_eq!(client.reply(), "220 testkit.invalid ESMTP\r\n");
    assert_eq!(
        client.say("EHLO client.example.org"),
        "250-testkit.invalid\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n\
         250 ENHANCEDSTATUSCODES\r\n"
    );
    assert_eq!(client.say("NOOP"), "250 2.0.0 Ok\r\n");
    assert_eq!(client.say("VRFY bob"), "252 2.1.5 Send some mail, it will be tried\r\n");
    assert_eq!(client.say("mail from:<alice@example.org> BODY=8BITMIME"), "250 2.1.0 Ok\r\n");
    assert_eq!(client.say("RCPT TO:<bob@example.org>"), "250 2.1.5 Ok\r\n");
    assert_eq!(client.say("DATA"), "354 End with a dot on a line of its own\r\n");
    assert_eq!(client.say(&format!("{MESSAGE}.")), "250 2.0.0 Ok\r\n");

    let [accepted] = server.accepted().try_into().unwrap();
    assert_eq!(accepted.outcome, Outcome::Acknowledged);
    assert_eq!(accepted.connection, 1);
    assert_eq!(accepted.sender.address, "alice@example.org");
    assert_eq!(accepted.sender.parameters, ["BODY=8BITMIME"]);
    assert_eq!(accepted.recipients[0].address, "bob@example.org");
    assert_eq!(accepted.message, MESSAGE.as_bytes());

    assert_eq!(client.say("RSET"), "250 2.0.0 Ok\r\n");
    assert_eq!(client.say("QUIT"), "221 2.0.0 Bye\r\n");
    assert_eq!(client.rest().unwrap(), b"");
}

#[test]
fn helo_turns_extensions_off() {
    let server = start(Script::new());
    let mut client = Client::connect(&server);
    client.reply();
    assert_eq!(client.say("HELO c"), "250 testkit.invalid\r\n");
    assert_eq!(client.say("MAIL FROM:<> SIZE=1"), "555 A parameter is not supported\r\n");
    assert_eq!(client.say("MAIL FROM:<>"), "250 Ok\r\n");
}

#[test]
fn a_client_may_fall_back_to_helo() {
    let server = start(Dialogue::new().on(Stage::Ehlo.nth(1), "502 5.5.1 not implemented"));
    let mut client = Client::connect(&server);
    client.reply();
    assert_eq!(client.say("EHLO c"), "502 5.5.1 not implemented\r\n");
    assert!(client.say("MAIL FROM:<>").starts_with("503 "));
    assert_eq!(client.say("HELO c"), "250 testkit.invalid\r\n");
    assert_eq!(client.say("MAIL FROM:<>"), "250 Ok\r\n");
}

#[test]
fn after_a_refusing_greeting_only_quit_is_served() {
    let server = start(Dialogue::new().on(Stage::Greeting, "554 5.3.2 no service"));
    let mut client = Client::connect(&server);
    assert_eq!(client.reply(), "554 5.3.2 no service\r\n");
    assert_eq!(client.say("EHLO c"), "503 No service here\r\n");
    assert_eq!(client.say("QUIT"), "221 Bye\r\n");
    assert_eq!(client.rest().unwrap(), b"");
}

#[test]
fn a_reply_at_connect_goes_ahead_of_the_greeting() {
    let server = start(Dialogue::new().on(Stage::Connect, "220-testkit.invalid says"));
    let mut client = Client::connect(&server);
    assert_eq!(client.reply(), "220-testkit.invalid says\r\n220 testkit.invalid ESMTP\r\n");
}

#[test]
fn a_421_closes_when_the_script_says_so() {
    for (reaction, next) in [
        (Reaction::reply("421 4.3.2 closing").then_close(), ""),
        (Reaction::reply("421 4.3.2 but staying"), "250 2.0.0 Ok\r\n"),
    ] {
        let server = start(Dialogue::new().on(Stage::Mail, reaction));
        let mut client = Client::greeted(&server);
        assert!(client.say("MAIL FROM:<>").starts_with("421 4.3.2 "));
        assert_eq!(client.say("NOOP"), next);
    }
}
