//! The ledger: each movement of money as an entry of its own, written once and never changed.
//!
//! An entry debits one account and credits another with the same amount, so that it balances by its shape. What the
//! accounts come to is what the payments say, which every command is held to, and an audit computes again.
//!
//! | movement | debit | credit |
//! | --- | --- | --- |
//! | a charge that completes its order | gateway clearing | seller payable |
//! | a charge that came too late | gateway clearing | refunds payable |
//! | a refund of a complete order, part or all | seller payable | gateway clearing |
//! | a refund of what is owed to the buyer | refunds payable | gateway clearing |
//! | a refund that came back, its order complete | gateway clearing | seller payable |
//! | a refund that came back, its order cancelled | gateway clearing | refunds payable |
//! | a bank takes what is disputed | disputes | gateway clearing |
//! | a bank gives it back | gateway clearing | disputes |
//!
//! It is written from feature level 2 on, by commands that say so ([`Envelope::keeps_history`]). A payment that was
//! charged before that has no entries, and says so ([`Payment::booked`]). Once more money of it moves, what is left of
//! it is carried forward first.
//!
//! [`Envelope::keeps_history`]: super::Envelope::keeps_history

use super::draft::Draft;
use super::id::{OrderId, PaymentId, RefundId};
use super::payment::{Payment, PaymentStatus};
use super::refund::Refund;
use super::tables::{Change, Tables};

/// Whose money it is, or where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, prost::Enumeration)]
#[repr(i32)]
pub enum Account {
    /// None: it is of a later version.
    Unknown = 0,
    /// An asset: what the gateway has taken and not given back.
    GatewayClearing = 1,
    /// A liability: what sellers are owed for sold tickets.
    SellerPayable = 2,
    /// A liability: what buyers are owed for charges that bought them nothing.
    RefundsPayable = 3,
    /// An asset while a dispute is open, and a loss once it is lost: what banks took back for the owners of cards. Who
    /// bears it is not decided here.
    Disputes = 4,
}

impl Account {
    /// Those that there are.
    pub const ALL: [Self; 4] =
        [Self::GatewayClearing, Self::SellerPayable, Self::RefundsPayable, Self::Disputes];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::GatewayClearing => "gateway clearing",
            Self::SellerPayable => "seller payable",
            Self::RefundsPayable => "refunds payable",
            Self::Disputes => "disputes",
        }
    }

    /// Where money of such a payment belongs that somebody is owed.
    fn owed_for(payment: &Payment) -> Self {
        match payment.status() {
            PaymentStatus::Succeeded => Self::SellerPayable,
            _ => Self::RefundsPayable,
        }
    }
}

/// What moved money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum Movement {
    /// Not known: it is of a later version.
    Unknown = 0,
    /// A charge that completed its order.
    Charge = 1,
    /// A charge that came after its order was released.
    LateCharge = 2,
    /// A refund.
    Refund = 3,
    /// A refund that had succeeded failed after all.
    RefundReversed = 4,
    /// Nothing: what a payment from before the ledger came to.
    CarriedForward = 5,
    /// A bank took what is disputed.
    DisputeWithdrawn = 6,
    /// A bank gave back what was disputed.
    DisputeReinstated = 7,
}

/// One entry.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct LedgerEntry {
    /// Dense, from 1.
    #[prost(uint64, tag = "1")]
    pub number: u64,
    /// When, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "2")]
    pub at_ms: u64,
    /// See [`Movement`]; read it with [`LedgerEntry::movement`].
    #[prost(enumeration = "Movement", tag = "3")]
    pub movement: i32,
    /// The account that is debited.
    #[prost(enumeration = "Account", tag = "4")]
    pub debit: i32,
    /// The account that is credited.
    #[prost(enumeration = "Account", tag = "5")]
    pub credit: i32,
    /// In minor units of `currency`.
    #[prost(uint64, tag = "6")]
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "7")]
    pub currency: String,
    /// Money of which payment.
    #[prost(message, required, tag = "8")]
    pub payment: PaymentId,
    /// What was paid for.
    #[prost(message, required, tag = "9")]
    pub order: OrderId,
    /// By which refund, if it is one.
    #[prost(message, optional, tag = "10")]
    pub refund: Option<RefundId>,
}

impl LedgerEntry {
    /// What is wrong with it by itself, if something is.
    pub fn fault(&self) -> Option<&'static str> {
        let is_account = |number: i32| Account::ALL.into_iter().any(|account| i32::from(account) == number);
        let faults = [
            (self.amount_minor == 0, "it moves nothing"),
            (self.debit == self.credit, "it moves nothing"),
            (!is_account(self.debit) || !is_account(self.credit), "it names no account"),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault))
    }

    /// What it adds to an account, debits counting up, in minor units.
    pub fn change_of(&self, account: Account) -> i128 {
        let amount = i128::from(self.amount_minor);
        match i32::from(account) {
            debited if debited == self.debit => amount,
            credited if credited == self.credit => -amount,
            _ => 0,
        }
    }
}

impl Payment {
    /// What the ledger has in an account for this payment, debits counting up, in minor units; it has nothing for one
    /// that is not [`booked`](Payment::booked).
    pub(super) fn balance_of(&self, account: Account) -> i128 {
        let if_booked = |minor: u64| if self.booked { i128::from(minor) } else { 0 };
        let (held, withdrawn) = (if_booked(self.held_minor()), if_booked(self.withdrawn_minor()));
        match account {
            Account::GatewayClearing => held - withdrawn,
            Account::Disputes => withdrawn,
            owed if owed == Account::owed_for(self) => -held,
            _ => 0,
        }
    }
}

/// Enters a charge; `new` is the payment as it becomes.
pub(super) fn charged<T: Tables>(draft: &mut Draft<'_, T>, new: &mut Payment) {
    if !draft.keeps_history() || !new.is_charged() {
        return;
    }
    let is_late = new.status() != PaymentStatus::Succeeded;
    let movement = if is_late { Movement::LateCharge } else { Movement::Charge };
    new.booked = true;
    let (credit, amount_minor) = (Account::owed_for(new), new.amount_minor);
    enter(draft, new, (movement, None), (Account::GatewayClearing, credit), amount_minor);
}

/// Enters a refund of a payment, which was `old` and becomes `new`.
pub(super) fn refunded<T: Tables>(
    draft: &mut Draft<'_, T>,
    old: &Payment,
    new: &mut Payment,
    refund: &Refund,
) {
    let by = (Movement::Refund, Some(refund.id));
    move_back(draft, old, new, by, refund.amount_minor);
}

/// Enters the refund of a late charge from before there were refunds.
pub(super) fn late_charge_refunded<T: Tables>(draft: &mut Draft<'_, T>, old: &Payment, new: &mut Payment) {
    move_back(draft, old, new, (Movement::Refund, None), old.amount_minor);
}

fn move_back<T: Tables>(
    draft: &mut Draft<'_, T>,
    old: &Payment,
    new: &mut Payment,
    by: (Movement, Option<RefundId>),
    amount_minor: u64,
) {
    if !draft.keeps_history() {
        return;
    }
    carry_forward(draft, old, new);
    enter(draft, old, by, (Account::owed_for(old), Account::GatewayClearing), amount_minor);
}

/// Enters that a refund failed after it had succeeded.
pub(super) fn came_back<T: Tables>(
    draft: &mut Draft<'_, T>,
    old: &Payment,
    new: &mut Payment,
    refund: &Refund,
) {
    if !draft.keeps_history() {
        return;
    }
    carry_forward(draft, old, new);
    let (by, to) = ((Movement::RefundReversed, Some(refund.id)), Account::owed_for(new));
    enter(draft, new, by, (Account::GatewayClearing, to), refund.amount_minor);
}

/// Enters what a bank took or gave back because of disputes.
pub(super) fn disputed<T: Tables>(draft: &mut Draft<'_, T>, old: &Payment, new: &mut Payment) {
    let (before, after) = (old.withdrawn_minor(), new.withdrawn_minor());
    if !draft.keeps_history() || before == after {
        return;
    }
    carry_forward(draft, old, new);
    let (bank, gateway) = (Account::Disputes, Account::GatewayClearing);
    if after > before {
        enter(draft, new, (Movement::DisputeWithdrawn, None), (bank, gateway), after - before);
    } else {
        enter(draft, new, (Movement::DisputeReinstated, None), (gateway, bank), before - after);
    }
}

/// Enters what there is of a payment that has no entries.
fn carry_forward<T: Tables>(draft: &mut Draft<'_, T>, old: &Payment, new: &mut Payment) {
    new.booked = true;
    if old.booked || old.held_minor() == 0 {
        return;
    }
    let accounts = (Account::GatewayClearing, Account::owed_for(old));
    enter(draft, old, (Movement::CarriedForward, None), accounts, old.held_minor());
}

fn enter<T: Tables>(
    draft: &mut Draft<'_, T>,
    payment: &Payment,
    (movement, refund): (Movement, Option<RefundId>),
    (debit, credit): (Account, Account),
    amount_minor: u64,
) {
    let new = LedgerEntry {
        number: draft.next_ledger_number(),
        at_ms: draft.at_ms,
        movement: movement.into(),
        debit: debit.into(),
        credit: credit.into(),
        amount_minor,
        currency: payment.currency.clone(),
        payment: payment.id,
        order: payment.order,
        refund,
    };
    draft.change(Change::LedgerEntry { new });
}
