//! `hint at-least max 24h`

use super::Parser;
use crate::text::error::ParseError;
use crate::time::duration;
use crate::{HintRule, Policy};

impl Parser<'_> {
    /// What follows `hint`. What is not named stays as it was.
    pub(super) fn hint(&mut self, policy: Policy) -> Result<Policy, ParseError> {
        self.cursor.skip_space();
        let rule = self.hint_rule()?;
        let rule = match rule {
            Some(rule) => rule,
            None if self.cursor.at_word("max") => policy.hint_rule(),
            None => return Err(self.unexpected(&["`at-least`", "`clamp`", "`exactly`", "`ignore`", "`max`"])),
        };
        let max = if self.eat_word("max") { duration(self.duration()?) } else { policy.hint_max() };
        Ok(policy.hints(rule, max))
    }

    pub(in crate::text) fn hint_rule(&mut self) -> Result<Option<HintRule>, ParseError> {
        if self.cursor.eat_word("clamp") {
            let slack = self.duration_or("the slack, a duration such as `5s`")?;
            return Ok(Some(HintRule::Clamp(duration(slack))));
        }
        let rules = [("at-least", HintRule::AtLeast), ("exactly", HintRule::Exactly), ("ignore", HintRule::Ignore)];
        Ok(rules.into_iter().find(|(word, _)| self.cursor.eat_word(word)).map(|(_, rule)| rule))
    }
}
