//! Jitter, clauses, classes, and what contradicts itself.

use expect_test::expect;
use retry_core::{LimitedPolicy, Policy};

use super::assert_refused;

#[test]
fn jitter() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp 1s..1h ful",
            "const 1m +-",
            "const 1m +-101%",
            "const 1m +-1.23456%",
            "const 1m +-15",
            "const 1m 15%",
            "const 1m -30s",
            "const 1m -",
            "const 1m full equal",
            "const 1m +10%-20%",
            "exp 1s, full",
            "exp 1s, +-15%",
            "const 1m !",
        ],
        &expect![[r#"
            exp 1s..1h ful
                       ^
            column 12: found `ful`; did you mean `full`?
            const 1m +-
                       ^
            column 12: the text ends here; expected a percentage such as `15%` or a duration such as `30s`
            const 1m +-101%
                       ^
            column 12: proportional jitter is at most 100 %
            const 1m +-1.23456%
                       ^
            column 12: found `1.23456%`; expected at most four decimal places
            const 1m +-15
                         ^
            column 14: the text ends here; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            const 1m 15%
                     ^
            column 10: a percentage needs a sign to be jitter: `+-15%`, `+15%` or `-15%`
            const 1m -30s
                      ^
            column 11: a fixed time is added, `+30s`, or goes both ways, `+-30s`
            const 1m -
                      ^
            column 11: the text ends here; expected a percentage such as `15%`
            const 1m full equal
                          ^
            column 15: jitter is given once, before the first comma
            const 1m +10%-20%
                         ^
            column 14: jitter is given once, before the first comma
            exp 1s, full
                    ^
            column 9: jitter stands before the first comma
            exp 1s, +-15%
                    ^
            column 9: jitter stands before the first comma
            const 1m !
                     ^
            column 10: found `!`; expected jitter (`full`, `equal`, `+-15%`), `,` and a clause, `;` and a class or the end
        "#]],
    );
}

#[test]
fn clauses() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp 1s,",
            "exp 1s, , 8 attempts",
            "exp 1s 8 attempts",
            "exp 1s within 3h",
            "exp 1s, withn 3h",
            "exp 1s, within",
            "exp 1s, within 3",
            "exp 1s, 5m",
            "exp 1s, cost",
            "exp 1s, cost 50",
            "exp 1s, cost 12.5%",
            "exp 1s, cost 65536%",
            "exp 1s, budget",
            "exp 1s, budget half",
            "exp 1s, budget 50",
            "exp 1s, budget 1/0%",
            "exp 1s, timeout",
        ],
        &expect![[r#"
            exp 1s,
                   ^
            column 8: the text ends here; expected a clause (8 attempts, 7 retries, cap 1h, within 72h, hint at-least max 24h, cost 50%, timeout 30s, budget 50%)
            exp 1s, , 8 attempts
                    ^
            column 9: found `,`; expected a clause (8 attempts, 7 retries, cap 1h, within 72h, hint at-least max 24h, cost 50%, timeout 30s, budget 50%)
            exp 1s 8 attempts
                   ^
            column 8: a clause needs a comma before it
            exp 1s within 3h
                   ^
            column 8: a clause needs a comma before it
            exp 1s, withn 3h
                    ^
            column 9: found `withn`; did you mean `within`?
            exp 1s, within
                          ^
            column 15: the text ends here; expected a duration such as `30s` or `1h30m`
            exp 1s, within 3
                            ^
            column 17: the text ends here; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            exp 1s, 5m
                    ^
            column 9: a list of delays stands first, and `+` ends it
            exp 1s, cost
                        ^
            column 13: the text ends here; expected a percentage such as `50%`
            exp 1s, cost 50
                           ^
            column 16: the text ends here; expected `%`
            exp 1s, cost 12.5%
                         ^
            column 14: found `12.5%`; expected a whole percentage from 0% to 65535%
            exp 1s, cost 65536%
                         ^
            column 14: found `65536%`; expected a whole percentage from 0% to 65535%
            exp 1s, budget
                          ^
            column 15: the text ends here; expected a percentage such as `50%` or `none`
            exp 1s, budget half
                           ^
            column 16: found `half`; expected a percentage such as `50%` or `none`
            exp 1s, budget 50
                             ^
            column 18: the text ends here; expected `%`
            exp 1s, budget 1/0%
                             ^
            column 18: a ratio needs a denominator other than 0
            exp 1s, timeout
                           ^
            column 16: the text ends here; expected a duration such as `30s` or `1h30m`
        "#]],
    );
}

#[test]
fn attempts_and_retries() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp 1s, 8",
            "exp 1s, 8 atempts",
            "exp 1s, 8 tries",
            "exp 1s, 0 attempts",
            "exp 1s, 4294967295 attempts",
            "exp 1s, 4294967294 retries",
            "exp 1s, 99999999999999999999999 retries",
            "exp 1s, 1.5 attempts",
        ],
        &expect![[r#"
            exp 1s, 8
                     ^
            column 10: the text ends here; expected `attempts` or `retries`
            exp 1s, 8 atempts
                      ^
            column 11: found `atempts`; did you mean `attempts`?
            exp 1s, 8 tries
                      ^
            column 11: found `tries`; expected `attempts` or `retries`
            exp 1s, 0 attempts
                    ^
            column 9: found `0`; expected at least 1 attempt: the first call is one
            exp 1s, 4294967295 attempts
                    ^
            column 9: found `4294967295`; expected at most 4294967294 attempts, or no such clause for no limit
            exp 1s, 4294967294 retries
                    ^
            column 9: found `4294967294`; expected at most 4294967294 attempts, or no such clause for no limit
            exp 1s, 99999999999999999999999 retries
                    ^
            column 9: found `99999999999999999999999`; expected at most 4294967294 attempts, or no such clause for no limit
            exp 1s, 1.5 attempts
                    ^
            column 9: found `1.5`; expected a whole number
        "#]],
    );
}

#[test]
fn hints() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp 1s, hint",
            "exp 1s, hint atleast",
            "exp 1s, hint clamp 5",
            "exp 1s, hint clamp max",
            "exp 1s, hint exactly max",
            "exp 1s, hint ignore 5s",
        ],
        &expect![[r#"
            exp 1s, hint
                        ^
            column 13: the text ends here; expected `at-least`, `clamp`, `exactly`, `ignore` or `max`
            exp 1s, hint atleast
                         ^
            column 14: found `atleast`; did you mean `at-least`?
            exp 1s, hint clamp 5
                                ^
            column 21: the text ends here; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            exp 1s, hint clamp max
                                  ^
            column 23: the text ends here; expected a duration such as `30s` or `1h30m`
            exp 1s, hint exactly max
                                    ^
            column 25: the text ends here; expected a duration such as `30s` or `1h30m`
            exp 1s, hint ignore 5s
                                ^
            column 21: found `5s`; expected `,` and a clause, `;` and a class or the end
        "#]],
    );
}

#[test]
fn what_is_given_twice() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp 1s, 8 attempts, 7 retries",
            "exp 1s..1h, cap 2h",
            "exp 1s, within 1h, within 1h",
            "exp 1s, hint ignore, hints exactly",
            "exp 1s, cost 1%, cost 1%",
            "exp 1s, timeout 1s, timeout 1s",
            "exp 1s, budget none, budget 1%",
            "const 5s; throttled: const 1m; throttled: const 2m",
        ],
        &expect![[r#"
            exp 1s, 8 attempts, 7 retries
                                ^
            column 21: the number of attempts is given twice, first at column 9; leave one out
            exp 1s..1h, cap 2h
                        ^
            column 13: the cap is given twice, first at column 9; leave one out
            exp 1s, within 1h, within 1h
                               ^
            column 20: the time limit is given twice, first at column 9; leave one out
            exp 1s, hint ignore, hints exactly
                                 ^
            column 22: the hint rule is given twice, first at column 9; leave one out
            exp 1s, cost 1%, cost 1%
                             ^
            column 18: the cost is given twice, first at column 9; leave one out
            exp 1s, timeout 1s, timeout 1s
                                ^
            column 21: the timeout is given twice, first at column 9; leave one out
            exp 1s, budget none, budget 1%
                                 ^
            column 22: the budget is given twice, first at column 9; leave one out
            const 5s; throttled: const 1m; throttled: const 2m
                                           ^
            column 32: this class is given twice, first at column 11; leave one out
        "#]],
    );
}

#[test]
fn classes() {
    assert_refused::<LimitedPolicy>(
        &[
            "const 5s;",
            "const 5s; throtled: const 1m",
            "const 5s; throttled const 1m",
            "const 5s; throttled:",
            "const 5s; permanent: const 1m",
            "const 5s; unknown: const 1m",
            "const 5s; throttled: const 1m, timeout 5s",
            "const 5s; throttled: const 1m, budget none",
            "const 5s; throttled: exp 1h..1s",
            "throttled: const 1m",
        ],
        &expect![[r#"
            const 5s;
                     ^
            column 10: the text ends here; expected `throttled`, `persistent`, `misconfigured` or `transient`
            const 5s; throtled: const 1m
                      ^
            column 11: found `throtled`; did you mean `throttled`?
            const 5s; throttled const 1m
                                ^
            column 21: found `const`; expected `:`
            const 5s; throttled:
                                ^
            column 21: the text ends here; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages) or a list of delays
            const 5s; permanent: const 1m
                      ^
            column 11: permanent failures are never retried; those that pass slowly are `persistent`
            const 5s; unknown: const 1m
                      ^
            column 11: unknown failures count as transient; write `transient`
            const 5s; throttled: const 1m, timeout 5s
                                           ^
            column 32: a class has no timeout or budget of its own; they stand in the first part
            const 5s; throttled: const 1m, budget none
                                           ^
            column 32: a class has no timeout or budget of its own; they stand in the first part
            const 5s; throttled: exp 1h..1s
                                         ^
            column 30: the least delay is longer than the greatest; swap them or raise the cap
            throttled: const 1m
            ^
            column 1: the policy of a class follows the default one: `exp 1s..1h; throttled: const 30s`
        "#]],
    );
}

#[test]
fn contradictions() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp 1m..1s",
            "exp 1m, cap 1s",
            "exp 1s floor 1h, cap 5m",
            "age 2h..1h",
            "age 1h..2h, cap 5m",
            "decorrelated 1h..1s",
            "decorrelated 1s..1h full",
            "decorrelated-v2 1s..1h take 3 +5%",
            "const 1m +1h, cap 5m",
            "const 1m +-1h, cap 5m",
            "exp 1s, timeout 0s",
            "exp 1s, budget 0%",
            "exp 1s, budget 101%",
        ],
        &expect![[r#"
            exp 1m..1s
                    ^
            column 9: the least delay is longer than the greatest; swap them or raise the cap
            exp 1m, cap 1s
                    ^
            column 9: the least delay is longer than the greatest; swap them or raise the cap
            exp 1s floor 1h, cap 5m
                             ^
            column 18: the least delay is longer than the greatest; swap them or raise the cap
            age 2h..1h
                    ^
            column 9: the least delay is longer than the greatest; swap them or raise the cap
            age 1h..2h, cap 5m
                        ^
            column 13: the least delay is longer than the greatest; swap them or raise the cap
            decorrelated 1h..1s
                             ^
            column 18: the least delay is longer than the greatest; swap them or raise the cap
            decorrelated 1s..1h full
                                ^
            column 21: the schedule is random by itself; leave the jitter out
            decorrelated-v2 1s..1h take 3 +5%
                                          ^
            column 31: the schedule is random by itself; leave the jitter out
            const 1m +1h, cap 5m
                     ^
            column 10: the additive jitter is wider than the cap; lower the jitter or raise the cap
            const 1m +-1h, cap 5m
                     ^
            column 10: the additive jitter is wider than the cap; lower the jitter or raise the cap
            exp 1s, timeout 0s
                            ^
            column 17: a timeout of zero lets no attempt finish; leave it out for none
            exp 1s, budget 0%
                           ^
            column 16: a budget is above 0 % and at most 100 %; `none` is no budget
            exp 1s, budget 101%
                           ^
            column 16: a budget is above 0 % and at most 100 %; `none` is no budget
        "#]],
    );
}

#[test]
fn what_is_no_part_of_a_policy() {
    assert_refused::<Policy>(
        &["const 1s, timeout 5s", "const 1s, budget none"],
        &expect![[r#"
            const 1s, timeout 5s
                      ^
            column 11: a timeout or budget is no part of a `Policy`; parse a `LimitedPolicy`
            const 1s, budget none
                      ^
            column 11: a timeout or budget is no part of a `Policy`; parse a `LimitedPolicy`
        "#]],
    );
}
