use super::dialogue::Dialogue;

/// Scripts a server: one [`Dialogue`] for each connection, in the order in which they are accepted.
///
/// The last dialogue serves all further connections, unless [`otherwise`](Self::otherwise) names another. An empty
/// script is a well-behaved server.
///
/// # Examples
///
/// ```
/// use std::iter::repeat_n;
///
/// use testkit::smtp::{Dialogue, Script, Stage};
///
/// // Three connections are turned away, the fourth and all later ones are served.
/// let script = Script::new()
///     .connections(repeat_n(Dialogue::new().on(Stage::Mail, "451 4.3.0 not now"), 3))
///     .otherwise(Dialogue::new());
///
/// // One dialogue for all connections.
/// let always = Script::from(Dialogue::new().on(Stage::Dot, "452 4.3.1 disk full"));
/// assert_ne!(script, always);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Script {
    connections: Vec<Dialogue>,
    otherwise: Option<Dialogue>,
}

impl Script {
    /// Creates the script of a well-behaved server.
    pub const fn new() -> Self {
        Self { connections: Vec::new(), otherwise: None }
    }

    /// Adds the dialogue of the next connection.
    pub fn connection(mut self, dialogue: Dialogue) -> Self {
        self.connections.push(dialogue);
        self
    }

    /// Adds the dialogues of the next connections.
    pub fn connections(mut self, dialogues: impl IntoIterator<Item = Dialogue>) -> Self {
        self.connections.extend(dialogues);
        self
    }

    /// Sets the dialogue of all connections after the listed ones, instead of the last of those.
    pub fn otherwise(mut self, dialogue: Dialogue) -> Self {
        self.otherwise = Some(dialogue);
        self
    }

    /// The dialogue of a connection, counted from 1.
    pub(super) fn dialogue(&self, connection: usize) -> Dialogue {
        let listed = self.connections.get(connection.saturating_sub(1));
        let chosen = listed.or(self.otherwise.as_ref()).or_else(|| self.connections.last());
        chosen.cloned().unwrap_or_default()
    }
}

impl From<Dialogue> for Script {
    fn from(dialogue: Dialogue) -> Self {
        Self::new().connection(dialogue)
    }
}
