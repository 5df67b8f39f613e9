//! The payment saga: look at the payment, ask the gateway, commit what it says.
//!
//! [`charge`] and [`refund`] take a payment as far as it gets now. They have no state of their own: all that counts is
//! in the payment's row, and every step may be made again, by anybody, at any time. So the leader's worker runs them
//! for what is due, whoever hears from the gateway runs them for what it heard of, and a leader that was deposed in the
//! middle, or killed, or slept for an hour, leaves nothing behind that the next one would not put right.
//!
//! | the row says | asked of the gateway | committed |
//! | --- | --- | --- |
//! | claimed | `prepare`: an intent, unconfirmed | `RecordIntent`; whose intent it is then is on record, and only that one is ever confirmed |
//! | prepared | `confirm` right after the record; otherwise `read`, and `confirm` only what nobody has | `SettleCharge`, or `RecordAction` |
//! | the buyer has to act, or confirms in their browser | `read`, now and then | the same |
//! | any, and its buyer has withdrawn it, or the end of the grace is near or past | `cancel` | `SettleCharge` |
//! | a refund is pending | `refund`, under the name of its latest try | `SettleRefund` |
//! | one that was made at the gateway is, or somebody hears of one | `refunds`: all of the intent's | `RecordGatewayRefund` |
//! | somebody hears of a dispute | `dispute` | `RecordDispute` |
//!
//! - **What is not known is read**, by the intent's name, and never guessed: a call that got no answer ends the run, and
//!   the next one begins with reading.
//! - **A decline is cancelled before it is believed**: until then the same intent could be confirmed again, by a leader
//!   that sleeps or in a browser, while another card is charged. What the cancellation answers decides.
//! - **The end of the grace.** From [`CANCEL_LEAD`] before it on, nothing is confirmed any more and the intent is
//!   cancelled. If it succeeded the order is still held, and completes. If there is no answer, expiry releases the order
//!   all the same; the payment stays under way until there is one, and money that moved goes back.
//! - **After a restore** what was claimed before may have an intent that the state knows nothing of. It is looked for at
//!   the gateway and cancelled; one that cannot be cancelled any more is the payment's.

mod attempt;
mod browser;
mod elsewhere;
mod no_final_word;
mod office;
mod refund;
mod untold;
mod webhook;

use std::time::Duration;

pub use crate::gateway::LONGEST_REST;
pub use crate::gateway::stripe::WebhookError;
pub use crate::gateway::stripe::signature::SignatureError;

pub use self::attempt::{ABANDONED, CANCEL_LEAD, LOOK_FOR_BUYER_EVERY, cancel_in, charge};
pub use self::browser::{CLIENT_CALL_LIMIT, browser_secret, next_action};
pub use self::elsewhere::{review_dispute, review_refunds};
pub use self::no_final_word::NoFinalWord;
pub use self::office::{CALL_TIMEOUT, Office, Seen};
pub use self::refund::{LATE_REFUND, refund};
pub use self::untold::{Untold, catch_up};
pub use self::webhook::{Heard, NotHeard, hear};

/// How far a run got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing of the kind is owed any more.
    Done,
    /// Nothing can be done before so long.
    Later(Duration),
}
