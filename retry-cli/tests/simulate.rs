//! `retry simulate` from outside: the binary, without a terminal.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod support {
    use std::process::{Command, Output};

    use serde_json::Value;

    pub(crate) fn simulate(args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_retry")).arg("simulate").args(args).output().unwrap()
    }

    pub(crate) fn stdout(output: &Output) -> String {
        String::from_utf8(output.stdout.clone()).unwrap()
    }

    pub(crate) fn stderr(output: &Output) -> String {
        String::from_utf8(output.stderr.clone()).unwrap()
    }

    /// The objects of a run that ends well.
    #[track_caller]
    pub(crate) fn objects(args: &[&str]) -> Vec<Value> {
        let output = simulate(&[args, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Asserts the exit code and a complaint of one line with these words.
    #[track_caller]
    pub(crate) fn assert_refused(args: &[&str], code: i32, words: &[&str]) {
        let output = simulate(args);
        let line = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
        for word in words {
            assert!(line.contains(word), "{word} in {line}");
        }
        assert_eq!(stdout(&output), "");
    }
}

use serde_json::Value;
use support::{assert_refused, objects, simulate, stderr, stdout};

const EXPO: &str = "exp 100ms..20s full, 3 attempts";
const OURS: &str = "exp 100ms..20s full, 3 attempts, budget 50%";

#[test]
fn the_list_says_what_each_scenario_shows() {
    let output = simulate(&["--list"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    let names: Vec<_> = text.lines().filter_map(|line| line.split_whitespace().next()).collect();
    let expected = [
        "metastable",
        "small-clients",
        "high-load",
        "small-clients-high-load",
        "errors-5",
        "errors-20",
        "errors-50",
        "outage",
        "brownout",
        "half-capacity",
        "partial-outage",
        "rate-limit",
        "rate-cut",
        "rate-ban",
        "contention",
    ];
    assert_eq!(names, expected);
    assert!(text.lines().all(|line| line.len() > 60), "{text}");
}

#[test]
fn a_budget_recovers_and_plain_retries_do_not() {
    let found = objects(&["metastable", "--policy", "none", EXPO, "--policy", OURS, "--seeds", "3"]);
    let [none, plain, ours] = &found[..] else { panic!("{found:?}") };
    for (object, policy) in [(none, "none"), (plain, EXPO), (ours, OURS)] {
        assert_eq!(
            (&object["scenario"], &object["policy"], &object["seeds"]),
            (&"metastable".into(), &policy.into(), &3.into())
        );
        assert_eq!(object["recovery_s"].as_array().unwrap().len(), 3);
    }
    assert_eq!(plain["recovery_s"], Value::from(vec![Value::Null; 3]));
    for (ours, none) in ours["recovery_s"].as_array().unwrap().iter().zip(none["recovery_s"].as_array().unwrap()) {
        assert!(ours.as_f64().unwrap() <= 1.5 * none.as_f64().unwrap(), "{ours} {none}");
    }
    let figure = |object: &Value, key: &str| object[key].as_f64().unwrap();
    assert!(figure(none, "amplification") < 1.001 && figure(plain, "amplification") > 2.0);
    assert!(figure(plain, "success_after") < 0.01 && figure(ours, "success_after") > 0.9);
}

#[test]
fn both_populations_count_where_errors_are_random() {
    let found = objects(&["errors-20", "--policy", OURS, "--seeds", "2"]);
    let [ours] = &found[..] else { panic!("{found:?}") };
    let clients: Vec<_> = ours["populations"].as_array().unwrap().iter().map(|one| one["clients"].as_u64()).collect();
    assert_eq!(clients, [Some(100), Some(2000)]);
    assert!(ours["success"].as_f64().unwrap() >= 0.98, "{ours}");
    let worst = ours["populations"].as_array().unwrap().iter().map(|one| one["success"].as_f64().unwrap());
    assert!((worst.fold(1.0, f64::min) - ours["success"].as_f64().unwrap()).abs() < 1e-12);
}

#[test]
fn the_same_command_prints_the_same_bytes() {
    let args = ["small-clients", "--seeds", "2", "--json"];
    assert_eq!(stdout(&simulate(&args)), stdout(&simulate(&args)));
}

#[test]
fn every_scenario_runs_with_its_default_policies() {
    for line in stdout(&simulate(&["--list"])).lines() {
        let name = line.split_whitespace().next().unwrap();
        let found = objects(&[name, "--seeds", "1"]);
        assert!(found.len() >= 2, "{name}");
        for object in found {
            for key in ["success", "success_after", "amplification"] {
                assert!(object[key].is_f64(), "{name}: {key} in {object}");
            }
            assert!(object["recovery_s"].is_array(), "{name}");
        }
    }
}

#[test]
fn a_limit_of_its_own_holds_instead_of_the_scenarios() {
    let found =
        objects(&["errors-50", "--seeds", "1", "--policy", "const 0s", "const 0s, 2 attempts", "const 0s, 6 attempts"]);
    // 1 + 1/2 + 1/4, 1 + 1/2, and 1 + ... + 1/32
    for (object, expected) in found.iter().zip([1.75, 1.5, 1.96875]) {
        let found = object["amplification"].as_f64().unwrap();
        assert!((found - expected).abs() < 0.02, "{found} {expected}");
    }
}

#[test]
fn a_timeout_replaces_the_scenarios() {
    let timeout = |text: &str| objects(&["brownout", "--seeds", "1", "--policy", text])[0]["p99_s"].as_f64().unwrap();
    assert!(timeout("const 0s, 1 attempt, timeout 200ms") < 0.21);
    assert!(timeout("const 0s, 1 attempt") > 0.5);
}

#[test]
fn the_table_is_for_people_and_progress_goes_to_stderr() {
    let output = simulate(&["metastable", "--seeds", "1", "--policy", "none", "--policy", EXPO]);
    let text = stdout(&output);
    assert!(text.contains("recovery") && text.contains("never") && text.contains(EXPO), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert_eq!(stderr(&output), format!("simulating metastable: none\nsimulating metastable: {EXPO}\n"));

    let providers = stdout(&simulate(&["rate-limit", "--seeds", "1"]));
    assert!(providers.contains("drained") && providers.contains("ideal: drained after 199.0 s"), "{providers}");
    let row = stdout(&simulate(&["contention", "--seeds", "5", "--policy", "exp 10ms..2s full"]));
    assert!(row.contains("calls") && row.contains("±"), "{row}");
}

#[test]
fn a_drawing_has_a_line_for_each_policy_and_figure() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("simulate.svg");
    let output = simulate(&["metastable", "--seeds", "1", "--svg", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let svg = std::fs::read_to_string(&file).unwrap();
    for word in ["<svg", "goodput", "load", "queue", "budget", "metastable", OURS, "seconds"] {
        assert!(svg.contains(word), "{word}");
    }
    // a line for each of three policies in each of three figures, the budget's, and the legend
    assert!(svg.matches("<polyline").count() >= 3 * 3 + 1 + 3);

    let output = simulate(&["rate-cut", "--seeds", "1", "--svg", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let svg = std::fs::read_to_string(&file).unwrap();
    for word in ["delivered", "ideal", "refused", "load", "pace", "exp 1s..1m full + cubic"] {
        assert!(svg.contains(word), "{word}");
    }
    // four policies in three figures, the ideal, two pacers, and the legend
    assert!(svg.matches("<polyline").count() >= 4 * 3 + 1 + 2 + 4);
}

#[test]
fn providers_are_met_unpaced_and_paced_side_by_side() {
    let found = objects(&["rate-ban", "--seeds", "2"]);
    let names: Vec<_> = found.iter().map(|object| (object["policy"].as_str(), object["pace"].as_str())).collect();
    let [const5, plain, aimd, cubic] = ["none", "none", "aimd", "cubic"].map(Some);
    let exp = Some("exp 1s..1m full");
    assert_eq!(names, [(Some("const 5m +20%"), const5), (exp, plain), (exp, aimd), (exp, cubic)]);
    let worst = |object: &Value| {
        let drained = object["drained_s"].as_array().unwrap().iter().map(|drained| drained.as_f64().unwrap());
        drained.fold(0.0, f64::max) / object["ideal_drain_s"].as_f64().unwrap()
    };
    let [_, plain, aimd, cubic] = &found[..] else { panic!("{found:?}") };
    assert!(worst(aimd) <= 1.6 && worst(plain) > 2.0 * worst(aimd) && worst(cubic) > 2.0 * worst(aimd), "{found:?}");
}

#[test]
fn every_policy_runs_with_every_pace_that_is_named() {
    let args =
        ["rate-limit", "--seeds", "1", "--policy", "exp 1s..1m full", "--policy", "const 1s", "--pace", "none,aimd"];
    let found = objects(&args);
    let names: Vec<_> = found.iter().map(|object| format!("{} {}", object["policy"], object["pace"])).collect();
    let expected = ["exp 1s..1m full\" \"none", "exp 1s..1m full\" \"aimd", "const 1s\" \"none", "const 1s\" \"aimd"];
    assert_eq!(names, expected.map(|name| format!("\"{name}\"")));
    // a second between attempts: 20 workers ask 20 times a second more than is allowed, but the paced ones
    let refused = |object: &Value| object["throttled"].as_f64().unwrap();
    assert!(refused(&found[2]) > 0.02 && refused(&found[3]) < 0.005, "{found:?}");

    let text = stdout(&simulate(&args));
    assert!(text.contains("exp 1s..1m full + aimd") && text.contains("/ ideal"), "{text}");
    // elsewhere each client has a pacer of its own, for answers of a full queue
    let found = objects(&["half-capacity", "--seeds", "1", "--policy", EXPO, "--pace", "none", "--pace", "cubic"]);
    assert!(refused(&found[1]) < refused(&found[0]), "{found:?}");
}

#[test]
fn a_breaker_spares_a_dead_destination() {
    let args = ["partial-outage", "--seeds", "1", "--policy", EXPO];
    let [without, with] = [&[][..], &["--breaker", "5"]].map(|more| objects(&[&args, more].concat()).remove(0));
    assert_eq!((&without["breaker"], &with["breaker"]), (&Value::Null, &5.into()));
    let figure = |object: &Value, key: &str| object[key].as_f64().unwrap();
    // of three attempts at the fifth that is dead
    assert!(figure(&without, "amplification_during") > 1.3 && figure(&with, "amplification_during") < 1.0);
    // nobody else is refused
    assert!((figure(&without, "success_after") - figure(&with, "success_after")).abs() < 0.001);
    assert!(stdout(&simulate(&[&args[..], &["--breaker", "5"]].concat())).contains("+ breaker 5"));
}

#[test]
fn what_is_wrong_is_said_in_a_line() {
    assert_refused(&["metastabel"], 64, &["metastabel", "metastable", "contention"]);
    assert_refused(&[], 64, &["SCENARIO"]);
    assert_refused(&["metastable", "--policy", "exp 1s..1h fulll"], 64, &["exp 1s..1h fulll", "column", "full"]);
    assert_refused(&["metastable", "--seeds", "0"], 64, &["--seeds", "0"]);
    assert_refused(&["metastable", "--list"], 64, &["--list"]);
    assert_refused(&["rate-ban", "--pace", "fast"], 64, &["fast", "none, aimd, cubic"]);
    assert_refused(&["rate-ban", "--breaker", "0"], 64, &["--breaker", "0"]);
    assert_refused(&["contention", "--pace", "aimd"], 64, &["--pace"]);
    assert_refused(&["contention", "--breaker", "5"], 64, &["--breaker"]);
    assert_refused(&["contention", "--svg", "x.svg"], 64, &["--svg"]);
    assert_refused(&["contention", "--policy", OURS], 64, &["budget"]);
    let output = simulate(&["metastable", "--seeds", "1", "--svg", "no/such/dir/x.svg", "--policy", "none"]);
    assert_eq!(output.status.code(), Some(71));
    assert!(stderr(&output).lines().last().unwrap().contains("no/such/dir/x.svg"), "{}", stderr(&output));
}
