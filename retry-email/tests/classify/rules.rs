//! Rules as data: the crate's own, and a user's before them.

use retry_email::Classifier;

#[test]
fn the_rules_of_the_crate_can_be_read() {
    Classifier::builder().build().map_err(|error| error.to_string()).unwrap();
}
