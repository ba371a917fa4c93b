//! `retry classify http` from outside.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod support {
    use std::io::Write;
    use std::process::{Command, Output, Stdio};

    pub(crate) fn classify(args: &[&str], input: &[u8]) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_retry"))
            .args(["classify", "http"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // From a thread of its own: neither side waits for the other to read.
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }

    pub(crate) fn stdout(output: &Output) -> String {
        String::from_utf8(output.stdout.clone()).unwrap()
    }

    pub(crate) fn stderr(output: &Output) -> String {
        String::from_utf8(output.stderr.clone()).unwrap()
    }

    /// The one object that comes out for one line.
    pub(crate) fn one(line: &str) -> serde_json::Value {
        let output = classify(&["--jsonl"], line.as_bytes());
        serde_json::from_str(&stdout(&output)).unwrap()
    }
}

use serde_json::{Value, json};
use support::{classify, one, stderr, stdout};

#[test]
fn a_line_comes_out_with_its_fields_and_the_verdict() {
    let said = one(r#"{"method":"POST","status":429,"headers":{"Retry-After":"30"},"id":7}"#);
    assert_eq!(
        said,
        json!({
            "method": "POST", "status": 429, "headers": {"Retry-After": "30"}, "id": 7,
            "class": "throttled", "action": "retry_throttled", "reason": "rate_limited", "scope": "destination",
            "effect": "none", "retry_after_s": 30, "confidence": "high", "rule": "standard/429",
        })
    );
}

#[test]
fn what_did_not_fail_has_no_class_and_nothing_to_do() {
    let said = one(r#"{"method":"GET","status":204}"#);
    assert_eq!((&said["class"], &said["action"]), (&Value::Null, &json!("done")));
}

#[test]
fn a_request_that_may_have_happened_is_repeated_with_a_key_only() {
    for (line, action) in [
        (r#"{"method":"POST","status":503}"#, "unknown_outcome"),
        (r#"{"method":"POST","status":503,"idempotency_key":"k"}"#, "retry_soon"),
        (r#"{"method":"POST","status":503,"idempotency_key":""}"#, "unknown_outcome"),
        (r#"{"method":"PUT","status":503}"#, "retry_soon"),
        (r#"{"method":"PATCH","error":"timeout"}"#, "unknown_outcome"),
        (r#"{"method":"PATCH","error":"refused"}"#, "retry_soon"),
        (r#"{"method":"POST","error":"REFUSED_STREAM"}"#, "retry_now_new_connection"),
        (r#"{"method":"POST","error":"a flying pig"}"#, "unknown_outcome"),
        // The answer came; its body did not.
        (r#"{"method":"POST","status":200,"error":"body"}"#, "unknown_outcome"),
    ] {
        assert_eq!(one(line)["action"], action, "{line}");
    }
}

#[test]
fn dates_are_read_against_the_time_given() {
    let date = r#""method":"GET","status":503,"headers":{"Retry-After":"Fri, 31 Dec 1999 23:59:59 GMT"}"#;
    for now in [
        r#""1999-12-31T23:59:57Z""#,
        r#""Fri, 31 Dec 1999 23:59:57 GMT""#,
        "946684797",
        r#""946684797""#,
        r#""2000-01-01T01:59:57+02:00""#,
    ] {
        assert_eq!(one(&format!("{{{date},\"now\":{now}}}"))["retry_after_s"], 2, "{now}");
    }
}

#[test]
fn headers_come_as_an_object_or_as_pairs_and_may_repeat() {
    for headers in
        [r#"{"retry-AFTER":7}"#, r#"{"Retry-After":["7","9"]}"#, r#"[["Retry-After","7"],["Retry-After","9"]]"#]
    {
        assert_eq!(
            one(&format!(r#"{{"method":"GET","status":503,"headers":{headers}}}"#))["retry_after_s"],
            7,
            "{headers}"
        );
    }
}

#[test]
fn bad_lines_say_what_to_do_and_the_others_are_classified_all_the_same() {
    let bad = [
        "not json",
        "[1]",
        r#"{"status":500}"#,
        r#"{"method":7,"status":500}"#,
        r#"{"method":"GET"}"#,
        r#"{"method":"GET","status":1000}"#,
        r#"{"method":"GET","status":-1}"#,
        r#"{"method":"GET","status":500.5}"#,
        r#"{"method":"GET","status":500,"headers":"none"}"#,
        r#"{"method":"GET","status":500,"headers":{"a b":"c"}}"#,
        r#"{"method":"GET","status":500,"headers":{"a":"b\nc"}}"#,
        r#"{"method":"GET","status":500,"headers":{"a":{}}}"#,
        r#"{"method":"GET","status":500,"now":"yesterday"}"#,
        r#"{"method":"GET","status":500,"now":-1e300}"#,
        r#"{"method":"GET","status":500,"idempotency_key":7}"#,
        r#"{"method":"GET","error":5}"#,
        "\u{0}\u{1b}[31m",
        &format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
    ];
    let good = r#"{"method":"GET","status":500}"#;
    let input: Vec<u8> = bad.iter().flat_map(|line| format!("{line}\n{good}\n\n").into_bytes()).collect();
    let output = classify(&["--jsonl"], &input);
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(output.status.code(), Some(65), "{}", stderr(&output));
    assert_eq!(stderr(&output), "retry: 18 of 36 inputs cannot be read; see what is written in their place\n");
    for (at, pair) in lines.chunks(2).enumerate() {
        assert!(pair[0]["error"].is_string() && pair[0].get("class").is_none(), "{}: {}", bad[at], pair[0]);
        assert_eq!(pair[1]["class"], "transient");
    }
    assert_eq!(lines.len(), 36);
}

#[test]
fn bytes_that_are_no_text_do_no_harm() {
    let mut input = br#"{"method":"GET","status":503,"headers":{"Retry-After":"#.to_vec();
    input.extend_from_slice(b"\"\xb2\xff\"}}\n\xff\xfe\n");
    let output = classify(&["--jsonl"], &input);
    let lines: Vec<Value> = stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["class"], &lines[0]["retry_after_s"]), (&json!("transient"), &Value::Null));
    assert!(lines[1]["error"].is_string());
}

#[test]
fn a_paste_of_curl_is_read() {
    let paste = b"HTTP/1.1 100 Continue\n\nHTTP/2 429 \nretry-after: 17\n\n{\"name\":\"daily_quota_exceeded\"}\n500 is no status here\n";
    let output = classify(&["--host", "api.resend.com", "--method", "POST"], paste);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(text.lines().count(), 1, "{text}");
    for words in
        ["POST HTTP/2 429", "persistent (quota_exceeded)", "retry_later after 17 s", "rule resend/daily_quota_exceeded"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn the_method_of_a_verbose_paste_counts() {
    let paste = b"* Connected to localhost\n> POST /mail HTTP/1.1\n> Host: localhost\n>\n< HTTP/1.1 503 Service Unavailable\n< Content-Length: 0\n<\n* Closing connection\n";
    let text = stdout(&classify(&[], paste));
    assert!(text.starts_with("POST HTTP/1.1 503") && text.contains("unknown_outcome"), "{text}");
}

#[test]
fn plain_lines_are_statuses_or_errors() {
    let output = classify(&[], b"503\ncurl: (28) Operation timed out\nwhat is this\n");
    let text = stdout(&output);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(output.status.code(), Some(65));
    assert!(lines[0].starts_with("GET 503: transient (overloaded); retry_soon"), "{text}");
    assert!(lines[1].contains("rule fault/timeout"), "{text}");
    assert!(lines[2].starts_with("error: 'what is this'"), "{text}");
}

#[test]
fn rule_sets_and_providers_are_chosen_by_name() {
    let classed = |args: &[&str], line: &str| {
        let args: Vec<_> = ["--jsonl"].iter().chain(args).copied().collect();
        serde_json::from_str::<Value>(&stdout(&classify(&args, line.as_bytes()))).unwrap()["class"].clone()
    };
    let not_implemented = r#"{"method":"GET","status":501}"#;
    assert_eq!(classed(&[], not_implemented), "permanent");
    assert_eq!(classed(&["--rules", "dotnet"], not_implemented), "transient");
    let limit = r#"{"method":"POST","status":420}"#;
    assert_eq!(classed(&["--provider", "SparkPost"], limit), "persistent");
    let refused = classify(&["--provider", "pigeon"], b"");
    assert_eq!(refused.status.code(), Some(64));
    assert!(stderr(&refused).contains("known are brevo"), "{}", stderr(&refused));
}
