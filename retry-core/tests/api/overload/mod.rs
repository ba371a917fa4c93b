//! Budgets, pacing, breakers, and the destinations that hold them.

mod bound;
mod budget;
mod doors;
mod dropped;
mod layers;
mod quotas;
mod threads;
