//! What a server's answer means.

mod action;
mod answer;
mod builder;
mod classification;
mod classifier;
mod condition;
mod confidence;
mod diagnostic;
mod fault_scope;
mod finder;
mod hint;
mod index;
mod normal;
mod outcome;
mod phrase;
mod reason;
mod rules;
mod words;

pub use action::Action;
pub use answer::Answer;
pub use builder::Builder;
pub use classification::Classification;
pub use classifier::Classifier;
pub use confidence::Confidence;
pub use fault_scope::FaultScope;
pub use reason::Reason;
pub use rules::{Rules, RulesError};
