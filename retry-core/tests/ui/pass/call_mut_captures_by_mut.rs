//! Rows 5 and 7: `call_mut` with a local that is used again, and spawned with what the closure owns.

use std::time::Duration;

use retry_core::{Policy, Retry};

async fn net() -> Result<u32, &'static str> {
    tokio::task::yield_now().await;
    Ok(1)
}

struct Connection {
    sent: u32,
}

impl Connection {
    async fn send(&mut self, body: &str) -> Result<usize, &'static str> {
        self.sent += 1;
        tokio::task::yield_now().await;
        if self.sent < 3 { Err("busy") } else { Ok(body.len()) }
    }
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let retry = || Retry::new(Policy::constant(Duration::from_secs(1)).attempts(5));

    // 5: a `&mut` local, used again
    let mut log = String::new();
    let keeper = retry();
    keeper
        .call_mut(async |_| {
            log.push('x');
            net().await
        })
        .await
        .unwrap();
    log.push('y');
    assert_eq!(log, "xy");

    // 5b: a `&mut self` method held over an await
    let (mut connection, body) = (Connection { sent: 0 }, String::from("hi"));
    let sent = retry().call_mut(async |_| connection.send(&body).await).await;
    assert_eq!((sent.unwrap(), connection.sent), (2, 3));

    // 7: spawned, and the closure owns what it mutates
    let task = tokio::spawn(async move {
        let (mut log, retry) = (String::new(), retry());
        retry
            .call_mut(async move |attempt| {
                log.push('x');
                net().await?;
                if attempt.number < 3 { Err("busy") } else { Ok(log.len()) }
            })
            .await
    });
    assert_eq!(task.await.unwrap().unwrap(), 3);
}
