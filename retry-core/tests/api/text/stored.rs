//! Policies in JSON, TOML and YAML.

use proptest::prelude::*;
use retry_core::{BudgetShare, HintRule, Law, LimitedPolicy, Policy, Ratio, Retryable, Schedule};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::support::facts::{DAY, HOUR, MINUTE, SECOND};
use crate::support::strategies::{cases, policy, span};

/// What a configuration file has around a policy.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Config {
    retry: LimitedPolicy,
}

fn full() -> Policy {
    Policy::exponential(SECOND, HOUR)
        .jitter(Law::FULL)
        .attempts(8)
        .within(5 * DAY)
        .hints(HintRule::Clamp(5 * SECOND), HOUR)
        .budget_cost(50)
        .on_class_owned(Retryable::Throttled, Policy::constant(MINUTE).attempts(3))
}

#[test]
fn a_policy_is_written_as_a_map_of_what_is_not_default() {
    let half = BudgetShare::new(Ratio::new(1, 2).unwrap()).unwrap();
    let limited = LimitedPolicy::new(full()).timeout(30 * SECOND).budget(half);
    let map = json!({
        "schedule": "exp 1s", "jitter": "full", "cap": "1h", "attempts": 8, "within": "5d",
        "hint": "clamp 5s", "hint_max": "1h", "cost": "50%", "timeout": "30s", "budget": "50%",
        "throttled": { "schedule": "const 1m", "attempts": 3 },
    });
    assert_eq!(serde_json::to_value(&limited).unwrap(), map);
    assert_eq!(serde_json::from_value::<LimitedPolicy>(map).unwrap(), limited);
    assert_eq!(serde_json::to_value(Policy::constant(SECOND)).unwrap(), json!({ "schedule": "const 1s" }));
}

#[track_caller]
fn assert_reads(value: Value, text: &str) {
    let policy: Policy = serde_json::from_value(value).unwrap();
    assert_eq!(policy, text.parse().unwrap());
}

#[test]
fn a_policy_is_read_as_text_or_as_map_and_so_are_its_classes() {
    assert_reads(json!("exp 1s..1h full; throttled: const 1m"), "exp 1s..1h full; throttled: const 1m");
    assert_reads(json!({ "schedule": "exp 1s..1h" }), "exp 1s..1h");
    assert_reads(json!({ "schedule": "5m, 10m", "jitter": null, "retries": 1 }), "5m, 10m, 2 attempts");
    assert_reads(json!({ "schedule": "const 1s", "hint": "exactly max 1h" }), "const 1s, hint exactly max 1h");
    assert_reads(json!({ "schedule": "const 1s", "hint": "at_least", "hint_max": "1h" }), "const 1s, hint max 1h");
    assert_reads(
        json!({ "schedule": "const 1s", "throttled": "5m, 10m", "persistent": { "schedule": "const 4h" } }),
        "const 1s; throttled: 5m, 10m; persistent: const 4h",
    );
}

fn error(value: Value) -> String {
    serde_json::from_value::<Policy>(value).unwrap_err().to_string()
}

#[test]
fn what_is_wrong_is_refused_with_the_messages_of_the_text() {
    let of = |key: &str, value: Value| error(json!({ "schedule": "exp 1m", key: value }));
    assert_eq!(error(json!("exp 1s ful")), "column 8: found `ful`; did you mean `full`?");
    assert_eq!(error(json!({})), "missing field `schedule`");
    assert_eq!(error(json!(5)), invalid_type("integer `5`", WHAT));
    assert_eq!(
        of("capp", json!("1h")),
        "unknown field `capp`, expected one of `schedule`, `jitter`, `cap`, `attempts`, `retries`, `within`, `hint`, \
         `hint_max`, `cost`, `timeout`, `budget`, `transient`, `throttled`, `persistent`, `misconfigured`"
    );
    assert_eq!(of("cap", json!(5)), invalid_type("integer `5`", "a duration such as \"1h30m\""));
    assert_eq!(of("cap", json!("5x")), format!("column 2: found `x`; expected {UNIT}"));
    assert_eq!(of("cap", json!("1s")), BOUNDS);
    assert_eq!(of("attempts", json!(0)), "attempts: expected at least 1 attempt: the first call is one");
    assert_eq!(of("retries", json!(4_294_967_294_u64)), TOO_MANY);
    assert_eq!(of("retries", json!(u64::MAX)), TOO_MANY);
    assert_eq!(of("timeout", json!("1s")), LIMITED);
    assert_eq!(of("budget", json!("none")), LIMITED);
    assert_eq!(of("throttled", json!({ "schedule": "const 1s", "timeout": "1s" })), LIMITED);
    assert_eq!(
        of("throttled", json!({ "schedule": "const 1s", "transient": "const 1s" })),
        "the policy of a class cannot have classes itself; set them on the default policy"
    );
    assert_eq!(of("throttled", json!({ "schedule": "exp 1h", "cap": "1s" })), BOUNDS);
    assert_eq!(of("cost", json!("50")), "column 3: the text ends here; expected `%`");
    let twice = json!({ "schedule": "exp 1s..1h", "cap": "1h" });
    assert_eq!(error(twice), "cap and the end of the schedule's range say the same; leave one out");
    let twice = json!({ "schedule": "exp 1s", "attempts": 1, "retries": 0 });
    assert_eq!(error(twice), "attempts and retries say the same; leave one out");
    let twice = json!({ "schedule": "exp 1s", "hint": "exactly max 1h", "hint_max": "1h" });
    assert_eq!(error(twice), "hint_max and max in hint say the same; leave one out");
    let zero = json!({ "schedule": "exp 1s", "timeout": "0s" });
    let zero = serde_json::from_value::<LimitedPolicy>(zero).unwrap_err().to_string();
    assert_eq!(zero, "a timeout of zero lets no attempt finish; leave it out for none");
}

const WHAT: &str = "a policy as text such as \"exp 1s..1h full, 8 attempts\", or as a map";
const UNIT: &str = "a unit right behind the number (ns, us, ms, s, m, h, d, w)";
const BOUNDS: &str = "the least delay is longer than the greatest; swap them or raise the cap";
const TOO_MANY: &str = "retries: expected at most 4294967294 attempts, or no such clause for no limit";
const LIMITED: &str = "a timeout or budget is no part of a `Policy`, nor of a class; read a `LimitedPolicy`";

fn invalid_type(found: &str, expected: &str) -> String {
    format!("invalid type: {found}, expected {expected}")
}

#[test]
fn parts_of_a_policy_are_stored_as_their_text() {
    #[track_caller]
    fn assert_stored<T: Serialize + for<'de> Deserialize<'de> + PartialEq + std::fmt::Debug>(value: &T, text: &str) {
        assert_eq!(serde_json::to_value(value).unwrap(), json!(text));
        assert_eq!(&serde_json::from_value::<T>(json!(text)).unwrap(), value);
    }
    assert_stored(&"exp 1s take 3".parse::<Schedule>().unwrap(), "exp 1s take 3");
    assert_stored(&Law::FULL, "full");
    assert_stored(&HintRule::Clamp(SECOND), "clamp 1s");
    assert_stored(&BudgetShare::NONE, "none");
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_policy_comes_back_from_json_toml_and_yaml(policy in policy(), cost in any::<u16>(), timeout in span()) {
        let limited = LimitedPolicy::new(policy.budget_cost(cost)).timeout(timeout);
        let config = Config { retry: limited };
        let json = serde_json::to_string(&config).unwrap();
        let toml = toml::to_string(&config).unwrap();
        let yaml = yaml_serde::to_string(&config).unwrap();
        let read = [
            serde_json::from_str::<Config>(&json).ok(),
            toml::from_str::<Config>(&toml).ok(),
            yaml_serde::from_str::<Config>(&yaml).ok(),
        ];
        let sound = config.retry.check().is_ok().then_some(config);
        for read in read {
            prop_assert_eq!(&read, &sound, "{}", json);
        }
    }

    /// A key's value replaced by any other, or a key by any other.
    #[test]
    fn any_map_is_accepted_or_refused(policy in policy(), at in any::<prop::sample::Index>(), text in any::<String>(), key in any::<bool>()) {
        let mut value = serde_json::to_value(&policy).unwrap();
        let map = value.as_object_mut().unwrap();
        let name = map.keys().nth(at.index(map.len())).unwrap().clone();
        if key {
            let old = map.remove(&name).unwrap();
            map.insert(text, old);
        } else {
            map.insert(name, text.into());
        }
        if let Ok(read) = serde_json::from_value::<Policy>(value) {
            prop_assert_eq!(read.check(), Ok(()));
        }
    }
}
