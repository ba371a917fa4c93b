//! What is said of mistakes, and where. `UPDATE_EXPECT=1 cargo test` writes the messages anew; read what it wrote.

use std::fmt::Debug;
use std::str::FromStr;

use expect_test::Expect;
use retry_core::ParseError;

mod alone;
mod schedules;
mod settings;

/// Each text with a caret, and the message below it.
#[track_caller]
fn assert_refused<T: FromStr<Err = ParseError> + Debug>(texts: &[&str], expected: &Expect) {
    let refused = |text: &&str| text.parse::<T>().expect_err(text).pointing_at(text);
    expected.assert_eq(&(texts.iter().map(refused).collect::<Vec<_>>().join("\n") + "\n"));
}
