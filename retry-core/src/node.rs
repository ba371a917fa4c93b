//! A part of a tree that can be a constant.

/// A reference to a constant, or a box of its own. Equal if what is in it is.
#[derive(Clone, Debug)]
pub(crate) enum Node<T: 'static> {
    Static(&'static T),
    Owned(Box<T>),
}

impl<T> Node<T> {
    pub(crate) const fn get(&self) -> &T {
        match self {
            Self::Static(part) => part,
            Self::Owned(part) => part,
        }
    }
}

impl<T: PartialEq> PartialEq for Node<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for Node<T> {}
