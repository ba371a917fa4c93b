//! What the server does about one request.

use std::time::Duration;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use testkit::http::Answer;

#[derive(Clone, Debug)]
pub(super) struct Deed {
    what: What,
    /// Whether the request is processed, where the protocol leaves that open.
    worked: bool,
    seconds: u16,
    slow: bool,
    headers: Vec<(&'static str, Vec<u8>)>,
    end: u8,
}

#[derive(Clone, Debug)]
enum What {
    Status(u16),
    Redirect(u16),
    /// So much of an answer.
    Half(u16, usize),
    Reset,
    HangUp,
    Hang,
    NoHttp(Vec<u8>),
}

impl Deed {
    pub(super) fn plain(status: u16) -> Self {
        let what = What::Status(status);
        Self { what, worked: true, seconds: 0, slow: false, headers: Vec::new(), end: 0 }
    }

    /// To a request with `method`. Nobody waits for ever: a server hangs only where the client is cut.
    pub(super) fn answer(&self, method: &str, is_cut: bool) -> Answer {
        let status = |status| {
            let answer = Answer::status(status).body("a body of some length");
            self.headers.iter().fold(answer, |answer, (name, value)| answer.header(*name, value.clone()))
        };
        let answer = match &self.what {
            What::Status(code) => status(*code),
            What::Redirect(code) => status(*code).header("location", "/elsewhere"),
            What::Half(code, bytes) => status(*code).cut_after(*bytes),
            What::Reset => Answer::reset(),
            What::HangUp => Answer::hang_up(),
            What::Hang if is_cut => Answer::hang().takes(Duration::from_secs(1_000_000)),
            What::Hang => Answer::reset(),
            What::NoHttp(bytes) => Answer::raw(bytes.clone()),
        };
        let answer = match (&self.what, self.end) {
            (What::Status(_) | What::Redirect(_), 1) => answer.then_close(),
            (What::Status(_) | What::Redirect(_), 2) => answer.then_drop(),
            _ => answer,
        };
        let answer = if self.slow { answer.byte_by_byte() } else { answer };
        let answer = if matches!(self.what, What::Hang) {
            answer
        } else {
            answer.takes(Duration::from_secs(self.seconds.into()))
        };
        if self.worked && self.may_work(method) { answer.after_work() } else { answer.without_work() }
    }

    /// Whether a server may have processed what it answers so. A redirect that keeps the method asks for the request elsewhere.
    fn may_work(&self, method: &str) -> bool {
        match self.what {
            What::Status(status) | What::Half(status, _) => !matches!(status, 401 | 402 | 403 | 407 | 429 | 511),
            What::Redirect(status) => status == 303 || matches!(status, 301 | 302) && method == "POST",
            _ => true,
        }
    }
}

const NAMES: [&str; 12] = [
    "retry-after",
    "retry-after",
    "retry-after-ms",
    "ratelimit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-ratelimit-reset",
    "grpc-retry-pushback-ms",
    "date",
    "x-amzn-errortype",
    "server",
    "set-cookie",
];

/// Any bytes but those that end a header: what follows would not be what the script says.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => "[0-9]{1,3}".prop_map(String::into_bytes),
        1 => "[0-9]{1,25}".prop_map(String::into_bytes),
        1 => r#""[a-z]{0,4}";[rqt]=[0-9]{1,16}(;t=-?[0-9]{1,5})?"#.prop_map(String::into_bytes),
        1 => "(Mon|Foo), [0-9]{2} (Jan|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT".prop_map(String::into_bytes),
        1 => vec(prop_oneof![Just(b'\t'), b' '..=b'~', 0x80_u8..], 0..40),
        1 => vec(any::<u8>().prop_filter("ends the header", |byte| !b"\r\n".contains(byte)), 0..20),
    ]
}

fn status() -> impl Strategy<Value = u16> {
    prop_oneof![
        4 => select(&[503_u16, 500, 429, 429, 502, 504, 408, 425, 401, 403, 409, 422]),
        1 => Just(200),
        1 => (200_u16..=599).prop_filter("needs a place to go", |status| !(300..400).contains(status)),
    ]
}

pub(super) fn any_deed() -> impl Strategy<Value = Deed> {
    let what = prop_oneof![
        6 => status().prop_map(What::Status),
        3 => select(&[301_u16, 302, 303, 307, 308]).prop_map(What::Redirect),
        2 => (status(), 0_usize..120).prop_map(|(status, bytes)| What::Half(status, bytes)),
        1 => Just(What::Reset),
        1 => Just(What::HangUp),
        1 => Just(What::Hang),
        1 => vec(any::<u8>(), 0..60).prop_map(What::NoHttp),
    ];
    (
        what,
        any::<bool>(),
        prop_oneof![Just(0_u16), 0_u16..40],
        any::<bool>(),
        vec((select(&NAMES), value()), 0..3),
        0_u8..3,
    )
        .prop_map(|(what, worked, seconds, slow, headers, end)| Deed { what, worked, seconds, slow, headers, end })
}

/// What passes, whatever it did.
pub(super) fn passing_deed() -> impl Strategy<Value = Deed> {
    let what = prop_oneof![
        3 => select(&[503_u16, 500, 429, 502, 504, 408, 425]).prop_map(What::Status),
        // Less than a head.
        1 => (0_usize..20).prop_map(|bytes| What::Half(200, bytes)),
        1 => Just(What::Reset),
        1 => Just(What::HangUp),
    ];
    let retry_after = "[0-9]{1,3}".prop_map(String::into_bytes);
    let headers = proptest::option::of(retry_after).prop_map(|value| value.map(|value| ("retry-after", value)));
    // A connection that is dropped without a word may be used again before that is known: one more failure.
    (what, any::<bool>(), 0_u16..40, any::<bool>(), headers, 0_u8..2).prop_map(
        |(what, worked, seconds, slow, headers, end)| {
            let headers = headers.into_iter().collect();
            Deed { what, worked, seconds, slow, headers, end }
        },
    )
}
