//! Payments by a stand-in for Stripe that fails, on replicas whose leader is killed all the time: in the end its books
//! are the service's, to the cent.

mod books;
mod customers;
mod refunds;
mod seen;
mod shop;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use boxoffice_stripe_fake::{Books, Fake, Fault, Faults, Options, WebhookSettings};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

pub use self::books::{Evidence, Tally, compare};
use self::customers::{Customers, Visits};
pub use self::seen::{OrderSeen, PaymentSeen, RefundSeen, Told, ToldOf};
use self::shop::Shop;
use crate::checker::check;
use crate::cluster::{Cluster, ClusterOptions};

/// The bar: after the last fault each order is settled by then.
pub const SETTLED_WITHIN: Duration = Duration::from_secs(60);
/// What is not settled so long after that never is.
const SETTLED_AT_ALL: Duration = Duration::from_secs(120);
const TELL_EVERY: Duration = Duration::from_secs(10);
const WEBHOOK_SECRET: &str = "whsec_standin";
pub(crate) const PUBLISHABLE_KEY: &str = "pk_test_standin";

/// What is to be done.
#[derive(Clone, Debug)]
pub struct PaymentsOptions {
    /// The `boxoffice` program.
    pub binary: PathBuf,
    /// Replicas, all of which vote.
    pub replicas: usize,
    /// Where everything lies; a temporary directory that goes if all is well if none is named.
    pub directory: Option<PathBuf>,
    /// What all choices follow from.
    pub seed: u64,
    /// Payments to begin. Some orders take several, and some are never paid.
    pub payments: usize,
    /// Customers at once.
    pub customers: usize,
    /// Probability that a call of the gateway goes wrong.
    pub faults: f64,
    /// How long a call hangs that does.
    pub hang: Duration,
    /// How often the leader is killed; never if it is zero.
    pub kill_every: Duration,
    /// How long a buyer has to pay, and for how long a payment under way may hold an order past that. In whole seconds.
    pub window_and_grace: (Duration, Duration),
    /// No customer begins with anything after so long.
    pub at_most: Duration,
}

/// What became of it.
pub struct Outcome {
    /// What must not be, in words.
    pub violations: Vec<String>,
    /// Names and values, for people.
    pub table: Vec<(String, String)>,
    /// All that the comparison had to go by.
    pub evidence: Evidence,
    /// How long after the last fault every order was settled; `None` if they were not.
    pub settled_after: Option<Duration>,
    /// Where everything lies, if there is something to look into.
    pub kept: Option<PathBuf>,
}

/// Runs, telling `say` what happens.
///
/// # Errors
/// When a process cannot be started, or the cluster does not recover.
pub async fn run(options: PaymentsOptions, say: impl Fn(&str)) -> anyhow::Result<Outcome> {
    let fake = Arc::new(Fake::start(Options { seed: options.seed, ..Options::default() }).await?);
    let mut cluster = Cluster::new(cluster_options(&options, &fake)).await?;
    let driven = Run { options: &options, fake: &fake, cluster: &mut cluster, say: &say }.drive().await;
    let mut outcome = match driven {
        Ok(outcome) => outcome,
        Err(error) => {
            return Err(error.context(format!("all files: {}", cluster.keep().display())));
        }
    };
    say("checking every replica's log and state");
    let verdict = check(&options.binary, &cluster, &[])?;
    outcome.table.push(("entries in the log".to_owned(), verdict.entries.to_string()));
    outcome.violations.extend(verdict.violations);
    if !outcome.violations.is_empty() {
        let root = cluster.keep();
        std::fs::write(root.join("evidence.txt"), format!("{:#?}\n", outcome.evidence))?;
        outcome.kept = Some(root);
    }
    Ok(outcome)
}

/// What a service says of everything that these buyers bought of this seller, with the gateway's books. The accounts are
/// named by their bearer tokens; the service is asked at the first of `bases`.
///
/// # Errors
/// When it does not answer.
pub async fn evidence(
    bases: Vec<String>,
    seller: &str,
    buyers: &[String],
    books: Books,
) -> anyhow::Result<Evidence> {
    let shop = Shop::of(bases, seller.to_owned(), buyers.to_vec())?;
    let (orders, payments) = (shop.orders().await?, shop.payments().await?);
    let refunds = shop.refunds(&payments).await?;
    Ok(Evidence { books, orders, payments, refunds, ..Evidence::default() })
}

fn cluster_options(options: &PaymentsOptions, fake: &Fake) -> ClusterOptions {
    let (window, grace) = options.window_and_grace;
    let settings = [
        ("BOXOFFICE_STRIPE_SECRET_KEY", "sk_test_standin".to_owned()),
        ("BOXOFFICE_STRIPE_PUBLISHABLE_KEY", PUBLISHABLE_KEY.to_owned()),
        ("BOXOFFICE_STRIPE_WEBHOOK_SECRET", WEBHOOK_SECRET.to_owned()),
        ("BOXOFFICE_STRIPE_API_BASE", fake.url()),
        ("BOXOFFICE_PAYMENT_WINDOW", format!("{}s", window.as_secs())),
        ("BOXOFFICE_PAYMENT_GRACE", format!("{}s", grace.as_secs())),
    ];
    ClusterOptions {
        binary: options.binary.clone(),
        voters: options.replicas,
        learners: 0,
        settings: settings.map(|(name, value)| (name.to_owned(), value)).into(),
        directory: options.directory.clone(),
    }
}

/// A run on a cluster that is not started yet.
struct Run<'r, F> {
    options: &'r PaymentsOptions,
    fake: &'r Arc<Fake>,
    cluster: &'r mut Cluster,
    say: &'r F,
}

/// What there is to say of the time of the faults.
struct UnderFaults {
    visits: Visits,
    kills: usize,
    lasted: Duration,
    struck: BTreeMap<Fault, u64>,
    ended: Instant,
}

impl<F: Fn(&str)> Run<'_, F> {
    async fn drive(mut self) -> anyhow::Result<Outcome> {
        self.cluster.start_all()?;
        self.cluster.until_all_ready().await?;
        let bases = (0..self.cluster.count()).map(|number| self.cluster.base(number)).collect();
        let shop = Arc::new(Shop::open(bases, self.fake.url(), self.options.customers).await?);
        // Every replica knows the accounts before one of them is asked for something.
        self.cluster.heal().await?;
        let has_webhooks = self.tell_of_events(&shop).await;
        let (count, root) = (self.cluster.count(), self.cluster.root().display().to_string());
        (self.say)(&format!("{count} replicas serve, files in {root}"));
        let mut under_faults = self.break_it(&shop).await?;
        let settled_after = self.until_settled(&shop, under_faults.ended).await?;
        let payments = shop.payments().await?;
        let evidence = Evidence {
            books: self.fake.books(),
            orders: shop.orders().await?,
            refunds: shop.refunds(&payments).await?,
            payments,
            told: std::mem::take(&mut under_faults.visits.told),
            refunds_told: std::mem::take(&mut under_faults.visits.refunds_told),
        };
        self.cluster.terminate_all().await?;
        let (tally, mut violations) = compare(&evidence);
        violations.extend(shop.odd_answers());
        let breaches = self.fake.violations().into_iter();
        violations.extend(breaches.map(|breach| format!("Stripe's document: {breach}")));
        violations.extend(self.missed(tally.payments, settled_after));
        let mut table = self.table(&under_faults, has_webhooks);
        table.extend(tally.table());
        let settled =
            settled_after.map_or("never".to_owned(), |after| format!("{:.1} s", after.as_secs_f64()));
        table.push(line("all settled after the last fault", settled));
        Ok(Outcome { violations, table, evidence, settled_after, kept: None })
    }

    /// Lets customers in while everything fails, until they have begun enough payments; then they finish what they do.
    async fn break_it(&mut self, shop: &Arc<Shop>) -> anyhow::Result<UnderFaults> {
        self.fake.set_faults(Faults::all(self.options.faults, self.options.hang));
        let began = Instant::now();
        let customers = Customers::let_in(shop, self.fake, self.options);
        let kills = self.kill_leaders(&customers, began).await?;
        // With as much under way as ever.
        self.fake.set_faults(Faults::default());
        let (lasted, struck, ended) = (began.elapsed(), self.fake.fault_counts(), Instant::now());
        self.cluster.heal().await.context("after the last fault")?;
        (self.say)("no more faults; waiting until every order is settled");
        let visits = customers.leave().await;
        Ok(UnderFaults { visits, kills, lasted, struck, ended })
    }

    fn table(&self, under_faults: &UnderFaults, has_webhooks: bool) -> Vec<(String, String)> {
        let UnderFaults { visits, kills, lasted, struck, .. } = under_faults;
        let mut table = vec![
            line("orders", visits.orders),
            line("seconds under faults", format!("{:.0}", lasted.as_secs_f64())),
            line("leader killed", kills),
            line("calls of the gateway", self.fake.counts().values().sum::<u64>()),
            line("calls that went wrong", struck.values().sum::<u64>()),
        ];
        table.extend(struck.iter().map(|(fault, count)| line(&format!("  {fault:?}"), count)));
        let counts = self.fake.webhook_counts();
        table.push(match has_webhooks {
            true => line("webhooks taken, lost", format!("{}, {}", counts.delivered, counts.dropped)),
            false => line("webhooks", "none: this program does not take them"),
        });
        table
    }

    /// Has the stand-in tell the replicas of events, unreliably, if they take that.
    async fn tell_of_events(&self, shop: &Shop) -> bool {
        let urls = shop.webhook_urls();
        if !shop.takes_webhooks().await {
            return false;
        }
        self.fake.set_webhooks(WebhookSettings {
            urls,
            secrets: vec![WEBHOOK_SECRET.to_owned()],
            delay_ms: (0, 1_000),
            dropped: 0.3,
            doubled: 0.2,
            reordered: 0.2,
            ..WebhookSettings::default()
        });
        true
    }

    /// Kills whoever leads and starts it again, until there are enough payments. Returns how often.
    async fn kill_leaders(&mut self, customers: &Customers, began: Instant) -> anyhow::Result<usize> {
        let (mut kills, mut told_at) = (0, began);
        let pause =
            if self.options.kill_every.is_zero() { Duration::from_secs(1) } else { self.options.kill_every };
        let mut turns = interval(pause);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        turns.tick().await;
        while !customers.are_enough() {
            turns.tick().await;
            if began.elapsed() > self.options.at_most {
                break;
            }
            if told_at.elapsed() >= TELL_EVERY {
                told_at = Instant::now();
                (self.say)(&format!(
                    "{:>7.1} s  {} of {} payments begun, leader killed {kills} times",
                    began.elapsed().as_secs_f64(),
                    customers.attempts(),
                    self.options.payments,
                ));
            }
            if !self.options.kill_every.is_zero() {
                let leader = self.cluster.leader().await?;
                self.cluster.kill(leader)?;
                self.cluster.start(leader)?;
                kills += 1;
            }
        }
        Ok(kills)
    }

    async fn until_settled(&self, shop: &Shop, last_fault: Instant) -> anyhow::Result<Option<Duration>> {
        while last_fault.elapsed() < SETTLED_AT_ALL {
            if shop.is_settled().await? {
                return Ok(Some(last_fault.elapsed()));
            }
            sleep(Duration::from_millis(500)).await;
        }
        Ok(None)
    }

    /// Which bars were not met.
    fn missed(&self, begun: usize, settled_after: Option<Duration>) -> Vec<String> {
        let wanted = self.options.payments;
        let too_few = (begun < wanted).then(|| {
            format!("only {begun} of {wanted} payments were begun within {:?}", self.options.at_most)
        });
        let too_late = settled_after
            .is_none_or(|after| after > SETTLED_WITHIN)
            .then(|| format!("not every order was settled within {SETTLED_WITHIN:?} of the last fault"));
        too_few.into_iter().chain(too_late).collect()
    }
}

/// A line of the table.
fn line(name: &str, value: impl ToString) -> (String, String) {
    (name.to_owned(), value.to_string())
}
