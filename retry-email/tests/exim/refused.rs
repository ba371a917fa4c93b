//! What is refused: where, and with which advice.

use retry_email::exim;

/// The message of a text that is no policy.
fn message(text: &str) -> String {
    exim::parse(text).unwrap_err().to_string()
}

const SET: &str = "expected a set: F,CUTOFF,INTERVAL or G,CUTOFF,FIRST,FACTOR or H,CUTOFF,FIRST,FACTOR";
const TIME: &str = "expected a time, such as 15m or 2h30m";
const UNIT: &str = "a number needs a unit: w, d, h, m or s, such as 15m";
const FACTOR: &str = "expected a factor, such as 2 or 1.5";
const END: &str = "the end of the line";

#[test]
fn sets_are_refused_at_the_column_of_what_is_wrong() {
    for (text, column, found, advice) in [
        ("X,2h,15m", 1, "`X`", SET),
        ("* * X,2h,15m", 5, "`X`", SET),
        ("F,2h,15m;;F,4d,6h", 10, "`;`", SET),
        ("F,2h", 5, END, "expected , and an interval, such as 15m"),
        ("* * F", 6, END, "expected , and the age at which the set ends, such as 2h"),
        ("* * F ,2h,15m", 6, "` `", "expected , and the age at which the set ends, such as 2h"),
        ("G,2h,15m", 9, END, "expected , and a factor, such as 1.5"),
        ("F,2h,15m,3", 9, "`,`", "expected ; and another set, or the end of the line"),
        ("F,2h,15m G,16h,1h,2", 10, "`G`", "expected ; and another set, or the end of the line"),
        ("F,2h,15m # why", 10, "`#`", "expected ; and another set, or the end of the line"),
        ("F,,15m", 3, "`,`", TIME),
        ("F,soon,15m", 3, "`soon`", TIME),
        ("F,-2h,15m", 3, "`-2h`", TIME),
        ("F,7200,15m", 7, "`,`", UNIT),
        ("F,2h30,15m", 7, "`,`", UNIT),
        ("F,2H,15m", 4, "`H`", UNIT),
        ("F,1.5h,15m", 4, "`.5h`", UNIT),
        ("F,2é,15m", 4, "`é`", UNIT),
        ("F,0s,15m", 3, "`0s`", "it must be longer than 0s"),
        ("F,1h,0m", 6, "`0m`", "it must be longer than 0s"),
        ("F,99999w,15m", 3, "`99999w`", "Exim counts to 3550w5d3h14m7s at most"),
        ("F,99999999999999999999s,15m", 3, "`99999999999999999999s`", "Exim counts to 3550w5d3h14m7s at most"),
        ("G,2h,15m,", 10, END, FACTOR),
        ("G,2h,15m,.5", 10, "`.5`", FACTOR),
        ("G,2h,15m,2x", 11, "`x`", FACTOR),
        ("G,2h,15m,0.9", 10, "`0.9`", "the factor must be 1 or more, and 2147483 at most"),
        ("G,2h,15m,10000000", 10, "`10000000`", "the factor must be 1 or more, and 2147483 at most"),
        ("F,2h,15m; F,1h,5m", 13, "`1h`", "the cutoff must be later than that of the set before, 2h"),
        ("F,2h,15m; F,120m,5m", 13, "`120m`", "the cutoff must be later than that of the set before, 2h"),
    ] {
        assert_eq!(message(text), format!("column {column}: found {found}; {advice}"), "{text}");
    }
}

#[test]
fn fields_are_refused_at_the_column_of_what_is_wrong() {
    for (text, message_) in [
        ("*", "column 2: found the end of the line; expected an error, such as * or rcpt_4xx, after the address"),
        ("\"a b * F,1h,5m", "column 1: found `\"a`; the string has no closing quote"),
        ("* * senders F,1h,5m", "column 13: found `F`; expected = after senders"),
        ("", "column 1: found the end of the line; expected a retry rule, such as F,2h,15m"),
        ("# only a comment", "column 1: found the end of the line; expected a retry rule, such as F,2h,15m"),
        ("F,1h,5m\nF,2h,5m", "line 2, column 1: found `F`; expected one rule only; read several by parse_rules"),
    ] {
        assert_eq!(message(text), message_, "{text}");
    }
    let unknown = message("* qouta F,1h,5m");
    assert!(
        unknown.starts_with("column 3: found `qouta`; no error that Exim knows; expected * or one of "),
        "{unknown}"
    );
}

#[test]
fn a_rule_for_some_only_is_no_policy() {
    for (text, column) in [("bob@example.org * F,1h,5m", 1), ("* rcpt_4xx F,1h,5m", 3), ("* * senders=: F,1h,5m", 5)] {
        let message = message(text);
        assert!(message.starts_with(&format!("column {column}: ")), "{message}");
        assert!(message.contains("a policy holds for every address, error and sender"), "{message}");
    }
}

#[test]
fn lines_that_go_on_are_counted_as_they_stand() {
    let error = exim::parse_rules("* * F,2h,15m\n\n  * * F,2h,15m;\\\n    # on\n    F,1h,5m").unwrap_err();
    assert_eq!((error.line(), error.column()), (5, 7));
    assert_eq!(
        error.to_string(),
        "line 5, column 7: found `1h`; the cutoff must be later than that of the set before, 2h"
    );
}

#[test]
fn what_was_found_is_shortened_and_does_nothing_to_a_terminal() {
    let long = exim::parse(&format!("F,{}", "é".repeat(1000))).unwrap_err();
    assert_eq!(long.found().chars().count(), 24);
    assert!(!message("F,\u{1b}[31m").contains('\u{1b}'));
}
