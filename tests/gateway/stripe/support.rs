//! A stand-in, and an account at it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use boxoffice::auth::Secret;
use boxoffice::domain::{OrderId, PaymentId};
use boxoffice::gateway::stripe::Stripe;
use boxoffice::gateway::{
    Confirmation, Gateway, GatewayError, IntentState, NewIntent, Prepared, RefundRequest, Source,
};
use boxoffice::settings::StripeAccount;
use boxoffice_stripe_fake::{Fake, Fault, Operation, Options, Planned};

pub(super) const CLUSTER: &str = "c1";

/// Longer than anything takes that a test waits for.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn account(fake: &Fake) -> StripeAccount {
    StripeAccount {
        secret_key: Secret::new("sk_test_standin".to_owned()),
        publishable_key: Secret::new("pk_test_standin".to_owned()),
        webhook_secrets: vec![Secret::new("whsec_standin".to_owned())],
        api_base: fake.url().parse().expect("an address"),
    }
}

/// A stand-in and a client for it. At the end of a test [`Pair::check`] looks whether all was said as it should be.
pub(super) struct Pair {
    pub(super) fake: Fake,
    pub(super) stripe: Stripe,
}

impl Pair {
    pub(super) async fn start() -> Self {
        Self::start_with(Options::default(), PATIENCE).await
    }

    pub(super) async fn start_with(options: Options, timeout: Duration) -> Self {
        // As the command line does; a second call changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let fake = Fake::start(options).await.expect("it listens");
        let stripe = Stripe::with_timeout(&account(&fake), CLUSTER.to_owned(), timeout).expect("a client");
        Self { fake, stripe }
    }

    pub(super) fn plan(&self, operation: Operation, fault: Fault) {
        self.fake.plan(Planned { operation: Some(operation), fault, times: 1 });
    }

    pub(super) async fn prepare(&self, attempt: &Attempt) -> Result<Prepared, GatewayError> {
        self.stripe.prepare(&attempt.new).await
    }

    /// An attempt with this token whose intent is there.
    pub(super) async fn prepared(&self, token: &str) -> Attempt {
        let attempt = Attempt::of(Source::Token(token.to_owned()));
        let prepared = self.prepare(&attempt).await.expect("an intent");
        Attempt { intent: prepared.intent, ..attempt }
    }

    /// An attempt that has charged.
    pub(super) async fn paid(&self) -> Attempt {
        let attempt = self.prepared("tok_visa").await;
        assert!(matches!(self.confirm(&attempt).await, Ok(IntentState::Succeeded { .. })));
        attempt
    }

    pub(super) async fn confirm(&self, attempt: &Attempt) -> Result<IntentState, GatewayError> {
        self.stripe.confirm(&attempt.confirmation()).await
    }

    pub(super) async fn read(&self, attempt: &Attempt) -> IntentState {
        self.stripe.read(&attempt.intent).await.expect("it can be read")
    }

    pub(super) fn charges(&self) -> usize {
        self.fake.books().charges.len()
    }

    pub(super) fn check(&self) {
        assert_eq!(self.fake.violations(), [""; 0]);
    }
}

/// An attempt to pay.
#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) new: NewIntent,
    pub(super) intent: String,
}

impl Attempt {
    pub(super) fn of(source: Source) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let bytes = u128::from(NUMBER.fetch_add(1, Ordering::Relaxed)).to_be_bytes();
        let new = NewIntent {
            payment: PaymentId::from_bytes(bytes),
            order: OrderId::from_bytes(bytes),
            try_number: 1,
            amount_minor: 2_500,
            currency: "usd".to_owned(),
            source,
        };
        Self { new, intent: String::new() }
    }

    fn confirmation(&self) -> Confirmation {
        let NewIntent { payment, order, amount_minor, currency, source, .. } = self.new.clone();
        Confirmation { payment, order, intent: self.intent.clone(), amount_minor, currency, source }
    }

    pub(super) fn refund(&self, name: &str, amount_minor: Option<u64>) -> RefundRequest {
        RefundRequest {
            refund: name.to_owned(),
            known_as: String::new(),
            payment: self.new.payment,
            order: self.new.order,
            intent: self.intent.clone(),
            charge: String::new(),
            amount_minor,
        }
    }
}

pub(super) fn is_unknown<T>(result: &Result<T, GatewayError>) -> bool {
    matches!(result, Err(GatewayError::Unknown(_)))
}

/// The code with which something was refused.
pub(super) fn refused<T>(result: Result<T, GatewayError>) -> String {
    match result {
        Err(GatewayError::Refused { code, .. }) => code,
        Err(other) => panic!("not refused, but {other}"),
        Ok(_) => panic!("not refused"),
    }
}

pub(super) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let ends = tokio::time::Instant::now() + PATIENCE;
    while !holds().await {
        assert!(tokio::time::Instant::now() < ends, "{what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
