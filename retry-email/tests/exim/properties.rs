use proptest::prelude::*;
use retry_email::exim::{self, Rule};

use crate::cases::cases;

/// Sets that Exim takes, in order.
fn sets() -> impl Strategy<Value = String> {
    let set = (1_u32..100_000, 1_u32..1_000_000, 1000_u32..9999, 0..3);
    prop::collection::vec(set, 1..6).prop_map(|sets| {
        let mut cutoff = 0;
        let sets = sets.into_iter().map(|(step, interval, factor, letter)| {
            cutoff += step;
            let factor = format!("{}.{:03}", factor / 1000, factor % 1000);
            match letter {
                0 => format!("F,{cutoff}s,{interval}s"),
                1 => format!("G,{cutoff}s,{interval}s,{factor}"),
                _ => format!("H,{cutoff}s,{interval}s,{factor}"),
            }
        });
        sets.collect::<Vec<_>>().join("; ")
    })
}

/// Strings that a rule may have to quote.
fn word() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z*@.\\\\\"# ,;=\t]{0,8}", "\\PC{0,8}", Just(String::from("F,2h"))]
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', r"\\").replace('"', "\\\""))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_text_panics(text in "\\PC*", bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        for text in [text.as_str(), &String::from_utf8_lossy(&bytes)] {
            let _ = exim::parse(text);
            let _ = exim::parse_rules(text);
        }
    }

    #[test]
    fn no_text_of_exim_s_letters_panics_and_what_is_read_is_written_and_read_again(
        text in "[FGHfgh*a,;:=\"\\\\# \n0-9wdhms.éß]{0,40}"
    ) {
        for rule in exim::parse_rules(&text).unwrap_or_default() {
            prop_assert!(rule.policy().check().is_ok());
            prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule));
        }
    }

    #[test]
    fn an_error_points_into_the_text(text in "[FG*,;\"\\\\ \n0-9hmé]{0,30}") {
        if let Err(error) = exim::parse_rules(&text) {
            let line = text.split('\n').nth(error.line() - 1).unwrap();
            prop_assert!(error.column() <= line.chars().count() + 1, "{}", error);
        }
    }

    #[test]
    fn sets_are_written_as_they_were_meant(sets in sets()) {
        let policy = exim::parse(&sets).unwrap();
        let written = exim::write(&policy).unwrap();
        prop_assert_eq!(exim::parse(&written), Ok(policy));
        // Written once more, it stays as it is.
        prop_assert_eq!(exim::write(&exim::parse(&written).unwrap()), Ok(written));
    }

    #[test]
    fn any_address_and_senders_survive(address in word(), senders in prop::option::of(word()), sets in sets()) {
        let senders_field = senders.as_deref().map(|senders| format!("senders={} ", quoted(senders))).unwrap_or_default();
        let text = format!("{} rcpt_4xx {senders_field}{sets}", quoted(&address));
        let rule: Rule = text.parse().unwrap();
        prop_assert_eq!((rule.address(), rule.senders()), (address.as_str(), senders.as_deref()));
        prop_assert_eq!(rule.to_string().parse::<Rule>(), Ok(rule));
    }
}
