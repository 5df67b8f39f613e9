//! What Stripe lists by time.

use std::time::Duration;

use boxoffice::gateway::stripe::list::Between;
use boxoffice::gateway::{Gateway, IntentState, Source};

use super::support::{Attempt, CLUSTER, Pair};

#[tokio::test]
async fn intents_and_refunds_by_time_page_after_page() {
    let pair = Pair::start().await;
    let mut attempts = Vec::new();
    for _ in 0..205 {
        let attempt = Attempt::of(Source::Method("pm_card_visa".to_owned()));
        attempts.push(Attempt { intent: pair.prepare(&attempt).await.unwrap().intent, ..attempt });
    }
    let paid = attempts.last().unwrap().clone();
    pair.confirm(&paid).await.unwrap();
    let refund = pair.stripe.refund(&paid.refund("r1", Some(100))).await.unwrap().refund;
    let charge = pair.fake.books().charges[0].charge.clone();
    let by_hand = pair.fake.refund_in_dashboard(&charge, Some(200)).unwrap();

    let all = Between { from_s: 0, to_s: 4_000_000_000 };
    let (mut found, mut pages, mut after) = (Vec::new(), 0, None::<String>);
    loop {
        let page = pair.stripe.intents_made(all, after.as_deref()).await.unwrap();
        found.extend(page.found);
        pages += 1;
        after = page.after;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, 3);
    found.reverse();
    let names = |intents: &[Attempt]| -> Vec<_> {
        intents.iter().map(|attempt| (attempt.intent.clone(), Some(attempt.new.payment))).collect()
    };
    let listed: Vec<_> = found.iter().map(|listed| (listed.intent.clone(), listed.payment)).collect();
    assert_eq!(listed, names(&attempts));
    assert_eq!(found[0].state, Some(IntentState::Unconfirmed));
    let last = found.pop().unwrap();
    assert!(matches!(last.state, Some(IntentState::Succeeded { .. })));
    assert_eq!((last.amount_minor, last.currency.as_str()), (2_500, "usd"));
    assert_eq!(last.cluster.as_deref(), Some(CLUSTER));

    let refunds = pair.stripe.refunds_made(all, None).await.unwrap();
    let listed: Vec<_> =
        refunds.found.iter().map(|listed| (&listed.refund, listed.name.as_deref())).collect();
    assert_eq!(listed, [(&by_hand, None), (&refund, Some("r1"))]);
    assert_eq!(refunds.found[0].intent, Some(paid.intent));
    assert_eq!((refunds.found[0].amount_minor, refunds.found[0].status.as_str()), (200, "succeeded"));

    pair.fake.put_clock_forward(Duration::from_secs(3_600));
    let later = pair.prepared("tok_visa").await;
    let since = Between { from_s: last.created_s + 1_800, ..all };
    let page = pair.stripe.intents_made(since, None).await.unwrap();
    assert_eq!(page.found.iter().map(|listed| &listed.intent).collect::<Vec<_>>(), [&later.intent]);
    let before = Between { to_s: last.created_s + 1_800, ..all };
    assert_eq!(pair.stripe.intents_made(before, None).await.unwrap().found.len(), 100);
    pair.check();
}
