//! People at a shop: short names for the commands that most tests begin with.

use boxoffice::domain::*;

use crate::shop::{Shop, operator_key_id, order_id, payment_id, refund_id, session_id, ticket_id, user_id};

/// How long everything lasts here: longer than any test's clock goes.
const LONG_MS: u64 = 1_000_000_000;

impl Shop {
    /// Somebody new, signed in.
    pub(crate) fn sign_up(&mut self) -> Actor {
        let number = self.next();
        let (user, session) = (user_id(number), session_id(number));
        let body = SignUp {
            user,
            email: format!("{number}@example.com"),
            password_hash: "hash".into(),
            session,
            session_ttl_ms: LONG_MS,
            client: String::new(),
        };
        self.done(None, Command::SignUp(body));
        Actor { user, session }
    }

    /// A key that is good for this, made by the service itself.
    pub(crate) fn operator_key(&mut self, scopes: &[Scope]) -> OperatorKeyId {
        let create = self.new_operator_key(scopes, None);
        let key = create.key;
        self.done(None, Command::CreateOperatorKey(create));
        key
    }

    /// What makes another key, with an id and a hash of its own.
    pub(crate) fn new_operator_key(&mut self, scopes: &[Scope], ttl_ms: Option<u64>) -> CreateOperatorKey {
        let number = self.next();
        let mut hash = vec![0xee; 32];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        CreateOperatorKey {
            key: operator_key_id(number),
            hash,
            label: format!("key {number}"),
            scopes: scopes.iter().map(|scope| i32::from(*scope)).collect(),
            ttl_ms,
        }
    }

    /// Posts a ticket whose title is made of these words.
    pub(crate) fn post(
        &mut self,
        seller: Actor,
        words: &[&str],
        price_minor: u64,
        starts_at_ms: Option<u64>,
    ) -> TicketId {
        let ticket = ticket_id(self.next());
        let fields = fields(words, price_minor, starts_at_ms);
        let body = CreateTicket { ticket, fields, currency: "usd".into() };
        self.done(Some(seller), Command::CreateTicket(body));
        ticket
    }

    pub(crate) fn freeze(&mut self, seller: Actor, ticket: TicketId) {
        self.done(Some(seller), Command::SetFrozen(SetFrozen { ticket, frozen: true, if_match: None }));
    }

    pub(crate) fn withdraw(&mut self, seller: Actor, ticket: TicketId) {
        self.done(Some(seller), Command::DeleteTicket(DeleteTicket { ticket, if_match: None }));
    }

    pub(crate) fn reserve(&mut self, buyer: Actor, ticket: TicketId) -> OrderId {
        self.reserve_for(buyer, ticket, LONG_MS)
    }

    pub(crate) fn reserve_for(&mut self, buyer: Actor, ticket: TicketId, window_ms: u64) -> OrderId {
        let order = order_id(self.next());
        self.done(Some(buyer), Command::Reserve(Reserve { order, ticket, payment_window_ms: window_ms }));
        order
    }

    pub(crate) fn cancel(&mut self, buyer: Actor, order: OrderId) {
        self.done(Some(buyer), Command::CancelOrder(CancelOrder { order, if_match: None }));
    }

    pub(crate) fn pay(&mut self, buyer: Actor, order: OrderId) -> PaymentId {
        let payment = payment_id(self.next());
        self.done(
            Some(buyer),
            Command::Pay(Pay { payment, order, source: "tok_visa".into(), grace_ms: 500, ..Pay::default() }),
        );
        payment
    }

    pub(crate) fn settle(&mut self, payment: PaymentId, succeeded: bool) {
        let settle = SettleCharge { payment, succeeded, charge: "charge".into(), ..SettleCharge::default() };
        self.done(None, Command::SettleCharge(settle));
    }

    /// Has a payment given back; `None`: all that is left of it.
    pub(crate) fn ask_for_refund(
        &mut self,
        seller: Actor,
        payment: PaymentId,
        amount_minor: Option<u64>,
    ) -> RefundId {
        let refund = refund_id(self.next());
        let reason = String::new();
        self.done(
            Some(seller),
            Command::RefundPayment(RefundPayment { refund, payment, amount_minor, reason }),
        );
        refund
    }

    /// Has the gateway say what became of the latest try.
    pub(crate) fn settle_refund(&mut self, refund: RefundId, outcome: RefundStatus) -> Refund {
        let known = self.rows("refunds").find(|known: &Refund| known.id == refund).expect("it was asked for");
        let settle = SettleRefund {
            refund,
            try_number: known.tries,
            outcome: outcome.into(),
            gateway_refund: "re".into(),
            failure_code: String::new(),
        };
        match self.done(None, Command::SettleRefund(settle)) {
            Answer::Refund(refund) => refund,
            answer => panic!("{answer:?} to what became of a refund"),
        }
    }

    /// Has it recorded what the gateway says of a dispute, by whoever knew of this revision of it; shows the payment.
    pub(crate) fn dispute(
        &mut self,
        payment: PaymentId,
        dispute: &str,
        revision: u32,
        status: &str,
        is_withdrawn: bool,
    ) -> Payment {
        let record = RecordDispute {
            payment,
            dispute: dispute.into(),
            revision,
            status: status.into(),
            reason: "fraudulent".into(),
            amount_minor: 500,
            currency: "usd".into(),
            since_ms: 1_700_000_000_000,
            is_withdrawn,
        };
        match self.done(None, Command::RecordDispute(record)) {
            Answer::Payment(payment) => payment,
            answer => panic!("{answer:?} to a dispute"),
        }
    }

    /// Has the sandbox charge, and says what its books have.
    pub(crate) fn play_charge(&mut self, key: PaymentId, source: &str) -> SandboxEntry {
        let (currency, source) = ("usd".to_owned(), source.to_owned());
        let charge = SandboxCharge { key, amount_minor: 500, currency, source, settles: false };
        match self.done(None, Command::SandboxCharge(charge)) {
            Answer::SandboxEntry(entry) => entry,
            answer => panic!("{answer:?} to a charge"),
        }
    }

    pub(crate) fn done(&mut self, actor: Option<Actor>, body: Command) -> Answer {
        self.ask(actor, body).expect("nothing is in the way")
    }
}

fn fields(words: &[&str], price_minor: u64, starts_at_ms: Option<u64>) -> TicketFields {
    TicketFields {
        title: words.join(" "),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        price_minor,
        venue: None,
        starts_at_ms,
    }
}
