//! The presets without jitter: each delay exactly.

use std::time::Duration;

use retry_core::StopReason::{Attempts, Deadline, Schedule};
use retry_core::{StopReason, Verdict};
use retry_email::preset::{DJANGO_MAILER, Preset};

use super::run::{DAY, HOUR, MINUTE, SECOND, preset, run};

/// The delays of a run, its end, and what the policy says without being run.
#[track_caller]
fn assert_runs(name: &str, delays: &[Duration], attempts: usize, ended: StopReason, within: Option<Duration>) {
    let run = preset(name, 0);
    assert_eq!(run.delays, delays, "{name}");
    assert_eq!((run.attempts(), run.ended), (attempts, Some(ended)), "{name}");
    let policy = Preset::named(name).unwrap().policy();
    assert_eq!(policy.time_limit(), within, "{name}");
    assert!(run.last_start() <= policy.max_total_delay().unwrap(), "{name}");
    // Without jitter no seed changes anything.
    assert_eq!(preset(name, 1).delays, delays, "{name}");
}

fn minutes(minutes: &[u32]) -> Vec<Duration> {
    minutes.iter().map(|n| *n * MINUTE).collect()
}

/// `delays`, and then `last` so many times.
fn then(mut delays: Vec<Duration>, last: Duration, times: usize) -> Vec<Duration> {
    delays.resize(delays.len() + times, last);
    delays
}

#[test]
fn rfc5321_tries_twice_in_the_first_hour_and_then_every_two_and_a_half() {
    // 7,200 min; (7,200 - 60) / 150 = 47.6: attempts at 0, 30, 60 min and 47 more
    let delays = then(minutes(&[30, 30]), 150 * MINUTE, 47);
    assert_runs("rfc5321", &delays, 3 + 47, Deadline, Some(5 * DAY));
    // 60 + 47 * 150 = 7,110 min = 118 h 30 min
    assert_eq!(preset("rfc5321", 0).last_start(), 118 * HOUR + 30 * MINUTE);
}

#[test]
fn postfix_waits_as_long_as_the_message_is_old_between_300_and_4000_seconds() {
    // Ages 0, 300, 600, 1,200, 2,400 s: the age, but 300 at least. Then age 4,800 s and beyond: 4,000.
    // (432,000 - 4,800) / 4,000 = 106.8
    let delays = then([300, 300, 600, 1200, 2400].map(|n| n * SECOND).to_vec(), 4000 * SECOND, 106);
    assert_runs("postfix", &delays, 6 + 106, Deadline, Some(5 * DAY));
}

#[test]
fn exim_goes_from_quarters_over_growing_hours_to_six() {
    let mut delays = vec![15 * MINUTE; 8];
    // From 2 h on 1 h * 1.5^n while it is younger than 16 h: it is 9.59 h old after the fifth, and 15.19 h before the sixth
    // 3,600, 5,400, 8,100, 12,150, 18,225, 27,337.5 s
    delays.extend([3600, 5400, 8100, 12_150, 18_225].map(|n| n * SECOND));
    delays.push(Duration::from_millis(27_337_500));
    // It is 22.78125 h old then: (96 - 22.78125) / 6 = 12.2
    let delays = then(delays, 6 * HOUR, 12);
    assert_runs("exim", &delays, 1 + 8 + 6 + 12, Deadline, Some(4 * DAY));
    // 22.78125 + 72 = 94.78125 h
    assert_eq!(preset("exim", 0).last_start(), Duration::from_millis(94 * 3_600_000 + 2_812_500));
}

#[test]
fn opensmtpd_tries_at_400_seconds_times_squares() {
    // 400 * (2n - 1); 400 * 29^2 = 336,400 s, 400 * 30^2 = 360,000 s > 345,600 s = 4 d
    let delays: Vec<_> = (1..=29).map(|n| (2 * n - 1) * 400 * SECOND).collect();
    assert_runs("opensmtpd", &delays, 30, Deadline, Some(4 * DAY));
    assert_eq!(preset("opensmtpd", 0).last_start(), 336_400 * SECOND);
}

#[test]
fn sendmail_tries_every_hour() {
    // at 0, 1, ..., 120 h; the last exactly at the end of the 5 days
    assert_runs("sendmail", &[HOUR; 120], 121, Deadline, Some(5 * DAY));
}

#[test]
fn stalwart_goes_through_its_list_until_three_days_are_over() {
    // 242 min + 24 h = 28 h 2 min; 72 h more are too late
    let delays = then(minutes(&[2, 5, 10, 15, 30, 60, 120]), 24 * HOUR, 1);
    assert_runs("stalwart", &delays, 9, Deadline, Some(3 * DAY));
    assert_eq!(preset("stalwart", 0).last_start(), 28 * HOUR + 2 * MINUTE);
}

#[test]
fn haraka_doubles_64_seconds_twelve_times() {
    // 2^6, ..., 2^17 = 131,072 s, and the 13th failure is the last
    let delays: Vec<_> = (6..=17).map(|n| 2_u32.pow(n) * SECOND).collect();
    assert_runs("haraka", &delays, 13, Attempts, None);
    // 2^18 - 2^6 = 262,080 s = 72 h 48 min
    assert_eq!(preset("haraka", 0).last_start(), 72 * HOUR + 48 * MINUTE);
}

#[test]
fn postal_multiplies_five_minutes_by_1_3_in_18_attempts() {
    // 300 s * 13^n / 10^n, to the nearest nanosecond
    let delays: Vec<_> = (0..17_u32)
        .map(|n| {
            let (whole, part) = (300_000_000_000 * 13_u128.pow(n), 10_u128.pow(n));
            Duration::from_nanos(u64::try_from((whole + part / 2) / part).unwrap())
        })
        .collect();
    assert_eq!(delays[..4], [300_000, 390_000, 507_000, 659_100].map(Duration::from_millis));
    assert_runs("postal", &delays, 18, Attempts, None);
    // 300 * (1.3^17 - 1) / 0.3 = 85,504.1 s = 23 h 45 min 4 s
    assert_eq!(preset("postal", 0).last_start().as_secs(), 85_504);
}

#[test]
fn zonemta_takes_forty_eight_hours_for_eighteen_attempts() {
    let delays = then(minutes(&[5, 7, 8, 25, 75, 120]), 240 * MINUTE, 11);
    // The list is over exactly at the end: whichever is asked first says so.
    assert_runs("zonemta", &delays, 18, Schedule, Some(48 * HOUR));
    assert_eq!(preset("zonemta", 0).last_start(), 48 * HOUR);
}

#[test]
fn the_priority_lanes_repeat_their_last_interval() {
    // 750 min for the list; (7,200 - 750) / 240 = 26.9
    let urgent = then(minutes(&[30, 60, 60, 120, 120, 120, 240]), 240 * MINUTE, 26);
    assert_runs("ims_urgent", &urgent, 1 + 7 + 26, Deadline, Some(5 * DAY));
    // 1,500 min; (7,200 - 1,500) / 480 = 11.9
    let normal = then(minutes(&[60, 120, 120, 240, 240, 240, 480]), 480 * MINUTE, 11);
    assert_runs("ims_normal", &normal, 1 + 7 + 11, Deadline, Some(5 * DAY));
    // 3,000 min; (7,200 - 3,000) / 960 = 4.4
    let nonurgent = then(minutes(&[120, 240, 240, 480, 480, 480, 960]), 960 * MINUTE, 4);
    assert_runs("ims_nonurgent", &nonurgent, 1 + 7 + 4, Deadline, Some(5 * DAY));
}

#[test]
fn django_mailer_never_ends() {
    let run = run(&DJANGO_MAILER, Verdict::TRANSIENT, 0, 5000);
    assert_eq!((run.attempts(), run.ended), (5000, None));
    assert_eq!(run.delays, [20 * MINUTE; 4999]);
    assert_eq!((DJANGO_MAILER.max_attempts(), DJANGO_MAILER.max_total_delay()), (None, None));
}

#[test]
fn perl_retryable_doubles_a_second() {
    assert_runs("perl_retryable", &[1, 2, 4, 8, 16].map(|n| n * SECOND), 6, Attempts, None);
}

#[test]
fn interactive_mail_is_sent_within_half_an_hour_or_not_at_all() {
    let delays = [1, 5, 30, 120, 600].map(|n| n * SECOND);
    assert_runs("interactive", &delays, 6, Schedule, Some(30 * MINUTE));
}

#[test]
fn the_article_s_lists_run_as_its_listings_do() {
    assert_runs("seed_exponential", &[60, 120, 240, 480, 960].map(|n| n * SECOND), 6, Attempts, None);
    assert_runs("seed_handler", &[60, 120, 240, 480].map(|n| n * SECOND), 5, Attempts, None);
    assert_runs("seed_staggered", &[300, 300, 600, 1800, 3600].map(|n| n * SECOND), 6, Schedule, None);
    // 0, 300, 600, 1800, 3600 with the wait before each try: the first is not waited for
    assert_runs("seed_intervals", &[300, 600, 1800, 3600].map(|n| n * SECOND), 5, Schedule, None);
    assert_runs("seed_permanent", &[], 1, Attempts, None);
}
