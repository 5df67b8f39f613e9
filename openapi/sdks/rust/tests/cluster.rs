//! A client of three replicas, which openapi/sdks/testing/cluster.py starts, that loses the leader.

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use boxoffice_client::{Boxoffice, Error, Follow, Followed, Paged, types};
use futures_util::{StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::Value;

use self::support::{Control, Tested};

/// When the leader dies, in ms after an order is sent: before it arrives, while it is decided, after it is answered.
const ROUNDS: [u64; 5] = [0, 2, 5, 10, 30];
/// The title of the ticket after which nothing happens.
const OVER: &str = "All is sold";
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Deserialize)]
struct Cluster {
    urls: Vec<String>,
    key: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn each_order_is_made_once_while_the_leader_is_lost_and_no_event_is_missed() -> Tested {
    let Some(control) = Control::of("BOXOFFICE_CLUSTER") else { return Ok(()) };
    let cluster: Cluster = control.ask("/cluster", &Value::Null).await?;
    let shop = client(cluster.urls.iter())?;
    let (ann, ben) = (sign_up(&shop, "ann").await?, sign_up(&shop, "ben").await?);
    let follower = tokio::spawn(events(shop.with_token(&cluster.key)?));

    let mut orders = Vec::new();
    for (round, after_ms) in ROUNDS.into_iter().enumerate() {
        orders.push(buy(&control, [&ann, &ben], round, after_ms).await?);
        let _: Value = control.ask("/mend", &Value::Null).await?;
    }

    let over = types::TicketInput::builder().title(OVER).price(1.0);
    shop.with_token(&ann)?.create_ticket().body(over).send().await?;
    let events = tokio::time::timeout(PATIENCE, follower).await???;
    let sequences: Vec<u64> = events.iter().map(|event| event.sequence.parse()).collect::<Result<_, _>>()?;
    let dense: Vec<u64> = (sequences[0]..).take(sequences.len()).collect();
    assert_eq!(sequences, dense, "no gap and no repetition");
    for kind in ["order:created", "order:completed"] {
        let of_kind = events.iter().filter(|event| *event.type_ == kind && orders.contains(&event.subject));
        let seen: Vec<&String> = of_kind.map(|event| &event.subject).collect();
        assert_eq!(seen, orders.iter().collect::<Vec<_>>(), "{kind}");
    }

    let ben = shop.with_token(&ben)?;
    let made: Vec<types::Order> = ben.list_orders().stream().try_collect().await?;
    let ids: BTreeSet<&String> = made.iter().map(|order| &order.id).collect();
    assert_eq!((made.len(), ids), (orders.len(), orders.iter().collect()));
    let payments: Vec<types::Payment> = ben.list_payments().limit(1_u64).stream().try_collect().await?;
    let statuses: Vec<types::PaymentStatus> = payments.iter().map(|payment| payment.status).collect();
    assert_eq!(statuses, [types::PaymentStatus::Succeeded; ROUNDS.len()]);
    Ok(())
}

/// A ticket is sold while the leader dies; the order.
async fn buy(
    control: &Control,
    [ann, ben]: [&String; 2],
    round: usize,
    after_ms: u64,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut urls = control.ask::<Cluster>("/cluster", &Value::Null).await?.urls;
    // The leader itself is asked, or one that has to ask the leader.
    urls.rotate_left(round % 2);
    let client = client(urls.iter())?;
    let (ann, ben) = (client.with_token(ann)?, client.with_token(ben)?);
    let ticket = types::TicketInput::builder().title(format!("Round {round}")).price(19.99);
    let ticket = ann.create_ticket().body(ticket).send().await?.into_inner();
    let order = ben.create_order().body(types::OrderInput::builder().ticket_id(&ticket.id)).send();
    let lose = format!("/lose?after_ms={after_ms}");
    let (order, lost) = tokio::join!(order, control.ask::<Value>(&lose, &Value::Null));
    let (order, _) = (order?.into_inner(), lost?);
    let payment = types::PaymentInput::builder().order_id(&order.id).token("tok_visa");
    let payment = ben.create_payment().body(payment).send().await?.into_inner();

    let all: Vec<types::Order> = ben.list_orders().limit(2_u64).stream().try_collect().await?;
    let made: Vec<&String> =
        all.iter().filter(|made| made.ticket.id == ticket.id).map(|made| &made.id).collect();
    assert_eq!(made, [&order.id], "one order of the ticket");
    let payments = ben.list_order_payments().id(&order.id).send().await?.into_inner();
    assert_eq!(
        payments.iter().map(|made| &made.id).collect::<Vec<_>>(),
        [&payment.id],
        "one payment of the order"
    );
    Ok(order.id)
}

fn client<'u>(urls: impl Iterator<Item = &'u String>) -> Result<Boxoffice, Error> {
    urls.fold(Boxoffice::builder(), |builder, url| builder.base_url(url)).build()
}

async fn sign_up(shop: &Boxoffice, name: &str) -> Result<String, Error> {
    let account =
        types::NewAccount::builder().email(format!("{name}-rs@example.com")).password("orange bicycle");
    Ok(shop.sign_up().body(account).send().await?.into_inner().token)
}

/// All events, until the ticket that says that it is over.
async fn events(client: Boxoffice) -> Result<Vec<types::Event>, Error> {
    let mut all = Vec::new();
    let mut followed = Box::pin(client.follow_events(Follow::default()));
    while let Some(followed) = followed.next().await {
        let Followed::Event(event) = followed? else { panic!("nothing is forgotten yet") };
        let over = *event.type_ == "ticket:created" && event.data_as::<types::Ticket>()?.title == OVER;
        all.push(*event);
        if over {
            break;
        }
    }
    Ok(all)
}
