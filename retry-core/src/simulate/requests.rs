//! Requests under way.

use crate::{Session, Time};

/// A logical request: all its attempts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) session: Session,
    pub(super) begun: Time,
    pub(super) client: u32,
    pub(super) destination: u32,
    /// Attempts that were sent.
    pub(super) sent: u32,
}

/// Requests by number; numbers are used again.
#[derive(Debug, Default)]
pub(super) struct Requests {
    slots: Vec<Request>,
    free: Vec<u32>,
}

impl Requests {
    /// Takes one in; `None` when there are too many for the numbers.
    pub(super) fn insert(&mut self, request: Request) -> Option<u32> {
        match self.free.pop() {
            Some(number) => {
                *self.get_mut(number)? = request;
                Some(number)
            }
            None => {
                let number = u32::try_from(self.slots.len()).ok()?;
                self.slots.push(request);
                Some(number)
            }
        }
    }

    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Request> {
        self.slots.get_mut(number as usize)
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.free.push(number);
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }
}
