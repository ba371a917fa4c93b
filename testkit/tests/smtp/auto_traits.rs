use testkit::smtp::{
    Accepted, Dialogue, Direction, Event, Mailbox, Outcome, Reaction, Reply, Script, Sink, SmtpServer, Stage, Trigger,
};

const fn is_send_sync_unpin<T: Send + Sync + Unpin + 'static>() {}

#[test]
fn every_type_may_go_to_another_thread() {
    is_send_sync_unpin::<Accepted>();
    is_send_sync_unpin::<Dialogue>();
    is_send_sync_unpin::<Direction>();
    is_send_sync_unpin::<Event>();
    is_send_sync_unpin::<Mailbox>();
    is_send_sync_unpin::<Outcome>();
    is_send_sync_unpin::<Reaction>();
    is_send_sync_unpin::<Reply>();
    is_send_sync_unpin::<Script>();
    is_send_sync_unpin::<Sink>();
    is_send_sync_unpin::<SmtpServer>();
    is_send_sync_unpin::<Stage>();
    is_send_sync_unpin::<Trigger>();
}
