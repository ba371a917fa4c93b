//! Each client's way to send a message.

pub mod hand;
pub mod lettre;
pub mod mail_send;
pub mod ours;
