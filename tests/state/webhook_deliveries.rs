//! What is kept of what was sent to endpoints of webhooks, and what is sent again.

use boxoffice::domain::*;

use crate::shop::Shop;
use crate::webhooks::{code, report};

#[test]
fn what_failed_waits_and_what_was_taken_does_not() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let hook = shop.create_hook(Asker::User(seller)).expect("made").id;
    for _ in 0..3 {
        shop.post(seller, &["rock"], 100, None);
    }
    let at_ms = shop.now_ms;
    use AttemptOutcome::{Delivered, Failed};
    shop.record(
        hook,
        3,
        vec![report(1, 1, Failed, at_ms), report(2, 1, Delivered, at_ms), report(3, 1, Failed, at_ms)],
    );
    let row = shop.hook(hook);
    assert_eq!((row.cursor, row.waiting, row.failures, row.attempts), (3, 2, 1, 3));
    let waiting = shop.waiting(hook);
    assert_eq!(waiting.iter().map(|it| (it.sequence, it.attempts)).collect::<Vec<_>>(), [(1, 1), (3, 1)]);
    assert_eq!(waiting[0].due_at_ms, at_ms + 5_000);
    shop.record(hook, 3, vec![report(1, 2, Delivered, at_ms), report(3, 2, Failed, at_ms)]);
    let row = shop.hook(hook);
    assert_eq!((row.waiting, row.failures, row.failing_since_ms), (1, 1, Some(at_ms)));
    assert_eq!(shop.waiting(hook)[0].attempts, 2);
    // The cursor never goes back by itself, nor beyond what there is.
    shop.record(hook, 1, Vec::new());
    assert_eq!(shop.hook(hook).cursor, 3);
    shop.record(hook, 1_000, Vec::new());
    assert_eq!(shop.hook(hook).cursor, 3);
    shop.assert_sound();
}

#[test]
fn a_batch_that_is_proposed_twice_is_recorded_once() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let hook = shop.create_hook(Asker::User(seller)).expect("made").id;
    shop.post(seller, &["rock"], 100, None);
    let attempts = vec![report(1, 1, AttemptOutcome::Failed, shop.now_ms)];
    let record = EndpointRecord { endpoint: hook, rewinds: 0, cursor: 1, attempts };
    let batch = RecordDeliveries { batch: 77, records: vec![record.clone()] };
    for _ in 0..2 {
        shop.ask(None, Command::RecordDeliveries(batch.clone())).expect("it is the service's own");
    }
    assert_eq!((shop.hook(hook).attempts, shop.hook(hook).failures), (1, 1));
    let twice = RecordDeliveries { batch: 78, records: vec![record.clone(), record] };
    let refused = shop.ask(None, Command::RecordDeliveries(twice));
    assert_eq!(code(refused).map(drop), Err(RejectionCode::Internal), "one endpoint twice in a batch");
    shop.assert_sound();
}

#[test]
fn what_was_set_back_by_hand_is_not_moved_on_by_what_was_under_way() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let owner = Asker::User(seller);
    let hook = shop.create_hook(owner).expect("made").id;
    for _ in 0..5 {
        shop.post(seller, &["rock"], 100, None);
    }
    shop.record(hook, 5, Vec::new());
    let resend =
        |from| Command::ResendEvents(ResendEvents { endpoint: hook, what: Some(ResendWhat::From(from)) });
    let back = shop.about_hook(owner, resend(2)).expect("it is hers");
    assert_eq!((back.cursor, back.rewinds), (1, 1));
    let late = EndpointRecord { endpoint: hook, rewinds: 0, cursor: 5, attempts: Vec::new() };
    let late = RecordDeliveries { batch: 1, records: vec![late] };
    shop.ask(None, Command::RecordDeliveries(late)).expect("it is the service's own");
    assert_eq!(shop.hook(hook).cursor, 1);
    let ahead = shop.about_hook(owner, resend(4)).expect("it is hers");
    assert_eq!(
        (ahead.cursor, ahead.rewinds),
        (1, 2),
        "that may have been sent, while an earlier one was under way"
    );
    shop.assert_sound();
}

#[test]
fn one_event_is_sent_again_by_hand_if_its_owner_may_see_it() {
    let mut shop = Shop::new();
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    let owner = Asker::User(seller);
    let hook = shop.create_hook(owner).expect("made").id;
    let ticket = shop.post(seller, &["rock"], 100, None);
    shop.reserve(buyer, ticket);
    let resend = |sequence| {
        Command::ResendEvents(ResendEvents { endpoint: hook, what: Some(ResendWhat::Event(sequence)) })
    };
    let order = shop
        .events_after(0)
        .iter()
        .find(|event| event.r#type() == EventType::OrderCreated)
        .map(|event| event.sequence);
    for sequence in [order.expect("it was announced"), 0, 1_000] {
        assert_eq!(shop.about_hook(owner, resend(sequence)), Err(RejectionCode::NotFound), "{sequence}");
    }
    shop.about_hook(owner, resend(1)).expect("everybody sees tickets");
    shop.about_hook(owner, resend(1)).expect("twice is once");
    let waiting = shop.waiting(hook);
    assert_eq!((waiting.len(), waiting[0].attempts, waiting[0].due_at_ms), (1, 0, shop.now_ms));
    // An attempt that was under way does not answer for it.
    let now_ms = shop.now_ms;
    shop.record(hook, 1, vec![report(1, 3, AttemptOutcome::Delivered, now_ms)]);
    assert_eq!(shop.waiting(hook).len(), 1);
    shop.record(hook, 1, vec![report(1, 1, AttemptOutcome::Delivered, now_ms)]);
    assert_eq!(shop.waiting(hook).len(), 0);
    shop.assert_sound();
}

#[test]
fn there_is_a_bound_on_what_waits_and_on_attempts() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let owner = Asker::User(seller);
    let hook = shop.create_hook(owner).expect("made").id;
    shop.post(seller, &["rock"], 100, None);
    let now_ms = shop.now_ms;
    let failed: Vec<_> = (2..MAX_WAITING_EVENTS + 2)
        .map(|sequence| report(sequence, 1, AttemptOutcome::Failed, now_ms))
        .collect();
    let long = AttemptReport {
        answer: "é".repeat(2_000),
        fault: "x".repeat(2_000),
        ..report(1, 1, AttemptOutcome::Delivered, now_ms)
    };
    shop.record(hook, 0, failed);
    let resend = ResendEvents { endpoint: hook, what: Some(ResendWhat::Event(1)) };
    assert_eq!(shop.about_hook(owner, Command::ResendEvents(resend)), Err(RejectionCode::TooManyWaiting));
    let numbers = shop.attempts(hook);
    assert_eq!(numbers.len() as u64, MAX_ATTEMPTS_KEPT);
    assert_eq!(numbers.first(), Some(&MAX_WAITING_EVENTS), "the newest first");
    shop.record(hook, 0, vec![long]);
    let newest = shop.view().webhook_attempts_of(hook, None, 1).expect("rows").items.remove(0);
    assert_eq!((newest.report.answer.len(), newest.report.fault.len()), (MAX_ANSWER_BYTES, MAX_FAULT_BYTES));
    shop.assert_sound();
}

#[test]
fn endpoints_are_disabled_by_410_and_by_three_days_without_any_success() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let owner = Asker::User(seller);
    let [gone, failing, lame] = [(); 3].map(|()| shop.create_hook(owner).expect("made").id);
    let began_ms = shop.now_ms;
    shop.record(gone, 0, vec![report(1, 1, AttemptOutcome::Gone, began_ms)]);
    assert_eq!(shop.hook(gone).disabled.map(|it| it.reason()), Some(DisabledReason::Gone));
    assert_eq!(shop.waiting(gone).len(), 1, "it waits until somebody enables it");
    shop.record(lame, 0, vec![report(2, 1, AttemptOutcome::Delivered, began_ms + 1)]);
    shop.now_ms += GIVE_UP_AFTER_MS;
    let given_up =
        AttemptReport { first_at_ms: began_ms, ..report(1, 1, AttemptOutcome::GivenUp, shop.now_ms) };
    shop.record(failing, 0, vec![given_up.clone()]);
    shop.record(lame, 0, vec![given_up]);
    assert_eq!(shop.hook(failing).disabled.map(|it| it.reason()), Some(DisabledReason::Failing));
    assert_eq!(shop.hook(lame).disabled, None, "something was taken meanwhile");
    shop.assert_sound();
}

#[test]
fn what_was_under_way_when_its_owner_woke_an_endpoint_says_nothing_of_it() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let owner = Asker::User(seller);
    let hook = shop.create_hook(owner).expect("made").id;
    let at_ms = shop.now_ms;
    shop.record(hook, 0, vec![report(1, 1, AttemptOutcome::Failed, at_ms)]);
    let enable = UpdateWebhookEndpoint { endpoint: hook, enabled: Some(true), ..Default::default() };
    let woken = shop.about_hook(owner, Command::UpdateWebhookEndpoint(enable)).expect("it is theirs");
    assert_eq!((woken.failures, woken.wakes, shop.waiting(hook)[0].wakes), (0, 1, 0));
    use AttemptOutcome::{Failed, GivenUp, Gone};
    let rest_until_ms = Some(at_ms + 5_000);
    let failed = AttemptReport { rest_until_ms, ..report(2, 1, Failed, at_ms) };
    shop.record(hook, 0, vec![failed.clone(), report(3, 1, GivenUp, at_ms), report(4, 1, Gone, at_ms)]);
    let row = shop.hook(hook);
    assert_eq!((row.failures, row.rest_until_ms, row.disabled, row.waiting), (0, None, None, 3));
    shop.record(hook, 0, vec![AttemptReport { wakes: 1, attempt: 2, ..failed }]);
    let row = shop.hook(hook);
    assert_eq!((row.failures, row.rest_until_ms), (1, rest_until_ms));
    let wakes: Vec<u64> = shop.waiting(hook).iter().map(|waiting| waiting.wakes).collect();
    assert_eq!(wakes, [0, 1, 0]);
    let again = ResendEvents { endpoint: hook, what: Some(ResendWhat::Event(1)) };
    shop.post(seller, &["rock"], 100, None);
    shop.about_hook(owner, Command::ResendEvents(again)).expect("everybody sees tickets");
    assert_eq!(shop.waiting(hook)[0].wakes, 1);
    shop.assert_sound();
}
