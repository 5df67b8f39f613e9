//! Where the saga reads, commits and calls from.

use std::time::Duration;

use super::NoFinalWord;
use crate::domain::{Answer, Command, MAX_REFUNDS_PER_PAYMENT, Order, Payment, PaymentId, Refund};
use crate::gateway::{Gateway, GatewayCall, GatewayError};
use crate::replica::OwnCommandError;
use crate::service::Service;
use crate::store::StoreError;

/// How long a call may take before it counts as not answered. A gateway that hangs is found out by reading within a
/// minute: this, and the longest pause of the worker.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(25);

/// While sales are held; whoever lifts that wakes nobody.
pub(super) const LOOK_WHILE_HELD: Duration = Duration::from_secs(1);

/// What one look at the state shows of a payment.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The payment.
    pub payment: Payment,
    /// What is paid for.
    pub order: Order,
    /// While sales are held nothing is asked of the gateway: what it did since the backup has to be looked at first.
    pub sales_held: bool,
    /// It came with a restore: an intent may have been made for it, and confirmed, that the state knows nothing of.
    pub is_restored: bool,
}

/// A replica, as the saga needs it; a test has others. Its state may be behind: nothing is decided on it that the
/// commands do not check again.
pub trait Office: Sync {
    /// The replicated clock, in milliseconds.
    fn now_ms(&self) -> u64;

    /// The payment as the state has it; `None` if there is none.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn look(&self, payment: PaymentId) -> Result<Option<Seen>, StoreError>;

    /// The payment's refunds as the state has them.
    ///
    /// # Errors
    /// When the state cannot be read.
    fn refunds(&self, payment: PaymentId) -> Result<Vec<Refund>, StoreError>;

    /// Has a command applied.
    fn commit(&self, command: Command) -> impl Future<Output = Result<Answer, OwnCommandError>> + Send;

    /// Where money moves.
    fn gateway(&self) -> &dyn Gateway;

    /// Waits so long for a call to the gateway. A call that is given up may come to pass all the same.
    fn answered<T: Send>(
        &self,
        call: &'static str,
        limit: Duration,
        under_way: GatewayCall<'_, T>,
    ) -> impl Future<Output = Result<T, NoFinalWord>> + Send;
}

/// A payment is for one gateway, and no other is ever asked for it.
pub(super) fn check_gateway<O: Office>(office: &O, payment: &Payment) -> Result<(), NoFinalWord> {
    if payment.gateway == office.gateway().mark() {
        return Ok(());
    }
    Err(NoFinalWord::OtherGateway(payment.gateway.clone()))
}

impl Office for Service {
    fn now_ms(&self) -> u64 {
        self.replica.now_ms()
    }

    fn look(&self, payment: PaymentId) -> Result<Option<Seen>, StoreError> {
        let view = self.replica.view()?;
        let Some(payment) = view.payment(payment)? else { return Ok(None) };
        let order = view.order(payment.order)?;
        let (sales_held, is_restored) = (view.hold()?.is_some(), view.is_restored(&payment)?);
        Ok(order.map(|order| Seen { payment, order, sales_held, is_restored }))
    }

    fn refunds(&self, payment: PaymentId) -> Result<Vec<Refund>, StoreError> {
        let all = MAX_REFUNDS_PER_PAYMENT as usize;
        Ok(self.replica.view()?.refunds_of(payment, None, all)?.items)
    }

    fn commit(&self, command: Command) -> impl Future<Output = Result<Answer, OwnCommandError>> + Send {
        self.replica.submit_own(command)
    }

    fn gateway(&self) -> &dyn Gateway {
        self.gateway.as_ref()
    }

    async fn answered<T: Send>(
        &self,
        call: &'static str,
        limit: Duration,
        under_way: GatewayCall<'_, T>,
    ) -> Result<T, NoFinalWord> {
        let (outcome, result) = match tokio::time::timeout(limit, under_way).await {
            Ok(Ok(answer)) => ("answered", Ok(answer)),
            Ok(Err(error)) => {
                // Whether it is the card or the whole account, only the gateway's own words tell.
                if let GatewayError::Refused { code, message } = &error {
                    tracing::warn!(call, code, message, "the gateway refuses a call");
                }
                ("failed", Err(error.into()))
            }
            Err(_) => ("timeout", Err(NoFinalWord::TimedOut)),
        };
        self.metrics.gateway_called(call, outcome);
        result
    }
}
