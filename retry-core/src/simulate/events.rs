//! What happens next.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use crate::Time;

/// Events by time; of those of one instant, the first scheduled comes first.
#[derive(Debug)]
pub(super) struct Events<T> {
    heap: BinaryHeap<Reverse<Entry<T>>>,
    /// What comes in the order in which it is scheduled needs no heap: nearly all that is under way in an overload.
    lines: [VecDeque<Entry<T>>; LINES],
    scheduled: u64,
}

/// Lines for events that follow each other.
pub(super) const LINES: usize = 4;

#[derive(Debug)]
struct Entry<T> {
    at: Time,
    order: u64,
    what: T,
}

impl<T> Entry<T> {
    const fn key(&self) -> (Time, u64) {
        (self.at, self.order)
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Entry<T> {}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Events<T> {
    pub(super) const fn new() -> Self {
        Self { heap: BinaryHeap::new(), lines: [const { VecDeque::new() }; LINES], scheduled: 0 }
    }

    pub(super) fn push(&mut self, at: Time, what: T) {
        let entry = self.entry(at, what);
        self.heap.push(Reverse(entry));
    }

    /// The same for an event that mostly comes after all that are in `line`.
    pub(super) fn push_in_line(&mut self, line: usize, at: Time, what: T) {
        let entry = self.entry(at, what);
        match self.lines.get_mut(line) {
            Some(line) if line.back().is_none_or(|last| last.at <= at) => line.push_back(entry),
            _ => self.heap.push(Reverse(entry)),
        }
    }

    fn entry(&mut self, at: Time, what: T) -> Entry<T> {
        self.scheduled += 1;
        Entry { at, order: self.scheduled, what }
    }

    pub(super) fn pop(&mut self) -> Option<(Time, T)> {
        let first =
            self.lines.iter_mut().filter(|line| !line.is_empty()).min_by_key(|line| line.front().map(Entry::key));
        let in_line = first.filter(|line| {
            let top = self.heap.peek().map(|Reverse(top)| top.key());
            line.front().is_some_and(|entry| top.is_none_or(|top| entry.key() < top))
        });
        let next = match in_line {
            Some(line) => line.pop_front(),
            None => self.heap.pop().map(|Reverse(entry)| entry),
        };
        next.map(|entry| (entry.at, entry.what))
    }

    /// How many were ever scheduled.
    pub(super) const fn scheduled(&self) -> u64 {
        self.scheduled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_change_no_order() {
        let (mut heap, mut lines) = (Events::new(), Events::new());
        let (mut heaped, mut lined) = (Vec::new(), Vec::new());
        for n in 0..5_000_u64 {
            // 0, 7, 14, ... 96, 2, ...: some in order, some not, many at once
            let at = Time::from_nanos(n / 10 + n * 7 % 101 / 10);
            heap.push(at, n);
            lines.push_in_line(usize::try_from(n % 6).unwrap(), at, n);
            if n % 3 == 0 {
                heaped.extend(heap.pop());
                lined.extend(lines.pop());
            }
        }
        assert!(lines.lines.iter().all(|line| !line.is_empty()) && !lines.heap.is_empty());
        heaped.extend(std::iter::from_fn(|| heap.pop()));
        lined.extend(std::iter::from_fn(|| lines.pop()));
        assert_eq!(heaped.len(), 5_000);
        assert_eq!(heaped, lined);
        assert_eq!(lines.scheduled(), 5_000);
    }
}
