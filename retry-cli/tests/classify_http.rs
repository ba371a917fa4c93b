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
fn what_a_verbose_paste_shows_of_the_request_counts() {
    let paste = |host: &str| {
        format!(
            "Note: Unnecessary use of -X\n> POST /mails HTTP/2\n> Host: {host}\n> Idempotency-Key: 7\n> Authorization: Bearer \
             hunter2\n>\n< HTTP/2 500\n<\n"
        )
    };
    let said = |host| {
        let output = classify(&[], paste(host).as_bytes());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        stdout(&output)
    };
    assert!(said("api.resend.com").contains("retry_soon"), "{}", said("api.resend.com"));
    // Brevo looks for its key in the body, and SendGrid has none.
    assert!(said("api.brevo.com").contains("unknown_outcome"));
    assert!(said("api.sendgrid.com").contains("unknown_outcome"));
    assert!(!said("api.resend.com").contains("hunter2"));
}

#[test]
fn headers_may_go_on_in_the_next_line() {
    for (paste, wait) in [
        ("HTTP/1.1 503 Service Unavailable\r\nRetry-After:\r\n\t30\r\n\r\n", "after 30 s"),
        ("HTTP/1.1 429 Too Many Requests\r\nRateLimit: \"default\";r=0;\r\n  t=50\r\n\r\n", "after 50 s"),
        // All of it is indented: nothing goes on.
        ("  HTTP/1.1 503 Service Unavailable\n  Retry-After: 30\n  Server: x\n\n", "after 30 s"),
    ] {
        let text = stdout(&classify(&[], paste.as_bytes()));
        assert!(text.contains(wait), "{paste}: {text}");
    }
}

#[test]
fn what_terminals_editors_and_curl_add_is_overlooked() {
    for paste in [
        "\u{feff}HTTP/1.1 503 Service Unavailable\nRetry-After: 3\n",
        "http/1.1 503 service unavailable\nretry-after: 3\n",
        "HTTP 503\nRetry-After: 3\n",
        "\u{1b}[1mHTTP/2\u{1b}[0m 503\u{1b}[0m\r\n\u{1b}[36mretry-after\u{1b}[0m: 3\r\n",
        "$ curl -i https://api.example.org/\nHTTP/2 503\nretry-after: 3\n\n",
        "```\nHTTP/2 503\nretry-after: 3\n```\n",
        "  % Total    % Received\n  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0\nHTTP/2 503\nretry-after: 3\n",
        "HTTP/1.1 200 Connection established\n\nHTTP/2 503\nretry-after: 3\n\n",
        "HTTP/2 503\nretry-after: 3\n\nHTTP 200 is what we wanted\n",
    ] {
        let output = classify(&[], paste.as_bytes());
        let text = stdout(&output);
        assert_eq!((output.status.code(), text.lines().count()), (Some(0), 1), "{paste:?}: {text}");
        assert!(text.contains("transient (overloaded); retry_soon after 3 s"), "{paste:?}: {text}");
    }
}

#[test]
fn an_error_of_curl_belongs_to_the_answer_before_it() {
    let partial = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc\ncurl: (18) transfer closed with 7 bytes remaining to read\n";
    let text = stdout(&classify(&["--method", "POST"], partial));
    assert!(
        text.lines().count() == 1 && text.contains("unknown_outcome") && text.contains("rule fault/body"),
        "{text}"
    );
    // A failed answer says more than that it is not whole.
    let failed = b"HTTP/1.1 429 Too Many\r\nRetry-After: 3\r\n\r\nabc\ncurl: (18) transfer closed\n";
    let text = stdout(&classify(&[], failed));
    assert!(text.lines().count() == 1 && text.contains("rule standard/429"), "{text}");
}

#[test]
fn curl_s_errors_are_known_by_their_numbers() {
    for (line, rule) in [
        ("curl: (6) Could not resolve host: nope.invalid", "fault/dns"),
        ("curl: (7) Failed to connect to localhost port 1 after 0 ms: Couldn't connect to server", "fault/refused"),
        ("curl: (16) Error in the HTTP2 framing layer", "fault/protocol"),
        (
            "curl: (28) Failed to connect to 10.0.0.1 port 80 after 1001 ms: Timeout was reached",
            "fault/connect_timeout",
        ),
        ("curl: (28) Operation timed out after 1000 milliseconds with 0 bytes received", "fault/timeout"),
        ("curl: (35) OpenSSL SSL_connect: Connection reset by peer", "fault/tls"),
        ("curl: (47) Maximum (50) redirects followed", "fault/too_many_redirects"),
        ("curl: (52) Empty reply from server", "fault/connection_closed"),
        ("curl: (56) Recv failure: Connection reset by peer", "fault/connection_closed"),
        ("curl: (60) SSL certificate problem: self-signed certificate", "fault/bad_certificate"),
        ("curl: (92) HTTP/2 stream 1 was not closed cleanly: REFUSED_STREAM (err 7)", "fault/refused_stream"),
    ] {
        let text = stdout(&classify(&[], line.as_bytes()));
        assert!(text.contains(&format!("rule {rule}")), "{line}: {text}");
    }
}

#[test]
fn a_line_of_a_megabyte_is_not_said_back() {
    let output = classify(&[], &vec![b'x'; 1 << 20]);
    assert_eq!(output.status.code(), Some(65));
    assert!(stdout(&output).len() < 1000);
}

#[test]
fn a_provider_is_recognised_by_a_url_too() {
    let said = one(r#"{"method":"POST","status":420,"url":"https://api.sparkpost.com/api/v1/transmissions"}"#);
    assert_eq!(said["class"], "persistent");
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
