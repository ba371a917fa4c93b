//! Schedules, and the numbers in them.

use expect_test::expect;
use retry_core::LimitedPolicy;

use super::assert_refused;

#[test]
fn what_is_no_schedule() {
    assert_refused::<LimitedPolicy>(
        &["", "foo", "expo 1s", "cosnt 5s", "never", "\u{b1}5", "1\u{1f980}"],
        &expect![[r#"

            ^
            column 1: the text ends here; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages) or a list of delays
            foo
            ^
            column 1: found `foo`; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages) or a list of delays
            expo 1s
            ^
            column 1: found `expo`; did you mean `exp`?
            cosnt 5s
            ^
            column 1: found `cosnt`; did you mean `const`?
            never
            ^
            column 1: found `never`; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages) or a list of delays
            ±5
            ^
            column 1: found `±5`; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages) or a list of delays
            1🦀
             ^
            column 2: found `🦀`; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
        "#]],
    );
}

#[test]
fn what_a_schedule_lacks() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp",
            "exp 1s.1h",
            "exp 1s..",
            "const 5s..1h",
            "const 5s x2",
            "exp 1s full x2",
            "linear 5m step",
            "poly 15s",
            "poly 15s n4",
            "poly 15s n^",
            "poly 15s n^-1",
            "decorrelated 1s",
            "age 5m",
        ],
        &expect![[r#"
            exp
               ^
            column 4: the text ends here; expected a duration such as `30s` or `1h30m`
            exp 1s.1h
                  ^
            column 7: found `.1h`; expected jitter (`full`, `equal`, `+-15%`), `,` and a clause, `;` and a class or the end
            exp 1s..
                    ^
            column 9: the text ends here; expected a duration such as `30s` or `1h30m`
            const 5s..1h
                    ^
            column 9: found `..1h`; expected jitter (`full`, `equal`, `+-15%`), `,` and a clause, `;` and a class or the end
            const 5s x2
                     ^
            column 10: a factor follows the delays of `exp`, before jitter: `exp 1s..1h x2 full`
            exp 1s full x2
                        ^
            column 13: a factor follows the delays of `exp`, before jitter: `exp 1s..1h x2 full`
            linear 5m step
                          ^
            column 15: the text ends here; expected a duration such as `30s` or `1h30m`
            poly 15s
                    ^
            column 9: the text ends here; expected the power, such as `n^4`
            poly 15s n4
                     ^
            column 10: found `n4`; expected the power, such as `n^4`
            poly 15s n^
                       ^
            column 12: the text ends here; expected an exponent
            poly 15s n^-1
                       ^
            column 12: found `-1`; expected an exponent
            decorrelated 1s
                           ^
            column 16: the text ends here; expected `..` and the longest delay, as in `1s..1h`
            age 5m
                  ^
            column 7: the text ends here; expected `..` and the longest delay, as in `1s..1h`
        "#]],
    );
}

#[test]
fn factors() {
    assert_refused::<LimitedPolicy>(
        &[
            "exp 1s x",
            "exp 1s x0",
            "exp 1s x0/5",
            "exp 1s x1/0",
            "exp 1s x1/",
            "exp 1s x99999999999",
            "exp 1s x1.0000000000000000001",
            "exp 1s x3/99999999999999999999",
            "const 5s times 0",
            "const 5s times",
            "const 5s times x2",
        ],
        &expect![[r#"
            exp 1s x
                   ^
            column 8: found `x`; expected jitter (`full`, `equal`, `+-15%`), `,` and a clause, `;` and a class or the end
            exp 1s x0
                    ^
            column 9: a factor of 0 makes every later delay zero; take one above 0, or a constant delay of zero
            exp 1s x0/5
                    ^
            column 9: a factor of 0 makes every later delay zero; take one above 0, or a constant delay of zero
            exp 1s x1/0
                      ^
            column 11: a ratio needs a denominator other than 0
            exp 1s x1/
                      ^
            column 11: the text ends here; expected a whole number
            exp 1s x99999999999
                    ^
            column 9: found `99999999999`; expected a factor that is a ratio of numbers below 2^32
            exp 1s x1.0000000000000000001
                    ^
            column 9: found `1.0000000000000000001`; expected a factor of at most 18 decimal places
            exp 1s x3/99999999999999999999
                      ^
            column 11: found `99999999999999999999`; expected a whole number below 2^32
            const 5s times 0
                           ^
            column 16: a factor of 0 makes every later delay zero; take one above 0, or a constant delay of zero
            const 5s times
                          ^
            column 15: the text ends here; expected a factor such as `2`, `1.5` or `3/2`
            const 5s times x2
                           ^
            column 16: found `x2`; expected a factor such as `2`, `1.5` or `3/2`
        "#]],
    );
}

#[test]
fn durations() {
    assert_refused::<LimitedPolicy>(
        &[
            "const 5",
            "const 5 m",
            "300, 600",
            "const -5s",
            "const 5mins",
            "const 5parsecs",
            "const 5\u{b5}m",
            "const 30m1h",
            "const 1m1m",
            "const 1h 30m",
            "const 0.5ns",
            "const 1.s",
            "const 600000w",
            "const 18446744073709551616ns",
            "const 30500w4d",
            "const 99999999999999999999999s",
        ],
        &expect![[r#"
            const 5
                   ^
            column 8: the text ends here; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            const 5 m
                   ^
            column 8: found ` `; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            300, 600
               ^
            column 4: found `,`; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            const -5s
                  ^
            column 7: found `-5s`; expected a duration such as `30s` or `1h30m`
            const 5mins
                   ^
            column 8: found `mins`; did you mean `m`?
            const 5parsecs
                   ^
            column 8: found `parsecs`; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            const 5µm
                   ^
            column 8: found `µm`; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            const 30m1h
                     ^
            column 10: found `1h`; expected units in falling order, as in `1h30m`
            const 1m1m
                    ^
            column 9: found `1m`; expected units in falling order, as in `1h30m`
            const 1h 30m
                     ^
            column 10: a duration is one word (`1h30m`); the delays of a list have commas between them
            const 0.5ns
                  ^
            column 7: found `0.5ns`; expected whole nanoseconds
            const 1.s
                   ^
            column 8: found `.s`; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            const 600000w
                  ^
            column 7: found `600000w`; expected at most 30500w, or `forever`
            const 18446744073709551616ns
                  ^
            column 7: found `18446744073709551616ns`; expected at most 30500w, or `forever`
            const 30500w4d
                  ^
            column 7: found `30500w4d`; expected at most 30500w, or `forever`
            const 99999999999999999999999s
                  ^
            column 7: found `99999999999999999999999s`; expected at most 30500w, or `forever`
        "#]],
    );
}

#[test]
fn lists() {
    assert_refused::<LimitedPolicy>(
        &[
            "[]",
            "[ 5m",
            "[5m+ 10m]",
            "[5m 10]",
            "[5m; 10m]",
            "5m, 10",
            "5m,, 10m",
            "5m 10m",
            "5m*0",
            "5m*",
            "5m take 3",
            "5m+, 10m",
            "const 5s then 5m",
        ],
        &expect![[r#"
            []
             ^
            column 2: the list has no entry; give at least one
            [ 5m
                ^
            column 5: the text ends here; expected a duration such as `30s` or `]`
            [5m+ 10m]
                 ^
            column 6: found `10m`; expected `]`: `+` stands behind the last entry
            [5m 10]
                  ^
            column 7: found `]`; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            [5m; 10m]
               ^
            column 4: found `;`; expected a duration such as `30s` or `]`
            5m, 10
                  ^
            column 7: the text ends here; expected `attempts` or `retries`
            5m,, 10m
               ^
            column 4: found `,`; expected a clause (8 attempts, 7 retries, cap 1h, within 72h, hint at-least max 24h, cost 50%, timeout 30s, budget 50%)
            5m 10m
               ^
            column 4: a duration is one word (`1h30m`); the delays of a list have commas between them
            5m*0
               ^
            column 4: found `0`; expected a whole number from 1 to 4294967295
            5m*
               ^
            column 4: the text ends here; expected how many times
            5m take 3
               ^
            column 4: `take`, `then`, `floor` and `times` follow a schedule and stand before jitter; a list needs brackets for them, a preset takes none
            5m+, 10m
                 ^
            column 6: a list of delays stands first, and `+` ends it
            const 5s then 5m
                          ^
            column 15: a list that is a part of a schedule needs brackets: `[5m 10m]`; one delay for ever is `const 5m`
        "#]],
    );
}

#[test]
fn segments_by_age() {
    assert_refused::<LimitedPolicy>(
        &[
            "ages 2h: 5m",
            "ages []",
            "ages [2h 5m]",
            "ages [2h: 5m 3h: 6m]",
            "ages [2h: 5m, 2h: 6m]",
            "ages [2h: random 5m]",
            "ages [2h: 5m x0]",
            "ages [2h: 5m",
        ],
        &expect![[r#"
            ages 2h: 5m
                 ^
            column 6: found `2h`; expected `[`
            ages []
                  ^
            column 7: the list has no entry; give at least one
            ages [2h 5m]
                     ^
            column 10: found `5m`; expected `:`
            ages [2h: 5m 3h: 6m]
                         ^
            column 14: found `3h`; expected `,` or `]`
            ages [2h: 5m, 2h: 6m]
                          ^
            column 15: each segment must end later than the one before it
            ages [2h: random 5m]
                               ^
            column 20: found `]`; expected a factor such as `x1.5`
            ages [2h: 5m x0]
                          ^
            column 15: a factor of 0 makes every later delay zero; take one above 0, or a constant delay of zero
            ages [2h: 5m
                        ^
            column 13: the text ends here; expected `,` or `]`
        "#]],
    );
}

#[test]
fn composed_schedules() {
    assert_refused::<LimitedPolicy>(
        &[
            "(const 5s",
            "const 5s)",
            "()",
            "const 5s take",
            "const 5s take -1",
            "const 5s take 4294967296",
            "const 5s tkae 3",
            "const 5s then",
            "(exp 1s..1h) times 2",
            "exp 1s..1h then const 1h",
            "const 1h then exp 1s..1h",
            "const 1m full take 3",
        ],
        &expect![[r#"
            (const 5s
                     ^
            column 10: the text ends here; expected `)`, `take`, `then`, `floor` or `times`
            const 5s)
                    ^
            column 9: found `)`; expected jitter (`full`, `equal`, `+-15%`), `,` and a clause, `;` and a class or the end
            ()
             ^
            column 2: found `)`; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages) or a list of delays
            const 5s take
                         ^
            column 14: the text ends here; expected a number of delays
            const 5s take -1
                          ^
            column 15: found `-1`; expected a number of delays
            const 5s take 4294967296
                          ^
            column 15: found `4294967296`; expected a whole number from 0 to 4294967295
            const 5s tkae 3
                     ^
            column 10: found `tkae`; did you mean `take`?
            const 5s then
                         ^
            column 14: the text ends here; expected a schedule (exp, const, linear, fib, poly, decorrelated, age, ages) or a list of delays
            (exp 1s..1h) times 2
                     ^
            column 10: a cap holds for the whole policy; in a composed schedule write it as a clause, `cap 1h`
            exp 1s..1h then const 1h
                    ^
            column 9: a cap holds for the whole policy; in a composed schedule write it as a clause, `cap 1h`
            const 1h then exp 1s..1h
                                  ^
            column 23: a cap holds for the whole policy; in a composed schedule write it as a clause, `cap 1h`
            const 1m full take 3
                          ^
            column 15: `take`, `then`, `floor` and `times` follow a schedule and stand before jitter; a list needs brackets for them, a preset takes none
        "#]],
    );
}
