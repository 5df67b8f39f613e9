//! Webhooks: what is sent, when it is sent again, and when no more.

use std::sync::Arc;
use std::time::Duration;

use boxoffice::auth::{ClusterSecret, Sealer, WebhookSecret};
use boxoffice::domain::*;
use boxoffice::webhooks::NoAnswer;
use serde_json::Value;

use crate::house::House;
use crate::receivers::{Got, status};

pub(crate) const URL: &str = "https://shop.example/hooks";
pub(crate) const OTHER_URL: &str = "https://other.example/hooks";

/// The longest until the second attempt, with some room for the second in which the worker looks.
const SECOND_ATTEMPT_MS: u64 = 5_000;

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An endpoint, and its secret.
pub(crate) struct Hook {
    pub(crate) id: WebhookEndpointId,
    secret: WebhookSecret,
}

impl House {
    pub(crate) async fn asked_for_hooks(&self, actor: Actor, command: Command) -> Answer {
        let submitted = self.service.replica.submit(Some(actor), None, command).await;
        submitted.expect("the engine runs").result.expect("nothing is in the way")
    }

    /// An endpoint of this user's at this URL.
    pub(crate) async fn hook(&mut self, actor: Actor, url: &str, types: &[EventType]) -> Hook {
        let ids = self.sign_up().await;
        let id = WebhookEndpointId::from_bytes(ids.user.to_bytes());
        let secret = WebhookSecret::generate().expect("there is randomness");
        let sealed_secret =
            secret.sealed(&self.service.sealer, &id.to_string()).expect("there is randomness");
        let types = types.iter().map(|&r#type| r#type.into()).collect();
        let create = CreateWebhookEndpoint { endpoint: id, url: url.to_owned(), types, sealed_secret };
        self.asked_for_hooks(actor, Command::CreateWebhookEndpoint(create)).await;
        Hook { id, secret }
    }

    pub(crate) fn endpoint(&self, id: WebhookEndpointId) -> WebhookEndpoint {
        let view = self.service.replica.view().expect("memory does not fail");
        view.webhook_endpoint(id).expect("memory does not fail").expect("it was made")
    }

    /// What is kept of its attempts, oldest first.
    pub(crate) fn attempts(&self, id: WebhookEndpointId) -> Vec<AttemptReport> {
        let view = self.service.replica.view().expect("memory does not fail");
        let page = view.webhook_attempts_of(id, None, 1_000).expect("memory does not fail");
        page.items.into_iter().rev().map(|attempt| attempt.report).collect()
    }

    pub(crate) fn outcomes(&self, id: WebhookEndpointId) -> Vec<AttemptOutcome> {
        self.attempts(id).iter().map(AttemptReport::outcome).collect()
    }

    pub(crate) fn newest_event(&self) -> u64 {
        self.service.replica.view().expect("memory does not fail").events_kept().expect("a row").newest
    }

    /// So many tickets are posted: as many events.
    pub(crate) async fn tickets(&mut self, count: usize) {
        let seller = self.seller;
        for _ in 0..count {
            let ticket = TicketId::from_bytes(self.sign_up().await.user.to_bytes());
            let fields = TicketFields { price_minor: 100, ..TicketFields::default() };
            let create = CreateTicket { ticket, fields, currency: "usd".into() };
            self.all_done([(Some(seller), Command::CreateTicket(create))].into_iter()).await;
        }
    }

    /// Waits until so many attempts are recorded, letting the replicated clock go on a second at a time.
    pub(crate) async fn until_attempts(&self, id: WebhookEndpointId, count: usize, step: Duration) {
        for _ in 0..100_000 {
            if self.attempts(id).len() >= count {
                return;
            }
            self.clock.advance(step);
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        panic!("{count} attempts are not made: {:?}", self.attempts(id));
    }

    /// Lets the worker do all that it would do by now.
    pub(crate) async fn settle_down(&self) {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
}

fn is_signed_by(got: &Got, secret: &WebhookSecret) -> bool {
    let message = &got.message;
    let signature = secret.sign(&message.id, message.timestamp_s, &message.body).to_string();
    message.signatures.split(' ').any(|one| one == signature)
}

pub(crate) fn sequence_of(got: &Got) -> u64 {
    let event: Value = serde_json::from_slice(&got.message.body).expect("JSON");
    event["sequence"].as_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("{event}"))
}

#[tokio::test(start_paused = true)]
async fn what_happens_is_sent_in_order_signed_and_recorded() {
    let mut house = House::new().await;
    let buyer = house.sign_up().await;
    house.tickets(1).await;
    let hook = house.hook(buyer, URL, &[]).await;
    house.begin_work();
    house.order(buyer).await;
    let stranger = house.sign_up().await;
    house.order(stranger).await;
    house
        .until_so(|house| {
            house.endpoint(hook.id).cursor == house.newest_event() && house.attempts(hook.id).len() >= 5
        })
        .await;
    house.settle_down().await;
    let got = house.receivers.got(URL);
    // Nothing from before it was made, and of the stranger's nothing but the tickets.
    let types: Vec<String> = got
        .iter()
        .map(|got| {
            let event: Value = serde_json::from_slice(&got.message.body).expect("JSON");
            assert_eq!(event["id"], got.message.id);
            event["type"].as_str().expect("a type").to_owned()
        })
        .collect();
    assert_eq!(types.iter().filter(|r#type| *r#type == "order:created").count(), 1, "{types:?}");
    assert_eq!(types.iter().filter(|r#type| *r#type == "ticket:created").count(), 2, "{types:?}");
    assert_eq!(types.len(), 5, "{types:?}");
    assert!(got.iter().map(sequence_of).is_sorted(), "one after the other");
    assert!(got.iter().all(|got| is_signed_by(got, &hook.secret)));
    assert_eq!(house.outcomes(hook.id), [AttemptOutcome::Delivered; 5]);
    let row = house.endpoint(hook.id);
    assert_eq!((row.waiting, row.failures, row.failing_since_ms), (0, 0, None));
    assert!(row.delivered_at_ms.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_taken_is_sent_again_within_five_seconds_and_under_the_same_id() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[EventType::TicketCreated]).await;
    house.receivers.say(URL, [status(500), Err(NoAnswer::TimedOut), status(302), status(204)]);
    house.begin_work();
    house.tickets(1).await;
    house.until_attempts(hook.id, 4, Duration::from_secs(1)).await;
    let attempts = house.attempts(hook.id);
    use AttemptOutcome::{Delivered, Failed};
    assert_eq!(house.outcomes(hook.id), [Failed, Failed, Failed, Delivered]);
    assert_eq!(attempts.iter().map(|it| it.status).collect::<Vec<_>>(), [500, 0, 302, 204]);
    assert_eq!((attempts[0].answer.as_str(), attempts[0].fault.as_str()), ("answer 500", ""));
    assert!(attempts[1].fault.contains("10 seconds"), "{:?}", attempts[1]);
    let pauses: Vec<u64> = attempts.windows(2).map(|two| two[1].at_ms - two[0].at_ms).collect();
    // The replicated clock goes on a second at a time, every two seconds of the worker's.
    assert!((2_500..=SECOND_ATTEMPT_MS + 1_000).contains(&pauses[0]), "{pauses:?}");
    assert!(attempts[0].due_at_ms.is_some_and(|due| due <= attempts[0].at_ms + SECOND_ATTEMPT_MS));
    assert!(pauses.is_sorted(), "they grow: {pauses:?}");
    let ids = house.receivers.ids(URL);
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(house.endpoint(hook.id).waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn a_slow_endpoint_delays_no_other() {
    let mut house = House::new().await;
    let seller = house.seller;
    let slow = house.hook(seller, URL, &[]).await;
    let fast = house.hook(seller, OTHER_URL, &[]).await;
    house.receivers.take(URL, Duration::from_secs(10));
    house.begin_work();
    house.settle_down().await;
    let began = tokio::time::Instant::now();
    house.tickets(40).await;
    house.until_so(|house| house.receivers.got(OTHER_URL).len() == 40).await;
    let last = house.receivers.got(OTHER_URL).iter().map(|got| got.at).max().expect("some came");
    assert!(last - began < Duration::from_secs(10), "all came before the slow one had answered once");
    assert_eq!(house.receivers.answered(URL), 0);
    assert_eq!(house.receivers.got(URL).len(), 8, "no more than that at once");
    assert!(house.attempts(fast.id).len() == 40 || house.endpoint(slow.id).attempts == 0);
    house.until_so(|house| house.attempts(slow.id).len() == 40).await;
    assert!(house.receivers.got(URL).iter().map(sequence_of).is_sorted());
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_and_not_recorded_is_sent_again_by_the_next_leader() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.take(URL, Duration::from_secs(8));
    house.begin_work();
    house.tickets(3).await;
    house.until_so(|house| house.receivers.got(URL).len() == 3).await;
    // It leads no more before there is an answer.
    house.end_work().await;
    assert_eq!(house.attempts(hook.id).len(), 0);
    house.begin_work();
    house.until_so(|house| house.attempts(hook.id).len() == 3).await;
    let ids = house.receivers.ids(URL);
    assert_eq!((ids.len(), &ids[..3]), (6, &ids[3..]), "under the same ids");
    // And what is recorded is not.
    house.end_work().await;
    house.begin_work();
    house.settle_down().await;
    assert_eq!(house.receivers.got(URL).len(), 6);
}

#[tokio::test(start_paused = true)]
async fn two_secrets_sign_for_a_day_after_a_rotation() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.begin_work();
    let new = WebhookSecret::generate().expect("there is randomness");
    let sealed_secret = new.sealed(&house.service.sealer, &hook.id.to_string()).expect("there is randomness");
    let previous_ttl_ms = DAY.as_millis() as u64;
    let rotate = RotateWebhookSecret { endpoint: hook.id, sealed_secret, previous_ttl_ms };
    house.asked_for_hooks(seller, Command::RotateWebhookSecret(rotate)).await;
    house.settle_down().await;
    house.tickets(1).await;
    house.until_so(|house| house.receivers.got(URL).len() == 1).await;
    house.clock.advance(DAY);
    house.tickets(1).await;
    house.until_so(|house| house.receivers.got(URL).len() == 2).await;
    let got = house.receivers.got(URL);
    assert!(is_signed_by(&got[0], &new) && is_signed_by(&got[0], &hook.secret));
    assert!(is_signed_by(&got[1], &new) && !is_signed_by(&got[1], &hook.secret));
}

#[tokio::test(start_paused = true)]
async fn secrets_that_another_secret_of_the_cluster_sealed_are_sealed_anew() {
    let old = Sealer::new(&ClusterSecret::new("the old secret of all").expect("long enough"));
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    let of_this_cluster = house.endpoint(hook.id).secret;
    let sealed_by_the_old = hook.secret.sealed(&old, &hook.id.to_string()).expect("there is randomness");
    let swap = ResealWebhookSecrets {
        endpoint: hook.id,
        from: of_this_cluster,
        to: sealed_by_the_old.clone(),
        previous: None,
    };
    house.asked_for_own(Command::ResealWebhookSecrets(swap.clone())).await;
    let service = Arc::get_mut(&mut house.service).expect("nobody works yet");
    service.sealer = service.sealer.clone().opening_also(&old);
    house.begin_work();
    house.until_so(|house| house.endpoint(hook.id).secret != sealed_by_the_old).await;
    let sealed = house.endpoint(hook.id).secret;
    assert!(
        WebhookSecret::open(&old, &hook.id.to_string(), &sealed).is_err(),
        "the old one is needed no more"
    );
    house.tickets(1).await;
    house.until_so(|house| house.receivers.got(URL).len() == 1).await;
    assert!(is_signed_by(&house.receivers.got(URL)[0], &hook.secret), "it is the same secret");
    // One that was replaced meanwhile stays.
    house.asked_for_own(Command::ResealWebhookSecrets(swap)).await;
    assert_eq!(house.endpoint(hook.id).secret, sealed);
}

#[tokio::test(start_paused = true)]
async fn events_are_sent_again_by_hand_one_or_all_from_one_on() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[EventType::TicketCreated]).await;
    house.begin_work();
    let before = house.newest_event();
    house.tickets(4).await;
    house.until_so(|house| house.attempts(hook.id).len() == 4).await;
    let resend = |what| Command::ResendEvents(ResendEvents { endpoint: hook.id, what: Some(what) });
    house.asked_for_hooks(seller, resend(ResendWhat::Event(before + 2))).await;
    house.until_so(|house| house.attempts(hook.id).len() == 5).await;
    house.asked_for_hooks(seller, resend(ResendWhat::From(before + 3))).await;
    house.until_so(|house| house.attempts(hook.id).len() == 7).await;
    house.settle_down().await;
    let sent: Vec<u64> = house.receivers.got(URL).iter().map(|got| sequence_of(got) - before).collect();
    assert_eq!(sent, [1, 2, 3, 4, 2, 3, 4]);
    let row = house.endpoint(hook.id);
    assert_eq!((row.cursor, row.waiting), (house.newest_event(), 0));
}

#[tokio::test(start_paused = true)]
async fn all_from_one_on_are_sent_again_also_while_an_earlier_one_is_under_way() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.take(URL, Duration::from_secs(8));
    house.begin_work();
    let before = house.newest_event();
    house.tickets(1).await;
    house.until_so(|house| house.receivers.got(URL).len() == 1).await;
    house.receivers.take(URL, Duration::ZERO);
    house.tickets(5).await;
    house.until_so(|house| house.attempts(hook.id).len() == 5).await;
    assert_eq!(house.endpoint(hook.id).cursor, before, "the first one is not answered");
    let what = Some(ResendWhat::From(before + 4));
    let resend = Command::ResendEvents(ResendEvents { endpoint: hook.id, what });
    house.asked_for_hooks(seller, resend).await;
    house.until_so(|house| house.endpoint(hook.id).cursor == house.newest_event()).await;
    house.settle_down().await;
    let sent: Vec<u64> = house.receivers.got(URL).iter().map(|got| sequence_of(got) - before).collect();
    assert_eq!(sent.iter().filter(|sequence| **sequence == 1).count(), 1, "it was under way: {sent:?}");
    let again: Vec<u64> = sent[6..].to_vec();
    assert!([4, 5, 6].iter().all(|sequence| again.contains(sequence)), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn a_test_is_sent_once_and_looks_like_one() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.say(URL, [status(500)]);
    house.begin_work();
    let test = WebhookTestId::from_bytes([7; 16]);
    house
        .asked_for_hooks(seller, Command::SendWebhookTest(SendWebhookTest { endpoint: hook.id, test }))
        .await;
    house.until_so(|house| house.attempts(hook.id).len() == 1).await;
    house.clock.advance(DAY);
    house.settle_down().await;
    let got = house.receivers.got(URL);
    assert_eq!((got.len(), house.outcomes(hook.id)), (1, vec![AttemptOutcome::GivenUp]));
    assert!(is_signed_by(&got[0], &hook.secret));
    let event: Value = serde_json::from_slice(&got[0].message.body).expect("JSON");
    assert_eq!((&event["type"], &event["id"]), (&"webhook:test".into(), &test.to_string().into()));
    assert_eq!((&event["data"]["test"], event.get("sequence")), (&true.into(), None));
    let row = house.endpoint(hook.id);
    assert_eq!((row.waiting, row.failures, row.disabled), (0, 0, None), "it says nothing of events");
}

#[tokio::test(start_paused = true)]
async fn while_sales_are_held_after_a_restore_nobody_is_told_anything() {
    let mut house = House::new().await;
    let seller = house.seller;
    house.hook(seller, URL, &[]).await;
    house.tickets(1).await;
    house.hold_sales(Hold { since_ms: 1, reason: "a restore".into(), ..Hold::default() }).await;
    house.begin_work();
    house.settle_down().await;
    assert_eq!(house.receivers.got(URL).len(), 0);
    house.asked_for_own(Command::LiftHold(LiftHold { since_ms: 1 })).await;
    house.until_so(|house| house.receivers.got(URL).len() == 1).await;
}

impl House {
    pub(crate) async fn asked_for_own(&self, command: Command) {
        self.service.replica.submit_own(command).await.expect("nothing is in the way");
    }
}
