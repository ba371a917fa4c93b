//! The conformance runner, from outside, on small files of our own.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod support {
    use std::fs;
    use std::path::PathBuf;
    use std::process::Command;

    /// What a run printed, and how it ended.
    pub(crate) struct Ran {
        pub(crate) out: String,
        pub(crate) errors: String,
        pub(crate) code: Option<i32>,
    }

    impl Ran {
        #[track_caller]
        pub(crate) fn prints(&self, line: &str) {
            let printed = self.out.lines().any(|printed| printed == line);
            assert!(printed, "no line `{line}` in:\n{}{}", self.out, self.errors);
        }
    }

    /// Runs `cases` of a file `name` in a directory of its own.
    pub(crate) fn run(test: &str, name: &str, cases: &[&str], deviations: Option<&str>) -> Ran {
        let text = format!(r#"{{"name": "{name}", "units": "seconds", "cases": [{}]}}"#, cases.join(","));
        run_in(test, &[(&format!("{name}.json"), &text)], deviations)
    }

    pub(crate) fn run_in(test: &str, files: &[(&str, &str)], deviations: Option<&str>) -> Ran {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("conformance").join(test);
        let vectors = root.join("vectors");
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(&vectors).unwrap();
        for (name, text) in files {
            fs::write(vectors.join(name), text).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_conformance"));
        command.arg(&vectors);
        if let Some(deviations) = deviations {
            let path = root.join("deviations.toml");
            fs::write(&path, deviations).unwrap();
            command.arg("--deviations").arg(path);
        }
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { out: text(output.stdout), errors: text(output.stderr), code: output.status.code() }
    }
}

use support::{run, run_in};

/// tenacity doubles from 1 s: 1, 2, 4, 8.
const FOURTH_IS_8: &str = r#"{"id": "a", "op": "delay", "expect": 8,
    "input": {"type": "exponential", "multiplier": 1, "base": 2, "attempt": 4}}"#;
const FOURTH_IS_9: &str = r#"{"id": "b", "op": "delay", "expect": 9,
    "input": {"type": "exponential", "multiplier": 1, "base": 2, "attempt": 4}}"#;

#[test]
fn cases_that_hold_pass() {
    let ran = run("passes", "tenacity", &[FOURTH_IS_8], None);
    ran.prints("tenacity 1/1");
    ran.prints("1 passed, 0 failed, 0 skipped");
    assert_eq!(ran.code, Some(0));
}

#[test]
fn a_case_that_fails_is_named_with_what_was_expected_and_what_came() {
    let ran = run("fails", "tenacity", &[FOURTH_IS_8, FOURTH_IS_9], None);
    ran.prints("tenacity 1/2");
    ran.prints("  failed: b delay: expected 9, got 8");
    ran.prints("1 passed, 1 failed, 0 skipped");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn unknown_ops_files_types_and_settings_fail() {
    let unknown_op = r#"{"id": "op", "op": "levitate", "expect": 1}"#;
    let unknown_type = r#"{"id": "type", "op": "delay", "expect": 1, "input": {"type": "lunar", "attempt": 1}}"#;
    // A setting that is not known must not be ignored.
    let unknown_setting = r#"{"id": "setting", "op": "delay", "expect": 1,
        "input": {"type": "constant", "wait": 1, "attempt": 1, "moon": "full"}}"#;
    let ran = run("unknown", "tenacity", &[unknown_op, unknown_type, unknown_setting], None);
    ran.prints("  failed: op levitate: unknown op");
    ran.prints("  failed: type delay: the case cannot be read: there is no wait `lunar`");
    ran.prints("  failed: setting delay: the case cannot be read: the runner does not know `moon` here");
    assert_eq!(ran.code, Some(1));

    let ran = run("unknown_file", "somebody_else", &[FOURTH_IS_8], None);
    ran.prints("  failed: a delay: unknown op");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn a_case_without_what_its_op_needs_fails_and_the_others_still_run() {
    let ran = run("lacking", "tenacity", &[r#"{"op": "delay", "expect": 1}"#, FOURTH_IS_8], None);
    ran.prints("  failed: case 0 delay: the case cannot be read: `attempt` is missing");
    ran.prints("1 passed, 1 failed, 0 skipped");
}

/// Seven cases that pass, and the eighth that does not.
fn eight() -> Vec<&'static str> {
    let mut cases = vec![FOURTH_IS_8; 7];
    cases.push(FOURTH_IS_9);
    cases
}

const RULE: &str = r#"
    [[deviation]]
    file = "tenacity"
    op = "delay"
    when = "type == 'exponential' and attempt > 3 and max == null"
    reason = "an example"
"#;

#[test]
fn a_deviation_skips_what_fails_and_matches_up_to_one_case_in_eight() {
    let ran = run("skips", "tenacity", &eight(), Some(RULE));
    // All eight match; those that hold have passed.
    ran.prints("tenacity 7/8");
    ran.prints("  skipped: b delay: an example");
    ran.prints("7 passed, 0 failed, 1 skipped");
    assert_eq!(ran.code, Some(0));

    let ran = run("skips_too_many", "tenacity", &eight()[1..], Some(RULE));
    ran.prints("  1 of 7 skipped, and no more than one in 8 may be");
    ran.prints("6 passed, 0 failed, 1 skipped");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn a_deviation_that_matches_nothing_is_named_and_does_no_harm() {
    let elsewhere = RULE.replace("attempt > 3", "attempt > 4");
    let ran = run("unused", "tenacity", &[FOURTH_IS_8], Some(&elsewhere));
    ran.prints(
        "no case matches the deviation: tenacity delay when type == 'exponential' and attempt > 4 and max == null",
    );
    assert_eq!(ran.code, Some(0));

    let ran = run("unmatched", "tenacity", &eight(), Some(&elsewhere));
    ran.prints("7 passed, 1 failed, 0 skipped");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn a_deviation_cannot_look_at_the_id_or_at_what_is_expected() {
    let by_id = RULE.replace("attempt > 3", "id == 'b'");
    assert_eq!(run("by_id", "tenacity", &eight(), Some(&by_id)).code, Some(1));
    let by_expectation = RULE.replace("attempt > 3", "expect == 9");
    assert_eq!(run("by_expectation", "tenacity", &eight(), Some(&by_expectation)).code, Some(1));
}

#[test]
fn deviations_that_make_no_sense_are_refused_with_the_reason() {
    for (name, text, why) in [
        ("predicate", RULE.replace("attempt > 3", "attempt >"), "is no predicate"),
        ("reason", RULE.replace("an example", " "), "the reason is empty"),
        ("key", RULE.replace("reason =", "id = 'b'\nreason ="), "unknown field `id`"),
        ("toml", "deviation".to_owned(), "TOML"),
    ] {
        let ran = run(&format!("bad_{name}"), "tenacity", &[FOURTH_IS_8], Some(&text));
        assert_eq!(ran.code, Some(2), "{name}: {}", ran.out);
        assert!(ran.errors.starts_with("error: ") && ran.errors.contains(why), "{name}: {}", ran.errors);
    }
}

#[test]
fn a_directory_without_vectors_is_an_error() {
    let ran = run_in("empty", &[("README.md", "no vectors")], None);
    assert_eq!(ran.code, Some(2));
    assert!(ran.errors.contains("no .json file is in it"), "{}", ran.errors);

    let ran = run_in("malformed", &[("a.json", "{")], None);
    assert_eq!(ran.code, Some(2));
    assert!(ran.errors.contains("a.json: EOF"), "{}", ran.errors);

    let ran = run_in("no_cases", &[("a.json", "{}")], None);
    assert!(ran.errors.contains("it has no list of `cases`"), "{}", ran.errors);
}

#[test]
fn units_of_files_and_of_keys_are_honoured() {
    let file =
        |name: &str, units: &str, case: &str| format!(r#"{{"name": "{name}", "units": "{units}", "cases": [{case}]}}"#);
    // 8 ms after 1, 2 and 4 ms; in the other file 10, 30 and 50 ms from keys that say so.
    let sequence = r#"{"id": "a", "op": "sequence", "expect_ms": [1, 2, 4, 8], "exhausted_after": false,
        "input": {"type": "exponential", "start": 1, "mult": 2}}"#;
    let suffixed = r#"{"id": "b", "op": "sequence", "expect_ms": [10, 30, 50], "exhausted_after": true,
        "input": {"type": "linear", "initial_ms": 10, "factor": 2, "n": 3}}"#;
    let milliseconds = file("backoff_sequences", "milliseconds", sequence);
    let seconds = file("polly_backoff", "seconds unless a key says _ms/_ns", suffixed);
    let ran = run_in("units", &[("backoff_sequences.json", &milliseconds), ("polly_backoff.json", &seconds)], None);
    ran.prints("2 passed, 0 failed, 0 skipped");
    assert_eq!(ran.code, Some(0));
}

#[test]
fn delays_are_drawn_at_the_ends_of_their_range_too() {
    // Sidekiq's third retry waits 2^4 + 15 = 31 s and up to 29 s more.
    let case = |most: u32| {
        format!(r#"{{"id": "{most}", "op": "sidekiq_delay", "input": {{"count": 2}}, "expect_range": [31, {most}]}}"#)
    };
    assert_eq!(run("range", "queue_schedules", &[&case(60)], None).code, Some(0));
    let ran = run("narrow", "queue_schedules", &[&case(59)], None);
    ran.prints("  failed: 59 sidekiq_delay: expected >= 31 and <= 59, got 60");
}

#[test]
fn laws_are_known_by_their_words_and_hold_for_their_numbers() {
    let law = |text: &str| format!(r#"{{"id": "law", "op": "property", "law": "{text}"}}"#);
    let jitter = |least: f64| law(&format!("forall d in [1ms,60min], u in [0,1): {least} d <= jitter(d,u) <= 1.25 d"));
    assert_eq!(run("law", "polly_backoff", &[&jitter(0.75)], None).code, Some(0));
    assert_eq!(run("false_law", "polly_backoff", &[&jitter(0.76)], None).code, Some(1));
    let ran = run("unknown_law", "polly_backoff", &[&law("forall d: jitter(d) is nice")], None);
    ran.prints("  failed: law property: the case cannot be read: the runner knows no such law");
}

#[test]
fn every_peer_runs_through_the_engine() {
    for (file, case) in [
        // go-retryablehttp: 2^3 s.
        ("go_backoff", r#"{"op": "capped_exponential", "input": {"min": 1, "max": 300, "attempt": 3}, "expect": 8}"#),
        // Temporal: sooner by up to a fifth, and cut to the 7 s that are left.
        (
            "temporal",
            r#"{"op": "next_delay_range", "expect_range_halfopen": [5.6, 7], "input":
                {"attempt": 9, "initial": 1, "coefficient": 2, "max_interval": 10, "expiration": 60, "elapsed": 53}}"#,
        ),
        // Failsafe: 100 (1 + (1 - 2 * 0.25) * 0.5) = 125.
        (
            "failsafe",
            r#"{"op": "jitter_factor", "input": {"delay": 100, "factor": 0.5, "random": 0.25}, "expect": 125}"#,
        ),
        // AWS: 0.5 of min(20, 2^4) s.
        (
            "aws_standard",
            r#"{"op": "backoff", "input": {"attempt": 5, "random": 0.5, "base_scale": 1.0, "max": 20}, "expect": 8}"#,
        ),
        // gRPC: the cap, plus or minus a fifth.
        (
            "grpc_retry",
            r#"{"op": "backoff_range", "input": {"retry": 9, "initial": 0.1, "max": 1, "multiplier": 2},
                "expect_range": [0.8, 1.2]}"#,
        ),
        // Celery: 4 * 2^3 = 32, of 33 choices the third from the end.
        (
            "queue_schedules",
            r#"{"op": "celery_backoff", "expect": 31, "input":
                {"factor": 4, "retries": 3, "maximum": 100, "full_jitter": true, "randrange": "n-2"}}"#,
        ),
        // Envoy: 27 % 25, and 27 % 30.
        (
            "backoff_sequences",
            r#"{"op": "envoy_sequence", "expect": [2, 27, "reset", 2],
                "input": {"type": "jittered_exponential", "base_ms": 25, "max_ms": 30, "random_u64": 27}}"#,
        ),
    ] {
        let ran = run(&format!("peer_{file}"), file, &[case], None);
        assert_eq!(ran.code, Some(0), "{file}: {}{}", ran.out, ran.errors);
    }
}

#[test]
fn what_does_not_exist_yet_fails_and_says_so() {
    let ran = run("later", "queue_schedules", &[r#"{"id": "a", "op": "job_fate", "expect": "dead"}"#], None);
    ran.prints("  failed: a job_fate: not built yet: retry-queue: what becomes of a job");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn contention_is_simulated() {
    let case = |id: &str, calls: u32| {
        format!(
            r#"{{"id": "{id}", "op": "occ_sim",
                "input": {{"algorithm": "FullJitter", "clients": 1, "base_ms": 5, "cap_ms": 2000,
                           "net_mean_ms": 10, "net_sd_ms": 0, "trials": 5}},
                "expect": {{"time_ms_mean": 40.0, "time_ms_stderr": 0.0, "calls_mean": {calls}, "calls_stderr": 0.0}}}}"#
        )
    };
    // alone, one call in four hops
    let (right, wrong) = (case("right", 1), case("wrong", 2));
    let ran = run("contention", "aws_backoff_simulator", &[&right, &wrong], None);
    ran.prints("aws_backoff_simulator 1/2");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn overload_is_simulated() {
    let case = |id: &str, policy: &str, recovers: &str, after: f64, during: f64| {
        format!(
            r#"{{"id": "{id}", "op": "overload_sim", "scenario": "S1", "policy": "{policy}", "success": 0.5,
                "amplification": 1.0, "amp_during": {during}, "recover_s": {recovers}, "success_after": {after}}}"#
        )
    };
    let cases = [
        // (2,000 - 1,000) / (1,000 - 800) = 5 s and the window, of 49 s until the end
        case("none", "none", "5.5", 0.9, 1.0),
        case("plain", "expo x3", "null", 0.0, 2.94),
        // more attempts are more load
        case("more", "expo x3", "null", 0.0, 5.0),
        case("saved", "expo x3", "6.0", 0.9, 2.94),
        case("what", "hope", "6.0", 0.9, 1.0),
    ];
    let ran = run("overload", "adaptive_overload_sim", &cases.each_ref().map(String::as_str), None);
    ran.prints("adaptive_overload_sim 2/5");
    ran.prints("  failed: what overload_sim: the case cannot be read: no policy is called `hope`");
}

/// A file of one peer's cases passes, or each of them fails.
#[track_caller]
fn all(passes: bool, test: &str, file: &str, cases: &[&str]) {
    let ran = run(test, file, cases, Some(""));
    let (passed, failed) = if passes { (cases.len(), 0) } else { (0, cases.len()) };
    ran.prints(&format!("{passed} passed, {failed} failed, 0 skipped"));
}

#[test]
fn headers_are_read_and_judged_by_the_http_crate() {
    let parse = |value: &str, expect: &str| {
        format!(
            r#"{{"op": "parse_retry_after", "expect": {expect},
            "input": {{"value": "{value}", "now": "1994-11-06T08:49:00Z", "max": 100}}}}"#
        )
    };
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    all(
        true,
        "retry_after",
        "retry_after",
        &[&parse(date, "37"), &parse("soon", r#""invalid""#), &parse("101", "100")],
    );
    all(false, "no_retry_after", "retry_after", &[&parse(date, "36"), &parse("1", r#""invalid""#)]);
    let unset = r#"{"op": "parse_retry_after", "input": {"value": null}, "expect": "absent"}"#;
    all(true, "no_header", "retry_after", &[unset]);

    // The bits behind the last byte belong to none: `AQ==` and `AR==` are the same byte.
    let field = r#"{"op": "parse_ratelimit", "expect": [{"name": "a", "r": 0, "t": 5, "pk": "AR=="}],
        "input": {"header": "RateLimit", "value": "\"a\";r=0;t=5;pk=:AQ==:"}}"#;
    let wait = r#"{"op": "next_allowed", "input": {"headers": {"RateLimit": "\"a\";r=0;t=5"}}, "expect": {"wait": 5}}"#;
    all(true, "rate_limit", "rate_limit_headers", &[field, wait]);

    let transient = |status: u16, expect: bool| {
        format!(r#"{{"op": "http_transient_hashicorp", "input": {{"status": {status}}}, "expect": {expect}}}"#)
    };
    all(true, "hashicorp", "classification", &[&transient(502, true), &transient(501, false)]);
    all(false, "not_hashicorp", "classification", &[&transient(502, false), &transient(501, true)]);
}

#[test]
fn limits_by_category_end_at_the_failure_that_uses_them_up() {
    let reads = |read: u32, at: &str| {
        format!(
            r#"{{"op": "counters", "given": {{"total": 9, "read": {read}}}, "expect": {{"exhausted_at": {at}}},
            "events": ["read_timeout:GET", "connect_timeout", "read_timeout:GET"]}}"#
        )
    };
    all(true, "counters", "urllib3_retry", &[&reads(0, "1"), &reads(1, "3"), &reads(2, "null")]);
    all(false, "counters_not", "urllib3_retry", &[&reads(0, "3"), &reads(2, "3")]);
    let backoff = |expect: &str| {
        format!(
            r#"{{"op": "backoff_sequence", "given": {{"backoff_factor": 0.5}},
            "events": ["fail", "fail", "fail", {{"expect": {expect}}}, "redirect:302", {{"expect": 0}}]}}"#
        )
    };
    // at once, 1 s, 2 s
    all(true, "backoff_sequence", "urllib3_retry", &[&backoff("2")]);
    all(false, "backoff_sequence_not", "urllib3_retry", &[&backoff("1")]);
}

#[test]
fn quotas_and_throttles_of_peers_are_the_engines() {
    let session = |left: u32| {
        format!(
            r#"{{"op": "retry_session", "spec": "2.1", "given": {{"initial_retry_tokens": 20}}, "responses": [
            {{"response": {{"status_code": 500}}, "expected": {{"outcome": "retry_request", "retry_quota": {left}}}}},
            {{"response": {{"status_code": 500}}, "expected": {{"outcome": "retry_quota_exceeded"}}}}]}}"#
        )
    };
    // 20 - 14
    all(true, "session", "aws_standard", &[&session(6)]);
    all(false, "session_not", "aws_standard", &[&session(15)]);

    let threads = |last: u32| {
        let fails = |left| {
            format!(
                r#"[{{"response": "server_error", "expected": {{"outcome": "retry_request", "retry_quota": {left}}}}}]"#
            )
        };
        format!(
            r#"{{"op": "retry_session_threads", "spec": "2.1", "given": {{}}, "expected_final_quota": {last},
            "threads": [{}, {}]}}"#,
            fails(472),
            fails(486)
        )
    };
    // The second thread has the first turn.
    all(true, "threads", "aws_standard", &[&threads(472)]);
    all(false, "threads_not", "aws_standard", &[&threads(458)]);

    let calls = |tokens: f64| {
        format!(
            r#"{{"op": "throttled_calls", "given": {{"max_tokens": 4, "token_ratio": 0.5, "server_ok_calls": [1]}},
            "calls": [{{"expect_code": "OK", "attempts": [{{"tokens": 3}}, {{"tokens": {tokens}}}]}},
                {{"expect_code": "UNAVAILABLE", "expect_last_server_call": 3}}]}}"#
        )
    };
    // 4 - 1 + 0.5; then 2.5, which is more than half, and 1.5, which is not
    all(true, "throttle", "grpc_retry", &[&calls(3.5)]);
    all(false, "throttle_not", "grpc_retry", &[&calls(3.0)]);
}

#[test]
fn pacing_of_peers_is_the_engines() {
    let cubic = |rate: f64| {
        format!(
            r#"{{"op": "cubic", "given": {{"last_max_rate": 10, "last_throttle_time": 1}},
            "steps": [{{"response": "throttle", "rate_to_use": 8, "t": 1, "expect": {{"calculated_rate": {rate}}}}}]}}"#
        )
    };
    // 8 * 0.7
    all(true, "cubic", "aws_adaptive", &[&cubic(5.6)]);
    all(false, "cubic_not", "aws_adaptive", &[&cubic(7.0)]);
    let aimd = |limit: u32| {
        format!(
            r#"{{"op": "aimd", "given": {{"initial": 20}}, "expect": {limit},
            "samples": [{{"rtt_ms": 1, "inflight": 10, "drop": false}}]}}"#
        )
    };
    all(true, "aimd", "adaptive_limits", &[&aimd(21)]);
    all(false, "aimd_not", "adaptive_limits", &[&aimd(20)]);
}

#[test]
fn policies_are_composed_from_the_outside_in() {
    let of = |policies: &str, operation: &str, expect: &str| {
        format!(
            r#"{{"op": "composition", "input": {{"policies": [{policies}], "operation": [{operation}]}},
            "expect": {{{expect}}}}}"#
        )
    };
    let cases = [
        // The breaker hears one failure of three attempts, or each of them.
        of(r#""breaker(3)", "retry(default)""#, r#""err""#, r#""attempts": 3, "breaker_failures": 1"#),
        of(r#""retry(default)", "breaker(3)""#, r#""err""#, r#""attempts": 3, "breaker_state": "open""#),
        of(r#""retry(max_attempts=7)", "rate_limiter(3/s)""#, r#""err""#, r#""attempts": 7, "executions": 3"#),
        of(r#""retry(default)", "fallback(none)""#, r#""err""#, r#""attempts": 1, "result": "none""#),
        // Two timeouts of 100 ms and a success.
        of(
            r#""retry(default)", "timeout(100ms)""#,
            r#""sleep101 then ok x2", "ok""#,
            r#""attempts": 3, "result": "ok""#,
        ),
        // Attempts at 0, 100 and 200 ms; the third wait is cut.
        of(
            r#""timeout(250ms)", "retry(delay=100ms, max_retries=-1)""#,
            r#""err""#,
            r#""executions": 3, "timeouts": 1"#,
        ),
        of(
            r#""retry(handle=A)", "retry(handle=B)""#,
            r#""err:A", "err:B x2", "ok""#,
            r#""executions": 4, "outer_failed_attempts": 1, "inner_failed_attempts": 2, "result": "ok""#,
        ),
    ];
    all(true, "composed", "failsafe", &cases.each_ref().map(String::as_str));
    let false_ones = [
        of(r#""breaker(3)", "retry(default)""#, r#""err""#, r#""breaker_failures": 3"#),
        of(r#""retry(default)", "fallback(none)""#, r#""err""#, r#""attempts": 3"#),
        of(r#""retry(gravity=9.81)""#, r#""ok""#, r#""attempts": 1"#),
    ];
    all(false, "not_composed", "failsafe", &false_ones.each_ref().map(String::as_str));
}

#[test]
fn budgets_that_count_requests_grant_any_percentage_exactly() {
    let budget = |granted: u32| {
        format!(
            r#"{{"op": "tps_budget", "given": {{"ttl": 10, "min_per_s": 0, "ratio": 0.75}},
            "steps": [{{"t": 0, "deposit": 100}}, {{"t": 1, "withdraw": 100, "expect": {granted}}}]}}"#
        )
    };
    all(true, "tps", "retry_budgets", &[&budget(75)]);
    all(false, "tps_not", "retry_budgets", &[&budget(100)]);
}
