use std::collections::BTreeMap;

use crate::smtp::dialogue::Dialogue;
use crate::smtp::mailbox::Mailbox;
use crate::smtp::reaction::Reaction;
use crate::smtp::reply::Reply;
use crate::smtp::stage::Stage;

/// Hands out what the script says, stage by stage, and counts the occurrences.
#[derive(Debug)]
pub(super) struct Cues {
    dialogue: Dialogue,
    occurrences: BTreeMap<Stage, usize>,
}

/// Holds what is to be done now: a reaction whose reply is settled.
#[derive(Debug)]
pub(super) struct Cue {
    pub(super) stage: Stage,
    pub(super) reply: Reply,
    pub(super) how: Reaction,
}

impl Cues {
    pub(super) const fn new(dialogue: Dialogue) -> Self {
        Self { dialogue, occurrences: BTreeMap::new() }
    }

    pub(super) fn next(&mut self, stage: Stage, recipients: &[Mailbox], usual: Reply) -> Cue {
        let occurrence = self.occurrences.entry(stage).or_default();
        *occurrence += 1;
        let mut how = self.dialogue.reaction(stage, *occurrence, recipients);
        Cue { stage, reply: how.reply.take().unwrap_or(usual), how }
    }

    pub(super) const fn dialogue(&self) -> &Dialogue {
        &self.dialogue
    }
}

impl Cue {
    /// The part of the reply that is sent.
    pub(super) fn bytes(&self) -> &[u8] {
        let whole = self.reply.as_bytes();
        self.how.cut.and_then(|cut| whole.get(..cut)).unwrap_or(whole)
    }

    /// Whether the reply is sent to its end.
    pub(super) fn is_whole(&self) -> bool {
        self.bytes().len() == self.reply.as_bytes().len()
    }
}
