//! Receivers of webhooks that do not take what they are sent, for a while or for good.

use std::time::Duration;

use boxoffice::domain::*;
use boxoffice::webhooks::NoAnswer;

use crate::house::House;
use crate::receivers::{retry_after, status};
use crate::webhooks::{DAY, OTHER_URL, URL, sequence_of};

#[tokio::test(start_paused = true)]
async fn after_three_days_it_is_given_up_and_an_endpoint_that_took_nothing_is_disabled() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.say(URL, [status(503)]);
    house.begin_work();
    house.tickets(1).await;
    for _ in 0..500 {
        if house.endpoint(hook.id).disabled.is_some() {
            break;
        }
        house.clock.advance(Duration::from_secs(20 * 60));
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let attempts = house.attempts(hook.id);
    let (first, last) = (attempts.first().expect("one"), attempts.last().expect("one"));
    assert_eq!(last.outcome(), AttemptOutcome::GivenUp);
    let lasted_ms = last.at_ms - first.at_ms;
    assert!((GIVE_UP_AFTER_MS..GIVE_UP_AFTER_MS + 3_600_000).contains(&lasted_ms), "{lasted_ms}");
    assert!((10..=20).contains(&attempts.len()), "{}", attempts.len());
    let row = house.endpoint(hook.id);
    assert_eq!(row.disabled.map(|it| it.reason()), Some(DisabledReason::Failing));
    assert_eq!(row.waiting, 0);
    // Nothing is sent any more, until its owner says so; what happened meanwhile is sent then.
    house.tickets(1).await;
    house.settle_down().await;
    assert_eq!(house.attempts(hook.id).len(), attempts.len());
    house.receivers.say(URL, [status(200)]);
    let enable = UpdateWebhookEndpoint { endpoint: hook.id, enabled: Some(true), ..Default::default() };
    house.asked_for_hooks(seller, Command::UpdateWebhookEndpoint(enable)).await;
    house.until_so(|house| house.attempts(hook.id).len() > attempts.len()).await;
    assert_eq!(house.outcomes(hook.id).last(), Some(&AttemptOutcome::Delivered));
}

#[tokio::test(start_paused = true)]
async fn one_event_that_is_never_taken_is_given_up_and_the_endpoint_goes_on() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.begin_work();
    house.receivers.say(URL, [status(500)]);
    house.tickets(1).await;
    house.until_attempts(hook.id, 1, Duration::from_secs(1)).await;
    for _ in 0..500 {
        let given_up = house.outcomes(hook.id).contains(&AttemptOutcome::GivenUp);
        if given_up {
            break;
        }
        // Others are taken meanwhile.
        house.receivers.say(URL, [status(200)]);
        house.tickets(1).await;
        house.settle_down().await;
        house.receivers.say(URL, [status(500)]);
        house.clock.advance(Duration::from_secs(6 * 60 * 60));
        house.settle_down().await;
    }
    let row = house.endpoint(hook.id);
    assert_eq!((row.disabled, row.waiting), (None, 0), "{:?}", house.outcomes(hook.id));
    assert!(house.outcomes(hook.id).contains(&AttemptOutcome::GivenUp));
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_gone_is_disabled_and_loses_nothing() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.say(URL, [status(410), status(200)]);
    house.begin_work();
    house.tickets(1).await;
    house.until_so(|house| house.endpoint(hook.id).disabled.is_some()).await;
    assert_eq!(house.endpoint(hook.id).disabled.map(|it| it.reason()), Some(DisabledReason::Gone));
    house.tickets(2).await;
    house.clock.advance(DAY);
    house.settle_down().await;
    assert_eq!(house.outcomes(hook.id), [AttemptOutcome::Gone]);
    let enable = UpdateWebhookEndpoint { endpoint: hook.id, enabled: Some(true), ..Default::default() };
    house.asked_for_hooks(seller, Command::UpdateWebhookEndpoint(enable)).await;
    house.until_so(|house| house.attempts(hook.id).len() == 4).await;
    let ids = house.receivers.ids(URL);
    assert_eq!(ids[0], ids[1], "the one that was not taken");
    assert_eq!(house.endpoint(hook.id).waiting, 0);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_wants_to_be_left_alone_is_and_by_the_next_leader_too() {
    let mut house = House::new().await;
    let seller = house.seller;
    for answer in [retry_after(429, 120), retry_after(503, 120)] {
        let hook = house.hook(seller, URL, &[]).await;
        let before = house.receivers.got(URL).len();
        house.receivers.say(URL, [answer, status(200)]);
        house.begin_work();
        house.tickets(1).await;
        house.until_so(|house| house.attempts(hook.id).len() == 1).await;
        house.tickets(2).await;
        house.clock.advance(Duration::from_secs(118));
        house.settle_down().await;
        house.end_work().await;
        house.begin_work();
        house.settle_down().await;
        assert_eq!(house.receivers.got(URL).len(), before + 1, "nothing new either");
        house.clock.advance(Duration::from_secs(3));
        house.until_so(|house| house.attempts(hook.id).len() == 4).await;
        house.end_work().await;
        let delete = DeleteWebhookEndpoint { endpoint: hook.id };
        house.asked_for_hooks(seller, Command::DeleteWebhookEndpoint(delete)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_down_is_asked_little_and_gets_all_once_it_is_up() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.say(URL, [Err(NoAnswer::Connection("refused".to_owned()))]);
    house.begin_work();
    house.tickets(100).await;
    for _ in 0..60 {
        house.clock.advance(Duration::from_secs(60));
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    let tried = house.receivers.got(URL).len();
    let row = house.endpoint(hook.id);
    assert!(row.waiting <= 40, "the others stay behind the cursor: {}", row.waiting);
    assert!(tried <= 150, "{tried}");
    house.receivers.say(URL, [status(200)]);
    for _ in 0..100 {
        let row = house.endpoint(hook.id);
        if row.cursor == house.newest_event() && row.waiting == 0 {
            break;
        }
        house.clock.advance(Duration::from_secs(60));
        house.settle_down().await;
    }
    let mut delivered: Vec<u64> = house.receivers.got(URL)[tried..].iter().map(sequence_of).collect();
    delivered.sort_unstable();
    delivered.dedup();
    assert!(house.receivers.got(URL).len() >= tried + 100);
    assert_eq!(delivered.len(), 100, "none is lost");
    assert_eq!((house.endpoint(hook.id).waiting, house.endpoint(hook.id).failures), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn who_is_behind_what_is_kept_goes_on_at_the_oldest_and_is_told_so() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.say(URL, [status(500)]);
    house.begin_work();
    house.tickets(1).await;
    house.until_so(|house| house.attempts(hook.id).len() == 1).await;
    house.end_work().await;
    house.tickets(5).await;
    let forget = |through| Command::ForgetEvents(ForgetEvents { through, at_most: 100 });
    house.asked_for_own(forget(4)).await;
    house.receivers.say(URL, [status(200)]);
    house.clock.advance(Duration::from_secs(10));
    house.begin_work();
    house.until_so(|house| house.endpoint(hook.id).cursor == 6 && house.endpoint(hook.id).waiting == 0).await;
    let forgotten: Vec<_> = house
        .attempts(hook.id)
        .into_iter()
        .filter(|report| report.outcome() == AttemptOutcome::Forgotten)
        .map(|report| (report.sequence, report.forgotten_through))
        .collect();
    // Those that were not looked at, and the one that waited.
    assert_eq!(forgotten, [(2, Some(4)), (1, None)]);
    let sent: Vec<u64> = house.receivers.got(URL).iter().map(sequence_of).collect();
    assert_eq!(sent, [1, 5, 6]);
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_never_taken_keeps_back_no_other_however_few_there_are() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.say(URL, [status(500), status(200)]);
    house.begin_work();
    house.tickets(1).await;
    house.until_attempts(hook.id, 1, Duration::from_secs(1)).await;
    house.receivers.refuse(&house.receivers.ids(URL)[0]);
    // It fails again and again, and nothing else happens.
    house.until_attempts(hook.id, 12, Duration::from_secs(60 * 60)).await;
    assert!(house.endpoint(hook.id).failures >= 12);
    house.tickets(1).await;
    house.until_so(|house| house.outcomes(hook.id).contains(&AttemptOutcome::Delivered)).await;
    assert_eq!(house.endpoint(hook.id).disabled, None);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_rests_is_tried_at_once_when_its_owner_enables_it() {
    let mut house = House::new().await;
    let seller = house.seller;
    for (first, says_false_before) in [(retry_after(429, 86_400), false), (status(500), true)] {
        let hook = house.hook(seller, URL, &[]).await;
        let before = house.receivers.got(URL).len();
        house.receivers.say(URL, [first, status(200)]);
        house.begin_work();
        house.tickets(1).await;
        house.until_so(|house| house.endpoint(hook.id).failures == 1).await;
        // The clock stands still: nothing is due by itself.
        house.settle_down().await;
        assert_eq!(house.receivers.got(URL).len(), before + 1);
        let enable =
            |on| UpdateWebhookEndpoint { endpoint: hook.id, enabled: Some(on), ..Default::default() };
        if says_false_before {
            house.asked_for_hooks(seller, Command::UpdateWebhookEndpoint(enable(false))).await;
        }
        house.asked_for_hooks(seller, Command::UpdateWebhookEndpoint(enable(true))).await;
        house.tickets(3).await;
        house.until_so(|house| house.receivers.got(URL).len() == before + 5).await;
        house.until_so(|house| house.endpoint(hook.id).waiting == 0).await;
        house.end_work().await;
        let delete = DeleteWebhookEndpoint { endpoint: hook.id };
        house.asked_for_hooks(seller, Command::DeleteWebhookEndpoint(delete)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_else_an_owner_changes_does_not_wake_an_endpoint_that_rests() {
    let mut house = House::new().await;
    let seller = house.seller;
    let hook = house.hook(seller, URL, &[]).await;
    house.receivers.say(URL, [retry_after(429, 3_600), status(200)]);
    house.begin_work();
    house.tickets(1).await;
    house.until_so(|house| house.endpoint(hook.id).failures == 1).await;
    let types = Some(EndpointTypes { types: vec![EventType::TicketCreated.into()] });
    let of_other_types = UpdateWebhookEndpoint { endpoint: hook.id, types, ..Default::default() };
    house.asked_for_hooks(seller, Command::UpdateWebhookEndpoint(of_other_types)).await;
    house.tickets(3).await;
    house.settle_down().await;
    assert_eq!(house.receivers.got(URL).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_owner_who_wakes_an_endpoint_that_rests_wakes_it_for_the_next_leader_too() {
    let mut house = House::new().await;
    let seller = house.seller;
    let enabled = UpdateWebhookEndpoint { enabled: Some(true), ..Default::default() };
    let moved = UpdateWebhookEndpoint { url: Some(OTHER_URL.to_owned()), ..Default::default() };
    for (change, to) in [(enabled, URL), (moved, OTHER_URL)] {
        let hook = house.hook(seller, URL, &[]).await;
        house.receivers.say(URL, [retry_after(429, 86_400), status(200)]);
        house.begin_work();
        house.tickets(1).await;
        house.until_so(|house| house.endpoint(hook.id).failures == 1).await;
        house.end_work().await;
        let before = house.receivers.got(to).len();
        let change = UpdateWebhookEndpoint { endpoint: hook.id, ..change };
        house.asked_for_hooks(seller, Command::UpdateWebhookEndpoint(change)).await;
        // The clock stands still: nothing is due by itself.
        house.begin_work();
        house.until_so(|house| house.endpoint(hook.id).waiting == 0).await;
        assert_eq!(house.receivers.got(to).len(), before + 1);
        house.end_work().await;
        let delete = DeleteWebhookEndpoint { endpoint: hook.id };
        house.asked_for_hooks(seller, Command::DeleteWebhookEndpoint(delete)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_former_url_still_answers_says_nothing_of_the_new_one() {
    let mut house = House::new().await;
    let seller = house.seller;
    house.receivers.take(URL, Duration::from_secs(10));
    house.begin_work();
    for answer in [retry_after(429, 86_400), status(410)] {
        let hook = house.hook(seller, URL, &[]).await;
        house.receivers.say(URL, [answer]);
        let before = [URL, OTHER_URL].map(|url| house.receivers.got(url).len());
        house.tickets(1).await;
        house.until_so(|house| house.receivers.got(URL).len() > before[0]).await;
        let url = Some(OTHER_URL.to_owned());
        let moved = UpdateWebhookEndpoint { endpoint: hook.id, url, ..Default::default() };
        house.asked_for_hooks(seller, Command::UpdateWebhookEndpoint(moved)).await;
        house.until_so(|house| house.attempts(hook.id).len() == 2).await;
        assert_eq!(house.receivers.got(OTHER_URL).len(), before[1] + 1);
        let row = house.endpoint(hook.id);
        assert_eq!((row.disabled, row.waiting, row.rest_until_ms), (None, 0, None));
        let delete = DeleteWebhookEndpoint { endpoint: hook.id };
        house.asked_for_hooks(seller, Command::DeleteWebhookEndpoint(delete)).await;
    }
}
