//! A part of a policy that is a text of its own.

use super::Parser;
use crate::text::error::{ParseError, Problem};
use crate::{Law, Schedule};

impl Parser<'_> {
    pub(in crate::text) fn lone_schedule(&mut self) -> Result<Schedule, ParseError> {
        self.cursor.skip_space();
        let tree = if self.cursor.at_digit() || self.at_duration() { self.bare_list()? } else { self.chain()? };
        if let Some((_, place)) = tree.cap {
            let instead = "the cap is a setting of the policy, and no part of a schedule alone";
            return Err(self.error(place, Problem::Misplaced { instead }));
        }
        self.end(&["`take`", "`then`", "`floor`", "`times`"])?;
        Ok(tree.schedule)
    }

    pub(in crate::text) fn lone_law(&mut self) -> Result<Law, ParseError> {
        let Some(law) = self.jitter()? else {
            return Err(self.unexpected(&["`full`", "`equal`", "`none`", "`+-15%`", "`+20%`", "`-20%`", "`+30s`"]));
        };
        self.end(&[])?;
        Ok(law)
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
