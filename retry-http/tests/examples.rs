//! Every example runs to its end; its own assertions tell whether it is right.

#[path = "../examples/brevo.rs"]
mod brevo;
#[path = "../examples/mailersend.rs"]
mod mailersend;
#[path = "../examples/mailgun.rs"]
mod mailgun;
#[path = "../examples/mandrill.rs"]
mod mandrill;
#[path = "../examples/postmark.rs"]
mod postmark;
#[path = "../examples/resend.rs"]
mod resend;
#[path = "../examples/sendgrid.rs"]
mod sendgrid;
#[path = "../examples/ses.rs"]
mod ses;
#[path = "../examples/sparkpost.rs"]
mod sparkpost;
#[path = "../examples/webhook.rs"]
mod webhook;

macro_rules! run {
    ($($name:ident $main:path;)*) => {$(
        #[test]
        fn $name() {
            $main().unwrap();
        }
    )*};
}

run! {
    brevo_runs brevo::main;
    mailersend_runs mailersend::main;
    mailgun_runs mailgun::main;
    mandrill_runs mandrill::main;
    postmark_runs postmark::main;
    resend_runs resend::main;
    sendgrid_runs sendgrid::main;
    ses_runs ses::main;
    sparkpost_runs sparkpost::main;
    webhook_runs webhook::main;
}
