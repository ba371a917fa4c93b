//! Failures one after another, until a limit is used up.

use retry_http::{Exhausted, HttpClassifier, Rules, Tally};
use serde_json::Value;

use super::event::Event;
use super::{SETTINGS, limits};
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::fields::Fields;
use crate::conformance::files::classification::methods;
use crate::conformance::measures::equal;

/// What became of it.
#[derive(Default)]
struct End<'a> {
    /// The limit that was used up, at which event from 1.
    exhausted: Option<(usize, &'a str, Exhausted)>,
    /// The error that was given back as it is.
    propagated: Option<&'a str>,
}

pub(super) fn run(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&SETTINGS)?;
    let limits = limits(given)?;
    let (mut tally, classifier) = (Tally::new(limits), classifier(given)?);
    let mut end = End::default();
    for (event, number) in case.all().need_list("events")?.iter().zip(1..) {
        let word = event.as_str().ok_or_else(|| Fault::unreadable(format!("{event} in `events`")))?;
        let event = Event::parse(word)?;
        if event.is_final(&classifier) {
            end.propagated = Some(event.name);
            break;
        }
        if let Err(exhausted) = tally.spend(event.spent_on) {
            end.exhausted = Some((number, word, exhausted));
            break;
        }
    }
    // Ours cannot say "less than none": that is used up before it begins.
    let below_zero = given.keys().any(|key| given.get(key).and_then(Value::as_i64).is_some_and(|limit| limit < 0));
    let expected = case.all().object("expect");
    for key in expected.keys() {
        // `null` may be what is expected.
        let wanted = expected.get(key).unwrap_or(&Value::Null);
        let exhausted = end.exhausted.as_ref();
        let got = match key {
            "exhausted_at" => exhausted.map_or(Value::Null, |(number, ..)| (*number).into()),
            "is_exhausted" => (below_zero || exhausted.is_some()).into(),
            "total_left" => tally.left().map_or(Value::Null, Into::into),
            "propagates_original" => end.propagated.map_or(Value::Null, Into::into),
            "reason" => exhausted.map_or(Value::Null, |(_, word, _)| reason(word, wanted).into()),
            "message_contains" => {
                let message = exhausted.map(|(.., exhausted)| exhausted.to_string()).unwrap_or_default();
                let part = wanted.as_str().ok_or_else(|| Fault::unreadable("`message_contains` is no text"))?;
                if !message.contains(part) {
                    return Err(Fault::differs(part, message));
                }
                continue;
            }
            _ => return Err(Fault::unreadable(format!("nothing counts `{key}`"))),
        };
        equal(case, key, wanted, &got)?;
    }
    Ok(())
}

/// The event's name, or all of it where that is asked for.
fn reason<'a>(word: &'a str, wanted: &Value) -> &'a str {
    if wanted == word { word } else { word.split(':').next().unwrap_or(word) }
}

pub(super) fn classifier(given: Fields<'_>) -> Result<HttpClassifier, Fault> {
    let mut rules = Rules::urllib3();
    if given.keys().any(|key| key == "allowed_methods") {
        rules = rules.methods(methods(given)?);
    }
    Ok(HttpClassifier::new().rules(rules).without_providers())
}
