//! Refunds, and the ledger of what was charged and given back.

use boxoffice::domain::*;

use super::{Attempt, Model, No, Said, no};

/// A refund.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GiveBack {
    pub(crate) payment: PaymentId,
    pub(crate) number: u32,
    pub(crate) amount_minor: u64,
    pub(crate) status: RefundStatus,
    pub(crate) tries: u32,
    pub(crate) gateway_refund: String,
    pub(crate) failure_code: String,
    pub(crate) author: Author,
    pub(crate) reason: String,
    pub(crate) cause: RefundCause,
    /// What the gateway calls what was made there.
    pub(crate) made_as: String,
    pub(crate) retried_by: Option<Author>,
    pub(crate) version: u64,
    pub(crate) created_at_ms: u64,
    pub(crate) updated_at_ms: u64,
}

/// An entry in the ledger: what moved, from where to where, and how much of which payment.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) movement: Movement,
    pub(crate) debit: Account,
    pub(crate) credit: Account,
    pub(crate) amount_minor: u64,
    pub(crate) payment: PaymentId,
    pub(crate) refund: Option<RefundId>,
    pub(crate) at_ms: u64,
}

impl Model {
    pub(super) fn ask_for_refund(&mut self, asker: Asker, c: &RefundPayment) -> Result<Said, No> {
        let attempt = self.payment_to_refund(asker, c.payment)?;
        self.check_not_held()?;
        let left_minor = left_minor(&attempt);
        if left_minor == 0 {
            return no(RejectionCode::NothingToRefund);
        }
        let amount_minor = c.amount_minor.unwrap_or(left_minor);
        if amount_minor > left_minor {
            return Err((RejectionCode::RefundTooLarge, left_minor));
        }
        let known = self.refunds.values().filter(|refund| refund.payment == c.payment).count();
        let is_part_by_seller = amount_minor < left_minor && matches!(asker, Asker::User(_));
        let most = if is_part_by_seller { MAX_PARTS_BY_SELLER } else { MAX_REFUNDS_PER_PAYMENT };
        if known >= most as usize {
            return no(RejectionCode::TooManyRefunds);
        }
        let author = self.author(asker);
        self.add_refund(c.refund, c.payment, amount_minor, (author, &c.reason, RefundCause::Requested));
        self.change_payment(c.payment, EventType::PaymentUpdated, |_| {});
        Ok(self.say_refund(c.refund))
    }

    pub(super) fn retry_refund(&mut self, asker: Asker, c: &RetryRefund) -> Result<Said, No> {
        let attempt = self.payment_to_refund(asker, c.payment)?;
        if !matches!(asker, Asker::Key(_)) {
            return no(RejectionCode::Forbidden);
        }
        let known = self.refunds.get(&c.refund).filter(|refund| refund.payment == c.payment);
        let refund = known.ok_or((RejectionCode::NotFound, 0))?.clone();
        if refund.status != RefundStatus::Failed {
            return Ok(self.say_refund(c.refund));
        }
        self.check_not_held()?;
        match left_minor(&attempt) {
            0 => return no(RejectionCode::NothingToRefund),
            left_minor if left_minor < refund.amount_minor => {
                return Err((RejectionCode::RefundTooLarge, left_minor));
            }
            _ => {}
        }
        let author = self.author(asker);
        self.change_refund(c.refund, |refund| {
            refund.status = RefundStatus::Pending;
            refund.tries += 1;
            refund.retried_by = Some(author);
            refund.gateway_refund.clear();
            refund.failure_code.clear();
        });
        self.change_payment(c.payment, EventType::PaymentUpdated, |_| {});
        Ok(self.say_refund(c.refund))
    }

    pub(super) fn settle_refund(&mut self, c: &SettleRefund) -> Result<Said, No> {
        let refund = self.refunds.get(&c.refund).ok_or((RejectionCode::NotFound, 0))?.clone();
        let named = !c.gateway_refund.is_empty();
        let counts = c.try_number == refund.tries
            && match (refund.status, c.outcome()) {
                (RefundStatus::Pending, RefundStatus::Pending) => {
                    named && refund.gateway_refund != c.gateway_refund
                }
                (RefundStatus::Pending, _) | (RefundStatus::Succeeded, RefundStatus::Failed) => true,
                _ => false,
            };
        if !counts {
            return Ok(self.say_refund(c.refund));
        }
        let before = self.payments[&refund.payment].clone();
        self.change_refund(c.refund, |refund| {
            refund.status = c.outcome();
            if named {
                refund.gateway_refund.clone_from(&c.gateway_refund);
            }
            if c.outcome() == RefundStatus::Failed {
                refund.failure_code.clone_from(&c.failure_code);
            }
        });
        match c.outcome() {
            RefundStatus::Pending => {}
            RefundStatus::Succeeded => self.money_went(c.refund, &refund, &before),
            RefundStatus::Failed => self.money_stayed(c.refund, &refund, &before),
        }
        Ok(self.say_refund(c.refund))
    }

    pub(super) fn money_went(&mut self, id: RefundId, refund: &GiveBack, before: &Attempt) {
        let owed = owed_for(before.status);
        self.carry_forward(refund.payment, before);
        self.enter(Movement::Refund, owed, Account::GatewayClearing, refund.amount_minor, refund.payment);
        self.name_entry(id);
        self.recount(refund.payment);
        let all = self.payments[&refund.payment].refunded_minor == before.amount_minor;
        if all && before.status == PaymentStatus::Succeeded {
            let ticket = self.orders[&before.order].ticket;
            self.hand_over(ticket, TicketStatus::Frozen, None);
            self.change_order(before.order, EventType::OrderCancelled, |claim| {
                claim.status = OrderStatus::Cancelled;
                claim.reason = CancelReason::Refunded;
            });
        }
        self.change_payment(refund.payment, EventType::PaymentRefunded, |attempt| {
            if all {
                attempt.status = PaymentStatus::Refunded;
            }
        });
    }

    fn money_stayed(&mut self, id: RefundId, refund: &GiveBack, before: &Attempt) {
        if refund.status == RefundStatus::Succeeded {
            let after = match before.status {
                PaymentStatus::Refunded => PaymentStatus::Refunding,
                other => other,
            };
            self.carry_forward(refund.payment, before);
            let (to, amount_minor) = (owed_for(after), refund.amount_minor);
            let movement = Movement::RefundReversed;
            self.enter(movement, Account::GatewayClearing, to, amount_minor, refund.payment);
            self.name_entry(id);
            self.payments.get_mut(&refund.payment).expect("it is there").status = after;
        }
        self.change_payment(refund.payment, EventType::PaymentUpdated, |_| {});
    }

    /// A charge that came too late is given back at once, from when on there are refunds.
    pub(super) fn charged(&mut self, id: PaymentId) {
        if !self.keeps_history {
            return;
        }
        let attempt = self.payments[&id].clone();
        let movement = match attempt.status {
            PaymentStatus::Succeeded => Movement::Charge,
            PaymentStatus::Refunding => Movement::LateCharge,
            _ => return,
        };
        self.booked.insert(id);
        self.enter(movement, Account::GatewayClearing, owed_for(attempt.status), attempt.amount_minor, id);
        if movement == Movement::LateCharge {
            let refund = RefundId::from_bytes(id.to_bytes());
            let why = (Author::default(), "", RefundCause::LateCharge);
            self.add_refund(refund, id, attempt.amount_minor, why);
        }
    }

    /// The money of a late charge went back that has no refund of its own.
    pub(super) fn late_charge_went(&mut self, id: PaymentId) {
        let before = self.payments[&id].clone();
        self.carry_forward(id, &before);
        let (from, to) = (Account::RefundsPayable, Account::GatewayClearing);
        self.enter(Movement::Refund, from, to, before.amount_minor, id);
    }

    pub(super) fn carry_forward(&mut self, id: PaymentId, before: &Attempt) {
        if self.keeps_history && self.booked.insert(id) {
            let left_minor = before.amount_minor - before.refunded_minor;
            if left_minor > 0 {
                let (from, to) = (Account::GatewayClearing, owed_for(before.status));
                self.enter(Movement::CarriedForward, from, to, left_minor, id);
            }
        }
    }

    pub(super) fn enter(
        &mut self,
        movement: Movement,
        debit: Account,
        credit: Account,
        amount_minor: u64,
        payment: PaymentId,
    ) {
        if self.keeps_history {
            let at_ms = self.now_ms;
            self.ledger.push(Entry { movement, debit, credit, amount_minor, payment, refund: None, at_ms });
        }
    }

    fn name_entry(&mut self, refund: RefundId) {
        if self.keeps_history {
            self.ledger.last_mut().expect("it was just made").refund = Some(refund);
        }
    }

    /// To whom it is none of their business, there is no such payment.
    fn payment_to_refund(&self, asker: Asker, id: PaymentId) -> Result<Attempt, No> {
        let user = match asker {
            Asker::Nobody => return no(RejectionCode::NotSignedIn),
            Asker::User(actor) => Some(actor.user),
            Asker::Key(_) => None,
        };
        let attempt = self.payments.get(&id).ok_or((RejectionCode::NotFound, 0))?;
        let seller = self.orders[&attempt.order].seller;
        match user {
            Some(user) if user == seller => Ok(attempt.clone()),
            Some(user) if user == attempt.buyer => no(RejectionCode::Forbidden),
            Some(_) => no(RejectionCode::NotFound),
            None => Ok(attempt.clone()),
        }
    }

    fn author(&self, asker: Asker) -> Author {
        let kind = match asker {
            Asker::Nobody => None,
            Asker::User(actor) => Some(AuthorKind::User(actor.user)),
            Asker::Key(key) => {
                let label = self.operator_keys[&key].label.clone();
                Some(AuthorKind::Key(KeyAuthor { key, label }))
            }
        };
        Author { kind }
    }

    pub(super) fn add_refund(
        &mut self,
        id: RefundId,
        payment: PaymentId,
        amount_minor: u64,
        (author, reason, cause): (Author, &str, RefundCause),
    ) {
        let refund = GiveBack {
            payment,
            number: self.refunds.values().filter(|refund| refund.payment == payment).count() as u32 + 1,
            amount_minor,
            status: RefundStatus::Pending,
            tries: 1,
            gateway_refund: String::new(),
            failure_code: String::new(),
            author,
            reason: reason.to_owned(),
            cause,
            made_as: String::new(),
            retried_by: None,
            version: 0,
            created_at_ms: self.now_ms,
            updated_at_ms: self.now_ms,
        };
        self.refunds.insert(id, refund);
        self.recount(payment);
    }

    pub(super) fn change_refund(&mut self, id: RefundId, how: impl FnOnce(&mut GiveBack)) {
        let now_ms = self.now_ms;
        let refund = self.refunds.get_mut(&id).expect("what changes is there");
        how(refund);
        refund.version += 1;
        refund.updated_at_ms = now_ms;
        let payment = refund.payment;
        self.recount(payment);
    }

    fn recount(&mut self, payment: PaymentId) {
        let of = |status: RefundStatus| {
            let refunds = self.refunds.values().filter(move |one| one.payment == payment);
            refunds.filter(move |one| one.status == status).map(|one| one.amount_minor).sum()
        };
        let (pending_minor, refunded_minor) = (of(RefundStatus::Pending), of(RefundStatus::Succeeded));
        let refunds = self.refunds.values().filter(|one| one.payment == payment);
        let failed = refunds.filter(|one| one.status == RefundStatus::Failed).count() as u32;
        let attempt = self.payments.get_mut(&payment).expect("it has refunds");
        (attempt.pending_minor, attempt.refunded_minor) = (pending_minor, refunded_minor);
        assert!(pending_minor + refunded_minor <= attempt.amount_minor, "{payment}: {attempt:?}");
        attempt.has_refunds = true;
        attempt.failed_refunds = failed;
    }

    pub(super) fn say_refund(&self, id: RefundId) -> Said {
        Said::Refund(id, self.refunds[&id].clone())
    }
}

/// How much more may be asked for.
pub(super) fn left_minor(attempt: &Attempt) -> u64 {
    let is_open = match attempt.status {
        PaymentStatus::Succeeded => true,
        PaymentStatus::Refunding => attempt.has_refunds,
        _ => false,
    };
    if is_open { attempt.amount_minor - attempt.refunded_minor - attempt.pending_minor } else { 0 }
}

/// A complete order's money is the seller's.
fn owed_for(status: PaymentStatus) -> Account {
    if status == PaymentStatus::Succeeded { Account::SellerPayable } else { Account::RefundsPayable }
}
