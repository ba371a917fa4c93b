use std::time::Duration;

use retry_http::{Exchange, HttpClassifier};

use crate::support::{NOW, headers};

#[test]
fn what_a_request_carries_is_not_shown() {
    let fields = headers(&[("authorization", "Bearer hunter2"), ("set-cookie", "hunter2")]);
    let exchange = Exchange::answer("POST", 401, &fields, NOW).body(b"{\"key\":\"hunter2\"}").keyed(Duration::ZERO);
    let judgement = HttpClassifier::new().judge(&exchange).unwrap();
    for shown in [format!("{exchange:?}"), format!("{judgement:?}"), judgement.rule.into_owned()] {
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
