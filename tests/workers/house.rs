//! A service without its listener, and short names for what people do in it.

use std::sync::Arc;
use std::time::Duration;

use boxoffice::auth::{
    ClusterSecret, Hasher, HasherLimits, Keyring, SealedSigningKey, Sealer, SignInFailures, Tokens,
};
use boxoffice::domain::*;
use boxoffice::event_signals::EventSignals;
use boxoffice::events::Hub;
use boxoffice::gateway::ClientCalls;
use boxoffice::http::server::ConnectionCounters;
use boxoffice::machine::Machine;
use boxoffice::metrics::Metrics;
use boxoffice::payment_signals::PaymentSignals;
use boxoffice::replica::Replica;
use boxoffice::service::Service;
use boxoffice::settings::{EventSettings, Rules};
use boxoffice::webhooks::Destinations;
use boxoffice::workers;
use boxoffice_raft::testing::{ManualClock, MemoryStorage};
use boxoffice_raft::{Engine, Options, Threading};
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::gateway::Stub;
use crate::receivers::Receivers;
use crate::refusing::{Refusals, Refusing};

/// Some time in 2026, in milliseconds since the Unix epoch.
const START_MS: u64 = 1_790_000_000_000;

/// How long there is to pay; a charge under way holds an order no longer than that.
pub(crate) const WINDOW_MS: u64 = 60_000;

/// On tokio's paused clock: what does not happen in so long never does.
const PATIENCE: Duration = Duration::from_secs(30 * 60);

/// How often to look at what tells nobody when it changes; on tokio's paused clock as well.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A service, its clock, its gateway, and a supply of identifiers.
pub(crate) struct House {
    pub(crate) service: Arc<Service>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) gateway: Arc<Stub>,
    pub(crate) receivers: Arc<Receivers>,
    pub(crate) refusals: Refusals,
    pub(crate) seller: Actor,
    made: u64,
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl House {
    /// A house in which nobody works yet.
    pub(crate) async fn new() -> Self {
        Self::at_level(SUPPORTED_LEVEL).await
    }

    /// The same, in a cluster at this feature level.
    pub(crate) async fn at_level(level: u32) -> Self {
        let clock = Arc::new(ManualClock::new(START_MS));
        let gateway = Arc::new(Stub::default());
        let receivers = Arc::new(Receivers::default());
        let refusals = Refusals::default();
        let service = Arc::new(
            service(clock.clone(), gateway.clone(), receivers.clone(), refusals.clone(), level).await,
        );
        let mut house = Self {
            service,
            clock,
            gateway,
            receivers,
            refusals,
            seller: Actor::default(),
            made: 0,
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
        };
        house.seller = house.sign_up().await;
        house
    }

    /// Has the workers begin.
    pub(crate) fn begin_work(&self) {
        workers::start(&self.service, &self.tasks, &self.closing);
    }

    /// Ends the workers, as a stop does.
    pub(crate) async fn end_work(&mut self) {
        self.closing.cancel();
        self.tasks.close();
        self.tasks.wait().await;
        (self.tasks, self.closing) = (TaskTracker::new(), CancellationToken::new());
    }

    /// Somebody new, signed in.
    pub(crate) async fn sign_up(&mut self) -> Actor {
        self.sign_up_many(1).await[0]
    }

    /// Who [`House::sign_up`] will make.
    pub(crate) fn next_to_sign_up(&self) -> Actor {
        let id = |ahead: u64| u128::from(self.made + ahead).to_be_bytes();
        actor(id(1), id(2))
    }

    pub(crate) async fn sign_up_many(&mut self, count: usize) -> Vec<Actor> {
        let ids = self.ids(count, actor);
        let sign_up = |actor: &Actor| SignUp {
            user: actor.user,
            email: format!("{}@example.com", actor.user),
            password_hash: "hash".into(),
            session: actor.session,
            session_ttl_ms: u64::MAX / 2,
            client: String::new(),
        };
        self.all_done(ids.iter().map(|actor| (None, Command::SignUp(sign_up(actor))))).await;
        ids
    }

    /// A charge of this source that is due, for a ticket of its own.
    pub(crate) async fn charge_due(&mut self, buyer: Actor, source: &str) -> PaymentId {
        self.charges_due(&[buyer], source).await[0]
    }

    /// One for each of these buyers.
    pub(crate) async fn charges_due(&mut self, buyers: &[Actor], source: &str) -> Vec<PaymentId> {
        let orders = self.orders(buyers).await;
        let payments = self.ids(buyers.len(), |one, _| PaymentId::from_bytes(one));
        self.all_done(buyers.iter().zip(&orders).zip(&payments).map(|((buyer, &order), &payment)| {
            (Some(*buyer), Command::Pay(Pay { payment, order, source: source.into(), ..Pay::default() }))
        }))
        .await;
        payments
    }

    /// An open order, for a ticket of its own.
    pub(crate) async fn order(&mut self, buyer: Actor) -> OrderId {
        self.orders(&[buyer]).await[0]
    }

    /// One for each of these buyers.
    async fn orders(&mut self, buyers: &[Actor]) -> Vec<OrderId> {
        let ids =
            self.ids(buyers.len(), |one, other| (TicketId::from_bytes(one), OrderId::from_bytes(other)));
        let fields = TicketFields { price_minor: 100, ..TicketFields::default() };
        let create = |ticket| CreateTicket { ticket, fields: fields.clone(), currency: "usd".into() };
        let seller = Some(self.seller);
        self.all_done(ids.iter().map(|(ticket, ..)| (seller, Command::CreateTicket(create(*ticket))))).await;
        self.all_done(buyers.iter().zip(&ids).map(|(buyer, &(ticket, order))| {
            (Some(*buyer), Command::Reserve(Reserve { order, ticket, payment_window_ms: WINDOW_MS }))
        }))
        .await;
        ids.iter().map(|(_, order)| *order).collect()
    }

    /// Refunds that are due for these buyers, of charges that came too late and have this name. Nobody works
    /// yet, or they would be charged in time.
    pub(crate) async fn refunds_due(&mut self, buyers: &[Actor], charge: &str) -> Vec<PaymentId> {
        let payments = self.charges_due(buyers, "").await;
        self.pass_the_window();
        self.all_done(payments.iter().map(|payment| (None, succeeded(*payment, charge)))).await;
        for payment in &payments {
            assert_eq!(self.payment(*payment).status(), PaymentStatus::Refunding);
        }
        payments
    }

    /// Has sales held from now on.
    pub(crate) async fn hold_sales(&mut self, hold: Hold) {
        self.refusals.hold_sales(hold);
        self.sign_up().await;
    }

    /// Lets the replicated clock go past the window of every order that there is.
    pub(crate) fn pass_the_window(&self) {
        self.clock.advance(Duration::from_millis(WINDOW_MS));
    }

    /// Records that a payment was charged, as its charge would.
    pub(crate) async fn charged(&self, payment: PaymentId, charge: &str) {
        self.all_done([(None, succeeded(payment, charge))].into_iter()).await;
    }

    pub(crate) fn payment(&self, id: PaymentId) -> Payment {
        let view = self.service.replica.view().expect("memory does not fail");
        view.payment(id).expect("memory does not fail").expect("it was claimed")
    }

    pub(crate) fn order_status(&self, id: OrderId) -> OrderStatus {
        let view = self.service.replica.view().expect("memory does not fail");
        view.order(id).expect("memory does not fail").expect("it was made").status()
    }

    /// Waits until the payment has this status.
    pub(crate) async fn until(&self, id: PaymentId, status: PaymentStatus) {
        let reached = async {
            loop {
                let change = self.service.payment_signals.change(id);
                if self.payment(id).status() == status {
                    return;
                }
                change.happened().await;
            }
        };
        let reached = tokio::time::timeout(PATIENCE, reached).await;
        assert!(reached.is_ok(), "{id} stays {:?}, and does not become {status:?}", self.payment(id));
    }

    /// Waits until the gateway was asked for something.
    pub(crate) async fn until_asked(&self, was_asked: impl Fn(&Stub) -> bool) {
        self.until_so(|house| was_asked(&house.gateway)).await;
    }

    /// Waits until something is so.
    pub(crate) async fn until_so(&self, is_so: impl Fn(&Self) -> bool) {
        let so = async {
            while !is_so(self) {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        assert!(tokio::time::timeout(PATIENCE, so).await.is_ok(), "{:?}", self.gateway);
    }

    /// The last index in the log.
    pub(crate) fn log_index(&self) -> u64 {
        self.service.replica.status().last_log_index.expect("the log has entries")
    }

    /// Has all of these applied.
    pub(crate) async fn all_done(&self, commands: impl Iterator<Item = (Option<Actor>, Command)>) {
        let submitted = commands.map(|(actor, body)| self.service.replica.submit(actor, None, body));
        for submitted in join_all(submitted).await {
            submitted.expect("the engine runs").result.expect("nothing is in the way");
        }
    }

    /// So many things, each made of two identifiers that were not given out before.
    fn ids<T>(&mut self, count: usize, make: impl Fn([u8; 16], [u8; 16]) -> T) -> Vec<T> {
        let mut next_id = || {
            self.made += 1;
            u128::from(self.made).to_be_bytes()
        };
        (0..count).map(|_| make(next_id(), next_id())).collect()
    }
}

fn actor(user: [u8; 16], session: [u8; 16]) -> Actor {
    Actor { user: UserId::from_bytes(user), session: SessionId::from_bytes(session) }
}

fn succeeded(payment: PaymentId, charge: &str) -> Command {
    let charge = charge.to_owned();
    Command::SettleCharge(SettleCharge { payment, succeeded: true, charge, ..SettleCharge::default() })
}

async fn service(
    clock: Arc<ManualClock>,
    gateway: Arc<Stub>,
    receivers: Arc<Receivers>,
    refusals: Refusals,
    level: u32,
) -> Service {
    let (payment_signals, metrics) = (Arc::new(PaymentSignals::default()), Arc::new(Metrics::default()));
    let event_signals = Arc::new(EventSignals::default());
    let machine = Machine::new(payment_signals.clone(), event_signals.clone(), metrics.clone());
    let options = Options {
        storage: Arc::new(MemoryStorage::new()),
        // On threads of their own, the writers would not stop tokio's clock from going on.
        threading: Threading::Inline,
        supported_level: level,
        ..Options::new("unused")
    };
    let engine = Engine::open(options.with_clock(clock), Box::new(Refusing { machine, refusals }))
        .await
        .expect("opens");
    engine.wait_recovered().await.expect("recovers");
    let sealer = Sealer::new(&ClusterSecret::new("sixteen characters").expect("long enough"));
    let key = SealedSigningKey::generate(&sealer, START_MS).expect("there is randomness");
    Service {
        replica: Replica::new(engine),
        tokens: Tokens::new(Keyring::open(&[key], &sealer).expect("sealed above")),
        hasher: Hasher::new(HasherLimits { threads: 1, queue: 1 }).expect("a thread"),
        sign_in_failures: SignInFailures::new(),
        stripe: None,
        client_calls: ClientCalls::default(),
        sealer,
        gateway,
        rules: Rules {
            payment_window: Duration::from_millis(WINDOW_MS),
            payment_grace: Duration::ZERO,
            session_ttl: Duration::from_secs(1_000_000),
            currency: "usd".into(),
        },
        payment_signals,
        events: Arc::new(Hub::new(event_signals.clone(), 1)),
        event_signals,
        webhook_destinations: Destinations { allow_private: true },
        webhook_sender: receivers,
        event_settings: EventSettings {
            events_keep_for: Duration::from_secs(1_000_000),
            events_keep_bytes: 1 << 30,
            events_max_streams: 1,
        },
        metrics,
        connections: Arc::new(ConnectionCounters::default()),
    }
}
