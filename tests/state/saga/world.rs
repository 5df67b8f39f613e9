//! A shop, a gateway, and leaders between them, whose calls and commands come to pass when the test has it so.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use boxoffice::domain::*;
use boxoffice::gateway::{
    ClientSecret, Confirmation, Gateway, GatewayCall, GatewayError, IntentState, KnownRefund, NewIntent,
    Prepared, RefundRequest, Refunded,
};
use boxoffice::replica::{OwnCommandError, Unavailable};
use boxoffice::saga::{NoFinalWord, Office, Seen};
use boxoffice::store::StoreError;

use super::gateway::{Asked, Books, Said, Slot};
use crate::shop::Shop;

/// What the fake gateway is called, and its payments are marked with.
pub(crate) const MARK: &str = "fake";

/// What a call says that got no answer in time.
const TIMED_OUT: &str = "timed out";

/// A call that has not come to pass.
pub(crate) struct Call {
    pub(crate) asked: Asked,
    pub(crate) answer: Slot<Result<Said, GatewayError>>,
}

/// A command that is not applied.
pub(crate) struct Proposal {
    pub(crate) envelope: Envelope,
    pub(crate) answer: Slot<Result<Answer, OwnCommandError>>,
}

/// The rows that a replica has.
#[derive(Clone, Default)]
struct Rows {
    now_ms: u64,
    payments: BTreeMap<PaymentId, Payment>,
    orders: BTreeMap<OrderId, Order>,
    refunds: BTreeMap<RefundId, Refund>,
}

/// Everything there is.
pub(crate) struct World {
    pub(crate) shop: Shop,
    pub(crate) books: Books,
    pub(crate) calls: Vec<Call>,
    pub(crate) proposals: Vec<Proposal>,
    /// The state after each command: a replica may be behind.
    history: Vec<Rows>,
}

impl World {
    pub(crate) fn new() -> Self {
        let (shop, books) = (Shop::new(), Books::default());
        let mut world = Self { shop, books, calls: Vec::new(), proposals: Vec::new(), history: Vec::new() };
        world.note();
        world
    }

    /// Keeps the state as it is.
    pub(crate) fn note(&mut self) {
        let payments = self.shop.rows("payments").map(|payment: Payment| (payment.id, payment)).collect();
        let orders = self.shop.rows("orders").map(|order: Order| (order.id, order)).collect();
        let refunds = self.shop.rows("refunds").map(|refund: Refund| (refund.id, refund)).collect();
        self.history.push(Rows { now_ms: self.shop.now_ms, payments, orders, refunds });
    }

    pub(crate) fn payments(&self) -> Vec<Payment> {
        self.rows(0).payments.values().cloned().collect()
    }

    pub(crate) fn orders(&self) -> Vec<Order> {
        self.rows(0).orders.values().cloned().collect()
    }

    pub(crate) fn refunds(&self) -> Vec<Refund> {
        self.rows(0).refunds.values().cloned().collect()
    }

    pub(crate) fn payment(&self, id: PaymentId) -> Option<&Payment> {
        self.rows(0).payments.get(&id)
    }

    fn rows(&self, behind: usize) -> &Rows {
        let newest = self.history.len() - 1;
        &self.history[newest.saturating_sub(behind)]
    }

    /// Applies a proposal, and says what it answers.
    pub(crate) fn apply(&mut self, envelope: &Envelope) -> Result<Answer, OwnCommandError> {
        let answer = self.shop.apply(envelope).into_result();
        self.note();
        answer.map_err(|rejection| match rejection.code() {
            RejectionCode::Internal => panic!("an alarm: {}", rejection.fault),
            RejectionCode::RequestExpired => timed_out(),
            _ => OwnCommandError::Rejected(rejection),
        })
    }
}

pub(crate) fn timed_out() -> OwnCommandError {
    OwnCommandError::Unavailable(Unavailable::TimedOut)
}

pub(crate) fn no_answer_in_time() -> GatewayError {
    GatewayError::Unknown(TIMED_OUT.to_owned())
}

/// The world, shared by the leaders and the test.
#[derive(Clone)]
pub(crate) struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(World::new())))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks the gateway, which does it when the test has it so.
    async fn ask(&self, asked: Asked) -> Result<Said, GatewayError> {
        let answer = Slot::new();
        self.lock().calls.push(Call { asked, answer: answer.clone() });
        answer.await
    }
}

/// Whoever runs the saga: the leader, one that was, or one that hears of something.
pub(crate) struct Leader {
    pub(crate) world: Shared,
    /// How many commands its state is behind.
    pub(crate) behind: usize,
}

impl Office for Leader {
    fn now_ms(&self) -> u64 {
        let world = self.world.lock();
        if self.behind == 0 { world.shop.now_ms } else { world.rows(self.behind).now_ms }
    }

    fn look(&self, payment: PaymentId) -> Result<Option<Seen>, StoreError> {
        let world = self.world.lock();
        let rows = world.rows(self.behind);
        Ok(rows.payments.get(&payment).map(|payment| Seen {
            payment: payment.clone(),
            order: rows.orders[&payment.order].clone(),
            sales_held: false,
            is_restored: false,
        }))
    }

    fn refunds(&self, payment: PaymentId) -> Result<Vec<Refund>, StoreError> {
        let world = self.world.lock();
        let of_payment = world.rows(self.behind).refunds.values().filter(|refund| refund.payment == payment);
        Ok(of_payment.cloned().collect())
    }

    async fn commit(&self, command: Command) -> Result<Answer, OwnCommandError> {
        let answer = Slot::new();
        {
            let mut world = self.world.lock();
            let envelope = world.shop.envelope(None, command);
            world.proposals.push(Proposal { envelope, answer: answer.clone() });
        }
        answer.await
    }

    fn gateway(&self) -> &dyn Gateway {
        &self.world
    }

    async fn answered<T: Send>(
        &self,
        _: &'static str,
        _: Duration,
        under_way: GatewayCall<'_, T>,
    ) -> Result<T, NoFinalWord> {
        match under_way.await {
            Err(GatewayError::Unknown(what)) if what == TIMED_OUT => Err(NoFinalWord::TimedOut),
            answer => Ok(answer?),
        }
    }
}

impl Gateway for Shared {
    fn name(&self) -> &'static str {
        MARK
    }

    fn known_intent(&self, payment: PaymentId) -> Option<String> {
        self.lock().books.knows_all.then(|| Books::known_intent(payment))
    }

    fn publishable_key(&self) -> Option<&str> {
        None
    }

    fn prepare<'a>(&'a self, intent: &'a NewIntent) -> GatewayCall<'a, Prepared> {
        Box::pin(async move {
            match self.ask(Asked::Prepare(intent.clone())).await? {
                Said::Prepared(prepared) => Ok(prepared),
                _ => unreachable!("an answer to another question"),
            }
        })
    }

    fn confirm<'a>(&'a self, confirmation: &'a Confirmation) -> GatewayCall<'a, IntentState> {
        self.assert_on_record(confirmation);
        self.state(Asked::Confirm(confirmation.clone()))
    }

    fn read<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        self.state(Asked::Read(intent.to_owned()))
    }

    fn cancel<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        self.state(Asked::Cancel(intent.to_owned()))
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> GatewayCall<'a, Refunded> {
        Box::pin(async move {
            match self.ask(Asked::Refund(request.clone())).await? {
                Said::Refunded(refunded) => Ok(refunded),
                _ => unreachable!("an answer to another question"),
            }
        })
    }

    fn refunds<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, Vec<KnownRefund>> {
        Box::pin(async move {
            match self.ask(Asked::Refunds(intent.to_owned())).await? {
                Said::Refunds(refunds) => Ok(refunds),
                _ => unreachable!("an answer to another question"),
            }
        })
    }

    fn browser_secret<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, ClientSecret> {
        Box::pin(async move { Ok(ClientSecret::new(intent)) })
    }
}

impl Shared {
    fn state(&self, asked: Asked) -> GatewayCall<'_, IntentState> {
        Box::pin(async move {
            match self.ask(asked).await? {
                Said::State(state) => Ok(state),
                _ => unreachable!("an answer to another question"),
            }
        })
    }

    /// Nobody confirms what is not the payment's one intent.
    fn assert_on_record(&self, confirmation: &Confirmation) {
        let world = self.lock();
        if !world.books.knows_all {
            let payment = world.payment(confirmation.payment).expect("a payment");
            assert_eq!(payment.intent, confirmation.intent, "confirmed, and not on record");
        }
    }
}
