//! Webhooks of the stand-in, as we verify and read them.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use boxoffice::auth::Secret;
use boxoffice::gateway::Gateway;
use boxoffice::gateway::stripe::event::{Subject, hint};
use boxoffice::gateway::stripe::signature::{SIGNATURE_HEADER, SignatureError, verify};
use boxoffice_stripe_fake::{Options, WebhookSettings};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use super::support::{CLUSTER, Pair, until};

/// Header and body of everything that came.
pub(super) type Came = Arc<Mutex<Vec<(String, Bytes)>>>;

/// Takes webhooks. The first `refusals` of them are answered with 500.
pub(super) async fn receiver(refusals: usize) -> (String, Came) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/hooks", listener.local_addr().expect("an address"));
    let came = Came::default();
    let (seen, tries) = (came.clone(), Arc::new(Mutex::new(0)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (seen, tries) = (seen.clone(), tries.clone());
            let take = service_fn(move |request: Request<Incoming>| {
                let (seen, tries) = (seen.clone(), tries.clone());
                async move {
                    let header = request.headers()[SIGNATURE_HEADER].to_str().expect("text").to_owned();
                    let body = request.collect().await.expect("a body").to_bytes();
                    let tried = {
                        let mut tries = tries.lock().expect("nobody panics with it");
                        *tries += 1;
                        *tries
                    };
                    let mut response = Response::new(Full::<Bytes>::default());
                    if tried <= refusals {
                        *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
                    } else {
                        seen.lock().expect("nobody panics with it").push((header, body));
                    }
                    Ok::<_, Infallible>(response)
                }
            });
            let connection = hyper::server::conn::http1::Builder::new();
            tokio::spawn(connection.serve_connection(TokioIo::new(stream), take));
        }
    });
    (url, came)
}

#[expect(clippy::disallowed_methods, reason = "signatures go by the time of day")]
pub(super) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs()
}

async fn with(settings: WebhookSettings) -> Pair {
    Pair::start_with(Options { webhooks: settings, ..Options::default() }, Duration::from_secs(30)).await
}

fn count(came: &Came) -> usize {
    came.lock().expect("nobody panics with it").len()
}

#[tokio::test]
async fn each_is_signed_with_every_secret_and_says_what_to_look_at() {
    let (url, came) = receiver(2).await;
    let secrets = ["whsec_new".to_owned(), "whsec_old".to_owned()];
    let settings = WebhookSettings {
        urls: vec![url],
        secrets: secrets.to_vec(),
        retry_ms: 10,
        ..WebhookSettings::default()
    };
    let pair = with(settings).await;
    let paid = pair.paid().await;
    let charge = pair.fake.books().charges[0].charge.clone();
    pair.stripe.refund(&paid.refund("r", Some(1))).await.unwrap();
    let dispute = pair.fake.dispute(&charge).unwrap();
    until("all have come", async || count(&came) == 6).await;

    let mut kinds = Vec::new();
    for (header, body) in came.lock().unwrap().iter() {
        for secret in &secrets {
            let ours = [Secret::new("whsec_other".to_owned()), Secret::new(secret.clone())];
            assert_eq!(verify(header, body, &ours, now_s()), Ok(()));
            assert_eq!(verify(header, body, &ours[..1], now_s()), Err(SignatureError::Forged));
            assert_eq!(verify(header, body, &ours, now_s() + 400), Err(SignatureError::Stale));
        }
        let hint = hint(body).unwrap().expect("it matters");
        assert_eq!(hint.intent, paid.intent);
        match &hint.subject {
            Subject::Dispute { dispute: name } => assert_eq!((name, hint.payment), (&dispute, None)),
            // What the refund is of is in the event of its charge.
            _ => assert_eq!((hint.payment, hint.cluster.as_deref()), (Some(paid.new.payment), Some(CLUSTER))),
        }
        kinds.push(hint.kind);
    }
    kinds.sort();
    assert_eq!(
        kinds,
        [
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.refunded",
            "charge.succeeded",
            "payment_intent.created",
            "payment_intent.succeeded"
        ]
    );
    let counts = pair.fake.webhook_counts();
    assert_eq!((counts.delivered, counts.refused, counts.pending), (6, 2, 0));
    pair.check();
}

#[tokio::test]
async fn some_are_lost_some_come_twice_and_some_late() {
    let (url, came) = receiver(0).await;
    let settings = |dropped, doubled, reordered| WebhookSettings {
        urls: vec![url.clone()],
        secrets: vec!["whsec_standin".to_owned()],
        dropped,
        doubled,
        reordered,
        held_back_ms: 300,
        ..WebhookSettings::default()
    };
    let pair = with(settings(1.0, 0.0, 0.0)).await;
    pair.prepared("tok_visa").await;
    assert_eq!(pair.fake.webhook_counts().dropped, 1);
    pair.fake.set_webhooks(settings(0.0, 1.0, 0.0));
    pair.prepared("tok_visa").await;
    until("it has come twice", async || count(&came) == 2).await;
    pair.fake.set_webhooks(settings(0.0, 0.0, 1.0));
    let held_back = pair.prepared("tok_visa").await;
    pair.fake.set_webhooks(settings(0.0, 0.0, 0.0));
    let prompt = pair.prepared("tok_visa").await;
    until("both have come", async || count(&came) == 4).await;
    let intents: Vec<String> = {
        let came = came.lock().unwrap();
        came.iter().map(|(_, body)| hint(body).unwrap().unwrap().intent).collect()
    };
    assert_eq!(intents[0], intents[1]);
    assert_eq!(intents[2..], [prompt.intent, held_back.intent], "out of order");
    let last = pair.fake.events().last().unwrap()["id"].as_str().unwrap().to_owned();
    pair.fake.deliver(&last).unwrap();
    until("it has come again", async || count(&came) == 5).await;
    pair.check();
}
