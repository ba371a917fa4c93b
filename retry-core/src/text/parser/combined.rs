//! `A take 3 then B`, and parentheses.

use super::leaf::Tree;
use super::{DEEPEST, Parser};
use crate::text::cursor::Place;
use crate::text::error::{ParseError, ParseErrorKind};
use crate::time::duration;

pub(super) const WORDS: [&str; 4] = ["take", "then", "floor", "times"];

impl Parser<'_> {
    /// `A then B then C`, which is `(A then B) then C`.
    pub(in crate::text) fn chain(&mut self) -> Result<Tree, ParseError> {
        let mut first = self.postfixed()?;
        loop {
            self.cursor.skip_space();
            let place = self.cursor.place();
            if !self.cursor.eat_word("then") {
                return Ok(first);
            }
            self.uncapped(&first)?;
            let next = self.postfixed()?;
            self.uncapped(&next)?;
            let depth = self.deeper(place, first.depth.max(next.depth))?;
            first = Tree { schedule: first.schedule.followed_by(next.schedule), depth, cap: None };
        }
    }

    /// A schedule with `take`, `floor` and `times` behind it.
    fn postfixed(&mut self) -> Result<Tree, ParseError> {
        let mut tree = self.primary()?;
        loop {
            self.cursor.skip_space();
            let place = self.cursor.place();
            let schedule = if self.cursor.eat_word("take") {
                tree.schedule.taken(self.integer("a number of delays", 0, u32::MAX)?)
            } else if self.cursor.eat_word("floor") {
                tree.schedule.at_least(duration(self.duration()?))
            } else if self.cursor.eat_word("times") {
                self.uncapped(&tree)?;
                tree.schedule.times(self.factor()?)
            } else {
                return Ok(tree);
            };
            tree = Tree { schedule, depth: self.deeper(place, tree.depth)?, cap: tree.cap };
        }
    }

    fn primary(&mut self) -> Result<Tree, ParseError> {
        self.cursor.skip_space();
        let place = self.cursor.place();
        if !self.cursor.eat("(") {
            return self.leaf();
        }
        self.deeper(place, self.open)?;
        self.open += 1;
        let tree = self.chain()?;
        self.cursor.skip_space();
        if !self.cursor.eat(")") {
            return Err(self.unexpected(&["`)`", "`take`", "`then`", "`floor`", "`times`"]));
        }
        self.open -= 1;
        Ok(tree)
    }

    fn deeper(&self, place: Place, depth: usize) -> Result<usize, ParseError> {
        if depth < DEEPEST {
            return Ok(depth + 1);
        }
        Err(self.error(place, ParseErrorKind::TooLarge { what: "schedules are nested too deep", most: DEEPEST }))
    }

    /// A range's end is the cap of the whole policy, which `take` and `floor` do not change the meaning of; in a scaled or
    /// composed schedule it would hold elsewhere than it stands.
    fn uncapped(&self, tree: &Tree) -> Result<(), ParseError> {
        let Some((_, place)) = tree.cap else { return Ok(()) };
        let instead = "a cap holds for the whole policy; in a composed schedule write it as a clause, `cap 1h`";
        Err(self.error(place, ParseErrorKind::Misplaced { instead }))
    }
}
