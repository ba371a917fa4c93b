//! `retry plan` from outside: the binary, without a terminal.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod support {
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output};

    use serde_json::Value;

    pub(crate) fn plan(args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_retry")).arg("plan").args(args).output().unwrap()
    }

    pub(crate) fn stderr(output: &Output) -> String {
        String::from_utf8(output.stderr.clone()).unwrap()
    }

    /// What it prints when all is well.
    #[track_caller]
    pub(crate) fn shown(args: &[&str]) -> String {
        let output = plan(args);
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The objects of `--json`.
    #[track_caller]
    pub(crate) fn objects(args: &[&str]) -> Vec<Value> {
        let text = shown(&[args, &["--json"]].concat());
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Asserts the exit code and a complaint of one line with these words.
    #[track_caller]
    pub(crate) fn assert_refused(args: &[&str], code: i32, words: &[&str]) {
        let output = plan(args);
        let line = stderr(&output);
        assert_eq!(output.status.code(), Some(code), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.starts_with("retry: "), "{line}");
        for word in words {
            assert!(line.contains(word), "{word} in {line}");
        }
        assert!(output.stdout.is_empty());
    }

    /// A file of the tests' own directory.
    pub(crate) fn file(name: &str) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
    }

    /// The picture of these policies: its texts, in order.
    #[track_caller]
    pub(crate) fn picture(name: &str, args: &[&str]) -> Vec<String> {
        let path = file(name);
        shown(&[args, &["--svg", path.to_str().unwrap()]].concat());
        let svg = std::fs::read_to_string(&path).unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        assert_eq!(document.root_element().tag_name().name(), "svg");
        let texts = document.descendants().filter(|node| node.has_tag_name("text"));
        texts.map(|node| node.text().unwrap().trim().to_owned()).collect()
    }

    #[track_caller]
    pub(crate) fn assert_near(value: &Value, expected: f64) {
        let value = value.as_f64().unwrap();
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value}, expected {expected}");
    }
}

use serde_json::{Value, json};
use support::{assert_near, assert_refused, file, objects, picture, plan, shown};

#[test]
fn a_plan_is_an_object_with_bounds_and_attempts() {
    let [object] = &objects(&["exp 1s..1h x2 full, 3 attempts"])[..] else { panic!("one line") };
    assert_eq!(object["spec"], json!("exp 1s..1h x2 full, 3 attempts"));
    assert_eq!(object["policy"], json!("exp 1s..1h full, 3 attempts"));
    assert_eq!(object["max_attempts"], json!(3));
    // 1 + 2 s, and half of that
    assert_eq!((&object["max_total_delay_s"], &object["mean_total_delay_s"]), (&json!(3.0), &json!(1.5)));
    assert_eq!(
        (&object["ends"], &object["timeout_s"], &object["classes"]),
        (&json!("attempts"), &Value::Null, &json!({}))
    );
    let attempts = object["attempts"].as_array().unwrap();
    assert_eq!(attempts.iter().map(|attempt| attempt["number"].clone()).collect::<Vec<_>>(), [1, 2, 3]);
    let third = &attempts[2];
    for (key, min, mean, p50, p95, max) in [("delay_s", 0.0, 1.0, 1.0, 1.9, 2.0)] {
        for (name, expected) in [("min", min), ("mean", mean), ("p50", p50), ("p95", p95), ("max", max)] {
            assert_near(&third[key][name], expected);
        }
    }
    // up to 1 + 2 s, on the average half of that
    assert_eq!((&third["at_s"]["min"], &third["at_s"]["max"]), (&json!(0.0), &json!(3.0)));
    assert_near(&third["at_s"]["mean"], 1.5);
    assert!(third["at_s"]["p50"].as_f64().unwrap() < third["at_s"]["p95"].as_f64().unwrap());
}

#[test]
fn each_policy_is_an_object_on_a_line_of_its_own() {
    let objects = objects(&["postfix", "F,2h,15m; G,16h,1h,1.5; F,4d,6h", "const 5s"]);
    let policies: Vec<_> = objects.iter().map(|object| object["policy"].as_str().unwrap()).collect();
    assert_eq!(
        policies,
        ["age 5m..1h6m40s, within 5d", "ages [2h: 15m, 16h: 1h x1.5, 4d: 6h], cap 1d, within 4d", "const 5s"]
    );
    // All attempts of what ends, the first 20 of what does not.
    let listed: Vec<_> = objects.iter().map(|object| object["attempts"].as_array().unwrap().len()).collect();
    assert_eq!(listed, [112, 27, 20]);
    assert_eq!(objects[2]["max_attempts"], Value::Null);
    assert_eq!((&objects[2]["max_total_delay_s"], &objects[2]["ends"]), (&Value::Null, &Value::Null));
}

#[test]
fn the_classes_of_a_policy_are_planned_as_well() {
    let object = &objects(&["default"])[0];
    let delays =
        |part: &Value| (part["attempts"][1]["delay_s"]["min"].clone(), part["attempts"][1]["delay_s"]["max"].clone());
    // 6 min -+ 15 %, four times that, and 4 h -+ 15 %
    assert_eq!(delays(object), (json!(306.0), json!(414.0)));
    assert_eq!(delays(&object["classes"]["throttled"]), (json!(1224.0), json!(1656.0)));
    assert_eq!(delays(&object["classes"]["persistent"]), (json!(12_240.0), json!(16_560.0)));
    assert_eq!(object["classes"]["persistent"]["policy"], json!("const 4h +-15%, within 3d"));

    let text = shown(&["default"]);
    for words in ["default: [6m 10m 20m 40m 1h20m 2h+]", "throttled: [24m", "persistent: const 4h"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_seed_gives_the_same_figures_and_another_others() {
    let spec = "exp 1s..1h full, 8 attempts";
    let seeded = |seed| shown(&[spec, "--json", "--seed", seed]);
    assert_eq!(seeded("7"), seeded("7"));
    assert_ne!(seeded("7"), seeded("8"));
    assert!(seeded("7").contains("\"seed\":7"));
}

#[test]
fn the_table_shows_each_attempt_and_has_no_colours_without_a_terminal() {
    let text = shown(&["5m, 5m, 10m, 30m, 1h"]);
    assert!(!text.contains('\u{1b}'), "{text}");
    let rows: Vec<Vec<_>> = text
        .lines()
        .filter(|line| line.trim_start().starts_with(|c: char| c.is_ascii_digit()))
        .map(|line| line.split_whitespace().collect())
        .filter(|row: &Vec<_>| row.len() >= 2 && row[0].parse::<u32>().is_ok())
        .collect();
    // "6 attempts: ..." comes first
    let delays: Vec<_> =
        rows.iter().filter(|row| row[1] != "attempts:").map(|row| row[..row.len() - 1].to_vec()).collect();
    assert_eq!(
        delays,
        [
            vec!["1", "0s"],
            vec!["2", "5m", "5m"],
            vec!["3", "5m", "10m"],
            vec!["4", "10m", "20m"],
            vec!["5", "30m", "50m"],
            vec!["6", "1h", "1h50m"],
        ]
    );
    for words in ["[5m*2 10m 30m 1h]", "6 attempts: the schedule ends there", "waits 1h50m at most"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn a_long_plan_is_cut_after_twenty_rows_and_says_how_to_see_all() {
    let text = shown(&["postfix"]);
    assert!(text.contains("92 more, the last after 4d23h7m; --attempts 112 lists all"), "{text}");
    let rows = |text: &str| text.lines().filter(|line| line.trim_end().ends_with('o')).count();
    assert_eq!((rows(&text), rows(&shown(&["postfix", "--attempts", "112"]))), (20, 112));
    assert!(shown(&["const 5s"]).contains("and so on"));
    assert!(shown(&["postfix", "--attempts", "3"]).contains("112 attempts at most: none starts later than 5d"));
    // Exim's segments of age have no number of attempts but their run's.
    assert!(shown(&["exim", "--attempts", "3"]).contains("as many attempts as fit into 4d"));
}

#[test]
fn bars_of_several_policies_stand_on_one_scale() {
    let text = shown(&["const 10m, 3 attempts", "const 10m full, 2 attempts", "const 10m, 2 attempts"]);
    // "2 attempts" is no row.
    let rows = text.lines().filter(|line| line.trim_start().starts_with("2 ") && !line.contains("attempts"));
    let bars: Vec<_> = rows.map(|line| line.find('o').unwrap()).collect();
    assert_eq!(bars.len(), 3, "{text}");
    // the second attempt of the first and of the third, after 10 minutes
    assert_eq!(bars[0], bars[2]);
    // and of the second after 5 on the average
    assert!(bars[1] < bars[0], "{text}");
    assert!(text.contains("policy "), "{text}");
}

#[test]
fn slow_attempts_and_hints_are_part_of_the_plan() {
    // 10 s of the attempt and 5 s of the delay; and the hint instead of the delay
    let at =
        |args: &[&str]| objects(&[&["const 5s, 2 attempts"], args].concat())[0]["attempts"][1]["at_s"]["mean"].clone();
    assert_eq!(at(&["--attempt-takes", "10s"]), json!(15.0));
    assert_eq!(at(&["--attempt-takes", "10s", "--hint", "1m"]), json!(70.0));
}

#[test]
fn a_timeout_is_honoured_and_a_budget_refused_at_its_column() {
    // 3 attempts of 10 s, and 2 delays of 5 s
    let text = shown(&["const 5s, 3 attempts, timeout 10s"]);
    assert!(text.contains("cut after 10s, and the whole is over after 40s at most"), "{text}");
    assert_eq!(objects(&["const 5s, 3 attempts, timeout 10s"])[0]["timeout_s"], json!(10.0));
    assert_refused(&["const 5s, timeout 5s, budget 50%"], 64, &["column 23", "budget", "leave the clause out"]);
}

#[test]
fn what_is_no_policy_is_refused_in_one_line() {
    assert_refused(&["postfi"], 64, &["column 1", "did you mean `postfix`"]);
    assert_refused(&["exp 1s..1h ful, 8 attempts"], 64, &["column 12", "`full`"]);
    assert_refused(&["const 5s", "exp"], 64, &["'exp'", "column 4"]);
    assert_refused(&["F,2h,15m; F,1h,5m"], 64, &["column 13", "later than"]);
    assert_refused(&["* rcpt_4xx F,2h,15m"], 64, &["column 3", "every address"]);
    assert_refused(&[""], 64, &["column 1"]);
    assert_refused(&["\u{1b}[2J\n"], 64, &["column 1"]);
    assert_refused(&[&"(".repeat(100_000)], 64, &["column"]);
}

#[test]
fn wrong_options_are_refused_in_one_line() {
    assert_refused(&[], 64, &["SPEC", "retry plan --help"]);
    assert_refused(&["postfix", "--attempts", "0"], 64, &["--attempts", "1..=1000"]);
    assert_refused(&["postfix", "--attempts", "1001"], 64, &["1..=1000"]);
    assert_refused(&["postfix", "--attempt-takes", "5"], 64, &["--attempt-takes", "30s"]);
    assert_refused(&["postfix", "--hint", "soon"], 64, &["--hint", "30s"]);
    assert_refused(&["postfix", "--seed", "x"], 64, &["--seed"]);
    assert_refused(&["postfix", "--presets"], 64, &["--presets"]);
}

#[test]
fn a_picture_has_a_lane_for_each_policy_and_class() {
    let texts = picture("plan.svg", &["exp 1s..1h x2 full, 8 attempts", "postfix", "default"]);
    assert_eq!(texts[0], "When each attempt starts, if every attempt fails");
    let lanes = ["exp 1s..1h x2 full, 8 attempts", "postfix", "default", "throttled", "persistent"];
    for lane in lanes {
        assert_eq!(texts.iter().filter(|text| *text == lane).count(), 1, "{lane} in {texts:?}");
    }
    // The first attempt of each lane has its number, and the last of Postfix's.
    assert_eq!(texts.iter().filter(|text| *text == "1").count(), lanes.len());
    assert_eq!(texts.iter().filter(|text| *text == "112").count(), 1);
    // Ticks above and below.
    for tick in ["0", "1h", "1d"] {
        assert_eq!(texts.iter().filter(|text| *text == tick).count(), 2, "{tick} in {texts:?}");
    }
    for words in ["8 attempts, the last after 1m4s", "112 attempts, the last after 4d23h7m"] {
        assert!(texts.iter().any(|text| text == words), "{words} in {texts:?}");
    }
}

#[test]
fn any_policy_can_be_drawn() {
    for (n, spec) in ["const 0s", "const 0s, 1 attempt", "const forever", "const 1ns full", "decorrelated 1s..1h"]
        .into_iter()
        .enumerate()
    {
        let texts = picture(&format!("any-{n}.svg"), &[spec, "--attempts", "1000"]);
        assert_eq!(texts.iter().filter(|text| *text == spec).count(), 1, "{spec} in {texts:?}");
    }
}

#[test]
fn a_picture_that_cannot_be_written_is_named() {
    let path = file("no/such/plan.svg");
    assert_refused(&["postfix", "--svg", path.to_str().unwrap()], 73, &["plan.svg", "No such file", "--svg"]);
}

#[test]
fn the_presets_are_listed() {
    let text = shown(&["--presets"]);
    assert_eq!(text.lines().count(), 25);
    for line in text.lines() {
        let name = line.split_whitespace().next().unwrap();
        assert_eq!(plan(&[name, "--json"]).status.code(), Some(0), "{name}");
    }
}

#[test]
fn the_readme_shows_what_is_printed() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    assert!(readme.contains("plan seed_staggered \"exp 5m..4h +-15%, 6 attempts\"\n"));
    let text = shown(&["seed_staggered", "exp 5m..4h +-15%, 6 attempts"]);
    assert!(readme.contains(&format!("```text\n{text}```\n")), "{text}");
}

#[test]
fn help_is_complete_with_examples() {
    let text = shown(&["--help"]);
    for words in [
        "--seed",
        "--json",
        "--svg",
        "--attempts",
        "--attempt-takes",
        "--hint",
        "--presets",
        "Examples:",
        "JITTER",
        "max_total_delay_s",
    ] {
        assert!(text.contains(words), "{words}");
    }
}
