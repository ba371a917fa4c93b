use std::fmt;

use super::{SimClock, SimulationError};
use crate::{Needs, RetryPolicy};

/// Which policy each client runs: one or several groups of clients.
///
/// By default each client has a policy of its own for each destination, as a process keeps its budgets; [`shared`](Self::shared)
/// makes one for all clients of the group. Policies are made anew for every run.
///
/// ```
/// use retry_core::simulate::{Fleet, Scenario};
/// use retry_core::{Never, Policy};
/// use std::time::Duration;
///
/// // One client in ten retries.
/// let retrying = Fleet::of(|_| Policy::constant(Duration::from_millis(50))).named("retrying");
/// let fleet = retrying.and(Fleet::of(|_| Never).named("plain").share(9));
/// let report = Scenario::named("errors-20")[0].run(&fleet, 1)?;
/// assert!(report.group("retrying").unwrap().success() > 0.98);
/// assert!(report.group("plain").unwrap().success() < 0.82);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
pub struct Fleet<'a> {
    groups: Vec<Group<'a>>,
}

struct Group<'a> {
    name: String,
    share: u32,
    shared: bool,
    make: Box<dyn Fn(&Seat) -> Member<'a> + 'a>,
}

/// A policy at work.
pub(super) struct Member<'a> {
    pub(super) policy: Box<dyn RetryPolicy + 'a>,
    pub(super) needs: Needs,
    pub(super) gauge: Option<Gauge<'a>>,
}

pub(super) type Gauge<'a> = Box<dyn Fn() -> f64 + 'a>;

impl<'a> Member<'a> {
    fn new(policy: impl RetryPolicy + 'a, gauge: Option<Gauge<'a>>) -> Self {
        Self { needs: policy.needs(), policy: Box::new(policy), gauge }
    }
}

impl fmt::Debug for Fleet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.groups.iter().map(|group| (&group.name, group.share))).finish()
    }
}

impl<'a> Fleet<'a> {
    /// One group, called `all`: `make` gives the policy of each client for each destination.
    ///
    /// ```
    /// # use retry_core::simulate::Fleet;
    /// # use retry_core::Policy;
    /// # use std::time::Duration;
    /// // Clients with different delays.
    /// let fleet = Fleet::of(|seat| Policy::constant(Duration::from_millis(seat.client().into())));
    /// assert_eq!(format!("{fleet:?}"), r#"{"all": 1}"#);
    /// ```
    pub fn of<P: RetryPolicy + 'a>(make: impl Fn(&Seat) -> P + 'a) -> Self {
        Self::group(Box::new(move |seat| Member::new(make(seat), None)))
    }

    /// The same with a gauge for each policy, such as the balance of its budget; its mean over all policies is in
    /// [`Bin::gauge`](super::Bin::gauge).
    ///
    /// ```
    /// # use retry_core::simulate::{Fleet, Scenario};
    /// # use retry_core::Never;
    /// let fleet = Fleet::gauged(|seat| { let client = seat.client(); (Never, move || f64::from(client)) });
    /// let report = Scenario::new().clients(3, 1.0).run(&fleet, 1)?;
    /// // (0 + 1 + 2) / 3
    /// assert_eq!(report.bins()[0].gauge, Some(1.0));
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    pub fn gauged<P: RetryPolicy + 'a, G: Fn() -> f64 + 'a>(make: impl Fn(&Seat) -> (P, G) + 'a) -> Self {
        Self::group(Box::new(move |seat| {
            let (policy, gauge) = make(seat);
            Member::new(policy, Some(Box::new(gauge)))
        }))
    }

    fn group(make: Box<dyn Fn(&Seat) -> Member<'a> + 'a>) -> Self {
        Self { groups: vec![Group { name: "all".to_owned(), share: 1, shared: false, make }] }
    }

    /// Replaces the name of each group.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::Fleet};
    /// assert_eq!(format!("{:?}", Fleet::of(|_| Never).named("plain")), r#"{"plain": 1}"#);
    /// ```
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        for group in &mut self.groups {
            name.clone_into(&mut group.name);
        }
        self
    }

    /// Replaces the share of each group: how many of the clients it has, in proportion to the others. 1 by default.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::Fleet};
    /// assert_eq!(format!("{:?}", Fleet::of(|_| Never).share(9)), r#"{"all": 9}"#);
    /// ```
    #[must_use]
    pub fn share(mut self, share: u32) -> Self {
        for group in &mut self.groups {
            group.share = share;
        }
        self
    }

    /// All clients of a group share one policy for each destination, as the threads of one process do.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// # use std::cell::Cell;
    /// let made = Cell::new(0);
    /// let fleet = Fleet::of(|_| { made.set(made.get() + 1); Never }).shared();
    /// Scenario::new().destinations(2).run(&fleet, 1)?;
    /// assert_eq!(made.get(), 2);
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    #[must_use]
    pub fn shared(mut self) -> Self {
        for group in &mut self.groups {
            group.shared = true;
        }
        self
    }

    /// Adds the groups of `other`. Clients are dealt out in turn, as many to each group as its share says.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::Fleet};
    /// let both = Fleet::of(|_| Never).named("a").and(Fleet::of(|_| Never).named("b").share(2));
    /// assert_eq!(format!("{both:?}"), r#"{"a": 1, "b": 2}"#);
    /// ```
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.groups.extend(other.groups);
        self
    }

    pub(super) fn check(&self) -> Result<(), SimulationError> {
        match self.groups.iter().any(|group| group.share > 0) {
            true => Ok(()),
            false => Err(SimulationError::invalid("the shares of the fleet's groups", "above 0 for one of them")),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|group| group.name.as_str())
    }

    /// The number of the group that `client` belongs to.
    fn group_of(&self, client: u32) -> usize {
        let shares = || self.groups.iter().map(|group| u64::from(group.share));
        let mut turn = u64::from(client) % shares().sum::<u64>().max(1);
        for (number, share) in shares().enumerate() {
            if turn < share {
                return number;
            }
            turn -= share;
        }
        0
    }

    /// Makes the policies of a run.
    pub(super) fn seat(&self, clients: u32, destinations: u32, clock: &SimClock) -> Seating<'a> {
        let mut seating =
            Seating { members: Vec::new(), seats: Vec::new(), groups: Vec::new(), clients: clients as usize };
        seating.groups.extend((0..clients).map(|client| self.group_of(client)));
        for destination in 0..destinations {
            let mut shared = vec![None; self.groups.len()];
            for client in 0..clients {
                let number = self.group_of(client);
                let group = &self.groups[number];
                let member = shared[number].unwrap_or_else(|| {
                    seating.members.push((group.make)(&Seat { client, destination, clock: clock.clone() }));
                    seating.members.len() - 1
                });
                if group.shared {
                    shared[number] = Some(member);
                }
                seating.seats.push(member);
            }
        }
        seating
    }
}

/// Who runs which policy.
pub(super) struct Seating<'a> {
    pub(super) members: Vec<Member<'a>>,
    /// The member's number by destination and client.
    seats: Vec<usize>,
    /// The group's number by client.
    groups: Vec<usize>,
    clients: usize,
}

impl<'a> Seating<'a> {
    pub(super) fn member(&self, client: u32, destination: u32) -> &Member<'a> {
        &self.members[self.seats[destination as usize * self.clients + client as usize]]
    }

    pub(super) fn group(&self, client: u32) -> usize {
        self.groups[client as usize]
    }
}

/// For whom a policy is made.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Fleet, Scenario};
/// use std::cell::RefCell;
///
/// let seats = RefCell::new(Vec::new());
/// let fleet = Fleet::of(|seat| { seats.borrow_mut().push((seat.client(), seat.destination())); Never });
/// Scenario::new().clients(2, 1.0).destinations(2).run(&fleet, 1)?;
/// assert_eq!(*seats.borrow(), [(0, 0), (1, 0), (0, 1), (1, 1)]);
/// # drop(fleet);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Seat {
    client: u32,
    destination: u32,
    clock: SimClock,
}

impl Seat {
    /// The number of the client, from 0; of a shared policy, that of the first client.
    ///
    /// ```
    /// # use retry_core::{Policy, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let fleet = Fleet::of(|seat| Policy::constant(Duration::from_secs(1)).attempts(1 + seat.client() % 3));
    /// assert!(Scenario::new().errors(0.5).run(&fleet, 1)?.amplification() < 2.0);
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    #[must_use]
    pub const fn client(&self) -> u32 {
        self.client
    }

    /// The number of the destination, from 0.
    ///
    /// ```
    /// # use retry_core::{Policy, simulate::{Fleet, Scenario}};
    /// # use std::time::Duration;
    /// let fleet = Fleet::of(|seat| Policy::constant(Duration::ZERO).attempts(1 + seat.destination()));
    /// let report = Scenario::new().destinations(2).errors(0.5).run(&fleet, 1)?;
    /// assert!(report.destination(1).unwrap().success() > report.destination(0).unwrap().success());
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    #[must_use]
    pub const fn destination(&self) -> u32 {
        self.destination
    }

    /// The clock of the simulation, for policies that need the time.
    ///
    /// ```
    /// # use retry_core::{Clock, Never, Time, simulate::{Fleet, Scenario}};
    /// let fleet = Fleet::of(|seat| { assert_eq!(seat.clock().now(), Time::default()); Never });
    /// Scenario::new().run(&fleet, 1)?;
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    #[must_use]
    pub fn clock(&self) -> SimClock {
        self.clock.clone()
    }
}
