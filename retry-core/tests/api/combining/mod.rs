//! Policies made of policies: rule 14.

mod and;
mod at_most_once;
mod costs;
mod for_class;
mod needs;
mod or_else;
mod pointers;
mod tokens;
mod trees;
