//! Parts of policies as texts of their own.

use expect_test::expect;
use retry_core::{BudgetShare, HintRule, Law, Schedule};

use super::assert_refused;

#[test]
fn what_is_no_part_of_a_schedule() {
    assert_refused::<Schedule>(
        &["exp 1s..1h", "exp 1s full", "exp 1s, 3 attempts", "exp 1s tkae 3"],
        &expect![[r#"
            exp 1s..1h
                    ^
            column 9: the cap is a setting of the policy, and no part of a schedule alone
            exp 1s full
                   ^
            column 8: found `full`; expected `take`, `then`, `floor`, `times` or the end
            exp 1s, 3 attempts
                  ^
            column 7: found `,`; expected `take`, `then`, `floor`, `times` or the end
            exp 1s tkae 3
                   ^
            column 8: found `tkae`; did you mean `take`?
        "#]],
    );
}

#[test]
fn what_is_no_law() {
    assert_refused::<Law>(
        &["", "fulll", "const", "full equal"],
        &expect![[r#"

            ^
            column 1: the text ends here; expected `full`, `equal`, `none`, `+-15%`, `+20%`, `-20%` or `+30s`
            fulll
            ^
            column 1: found `fulll`; did you mean `full`?
            const
            ^
            column 1: found `const`; expected `full`, `equal`, `none`, `+-15%`, `+20%`, `-20%` or `+30s`
            full equal
                 ^
            column 6: found `equal`; expected the end
        "#]],
    );
}

#[test]
fn what_is_no_hint_rule() {
    assert_refused::<HintRule>(
        &["", "max 5s", "clamp 5", "ignored", "exactly max 5s"],
        &expect![[r#"

            ^
            column 1: the text ends here; expected `at-least`, `clamp`, `exactly` or `ignore`
            max 5s
            ^
            column 1: found `max`; expected `at-least`, `clamp`, `exactly` or `ignore`
            clamp 5
                   ^
            column 8: the text ends here; expected a unit right behind the number (ns, us, ms, s, m, h, d, w)
            ignored
            ^
            column 1: found `ignored`; did you mean `ignore`?
            exactly max 5s
                    ^
            column 9: found `max`; expected the end
        "#]],
    );
}

#[test]
fn what_is_no_share() {
    assert_refused::<BudgetShare>(
        &["", "0%", "50", "half", "50% 50%"],
        &expect![[r#"

            ^
            column 1: the text ends here; expected a percentage such as `50%` or `none`
            0%
            ^
            column 1: a budget is above 0 % and at most 100 %; `none` is no budget
            50
              ^
            column 3: the text ends here; expected `%`
            half
            ^
            column 1: found `half`; expected a percentage such as `50%` or `none`
            50% 50%
                ^
            column 5: found `50%`; expected the end
        "#]],
    );
}
