//! Orders and payments.

use boxoffice::domain::*;

use super::{Attempt, Claim, Model, No, Said, check_version, no};

impl Model {
    pub(super) fn reserve(&mut self, buyer: UserId, c: &Reserve) -> Result<Said, No> {
        self.check_not_held()?;
        let offer = self.tickets.get(&c.ticket).ok_or((RejectionCode::NotFound, 0))?.clone();
        if offer.seller == buyer {
            return no(RejectionCode::OwnTicket);
        }
        match offer.status {
            TicketStatus::Reserved => return no(RejectionCode::TicketReserved),
            TicketStatus::Sold => return no(RejectionCode::TicketSold),
            TicketStatus::Frozen => return no(RejectionCode::TicketFrozen),
            TicketStatus::Available => {}
        }
        if self.departed.contains(&offer.seller) {
            return no(RejectionCode::TicketFrozen);
        }
        if offer.starts_at_ms.is_some_and(|starts_at_ms| starts_at_ms <= self.now_ms) {
            return no(RejectionCode::ShowBegun);
        }
        let expires_at_ms = self.now_ms + c.payment_window_ms;
        let claim = Claim {
            number: self.orders.len() as u64 + 1,
            buyer,
            seller: offer.seller,
            ticket: c.ticket,
            title: offer.title,
            price_minor: offer.price_minor,
            ticket_version: offer.version,
            status: OrderStatus::Created,
            reason: CancelReason::None,
            expires_at_ms,
            due_at_ms: Some(expires_at_ms),
            payment: None,
            attempts: 0,
            version: 0,
            created_at_ms: self.now_ms,
            updated_at_ms: self.now_ms,
        };
        self.orders.insert(c.order, claim);
        self.tell(EventType::OrderCreated, c.order, 0);
        self.hand_over(c.ticket, TicketStatus::Reserved, Some(c.order));
        Ok(Said::Order(c.order, self.orders[&c.order].clone()))
    }

    pub(super) fn hand_over(&mut self, ticket: TicketId, status: TicketStatus, holder: Option<OrderId>) {
        self.change_ticket(ticket, |offer| {
            offer.status = status;
            offer.holder = holder;
        });
    }

    pub(super) fn cancel(&mut self, buyer: UserId, c: &CancelOrder) -> Result<Said, No> {
        let claim = self.own_order(buyer, c.order)?;
        if claim.status != OrderStatus::Cancelled {
            check_version(c.if_match.as_ref(), claim.version)?;
        }
        match claim.status {
            OrderStatus::Created => {
                self.check_not_held()?;
                self.release(c.order, CancelReason::Buyer);
            }
            OrderStatus::Cancelled => {}
            OrderStatus::AwaitingPayment => return no(RejectionCode::ChargeUnderWay),
            OrderStatus::Complete => return no(RejectionCode::OrderPaid),
        }
        Ok(Said::Done)
    }

    pub(super) fn expire(&mut self, at_most: usize) -> Result<Said, No> {
        if self.hold.is_some() {
            return Ok(Said::Done);
        }
        let deadline = |(id, claim): (&OrderId, &Claim)| Some((claim.due_at_ms?, claim.number, *id));
        let mut due: Vec<_> = self.orders.iter().filter_map(deadline).collect();
        due.retain(|(due_at_ms, _, _)| *due_at_ms <= self.now_ms);
        due.sort();
        for (_, _, id) in due.into_iter().take(at_most) {
            self.release_expired(id);
        }
        Ok(Said::Done)
    }

    pub(super) fn release_expired(&mut self, id: OrderId) {
        self.release(id, CancelReason::Expired);
        self.told.push((EventType::ExpirationComplete, id.to_string(), None));
    }

    pub(super) fn release(&mut self, id: OrderId, reason: CancelReason) {
        self.hand_over(self.orders[&id].ticket, TicketStatus::Available, None);
        self.change_order(id, EventType::OrderCancelled, |claim| {
            claim.status = OrderStatus::Cancelled;
            claim.reason = reason;
            claim.due_at_ms = None;
        });
    }

    pub(super) fn pay(&mut self, buyer: UserId, c: &Pay) -> Result<Said, No> {
        self.check_not_held()?;
        let claim = self.own_order(buyer, c.order)?;
        // A browser that asks again goes on with what it began.
        if c.in_browser && claim.status == OrderStatus::AwaitingPayment {
            let id = claim.payment.expect("it awaits one");
            let attempt = &self.payments[&id];
            if attempt.in_browser && attempt.gateway == c.gateway && attempt.withdrawal == Withdrawal::None {
                return Ok(self.say_payment(id));
            }
        }
        self.check_payable(&claim)?;
        let counted = u32::from(self.keeps_history);
        let attempt = Attempt {
            number: self.payments.len() as u64 + 1,
            order: c.order,
            buyer,
            amount_minor: claim.price_minor,
            status: PaymentStatus::Processing,
            charge: String::new(),
            gateway: c.gateway.clone(),
            in_browser: c.in_browser,
            intent: String::new(),
            stage: Some(PaymentStage::Claimed),
            decline_code: String::new(),
            has_refunds: false,
            pending_minor: 0,
            refunded_minor: 0,
            failed_refunds: 0,
            withdrawal: Withdrawal::None,
            disputes: Vec::new(),
            version: 0,
            created_at_ms: self.now_ms,
            updated_at_ms: self.now_ms,
        };
        self.payments.insert(c.payment, attempt);
        self.tell(EventType::PaymentCreated, c.payment, 0);
        self.change_order(c.order, EventType::OrderUpdated, |claim| {
            claim.status = OrderStatus::AwaitingPayment;
            claim.due_at_ms = Some(claim.expires_at_ms + c.grace_ms);
            claim.payment = Some(c.payment);
            claim.attempts += counted;
        });
        Ok(self.say_payment(c.payment))
    }

    fn check_payable(&self, claim: &Claim) -> Result<(), No> {
        match (claim.status, claim.reason) {
            (OrderStatus::Created, _) => self.check_attempt(claim),
            (OrderStatus::Cancelled, CancelReason::Expired) => no(RejectionCode::OrderExpired),
            (OrderStatus::Cancelled, _) => no(RejectionCode::OrderCancelled),
            (OrderStatus::AwaitingPayment, _) => {
                if !self.payments[&claim.payment.expect("it awaits one")].in_browser {
                    return no(RejectionCode::ChargeUnderWay);
                }
                self.check_attempt(claim)?;
                no(RejectionCode::BrowserAttemptOpen)
            }
            (OrderStatus::Complete, _) => no(RejectionCode::OrderPaid),
        }
    }

    pub(super) fn check_attempt(&self, claim: &Claim) -> Result<(), No> {
        if self.now_ms >= claim.expires_at_ms {
            return no(RejectionCode::OrderExpired);
        }
        if claim.attempts >= MAX_ATTEMPTS_PER_ORDER {
            return no(RejectionCode::TooManyAttempts);
        }
        Ok(())
    }

    pub(super) fn settle(&mut self, c: &SettleCharge) -> Result<Said, No> {
        let attempt = self.payments.get(&c.payment).ok_or((RejectionCode::NotFound, 0))?.clone();
        if attempt.status != PaymentStatus::Processing {
            return Ok(self.say_payment(c.payment));
        }
        // Only the intent on record has a say, and nobody's word counts once there is one.
        if attempt.intent != c.intent {
            return Ok(self.say_payment(c.payment));
        }
        let claim = self.orders[&attempt.order].clone();
        // A charge under way holds its order up to deadline and grace; once declined, it holds nothing.
        let held_until_ms = if c.succeeded { claim.due_at_ms } else { Some(claim.expires_at_ms) };
        let awaits = claim.status == OrderStatus::AwaitingPayment;
        let runs_out = awaits && held_until_ms.is_some_and(|until_ms| until_ms <= self.now_ms);
        if runs_out {
            self.release_expired(attempt.order);
        }
        let released = runs_out || !awaits;
        if c.succeeded && !released {
            self.hand_over(claim.ticket, TicketStatus::Sold, Some(attempt.order));
            self.change_order(attempt.order, EventType::OrderCompleted, |claim| {
                claim.status = OrderStatus::Complete;
                claim.due_at_ms = None;
            });
        } else if !released && attempt.withdrawal == Withdrawal::CancelsOrder {
            self.release(attempt.order, CancelReason::Buyer);
        } else if !released {
            self.change_order(attempt.order, EventType::OrderUpdated, |claim| {
                claim.status = OrderStatus::Created;
                claim.due_at_ms = Some(claim.expires_at_ms);
            });
        }
        self.change_payment(c.payment, EventType::PaymentUpdated, |attempt| {
            attempt.status = match (c.succeeded, released) {
                (true, false) => PaymentStatus::Succeeded,
                (true, true) => PaymentStatus::Refunding,
                (false, _) => PaymentStatus::Failed,
            };
            attempt.stage = None;
            attempt.charge.clone_from(&c.charge);
            attempt.decline_code.clone_from(&c.decline_code);
        });
        self.charged(c.payment);
        Ok(self.say_payment(c.payment))
    }

    pub(super) fn intend(&mut self, c: &RecordIntent) -> Result<Said, No> {
        let attempt = self.payments.get(&c.payment).ok_or((RejectionCode::NotFound, 0))?;
        if attempt.status == PaymentStatus::Processing && attempt.intent.is_empty() {
            self.change_payment(c.payment, EventType::PaymentUpdated, |attempt| {
                attempt.intent.clone_from(&c.intent);
                attempt.stage = Some(PaymentStage::Prepared);
            });
        }
        Ok(self.say_payment(c.payment))
    }

    pub(super) fn act(&mut self, c: &RecordAction) -> Result<Said, No> {
        let attempt = self.payments.get(&c.payment).ok_or((RejectionCode::NotFound, 0))?;
        if attempt.stage == Some(PaymentStage::Prepared) && attempt.intent == c.intent {
            self.change_payment(c.payment, EventType::PaymentUpdated, |attempt| {
                attempt.stage = Some(PaymentStage::ActionRequired);
            });
        }
        Ok(self.say_payment(c.payment))
    }

    pub(super) fn refund(&mut self, id: PaymentId) -> Result<Said, No> {
        let attempt = self.payments.get(&id).ok_or((RejectionCode::NotFound, 0))?;
        if attempt.status == PaymentStatus::Refunding && !attempt.has_refunds {
            self.late_charge_went(id);
            self.change_payment(id, EventType::PaymentRefunded, |attempt| {
                attempt.status = PaymentStatus::Refunded;
            });
        }
        Ok(self.say_payment(id))
    }

    /// Somebody else's order is as good as missing.
    pub(super) fn own_order(&self, buyer: UserId, id: OrderId) -> Result<Claim, No> {
        let own = self.orders.get(&id).filter(|claim| claim.buyer == buyer);
        own.cloned().ok_or((RejectionCode::NotFound, 0))
    }

    pub(super) fn change_order(&mut self, id: OrderId, event: EventType, how: impl FnOnce(&mut Claim)) {
        let now_ms = self.now_ms;
        let claim = self.orders.get_mut(&id).expect("what changes is there");
        how(claim);
        claim.version += 1;
        claim.updated_at_ms = now_ms;
        let version = claim.version;
        self.tell(event, id, version);
    }

    pub(super) fn change_payment(&mut self, id: PaymentId, event: EventType, how: impl FnOnce(&mut Attempt)) {
        let now_ms = self.now_ms;
        let attempt = self.payments.get_mut(&id).expect("what changes is there");
        how(attempt);
        attempt.version += 1;
        attempt.updated_at_ms = now_ms;
        let version = attempt.version;
        self.tell(event, id, version);
    }

    pub(super) fn say_payment(&self, id: PaymentId) -> Said {
        Said::Payment(id, self.payments[&id].clone())
    }
}
