use std::iter::repeat_n;

use testkit::smtp::{Dialogue, Reaction, Script, Stage};

use super::client::{Client, start};

#[test]
fn each_connection_has_its_own_dialogue() {
    let server = start(
        Script::new()
            .connection(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 greylisted, try again"))
            .connection(Dialogue::new().on(Stage::Data, Reaction::drop_connection()))
            .connection(Dialogue::new()),
    );
    assert_eq!(Client::attempt(&server), "450 4.2.0 greylisted, try again\r\n");
    assert_eq!(Client::attempt(&server), "");
    assert_eq!(server.accepted(), []);
    assert_eq!(Client::attempt(&server), "250 2.0.0 Ok\r\n");
    assert_eq!(server.copies("1@example.org"), 1);
    assert_eq!(server.accepted()[0].connection, 3);
}

#[test]
fn the_last_dialogue_repeats() {
    let server = start(Script::new().connection(Dialogue::new()).connection(Dialogue::new().on(Stage::Mail, "451 no")));
    let codes: Vec<String> = (0..4).map(|_| Client::attempt(&server)[..3].to_owned()).collect();
    assert_eq!(codes, ["250", "451", "451", "451"]);
}

#[test]
fn otherwise_takes_the_place_of_the_last_dialogue() {
    let refusing = Dialogue::new().on(Stage::Mail, "451 no");
    let server = start(Script::new().connections(repeat_n(refusing, 2)).otherwise(Dialogue::new()));
    let codes: Vec<String> = (0..4).map(|_| Client::attempt(&server)[..3].to_owned()).collect();
    assert_eq!(codes, ["451", "451", "250", "250"]);
}

#[test]
fn a_trigger_for_a_recipient_holds_at_the_stages_of_the_message() {
    for stage in [Stage::Data, Stage::DataBody, Stage::Dot] {
        let server = start(Dialogue::new().on(stage.recipient("BOB@example.org"), Reaction::drop_connection()));
        assert_eq!(Client::attempt(&server), "", "{stage}");
        let server = start(Dialogue::new().on(stage.recipient("carol@example.org"), Reaction::drop_connection()));
        assert_eq!(Client::attempt(&server), "250 2.0.0 Ok\r\n", "{stage}");
    }
}

#[test]
fn an_occurrence_of_zero_never_comes() {
    let server = start(Dialogue::new().on(Stage::Mail.nth(0), "451 no"));
    assert_eq!(Client::attempt(&server), "250 2.0.0 Ok\r\n");
}

#[test]
fn stages_are_displayed_in_snake_case() {
    let names = Stage::ALL.map(|stage| stage.to_string()).join(" ");
    assert_eq!(names, "connect greeting ehlo mail rcpt data data_body dot rset noop quit");
}
