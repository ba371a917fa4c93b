//! A part of a policy that is a text of its own.

use super::Parser;
use super::leaf::Tree;
use crate::text::error::{ParseError, ParseErrorKind};
use crate::{HintRule, Law, Schedule};

impl Parser<'_> {
    pub(in crate::text) fn lone_schedule(&mut self) -> Result<Schedule, ParseError> {
        let tree = self.lone_tree()?;
        if let Some((_, place)) = tree.cap {
            let instead = "the cap is a setting of the policy, and no part of a schedule alone";
            return Err(self.error(place, ParseErrorKind::Misplaced { instead }));
        }
        Ok(tree.schedule)
    }

    /// A schedule that may have the policy's cap at the end of its range.
    pub(in crate::text) fn lone_tree(&mut self) -> Result<Tree, ParseError> {
        self.cursor.skip_space();
        let tree = if self.at_duration() || self.cursor.at_digit() { self.bare_list()? } else { self.chain()? };
        self.end(&["`take`", "`then`", "`floor`", "`times`"])?;
        Ok(tree)
    }

    pub(in crate::text) fn lone_law(&mut self) -> Result<Law, ParseError> {
        let Some(law) = self.jitter()? else {
            return Err(self.unexpected(&["`full`", "`equal`", "`none`", "`+-15%`", "`+20%`", "`-20%`", "`+30s`"]));
        };
        self.end(&[])?;
        Ok(law)
    }

    pub(in crate::text) fn lone_hint_rule(&mut self) -> Result<HintRule, ParseError> {
        self.cursor.skip_space();
        let Some(rule) = self.hint_rule()? else {
            return Err(self.unexpected(&["`at-least`", "`clamp`", "`exactly`", "`ignore`"]));
        };
        self.end(&[])?;
        Ok(rule)
    }

    /// What `read` makes of the whole text.
    pub(in crate::text) fn alone<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        let value = read(self)?;
        self.end(&[])?;
        Ok(value)
    }

    /// The end of the text, where else `expected` could follow.
    fn end(&mut self, expected: &[&str]) -> Result<(), ParseError> {
        self.cursor.skip_space();
        if self.cursor.peek().is_none() {
            return Ok(());
        }
        let mut expected = expected.to_vec();
        expected.push("the end");
        Err(self.unexpected(&expected))
    }
}
