//! `hint at-least max 24h`

use std::time::Duration;

use super::Parser;
use crate::text::error::ParseError;
use crate::time::duration;
use crate::{HintRule, Policy};

/// Of `clamp` alone: the AWS SDKs' standard mode waits up to 5 s longer than its schedule where `x-amz-retry-after` asks for it.
const SLACK: Duration = Duration::from_secs(5);

impl Parser<'_> {
    /// What follows `hint`. What is not named stays as it was.
    pub(super) fn hint(&mut self, policy: Policy) -> Result<Policy, ParseError> {
        let (rule, max) = self.hints()?;
        let (rule, max) = (rule.unwrap_or_else(|| policy.hint_rule()), max.map_or_else(|| policy.hint_max(), duration));
        Ok(policy.hints(rule, max))
    }

    /// The rule, the greatest hint, or both.
    pub(in crate::text) fn hints(&mut self) -> Result<(Option<HintRule>, Option<u64>), ParseError> {
        self.cursor.skip_space();
        let rule = self.hint_rule()?;
        if self.eat_word("max") {
            return Ok((rule, Some(self.duration()?)));
        }
        if rule.is_none() {
            return Err(self.unexpected(&["`at-least`", "`clamp`", "`exactly`", "`ignore`", "`max`"]));
        }
        Ok((rule, None))
    }

    pub(in crate::text) fn hint_rule(&mut self) -> Result<Option<HintRule>, ParseError> {
        if self.cursor.eat_word("clamp") {
            self.cursor.skip_space();
            let has_slack = self.cursor.at_digit() || self.at_duration();
            return Ok(Some(HintRule::Clamp(if has_slack { duration(self.duration()?) } else { SLACK })));
        }
        let rules = [("at-least", HintRule::AtLeast), ("exactly", HintRule::Exactly), ("ignore", HintRule::Ignore)];
        Ok(rules.into_iter().find(|(word, _)| self.cursor.eat_word(word)).map(|(_, rule)| rule))
    }
}
