//! Faults while clients are at work: nothing acknowledged is lost, nothing is shown that is not so.

use std::time::Duration;

use boxoffice_chaos::client::Client;
use boxoffice_chaos::faults::rolling_restart;
use boxoffice_chaos::history::{Consistency, Request};
use futures_util::future::join_all;
use tokio::process::Command;
use tokio::time::{Instant, sleep};

use crate::support::{PERSISTENCE, Test, binary};

const OLD_SECRET: &str = "a secret that all replicas have shared so far";
const BUYERS: usize = 500;
/// Accounts that these buyers share: making one takes a while, on purpose.
const ACCOUNTS: usize = 20;
/// Of the moment from which on an order can expire, whatever else the machine does.
const EXPIRED_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test(flavor = "multi_thread")]
async fn the_leader_is_killed_paused_and_cut_off() {
    let mut test = Test::running(3, 1, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");

    let leader = test.cluster.leader().await.expect("leads");
    test.cluster.kill(leader).expect("killed");
    load.until_acknowledged(20).await.expect("goes on without it");
    test.cluster.start(leader).expect("starts");
    test.cluster.until_ready(leader).await.expect("serves");

    let leader = test.cluster.leader().await.expect("leads");
    test.cluster.pause(leader).expect("paused");
    test.cluster.leader_except(&[leader]).await.expect("another one");
    load.until_acknowledged(20).await.expect("goes on without it");
    test.cluster.resume(leader).expect("resumed");

    let leader = test.cluster.leader().await.expect("leads");
    test.cluster.isolate(leader);
    test.cluster.leader_except(&[leader]).await.expect("another one");
    load.until_acknowledged(20).await.expect("goes on without it");
    test.expect_sound(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_loses_nothing() {
    let mut test = Test::running(3, 1, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    rolling_restart(&mut test.cluster).await.expect("each stops in order and comes back");
    load.until_acknowledged(20).await.expect("acknowledged");
    test.expect_sound(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_changed_one_replica_after_the_other() {
    const NEW: &str = "another secret that all replicas share";
    let mut test = Test::running(3, 1, &[("BOXOFFICE_CLUSTER_SECRET", OLD_SECRET)]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    for (secret, also) in [(OLD_SECRET, Some(NEW)), (NEW, Some(OLD_SECRET)), (NEW, None)] {
        if also.is_none() {
            let mut rotate = Command::new(binary());
            rotate.args(["signing-keys", "rotate", "--data-dir"]).arg(test.cluster.data_dir(1));
            assert!(rotate.status().await.expect("runs").success(), "its key was sealed with the old secret");
        }
        for number in 0..test.cluster.count() {
            test.cluster.set(number, "BOXOFFICE_CLUSTER_SECRET", Some(secret));
            test.cluster.set(number, "BOXOFFICE_CLUSTER_SECRET_ALSO", also);
        }
        rolling_restart(&mut test.cluster).await.expect("each finds the others again");
        load.until_acknowledged(20).await.expect("acknowledged");
    }
    test.expect_sound(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_buyers_for_one_ticket_while_the_leader_is_killed() {
    let mut test = Test::running(3, 1, &[]).await;
    let bases = test.bases();
    let mut accounts = Vec::new();
    for number in 0..=ACCOUNTS {
        let client =
            Client::sign_up(&bases, &test.history, &format!("buyer-{number}"), number % bases.len()).await;
        accounts.push(client.expect("signs up"));
    }
    let mut seller = accounts.pop().expect("one more");
    let posted = seller.change(0, Request::PostTicket("The one".to_owned()), "one", PERSISTENCE).await;
    let ticket = posted.expect("posted").body["id"].as_str().expect("an id").to_owned();

    let buys = (0..BUYERS).map(|number| {
        let (mut client, ticket) = (accounts[number % ACCOUNTS].clone(), ticket.clone());
        let (replica, key) = (number % bases.len(), format!("buyer-{number}"));
        async move {
            // They come within half a second, in the middle of which the leader is killed.
            sleep(Duration::from_millis(number as u64)).await;
            client.change(replica, Request::Order(ticket), &key, PERSISTENCE).await
        }
    });
    let leader = test.cluster.leader().await.expect("leads");
    let kill = async {
        sleep(Duration::from_millis(250)).await;
        test.cluster.kill(leader).expect("killed");
    };
    let (answers, ()) = tokio::join!(join_all(buys), kill);
    let statuses: Vec<u16> = answers.iter().flatten().map(|answer| answer.status).collect();
    assert_eq!(statuses.len(), BUYERS, "each is told in the end");
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "one ticket, one order");
    assert!(statuses.iter().all(|status| matches!(status, 201 | 409)), "{statuses:?}");
    let verdict = test.check().await;
    verdict.expect_nothing(&mut test.cluster);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_expires_in_time_although_the_leader_is_killed_before() {
    let window = Duration::from_secs(8);
    let mut test = Test::running(3, 0, &[("BOXOFFICE_PAYMENT_WINDOW", "8s")]).await;
    let bases = test.bases();
    let mut seller = Client::sign_up(&bases, &test.history, "seller", 0).await.expect("signs up");
    let mut buyer = Client::sign_up(&bases, &test.history, "buyer", 1).await.expect("signs up");
    let leader = test.cluster.leader().await.expect("leads");
    let posted = seller.change(leader, Request::PostTicket("Soon".to_owned()), "soon", PERSISTENCE).await;
    let ticket = posted.expect("posted").body["id"].as_str().expect("an id").to_owned();
    let before = Instant::now();
    let ordered = buyer.change(leader, Request::Order(ticket), "soon", PERSISTENCE).await.expect("ordered");
    let order = ordered.body["id"].as_str().expect("an id").to_owned();

    sleep(window.saturating_sub(Duration::from_secs(1)).saturating_sub(before.elapsed())).await;
    test.cluster.kill(leader).expect("killed");
    let alive = (leader + 1) % bases.len();
    let look = async {
        loop {
            let shown = Request::ShowOrder(order.clone());
            let answer = buyer.ask(alive, shown, Consistency::Local, None, false).await;
            let status = answer.and_then(|answer| answer.body["status"].as_str().map(str::to_owned));
            if status.as_deref() == Some("cancelled") {
                return before.elapsed();
            }
            assert!(before.elapsed() < window + PERSISTENCE, "it does not expire");
            sleep(Duration::from_millis(20)).await;
        }
    };
    let elect = async {
        test.cluster.leader_except(&[leader]).await.expect("another one leads");
        before.elapsed()
    };
    let (expired, elected) = tokio::join!(look, elect);
    println!("expired {:?} after its deadline", expired.saturating_sub(window));
    // How late it may be is a bar of `scripts/bench`, on a machine of its own; here, that it does not wait for more.
    let late = expired.saturating_sub(window.max(elected));
    assert!(late < EXPIRED_WITHIN, "it expired {late:?} after it could have");
    // The clock of the log leans toward the wall's by at most 1 %.
    assert!(expired >= window.mul_f64(0.98), "it expired early, after {expired:?}");
    let verdict = test.check().await;
    verdict.expect_nothing(&mut test.cluster);
}
