//! Disks that fail and clocks that jump.

use std::time::Duration;

use boxoffice_chaos::client::Client;
use boxoffice_chaos::faults::{DiskFault, Fault, fail_disk, prepare_clocks, set_clock};
use boxoffice_chaos::history::{Consistency, Request};
use tokio::time::{Instant, sleep};

use crate::support::{PERSISTENCE, Test};

const HOUR_S: i64 = 3_600;

/// Says loudly that this machine cannot do it.
fn is_possible(fault: Fault) -> bool {
    let missing = fault.missing();
    if let Some(why) = &missing {
        eprintln!("SKIPPED  {fault:?}: {why}");
    }
    missing.is_none()
}

/// It stops rather than acknowledge what is not durable, the others go on, and it comes back once its disk is whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_whose_disk_fails_stops() {
    if !is_possible(Fault::FailFsync) {
        return;
    }
    let mut test = Test::running(3, 0, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    let leader = test.cluster.leader().await.expect("leads");
    for (number, fault) in [(leader, DiskFault::Fsync), ((leader + 1) % 3, DiskFault::Full)] {
        fail_disk(&mut test.cluster, number, fault).await.expect("it stops");
        let log = test.cluster.log_tail(number);
        assert!(log.contains("Input/output error") || log.contains("No space left"), "it says why: {log}");
        load.until_acknowledged(20).await.expect("goes on without it");
        test.cluster.start(number).expect("starts");
        test.cluster.until_ready(number).await.expect("serves");
    }
    test.expect_sound(load).await;
}

/// Clocks jump by hours while an order is open, and another replica, with another clock, becomes leader.
#[tokio::test(flavor = "multi_thread")]
async fn an_order_expires_neither_early_nor_never_when_clocks_jump() {
    if !is_possible(Fault::ClockJump) {
        return;
    }
    let window = Duration::from_secs(10);
    let mut test = Test::new(3, 0, &[("BOXOFFICE_PAYMENT_WINDOW", "10s")]).await;
    prepare_clocks(&mut test.cluster).expect("files");
    test.cluster.start_all().expect("starts");
    test.cluster.until_all_ready().await.expect("serves");
    let bases = test.bases();
    let mut seller = Client::sign_up(&bases, &test.history, "seller", 0).await.expect("signs up");
    let mut buyer = Client::sign_up(&bases, &test.history, "buyer", 1).await.expect("signs up");
    let leader = test.cluster.leader().await.expect("leads");
    let posted = seller.change(leader, Request::PostTicket("Soon".to_owned()), "soon", PERSISTENCE).await;
    let ticket = posted.expect("posted").body["id"].as_str().expect("an id").to_owned();
    let before = Instant::now();
    let ordered = buyer.change(leader, Request::Order(ticket), "soon", PERSISTENCE).await.expect("ordered");
    let order = ordered.body["id"].as_str().expect("an id").to_owned();

    let others = [(leader + 1) % 3, (leader + 2) % 3];
    set_clock(&test.cluster, leader, HOUR_S).expect("jumps");
    sleep(Duration::from_secs(1)).await;
    set_clock(&test.cluster, others[0], 2 * HOUR_S).expect("jumps");
    set_clock(&test.cluster, others[1], -HOUR_S).expect("jumps");
    test.cluster.kill(leader).expect("killed");
    let expired = loop {
        let shown = Request::ShowOrder(order.clone());
        let answer = buyer.ask(others[0], shown, Consistency::Local, None, false).await;
        let status = answer.and_then(|answer| answer.body["status"].as_str().map(str::to_owned));
        if status.as_deref() == Some("cancelled") {
            break before.elapsed();
        }
        assert!(before.elapsed() < window + PERSISTENCE, "it does not expire");
        sleep(Duration::from_millis(20)).await;
    };
    // The clock of the log leans toward the wall's by at most 1 %.
    assert!(expired >= window.mul_f64(0.98), "it expired early, after {expired:?}");
    test.check().await.expect_nothing(&mut test.cluster);
}
