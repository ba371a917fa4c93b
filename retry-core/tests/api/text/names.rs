//! Names for policies beyond the engine's words.

use retry_core::{LimitedPolicy, Policy, PolicyNames, PolicyTable};

use crate::support::facts::{HOUR, MINUTE, SECOND};

static HOURLY: Policy = Policy::constant(HOUR).attempts(24);
static CLASSED: Policy = Policy::constant(HOUR).on_class(retry_core::Retryable::Throttled, &HOURLY);
static WRONG: Policy = Policy::exponential(HOUR, SECOND);
static NAMES: PolicyTable =
    PolicyTable::new(&[("hourly", &HOURLY), ("with_classes", &CLASSED), ("wrong", &WRONG), ("exp", &HOURLY)]);

fn read(text: &str) -> Policy {
    Policy::parse_with(&NAMES, text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn error(text: &str) -> String {
    Policy::parse_with(&NAMES, text).unwrap_err().to_string()
}

#[test]
fn a_name_stands_for_its_policy() {
    assert_eq!(read("hourly"), HOURLY);
    assert_eq!(read(" Hourly "), HOURLY);
    assert_eq!(read("with-classes"), CLASSED);
    assert_eq!(read("WITH_CLASSES"), CLASSED);
    // The engine's words win.
    assert_eq!(read("exp 1s"), "exp 1s".parse().unwrap());
    let limited = LimitedPolicy::parse_with(&NAMES, "hourly, timeout 1m").unwrap();
    assert_eq!(limited, LimitedPolicy::new(HOURLY.clone()).timeout(MINUTE));
}

#[test]
fn what_follows_a_name_replaces_what_it_has() {
    let changed = read("hourly full, 3 attempts, hint exactly, cap 2h; persistent: hourly");
    assert_eq!(
        changed.to_string(),
        "const 1h full, cap 2h, 3 attempts, hint exactly; persistent: const 1h, 24 attempts"
    );
    assert_eq!(read("with_classes; throttled: const 1m").to_string(), "const 1h; throttled: const 1m");
}

#[test]
fn hints_of_a_name_keep_what_is_not_named() {
    static HINTED: Policy = Policy::constant(HOUR).hints(retry_core::HintRule::Exactly, MINUTE);
    static NAMES: PolicyTable = PolicyTable::new(&[("hinted", &HINTED)]);
    let read = |text| Policy::parse_with(&NAMES, text).unwrap().to_string();
    assert_eq!(read("hinted, hint ignore"), "const 1h, hint ignore max 1m");
    assert_eq!(read("hinted, hint max 2m"), "const 1h, hint exactly max 2m");
}

#[test]
fn mistakes_with_names_are_explained() {
    assert_eq!(error("hurly"), "column 1: found `hurly`; did you mean `hourly`?");
    assert_eq!(
        error("nightly"),
        "column 1: found `nightly`; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages), \
         a list of delays or a preset (hourly, with_classes, wrong, exp)"
    );
    assert_eq!(
        error("hourly take 3"),
        "column 8: `take`, `then`, `floor` and `times` follow a schedule and stand before jitter; \
         a list needs brackets for them, a preset takes none"
    );
    assert_eq!(
        error("const 1s then hourly"),
        "column 15: a preset is a whole policy, and cannot be a part of a schedule"
    );
    assert_eq!(
        error("const 1s; throttled: with_classes"),
        "column 22: the policy of a class cannot have classes itself; set them on the default policy"
    );
    assert_eq!(error("  wrong"), "column 3: the least delay is longer than the greatest; swap them or raise the cap");
    assert_eq!(
        error("wrong, cap 2s"),
        "column 8: the least delay is longer than the greatest; swap them or raise the cap"
    );
    assert_eq!(read("wrong, cap 2h").to_string(), "exp 1h..2h");
}

#[test]
fn names_compose() {
    struct Every;
    impl PolicyNames for Every {
        fn policy(&self, name: &str) -> Option<Policy> {
            let minutes: u64 = name.strip_prefix("every_")?.strip_suffix('m')?.parse().ok()?;
            Some(Policy::constant(u32::try_from(minutes).ok()? * MINUTE))
        }
    }
    let both: (&dyn PolicyNames, PolicyTable) = (&Every, NAMES);
    assert_eq!(Policy::parse_with(&both, "every_3m").unwrap().to_string(), "const 3m");
    assert_eq!(Policy::parse_with(&both, "hourly").unwrap(), HOURLY);
    assert_eq!(both.names(), ["hourly", "with_classes", "wrong", "exp"]);
    assert!(Policy::parse_with(&(), "hourly").is_err());
}
