//! Any text.

use proptest::prelude::*;
use retry_core::{Class, Effect};
use retry_email::{Action, Answer, Classifier, EnhancedCode, Event, Stage};

use crate::support::cases;

/// Text that is nearly a reply, or anything.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "450",
        "550 ",
        "5.7.1",
        " 4.2.2 ",
        "user unknown",
        "mailbox full",
        " try again in ",
        "99999999999999999999 hours",
        "00:05:00",
        "<bob@example.org>",
        "@",
        "192.0.2.1",
        "::1",
        "#",
        "...",
        "\r\n",
        "\n",
        "é",
        "ß",
        "邮箱",
        "\u{301}",
        "*",
        "spam",
        " ",
        "-",
        "in reply to RCPT TO",
        "'",
        "\0",
        "greylisted for 5 minutes",
    ]);
    prop_oneof![
        prop::collection::vec(pieces, 0..20).prop_map(|pieces| pieces.concat()),
        any::<String>(),
        "[0-9]{0,4}[- ][0-9]{0,4}\\.[0-9]{0,4}\\.[0-9]{0,4} .{0,60}",
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_answer_has_a_classification_that_makes_sense(
        text in text(),
        stage in prop::option::of(prop::sample::select(Stage::ALL)),
        event in prop::option::weighted(0.2, prop::sample::select(Event::ALL)),
        code in prop::option::of(any::<u16>()),
        enhanced in prop::option::of((0_u16..7, 0_u16..1_100, 0_u16..1_100)),
    ) {
        let mut answer = event.map_or_else(|| Answer::from_text(&text), Answer::event);
        if let Some(code) = code {
            answer = answer.or_code(code);
        }
        if let Some(enhanced) = enhanced.and_then(|(class, subject, detail)| EnhancedCode::new(class, subject, detail)) {
            answer = answer.or_enhanced(enhanced);
        }
        if let Some(stage) = stage {
            answer = answer.at(stage);
        }
        let got = Classifier::builtin().classify(&answer);
        prop_assert!(got.rule != "first-digit", "some rule applies to every answer");
        prop_assert_eq!(got.class.is_none(), got.action == Action::Done);
        prop_assert!(got.hint.is_none_or(|hint| hint.as_secs() <= 7 * 86_400));
        prop_assert!(got.hint.is_none() || matches!(got.class, Some(Class::Transient | Class::Throttled | Class::Persistent)));
        prop_assert!(got.effect == Effect::None || matches!(got.action, Action::Done | Action::UnknownOutcome));
        prop_assert!(got.action != Action::Done || matches!(answer.severity(), 0 | 2 | 3) || answer.stage() == Some(Stage::Quit));
        // The same again.
        prop_assert_eq!(got, Classifier::builtin().classify(&answer));
    }

    #[test]
    fn a_reply_in_pieces_of_text_is_no_panic(text in text()) {
        let reply = retry_email::Reply::new(550, &text);
        let _ = Classifier::builtin().classify(&Answer::from(&reply));
    }
}
