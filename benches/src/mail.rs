//! Sending mail: ours and the peers, the same messages to the same server, near and 20 ms away.

pub mod client;
pub mod clients;
pub mod count;
pub mod figures;
pub mod gate;
pub mod lane;
pub mod server;
pub mod setting;
