//! A seller who gives back what was paid: in parts and whole, several at once, the same one twice.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use rand::RngExt;
use rand::rngs::StdRng;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::seen::minor_units;
use super::shop::{Ask, Shop};

/// Of how many payments out of a hundred something is given back.
const SHARE: u32 = 20;
/// Within how long.
const WITHIN_MS: u64 = 2_000;

/// What the seller was told.
#[derive(Default)]
pub(crate) struct Refunding {
    told: Mutex<Vec<String>>,
}

/// One request.
struct Wanted {
    /// What the request is called, by its key; several may be the same.
    name: u32,
    /// In minor units; all that is left if nothing is said.
    amount_minor: Option<u64>,
}

impl Refunding {
    /// The ids of all refunds that the seller was told of.
    pub(crate) fn told(&self) -> Vec<String> {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner).clone();
        told.sort_unstable();
        told.dedup();
        told
    }

    /// Gives back some of this payment, or all, or nothing.
    pub(crate) async fn perhaps(&self, shop: &Shop, payment: &Value, number: usize, rng: &mut StdRng) {
        let (Some(id), Ok(paid_minor)) = (payment["id"].as_str(), minor_units(&payment["amount"])) else {
            return;
        };
        if rng.random_range(0..100) >= SHARE {
            return;
        }
        shop.note_refunded(id);
        sleep(Duration::from_millis(rng.random_range(0..=WITHIN_MS))).await;
        let part = |rng: &mut StdRng| Some(rng.random_range(1..=paid_minor));
        let wanted = match rng.random_range(0..5) {
            0 => vec![Wanted { name: 1, amount_minor: part(rng) }],
            1 => vec![Wanted { name: 1, amount_minor: None }],
            // Of which the second may be more than is left.
            2 => (1..=2).map(|name| Wanted { name, amount_minor: part(rng) }).collect(),
            // Of which one gets it.
            3 => (1..=2).map(|name| Wanted { name, amount_minor: None }).collect(),
            _ => {
                let amount_minor = part(rng);
                (0..2).map(|_| Wanted { name: 1, amount_minor }).collect()
            }
        };
        let asks = wanted.into_iter().map(|wanted| {
            let replica = rng.random_range(0..shop.replicas());
            self.give_back(shop, id, wanted, number, replica)
        });
        join_all(asks.collect::<Vec<_>>()).await;
    }

    async fn give_back(&self, shop: &Shop, payment: &str, wanted: Wanted, number: usize, replica: usize) {
        let path = format!("/api/payments/{payment}/refunds");
        let key = format!("refund-{number}-{}", wanted.name);
        let amount = |minor: u64| format!("{}.{:02}", minor / 100, minor % 100).parse::<f64>().ok();
        let body = match wanted.amount_minor.and_then(amount) {
            Some(amount) => json!({ "amount": amount }),
            None => json!({}),
        };
        let (token, key, body) = (shop.seller(), Some(key.as_str()), Some(body));
        let ask = Ask { method: Method::POST, path: &path, token, key, body, replica };
        let Some(answered) = shop.ask(ask).await else { return };
        if let (201 | 202, Some(id)) = (answered.status, answered.body["id"].as_str()) {
            self.told.lock().unwrap_or_else(PoisonError::into_inner).push(id.to_owned());
        }
    }
}
