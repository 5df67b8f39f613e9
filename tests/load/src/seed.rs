//! Filling a service with accounts, tickets and orders.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use futures_util::future::try_join_all;
use serde::Deserialize;

use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::drive::{Measurement, Plan, drive};
use crate::request::Request;
use crate::workload::Workload;

/// The password of every account made here; long and odd enough for any list of common ones.
pub(crate) const PASSWORD: &str = "seat-17-row-Q-balcony";
/// Connections that fill the store: enough that one fsync serves many writes.
pub(crate) const SEED_CONNECTIONS: usize = 512;
/// Argon2 is the bound on signing up, so a few at a time suffice.
const SIGN_UPS_AT_ONCE: usize = 4;
/// Tickets whose creation failed are made again this many times, then the service is taken for broken.
const ROUNDS: usize = 5;
/// Nothing is seeded for longer than this.
const SEED_TIMEOUT: Duration = Duration::from_secs(3600);
const PROGRESS_STEPS: u64 = 10;
/// Less than this takes a few seconds, and nobody wonders.
const WORTH_TELLING: u64 = 100_000;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service, as http://host:port.
    #[arg(long)]
    base: BaseUrl,
    /// Tickets to post.
    #[arg(long, default_value_t = 10_000)]
    tickets: u64,
    /// Orders to place, each for another ticket.
    #[arg(long, default_value_t = 0)]
    orders: usize,
}

/// A signed-in user.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

/// Seeds and reports on standard error.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let sellers = accounts(args.base, "seller", 8).await?;
    let mut ids = create_tickets(&[args.base], &sellers, args.tickets).await?;
    if args.orders > 0 {
        ensure!(args.orders <= ids.len(), "more orders than tickets");
        ids.truncate(args.orders);
        let buyers = accounts(args.base, "buyer", 16).await?;
        place_orders(&[args.base], &buyers, ids.into()).await?;
    }
    Ok(())
}

/// Signs up `count` users, or signs them in where a run before this one made them.
pub(crate) async fn accounts(base: BaseUrl, kind: &str, count: usize) -> anyhow::Result<Rc<[Account]>> {
    let lane = async |lane: usize| -> anyhow::Result<Vec<Account>> {
        let mut connection = Connection::new(base);
        let mut accounts = Vec::new();
        for number in (lane..count).step_by(SIGN_UPS_AT_ONCE) {
            accounts.push(sign_up(&mut connection, format!("{kind}-{number}@load.test")).await?);
        }
        Ok(accounts)
    };
    let lanes = try_join_all((0..SIGN_UPS_AT_ONCE).map(lane)).await?;
    Ok(lanes.into_iter().flatten().collect())
}

async fn sign_up(connection: &mut Connection, email: String) -> anyhow::Result<Account> {
    #[derive(Deserialize)]
    struct SignedIn {
        id: String,
        token: String,
    }
    let body = format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#);
    let mut request = Request::default();
    for path in ["/api/users/signup", "/api/users/signin"] {
        request.json("POST", path, None, &body);
        let reply = connection.send(request.as_bytes()).await?;
        if reply.status == 409 {
            continue;
        }
        let text = String::from_utf8_lossy(reply.body);
        ensure!(matches!(reply.status, 200 | 201), "{path} answered {}: {text}", reply.status);
        let SignedIn { id, token } = serde_json::from_slice(reply.body).context(path)?;
        return Ok(Account { id, email, token });
    }
    anyhow::bail!("{email} is taken by someone with another password")
}

/// Posts `count` tickets and returns their ids.
pub(crate) async fn create_tickets(
    bases: &[BaseUrl],
    sellers: &Rc<[Account]>,
    count: u64,
) -> anyhow::Result<Vec<String>> {
    let ids = Rc::new(RefCell::new(Vec::new()));
    let progress = Rc::new(Progress::new("tickets", count));
    for _ in 0..ROUNDS {
        let missing = count - ids.borrow().len() as u64;
        if missing == 0 {
            break;
        }
        let workload = Workload::create_tickets(missing, Rc::clone(sellers));
        let (collected, progress) = (Rc::clone(&ids), Rc::clone(&progress));
        let collect = move |body: &[u8]| {
            let mut ids = collected.borrow_mut();
            ids.extend(id_of(body));
            progress.report(ids.len() as u64);
        };
        let measurement = drive(bases, workload, seeding(SEED_CONNECTIONS), collect).await?;
        warn_of_failures(&measurement);
    }
    let ids = ids.take();
    ensure!(ids.len() as u64 == count, "only {} of {count} tickets could be posted", ids.len());
    Ok(ids)
}

/// An order that waits to be paid for.
#[derive(Clone)]
pub(crate) struct Placed {
    pub(crate) order: String,
    /// Of whose it is; they have many.
    pub(crate) token: Rc<str>,
}

/// Orders every ticket of `ids` once; all must succeed.
pub(crate) async fn place_orders(
    bases: &[BaseUrl],
    buyers: &Rc<[Account]>,
    ids: Rc<[String]>,
) -> anyhow::Result<Vec<Placed>> {
    let count = ids.len() as u64;
    let progress = Progress::new("orders", count);
    let placed = Rc::new(RefCell::new(Vec::new()));
    let tokens: HashMap<String, Rc<str>> =
        buyers.iter().map(|buyer| (buyer.id.clone(), buyer.token.as_str().into())).collect();
    let collected = Rc::clone(&placed);
    let collect = move |body: &[u8]| {
        let mut placed = collected.borrow_mut();
        placed.extend(placed_by(body, &tokens));
        progress.report(placed.len() as u64);
    };
    let workload = Workload::order(ids, Rc::clone(buyers));
    let measurement = drive(bases, workload, seeding(SEED_CONNECTIONS), collect).await?;
    warn_of_failures(&measurement);
    let placed = placed.take();
    ensure!(placed.len() as u64 == count, "only {} of {count} orders could be placed", placed.len());
    Ok(placed)
}

fn seeding(connections: usize) -> Plan {
    Plan { connections, warm_up: Duration::ZERO, measured: SEED_TIMEOUT, pace: None, server_pid: None }
}

fn warn_of_failures(measurement: &Measurement) {
    if measurement.failed() > 0 {
        eprintln!("seeding met failures: {:?}", measurement.failures);
    }
}

/// The `id` of the entity in a response.
fn id_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Entity {
        id: String,
    }
    serde_json::from_slice::<Entity>(body).ok().map(|entity| entity.id)
}

/// The order in a response, and the token of whose it is.
fn placed_by(body: &[u8], tokens: &HashMap<String, Rc<str>>) -> Option<Placed> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Order {
        id: String,
        user_id: String,
    }
    let Order { id, user_id } = serde_json::from_slice(body).ok()?;
    Some(Placed { order: id, token: Rc::clone(tokens.get(&user_id)?) })
}

/// Tells on standard error how far it is, ten times, if that takes a while.
struct Progress {
    what: &'static str,
    total: u64,
    began: Instant,
}

impl Progress {
    fn new(what: &'static str, total: u64) -> Self {
        Self { what, total, began: Instant::now() }
    }

    fn report(&self, done: u64) {
        let step = self.total / PROGRESS_STEPS;
        if self.total >= WORTH_TELLING && done.is_multiple_of(step) {
            let seconds = self.began.elapsed().as_secs_f64();
            eprintln!("{done} of {} {} after {seconds:.1} s", self.total, self.what);
        }
    }
}
