use retry_core::Class;
use retry_http::{
    Category, CategoryLimits, Exchange, Fault, HttpClassifier, Methods, Rules, SpentOn, StatusSet, Tally,
};

use crate::support::{NOW, headers};

fn retried(rules: &Rules) -> Vec<u16> {
    (0..=999).filter(|status| rules.retries("GET", *status, false)).collect()
}

#[test]
fn each_set_retries_what_its_peer_retries() {
    let standard: Vec<u16> = [408, 425, 429, 500, 502, 503, 504, 509].into_iter().chain(512..600).collect();
    assert_eq!(retried(&Rules::standard()), standard);
    assert!(retried(&Rules::urllib3()).is_empty());
    assert_eq!(retried(&Rules::aws()), [429, 500, 502, 503, 504]);
    assert_eq!(retried(&Rules::dotnet()), [408, 429].into_iter().chain(500..=999).collect::<Vec<u16>>());
    let hashicorp: Vec<u16> = [0, 429, 500].into_iter().chain(502..=999).collect();
    assert_eq!(retried(&Rules::hashicorp()), hashicorp);
}

#[test]
fn urllib3_retries_its_three_statuses_where_asked() {
    let rules = Rules::urllib3();
    let asked: Vec<u16> = (0..=999).filter(|status| rules.retries("GET", *status, true)).collect();
    assert_eq!(asked, [413, 429, 503]);
    let ignored = rules.respect_retry_after(false);
    assert!((0..=999).all(|status| !ignored.retries("GET", status, true)));
}

#[test]
fn the_list_and_the_methods_are_the_users() {
    let rules = Rules::urllib3().statuses(StatusSet::of(&[418])).methods(Methods::of(["POST"]));
    assert!(rules.retries("POST", 418, false) && rules.retries("post", 418, false));
    assert!(!rules.retries("GET", 418, false) && !rules.retries("POST", 500, false));
    assert!(rules.methods(Methods::ANY).retries("BREW", 418, false));
}

#[test]
fn a_status_below_400_is_a_failure_where_it_is_listed() {
    let (none, rules) = (headers(&[]), Rules::standard().statuses([202]));
    let classifier = HttpClassifier::new().rules(rules);
    let class =
        |status| classifier.judge(&Exchange::answer("GET", status, &none, NOW)).map(|found| found.verdict.class);
    assert_eq!(class(202), Some(Class::Transient));
    assert_eq!(class(200), None);
    assert_eq!(class(500), Some(Class::Permanent));
}

#[test]
fn hints_count_at_the_statuses_that_a_set_heeds() {
    let fields = headers(&[("retry-after", "2")]);
    let hint = |rules, status| {
        let exchange = Exchange::answer("GET", status, &fields, NOW);
        HttpClassifier::new().rules(rules).judge(&exchange).unwrap().verdict.hint().is_some()
    };
    assert!(hint(Rules::hashicorp(), 429) && hint(Rules::hashicorp(), 503));
    assert!(!hint(Rules::hashicorp(), 502));
    assert!(hint(Rules::standard(), 502) && hint(Rules::dotnet(), 500));
    assert!(!hint(Rules::standard().respect_retry_after(false), 503));
}

#[test]
fn the_sdk_of_aws_names_milliseconds() {
    let judge = |value| {
        let fields = headers(&[("x-amz-retry-after", value)]);
        let exchange = Exchange::answer("GET", 500, &fields, NOW);
        HttpClassifier::new().rules(Rules::aws()).judge(&exchange).unwrap().verdict.hint()
    };
    assert_eq!(judge("1500").unwrap().not_before.as_millis(), 1500);
    for value in ["invalid", "-1", "1.5", ""] {
        assert_eq!(judge(value), None, "{value}");
    }
}

#[test]
fn codes_decide_whatever_the_status() {
    let none = headers(&[]);
    let class = |status, code| {
        let exchange = Exchange::answer("GET", status, &none, NOW).code(code);
        HttpClassifier::new().rules(Rules::aws()).judge(&exchange).unwrap().verdict.class
    };
    assert_eq!(class(400, "ThrottlingException"), Class::Throttled);
    assert_eq!(class(503, "SlowDown"), Class::Throttled);
    assert_eq!(class(400, "RequestTimeout"), Class::Transient);
    assert_eq!(class(400, "NotAThrottlingError"), Class::Permanent);
}

#[test]
fn a_tally_stops_at_the_first_limit_and_says_which() {
    let connect = SpentOn::Fault(Fault::ConnectTimeout);
    let spend = |limits, events: &[SpentOn]| {
        let mut tally = Tally::new(limits);
        events.iter().enumerate().find_map(|(at, event)| Some((at + 1, tally.spend(*event).err()?.category)))
    };
    let none = CategoryLimits::NONE;
    assert_eq!(spend(none.connect(3).total(2), &[connect; 3]), Some((3, None)));
    assert_eq!(spend(none.connect(2), &[connect; 3]), Some((3, Some(Category::Connect))));
    assert_eq!(spend(none.connect(1).total(10), &[connect]), None);
    assert_eq!(spend(none.read(0), &[connect, SpentOn::Fault(Fault::Timeout)]), Some((2, Some(Category::Read))));
    assert_eq!(spend(none.status(2), &[SpentOn::Status(400); 3]), Some((3, Some(Category::Status))));
    assert_eq!(spend(none.total(0), &[SpentOn::Unknown]), Some((1, None)));
    assert_eq!(spend(none, &[SpentOn::Unknown; 100]), None);
}

#[test]
fn status_sets_take_any_number() {
    for status in [1000, 1023, 1024, u16::MAX] {
        assert!(!StatusSet::NONE.with(status).contains(status) && !StatusSet::ALL.without(status).contains(status));
    }
    assert_eq!(StatusSet::NONE.with_range(900, u16::MAX), StatusSet::from(900..=999));
    assert_eq!(StatusSet::NONE.with_range(600, 500), StatusSet::NONE);
    assert_eq!(format!("{:?}", StatusSet::of(&[404, 200])), "{200, 404}");
}
