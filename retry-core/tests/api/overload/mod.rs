//! Budgets, pacing, breakers, and the destinations that hold them.

mod bound;
mod breaker;
mod budget;
mod destinations;
mod doors;
mod dropped;
mod layers;
mod pacing;
mod provider;
mod quotas;
mod threads;
