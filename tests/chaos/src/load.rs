//! Many clients at once: sellers and buyers who race for few tickets, and readers, through all replicas.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::client::Client;
use crate::cluster::Cluster;
use crate::history::{Answer, Consistency, History, Request};

/// How long a client asks again for one thing.
const PERSISTENCE: Duration = Duration::from_secs(20);
/// Buyers look at the newest tickets only, so that they race.
const NEWEST: usize = 6;

/// How much is asked.
#[derive(Clone, Copy, Debug)]
pub struct LoadOptions {
    /// Clients at once.
    pub clients: usize,
    /// What a client waits between two requests.
    pub pause: Duration,
    /// What the choices follow from.
    pub seed: u64,
}

/// Clients at work.
pub struct Load {
    stopping: Arc<AtomicBool>,
    clients: JoinSet<()>,
    acknowledged: Arc<AtomicU64>,
}

/// What clients know of each other's doing.
#[derive(Clone, Default)]
struct Market(Arc<Mutex<Vec<String>>>);

impl Load {
    /// Signs the clients up, and lets them begin.
    ///
    /// # Errors
    /// When one cannot sign up.
    pub async fn start(cluster: &Cluster, history: &History, options: LoadOptions) -> anyhow::Result<Self> {
        let bases: Vec<String> = (0..cluster.count()).map(|number| cluster.base(number)).collect();
        let (stopping, market) = (Arc::new(AtomicBool::new(false)), Market::default());
        let acknowledged = Arc::new(AtomicU64::new(0));
        let mut clients = JoinSet::new();
        for number in 0..options.clients {
            let name = format!("client-{}-{number}", options.seed);
            let client = Client::sign_up(&bases, history, &name, number % bases.len()).await?;
            let worker = Worker {
                client,
                replicas: bases.len(),
                market: market.clone(),
                rng: StdRng::seed_from_u64(options.seed ^ ((number as u64 + 1) << 32)),
                orders: Vec::new(),
                own: Vec::new(),
                name,
                acknowledged: acknowledged.clone(),
            };
            clients.spawn(worker.work(stopping.clone(), options.pause));
        }
        Ok(Self { stopping, clients, acknowledged })
    }

    /// How many changes were acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Waits until so many more changes were acknowledged than by now.
    ///
    /// # Errors
    /// When they are not in time.
    pub async fn until_acknowledged(&self, more: u64) -> anyhow::Result<()> {
        let wanted = self.acknowledged() + more;
        let reached = async {
            while self.acknowledged() < wanted {
                sleep(Duration::from_millis(5)).await;
            }
        };
        let patience = crate::cluster::PATIENCE;
        let waited = tokio::time::timeout(patience, reached).await;
        waited.map_err(|_| anyhow::anyhow!("{more} changes were not acknowledged within {patience:?}"))
    }

    /// Lets each client finish what it does, and ends them.
    pub async fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        self.clients.join_all().await;
    }
}

struct Worker {
    client: Client,
    replicas: usize,
    market: Market,
    rng: StdRng,
    orders: Vec<String>,
    own: Vec<String>,
    name: String,
    acknowledged: Arc<AtomicU64>,
}

impl Worker {
    async fn work(mut self, stopping: Arc<AtomicBool>, pause: Duration) {
        for round in 0_u64.. {
            if stopping.load(Ordering::Relaxed) {
                return;
            }
            let replica = self.rng.random_range(0..self.replicas);
            let key = format!("{}-{round}", self.name);
            match self.rng.random_range(0..100) {
                0..9 => self.post(replica, &key).await,
                9..15 => self.post_without_key(replica, &key).await,
                15..45 => self.order(replica, &key).await,
                45..55 => self.cancel(replica, &key).await,
                55..60 => self.rename(replica, &key).await,
                _ => self.look(replica).await,
            }
            sleep(pause).await;
        }
    }

    async fn change(&mut self, replica: usize, request: Request, key: &str) -> Option<Answer> {
        let answer = self.client.change(replica, request, key, PERSISTENCE).await?;
        if answer.status < 300 {
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        Some(answer)
    }

    async fn post(&mut self, replica: usize, key: &str) {
        let answer = self.change(replica, Request::PostTicket(format!("Show {key}")), key).await;
        if let Some(answer) = answer {
            self.offer(&answer);
        }
    }

    /// Asked once: without a key a client cannot know whether to ask again, and only the service might do it twice.
    async fn post_without_key(&mut self, replica: usize, name: &str) {
        let request = Request::PostTicket(format!("Once {name}"));
        let answer = self.client.ask(replica, request, Consistency::Session, None, false).await;
        if let Some(answer) = answer.filter(|answer| answer.status == 201) {
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
            self.offer(&answer);
        }
    }

    /// Others may order what was posted.
    fn offer(&mut self, posted: &Answer) {
        if let Some(id) = posted.body["id"].as_str() {
            self.own.push(id.to_owned());
            self.market.0.lock().unwrap_or_else(PoisonError::into_inner).push(id.to_owned());
        }
    }

    async fn order(&mut self, replica: usize, key: &str) {
        let Some(ticket) = self.some_ticket() else { return };
        let answer = self.change(replica, Request::Order(ticket), key).await;
        if let Some(answer) = answer.filter(|answer| answer.status == 201) {
            self.orders.extend(answer.body["id"].as_str().map(str::to_owned));
        }
    }

    async fn cancel(&mut self, replica: usize, key: &str) {
        let Some(order) = self.orders.pop() else { return };
        self.change(replica, Request::Cancel(order), key).await;
    }

    async fn rename(&mut self, replica: usize, key: &str) {
        let Some(ticket) = self.own.choose(&mut self.rng).cloned() else { return };
        self.change(replica, Request::RenameTicket(ticket, format!("Renamed {key}")), key).await;
    }

    async fn look(&mut self, replica: usize) {
        let consistency = match self.rng.random_range(0..10) {
            0..5 => Consistency::Strong,
            5..8 => Consistency::Session,
            _ => Consistency::Local,
        };
        let order = self.orders.last().filter(|_| self.rng.random_bool(0.3)).cloned();
        let Some(request) =
            order.map(Request::ShowOrder).or_else(|| self.some_ticket().map(Request::ShowTicket))
        else {
            return;
        };
        self.client.ask(replica, request, consistency, None, false).await;
    }

    fn some_ticket(&mut self) -> Option<String> {
        let tickets = self.market.0.lock().unwrap_or_else(PoisonError::into_inner);
        let newest = &tickets[tickets.len().saturating_sub(NEWEST)..];
        newest.choose(&mut self.rng).cloned()
    }
}
