//! Webhooks of a stand-in for Stripe, told to any replica.

use boxoffice_stripe_fake::WebhookSettings;
use serde_json::json;

use crate::shop::{Shop, id_of, until};

/// Elsewhere, and without a vote.
const LEARNER: usize = 3;

impl Shop {
    /// A payment for which the buyer has to prove who they are, and its intent.
    async fn pay_with_proof(&self, replica: usize) -> (String, String) {
        let order = self.order(replica).await;
        let pay = json!({"orderId": order, "token": "tok_threeDSecure2Required"});
        let paid = self.post(replica, "/api/payments", &pay, &self.bob).await;
        assert_eq!(paid["status"], "processing", "{paid}");
        let intents = self.fake.events().into_iter().map(|event| event["data"]["object"].clone());
        let intent = intents.rev().find(|object| object["metadata"]["payment"] == paid["id"]);
        (id_of(&paid), id_of(&intent.expect("it was made")))
    }

    /// Tells these replicas, one after the other, of what happens from now on.
    fn tell(&self, replicas: &[usize]) {
        let url =
            |replica: &usize| format!("{}/api/payments/webhooks/stripe", self.test.cluster.base(*replica));
        self.fake.set_webhooks(WebhookSettings {
            urls: replicas.iter().map(url).collect(),
            secrets: vec!["whsec_standin".to_owned()],
            tries: 1_000,
            retry_ms: 50,
            ..WebhookSettings::default()
        });
    }

    async fn check_charges(self, charges: usize) {
        let balance = self.fake.books().balance();
        let bob = self.bob.clone();
        let tally = self.check(&[bob]).await;
        assert_eq!((tally.charges, balance), (charges, 1_999 * charges as u64));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_replica_is_told_commits_it_before_it_answers() {
    let shop = Shop::open(1).await;
    for replica in 0..=LEARNER {
        let (payment, intent) = shop.pay_with_proof(0).await;
        let before = shop.fake.webhook_counts().delivered;
        shop.tell(&[replica]);
        shop.fake.complete(&intent, true).expect("it waits for that");
        until("all is told", async || {
            let counts = shop.fake.webhook_counts();
            counts.pending == 0 && counts.delivered > before
        })
        .await;
        shop.tell(&[]);
        let other = (replica + 1) % 3;
        let shown = shop.payment(other, &payment).await.expect("there is a leader");
        assert_eq!(shown["status"], "succeeded", "told to {replica}, shown at {other} without any waiting");
    }
    shop.check_charges(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leads_by_then_knows_what_was_told_while_the_leader_died() {
    let mut shop = Shop::open(1).await;
    let mut settled = 0;
    for _ in 0..3 {
        let leader = shop.test.cluster.leader().await.expect("one leads");
        let (one, other) = (shop.pay_with_proof(leader).await, shop.pay_with_proof(leader).await);
        shop.tell(&[0, 1, 2, LEARNER]);
        shop.fake.complete(&one.1, true).expect("it waits for that");
        shop.test.cluster.kill(leader).expect("it runs");
        shop.fake.complete(&other.1, true).expect("it waits for that");
        let asked = (leader + 1) % 3;
        for payment in [&one.0, &other.0] {
            until("it is settled", async || {
                shop.payment(asked, payment).await.is_some_and(|payment| payment["status"] == "succeeded")
            })
            .await;
            settled += 1;
        }
        shop.test.cluster.start(leader).expect("it starts");
        shop.test.cluster.until_ready(leader).await.expect("it serves");
    }
    shop.check_charges(settled).await;
}
