//! Going through both sides.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::compare::{self, Here, Verdict};
use super::times::{days, ids_of, in_ms, stretches};
use super::{Counts, Difference, Kind, Line, Side, Wanted};
use crate::domain::{Payment, PaymentId};
use crate::gateway::stripe::Stripe;
use crate::gateway::stripe::list::{Between, ListedIntent, ListedRefund, Sums};
use crate::gateway::{Gateway, GatewayError, IntentState};
use crate::replica::{NotYet, WAIT_LIMIT};
use crate::service::Service;
use crate::store::StoreError;

/// Where the lines go. Once nobody reads them any more, it ends.
pub type Lines = mpsc::Sender<Line>;

/// Intents of one day whose names are kept, at 16 bytes or so each: a sale of a dozen a second, all day long.
const MAX_A_DAY: usize = 1_000_000;

/// Intents whose names are kept because their refunds were compared. Of more, one may be said to differ twice.
const MAX_REFUNDS: usize = 1_000_000;

/// Payments that are read from the state at a time.
const PAGE: usize = 500;

/// How long after its order was held a payment should be settled.
const OVERDUE_AFTER_MS: u64 = 10 * 60 * 1_000;

/// Times that the same is asked of Stripe, or of the cluster, and the first pause between two of them; with Stripe each
/// is twice as long as the one before.
const MAX_TRIES: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// How often both sides are looked at again before what still changes counts as under way.
const MAX_LOOKS: usize = 5;

/// How long a line waits for somebody to read one.
const NOBODY_READS_AFTER: Duration = Duration::from_secs(60);

/// Other clusters that are counted one by one.
const MAX_OTHER_CLUSTERS: usize = 16;

/// Why not everything was compared.
#[derive(Debug, thiserror::Error)]
pub enum Incomplete {
    /// Stripe did not say.
    #[error("Stripe does not answer: {0}")]
    Stripe(#[from] GatewayError),
    /// The state cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is newest is not known.
    #[error("the state here may be old: {0}")]
    Behind(#[from] NotYet),
    /// More than fits into memory.
    #[error("there are more than {MAX_A_DAY} intents within a day")]
    TooMany,
    /// Whoever asked has left.
    #[error("nobody reads it any more")]
    NobodyReads,
}

/// Compares, and says what differs as it is found. The last line is for the caller to send.
///
/// # Errors
/// [`Incomplete`].
pub async fn run(
    service: &Service,
    stripe: &Stripe,
    wanted: &Wanted,
    lines: &Lines,
) -> Result<Counts, Incomplete> {
    let mut run = Run {
        service,
        stripe,
        wanted,
        lines,
        counts: Counts::default(),
        seen: HashSet::new(),
        refunds_compared: HashSet::new(),
        hasher: RandomState::new(),
    };
    for stretch in stretches(Between { from_s: wanted.from_s, to_s: wanted.to_s }) {
        run.stretch(stretch).await?;
    }
    Ok(run.counts)
}

struct Run<'r> {
    service: &'r Service,
    stripe: &'r Stripe,
    wanted: &'r Wanted,
    lines: &'r Lines,
    counts: Counts,
    /// The intents of the day that were compared, by a hash of their names.
    seen: HashSet<u64>,
    /// The same of intents whose refunds were compared on any day.
    refunds_compared: HashSet<u64>,
    hasher: RandomState,
}

impl Run<'_> {
    async fn stretch(&mut self, stretch: Between) -> Result<(), Incomplete> {
        if self.is_empty(stretch).await? {
            return self.say_how_far(stretch.to_s).await;
        }
        for day in days(stretch) {
            self.day(day).await?;
            self.say_how_far(day.to_s).await?;
        }
        Ok(())
    }

    /// Whether nothing was made in this time, neither there nor here.
    async fn is_empty(&self, stretch: Between) -> Result<bool, Incomplete> {
        self.wait_for_newest().await?;
        let (from, until) = ids_of(stretch);
        let stripe = self.stripe;
        Ok(self.service.replica.view()?.payments_between(from, until, 1)?.is_empty()
            && patiently(|| stripe.intents_made(stretch, None)).await?.found.is_empty()
            && patiently(|| stripe.refunds_made(stretch, None)).await?.found.is_empty())
    }

    async fn day(&mut self, day: Between) -> Result<(), Incomplete> {
        self.seen.clear();
        self.wait_for_newest().await?;
        self.intents(day).await?;
        self.payments(day).await?;
        self.refunds(day).await
    }

    /// What Stripe has.
    async fn intents(&mut self, day: Between) -> Result<(), Incomplete> {
        let mut after = None::<String>;
        loop {
            let stripe = self.stripe;
            let page = patiently(|| stripe.intents_made(day, after.as_deref())).await?;
            for intent in page.found {
                self.counts.intents += 1;
                if self.seen.len() >= MAX_A_DAY {
                    return Err(Incomplete::TooMany);
                }
                self.intent(intent).await?;
            }
            after = page.after;
            if after.is_none() {
                return Ok(());
            }
            self.say_how_far(day.from_s.saturating_sub(1)).await?;
        }
    }

    async fn intent(&mut self, listed: ListedIntent) -> Result<(), Incomplete> {
        let here = self.here(listed.payment)?;
        if here.is_none() && !self.is_ours(listed.cluster.as_deref()) {
            // Not seen: if a payment here says that it is its own, it is compared with that.
            self.count_others(&listed);
            return Ok(());
        }
        self.seen.insert(self.hasher.hash_one(&listed.intent));
        self.compare(listed, here).await
    }

    /// What is charged here.
    async fn payments(&mut self, day: Between) -> Result<(), Incomplete> {
        let (from_ms, until_ms) = in_ms(day);
        let (mut from, until) = ids_of(day);
        loop {
            let page = self.service.replica.view()?.payments_between(from, until, PAGE)?;
            let Some(last) = page.last() else { return Ok(()) };
            from = PaymentId::from_bytes(
                u128::from_be_bytes(last.id.to_bytes()).saturating_add(1).to_be_bytes(),
            );
            for payment in page {
                let is_of_the_day = (from_ms..until_ms).contains(&payment.created_at_ms);
                if is_of_the_day && payment.gateway == self.stripe.mark() && payment.is_charged() {
                    self.counts.payments += 1;
                    self.payment(payment).await?;
                }
            }
        }
    }

    async fn payment(&mut self, payment: Payment) -> Result<(), Incomplete> {
        if !self.seen.contains(&self.hasher.hash_one(&payment.intent)) {
            // Made on another day, or not at all.
            match self.read(&payment.intent).await? {
                Some(listed) => {
                    let here = self.here(Some(payment.id))?;
                    self.compare(listed, here).await?;
                }
                None => return self.differs(Kind::UnknownThere, None, None, Some(&payment)).await,
            }
        }
        // Also where Stripe may have none of them: what was refused there is not in its list.
        if payment.refunds.is_some() || payment.refunded_minor() > 0 {
            self.compare_refunds(&payment.intent, payment.id).await?;
        }
        Ok(())
    }

    /// What Stripe gave back.
    async fn refunds(&mut self, day: Between) -> Result<(), Incomplete> {
        let mut after = None::<String>;
        loop {
            let stripe = self.stripe;
            let page = patiently(|| stripe.refunds_made(day, after.as_deref())).await?;
            for refund in page.found {
                self.counts.refunds += 1;
                self.refund(&refund).await?;
            }
            after = page.after;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    async fn refund(&mut self, refund: &ListedRefund) -> Result<(), Incomplete> {
        let Some(intent) = refund.intent.as_deref() else { return Ok(()) };
        let Some(listed) = self.read(intent).await? else { return Ok(()) };
        match self.here(listed.payment)? {
            // What the state does not know was said of its charge, if that is ours.
            Some(here) if here.payment.intent == intent => {
                self.compare_refunds(intent, here.payment.id).await
            }
            _ => Ok(()),
        }
    }

    /// Compares an intent with a payment: until both say the same, or nothing changes any more.
    async fn compare(&mut self, mut listed: ListedIntent, mut here: Option<Here>) -> Result<(), Incomplete> {
        for _ in 0..MAX_LOOKS {
            let kind = match compare::charge(&listed, here.as_ref()) {
                Verdict::Same => return Ok(()),
                Verdict::UnderWay => break,
                Verdict::Differs(kind) => kind,
            };
            let again = self.read(&listed.intent).await?;
            self.wait_for_newest().await?;
            let here_again = self.here(listed.payment.or(here.as_ref().map(|here| here.payment.id)))?;
            let Some(again) = again else { break };
            if (&again, &here_again) == (&listed, &here) {
                let payment = here.as_ref().map(|here| &here.payment);
                return self.differs(kind, Some(&listed), None, payment).await;
            }
            (listed, here) = (again, here_again);
        }
        self.counts.under_way += 1;
        Ok(())
    }

    /// The same for what was given back.
    async fn compare_refunds(&mut self, intent: &str, payment: PaymentId) -> Result<(), Incomplete> {
        let hash = self.hasher.hash_one(intent);
        if self.refunds_compared.contains(&hash) {
            return Ok(());
        }
        if self.refunds_compared.len() < MAX_REFUNDS {
            self.refunds_compared.insert(hash);
        }
        let mut before = None;
        for _ in 0..MAX_LOOKS {
            let stripe = self.stripe;
            let there = patiently(|| stripe.refunded_of(intent)).await?;
            self.wait_for_newest().await?;
            let Some(here) = self.here(Some(payment))? else { return Ok(()) };
            match compare::refunds(&there, &here) {
                Verdict::Same => return Ok(()),
                Verdict::UnderWay => break,
                Verdict::Differs(kind) => {
                    if before.as_ref() == Some(&(there, here.clone())) {
                        let listed = self.read(intent).await?;
                        return self.differs(kind, listed.as_ref(), Some(&there), Some(&here.payment)).await;
                    }
                    before = Some((there, here));
                }
            }
        }
        self.counts.under_way += 1;
        Ok(())
    }

    /// Waits for the newest state; also through an election, which is no reason to begin anew.
    async fn wait_for_newest(&self) -> Result<(), NotYet> {
        for _ in 1..MAX_TRIES {
            match self.service.replica.wait_for_newest(Instant::now() + WAIT_LIMIT).await {
                Err(NotYet::NoLeader | NotYet::Behind { .. } | NotYet::TooMany) => sleep(FIRST_PAUSE).await,
                done => return done,
            }
        }
        self.service.replica.wait_for_newest(Instant::now() + WAIT_LIMIT).await
    }

    async fn read(&self, intent: &str) -> Result<Option<ListedIntent>, GatewayError> {
        let stripe = self.stripe;
        patiently(|| stripe.intent_made(intent)).await
    }

    fn here(&self, payment: Option<PaymentId>) -> Result<Option<Here>, StoreError> {
        let Some(payment) = payment else { return Ok(None) };
        let view = self.service.replica.view()?;
        let Some(payment) = view.payment(payment)? else { return Ok(None) };
        let held_until_ms = view.order(payment.order)?.and_then(|order| order.held_until_ms);
        let ends_ms = held_until_ms.unwrap_or(payment.created_at_ms).max(payment.created_at_ms);
        let is_overdue = self.service.replica.now_ms() > ends_ms.saturating_add(OVERDUE_AFTER_MS);
        Ok(Some(Here { payment, is_overdue }))
    }

    fn is_ours(&self, cluster: Option<&str>) -> bool {
        let is_also = |cluster: &str| self.wanted.also_clusters.iter().any(|also| also == cluster);
        cluster.is_some_and(|cluster| cluster == self.stripe.cluster() || is_also(cluster))
    }

    fn count_others(&mut self, listed: &ListedIntent) {
        let is_charged = matches!(listed.state, Some(IntentState::Succeeded { .. }));
        let Some(cluster) = listed.cluster.as_ref().filter(|_| is_charged) else { return };
        let others = &mut self.counts.other_clusters;
        if others.len() < MAX_OTHER_CLUSTERS || others.contains_key(cluster) {
            *others.entry(cluster.clone()).or_default() += 1;
        }
    }

    async fn differs(
        &mut self,
        kind: Kind,
        there: Option<&ListedIntent>,
        refunds: Option<&Sums>,
        here: Option<&Payment>,
    ) -> Result<(), Incomplete> {
        self.counts.differences += 1;
        let intent = there.map(|there| &there.intent).or(here.map(|here| &here.intent));
        let named = here.map(|here| here.id).or(there.and_then(|there| there.payment));
        let difference = Difference {
            kind,
            intent: intent.cloned().unwrap_or_default(),
            payment: named.map(|payment| payment.to_string()),
            order: here.map(|here| here.order.to_string()),
            created_s: there
                .map(|there| there.created_s)
                .or(here.map(|here| here.created_at_ms / 1_000))
                .unwrap_or_default(),
            there: there.map(|there| Side::there(there, refunds)),
            here: here.map(Side::here),
        };
        self.say(Line::Difference(Box::new(difference))).await
    }

    async fn say_how_far(&self, through_s: u64) -> Result<(), Incomplete> {
        self.say(Line::Progress { through_s, counts: self.counts.clone() }).await
    }

    async fn say(&self, line: Line) -> Result<(), Incomplete> {
        self.lines.send_timeout(line, NOBODY_READS_AFTER).await.map_err(|_| Incomplete::NobodyReads)
    }
}

/// Asks again for what may be asked again.
async fn patiently<T, F>(call: impl Fn() -> F) -> Result<T, GatewayError>
where
    F: Future<Output = Result<T, GatewayError>>,
{
    let mut pause = FIRST_PAUSE;
    for _ in 1..MAX_TRIES {
        match call().await {
            Err(GatewayError::Busy { retry_after }) => sleep(retry_after.unwrap_or(pause)).await,
            Err(GatewayError::Unknown(_)) => sleep(pause).await,
            done => return done,
        }
        pause *= 2;
    }
    call().await
}
