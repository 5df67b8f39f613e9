//! A gateway that does what the source of a charge says.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use boxoffice::domain::PaymentId;
use boxoffice::gateway::{
    ClientSecret, Confirmation, Gateway, GatewayCall, GatewayError, IntentState, KnownRefund, NewIntent,
    NextAction, Prepared, RefundRequest, RefundState, Refunded, Source,
};

/// Never answered.
pub(crate) const HANGS: &str = "hangs";
/// Answered at once, without a final word.
pub(crate) const FAILS: &str = "fails";
/// Charges, and then fails to say so.
pub(crate) const LOSES_ITS_WORD: &str = "loses its word";
/// Answered at once, with success.
pub(crate) const WORKS: &str = "works";
/// Declined, and could be confirmed again.
pub(crate) const DECLINES: &str = "declines";
/// Waits for the buyer.
pub(crate) const WAITS: &str = "waits";
/// Refused as too much at once, for [`REST`].
pub(crate) const IS_BUSY: &str = "is busy";
/// No intent is made of it.
pub(crate) const IS_REFUSED: &str = "is refused";

/// Gives nothing back the first time that a refund is tried.
pub(crate) const KEEPS_IT: &str = "keeps it";
/// Gives money back after [`A_WHILE`].
pub(crate) const TAKES_A_WHILE: &str = "takes a while";

/// Gives money back, and then has it back.
pub(crate) const COMES_BACK: &str = "comes back";

/// How long it takes to read an intent, if that is slow.
const A_MOMENT: Duration = Duration::from_millis(300);

/// How long a refund takes, if it takes a while.
pub(crate) const A_WHILE: Duration = Duration::from_secs(5);

/// For how long a busy gateway wants to be left alone.
pub(crate) const REST: Duration = Duration::from_secs(20);

/// Begins the names of intents.
const PREFIX: &str = "stub:";

/// A gateway whose charges do as their source says, and whose refunds do as their charge is called.
#[derive(Debug, Default)]
pub(crate) struct Stub {
    calls: Mutex<Calls>,
}

/// How often what was asked for, and what came of it, by payment; and how many calls there are that hang.
#[derive(Debug, Default)]
struct Calls {
    prepared: BTreeMap<PaymentId, u32>,
    charges: BTreeMap<PaymentId, u32>,
    refunds: BTreeMap<PaymentId, u32>,
    reads: BTreeMap<PaymentId, u32>,
    cancels: BTreeMap<PaymentId, u32>,
    states: BTreeMap<PaymentId, IntentState>,
    hanging: usize,
    /// Intents have to be made before they are confirmed.
    prepares: bool,
    /// What went back of each.
    known_refunds: BTreeMap<PaymentId, Vec<KnownRefund>>,
    /// No cancellation is answered.
    is_deaf: bool,
    /// Nobody gets a secret.
    hides_secrets: bool,
    /// What is read takes a moment.
    reads_slowly: bool,
}

/// A call that hangs for as long as this is kept.
struct Hanging<'s>(&'s Stub);

fn of(calls: &BTreeMap<PaymentId, u32>, payment: PaymentId) -> u32 {
    calls.get(&payment).copied().unwrap_or_default()
}

impl Stub {
    pub(crate) fn prepared_of(&self, payment: PaymentId) -> u32 {
        of(&self.lock().prepared, payment)
    }

    pub(crate) fn charges_of(&self, payment: PaymentId) -> u32 {
        of(&self.lock().charges, payment)
    }

    pub(crate) fn refunds_of(&self, payment: PaymentId) -> u32 {
        of(&self.lock().refunds, payment)
    }

    pub(crate) fn reads_of(&self, payment: PaymentId) -> u32 {
        of(&self.lock().reads, payment)
    }

    pub(crate) fn cancels_of(&self, payment: PaymentId) -> u32 {
        of(&self.lock().cancels, payment)
    }

    pub(crate) fn hanging(&self) -> usize {
        self.lock().hanging
    }

    /// From now on intents have to be made before they are confirmed, as with a real gateway.
    pub(crate) fn prepares_intents(&self) {
        self.lock().prepares = true;
    }

    pub(crate) fn be_deaf(&self, is_deaf: bool) {
        self.lock().is_deaf = is_deaf;
    }

    pub(crate) fn hide_secrets(&self, hides_secrets: bool) {
        self.lock().hides_secrets = hides_secrets;
    }

    pub(crate) fn read_slowly(&self, reads_slowly: bool) {
        self.lock().reads_slowly = reads_slowly;
    }

    /// Somebody gives so much back by hand, or what they gave stands so now.
    pub(crate) fn gives_back_by_hand(&self, payment: PaymentId, amount_minor: u64, state: RefundState) {
        let (refund, currency) = ("by hand".to_owned(), "usd".to_owned());
        let known = KnownRefund { refund, name: None, amount_minor, currency, state };
        self.lock().known_refunds.insert(payment, vec![known]);
    }

    /// The buyer does what their bank asks for.
    pub(crate) fn buyer_acts(&self, payment: PaymentId) {
        self.lock().states.insert(payment, succeeded());
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn behave(&self, how: &str) -> Result<(), GatewayError> {
        match how {
            HANGS => {
                self.lock().hanging += 1;
                let _hanging = Hanging(self);
                pending().await
            }
            IS_BUSY => Err(GatewayError::Busy { retry_after: Some(REST) }),
            FAILS | LOSES_ITS_WORD => Err(GatewayError::Unknown("as it was told".into())),
            _ => Ok(()),
        }
    }
}

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.lock().hanging -= 1;
    }
}

impl Gateway for Stub {
    fn name(&self) -> &'static str {
        "stub"
    }

    fn mark(&self) -> &'static str {
        ""
    }

    fn known_intent(&self, payment: PaymentId) -> Option<String> {
        (!self.lock().prepares).then(|| format!("{PREFIX}{payment}"))
    }

    fn publishable_key(&self) -> Option<&str> {
        Some("publishable")
    }

    fn prepare<'a>(&'a self, intent: &'a NewIntent) -> GatewayCall<'a, Prepared> {
        Box::pin(async move {
            *self.lock().prepared.entry(intent.payment).or_default() += 1;
            if intent.source == Source::Token(IS_REFUSED.into()) {
                let code = "no_such_token".to_owned();
                return Err(GatewayError::Refused { code, message: "as it was told".into() });
            }
            let intent = format!("{PREFIX}{}", intent.payment);
            Ok(Prepared { intent, method: None })
        })
    }

    fn confirm<'a>(&'a self, confirmation: &'a Confirmation) -> GatewayCall<'a, IntentState> {
        Box::pin(async move {
            let payment = payment_of(&confirmation.intent);
            *self.lock().charges.entry(payment).or_default() += 1;
            let Source::Token(source) = &confirmation.source else { panic!("every source is a token") };
            let becomes = match source.as_str() {
                LOSES_ITS_WORD | WORKS => Some(succeeded()),
                DECLINES => Some(IntentState::Declined { code: "insufficient_funds".into() }),
                WAITS => Some(IntentState::ActionRequired(NextAction {
                    kind: "redirect_to_url".into(),
                    url: None,
                    client_secret: None,
                })),
                _ => None,
            };
            let state = self.lock().states.get(&payment).cloned();
            let is_final =
                matches!(state, Some(IntentState::Succeeded { .. } | IntentState::Canceled { .. }));
            if let Some(state) = becomes.filter(|_| !is_final) {
                self.lock().states.insert(payment, state);
            }
            self.behave(source).await?;
            Ok(self.lock().states.get(&payment).cloned().unwrap_or_else(succeeded))
        })
    }

    fn read<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        Box::pin(async move {
            let payment = payment_of(intent);
            let reads_slowly = self.lock().reads_slowly;
            if reads_slowly {
                tokio::time::sleep(A_MOMENT).await;
            }
            let mut calls = self.lock();
            *calls.reads.entry(payment).or_default() += 1;
            Ok(calls.states.get(&payment).cloned().unwrap_or(IntentState::Unconfirmed))
        })
    }

    fn cancel<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        Box::pin(async move {
            let payment = payment_of(intent);
            let mut calls = self.lock();
            *calls.cancels.entry(payment).or_default() += 1;
            if calls.is_deaf {
                return Err(GatewayError::Unknown("as it was told".into()));
            }
            let state = calls.states.entry(payment).or_insert(IntentState::Canceled { code: None });
            if !matches!(state, IntentState::Succeeded { .. }) {
                *state = IntentState::Canceled { code: None };
            }
            Ok(state.clone())
        })
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> GatewayCall<'a, Refunded> {
        Box::pin(async move {
            *self.lock().refunds.entry(request.payment).or_default() += 1;
            let was_tried = request.refund.ends_with("-2");
            match request.charge.as_str() {
                KEEPS_IT if !was_tried => {
                    let code = "insufficient_funds".to_owned();
                    return Err(GatewayError::Refused { code, message: "as it was told".into() });
                }
                COMES_BACK => {
                    let state = RefundState::Failed { code: "expired_or_canceled_card".into() };
                    let known = KnownRefund {
                        refund: "refund".into(),
                        name: Some(request.refund.clone()),
                        amount_minor: request.amount_minor.unwrap_or_default(),
                        currency: "usd".into(),
                        state,
                    };
                    self.lock().known_refunds.entry(request.payment).or_default().push(known);
                }
                TAKES_A_WHILE => tokio::time::sleep(A_WHILE).await,
                how => self.behave(how).await?,
            }
            Ok(Refunded { refund: "refund".into(), state: RefundState::Succeeded })
        })
    }

    fn refunds<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, Vec<KnownRefund>> {
        Box::pin(async move {
            let payment = payment_of(intent);
            Ok(self.lock().known_refunds.get(&payment).cloned().unwrap_or_default())
        })
    }

    fn browser_secret<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, ClientSecret> {
        Box::pin(async move {
            if self.lock().hides_secrets {
                self.behave(HANGS).await?;
            }
            Ok(ClientSecret::new(format!("{intent} secret")))
        })
    }
}

fn succeeded() -> IntentState {
    IntentState::Succeeded { charge: WORKS.into() }
}

fn payment_of(intent: &str) -> PaymentId {
    let payment = intent.strip_prefix(PREFIX).expect("a name that was given out");
    payment.parse().expect("the payment's id")
}
