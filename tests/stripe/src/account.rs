//! The account: all that Stripe knows of, and what happened in it.

use std::collections::{HashMap, HashSet, VecDeque};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::STRIPE_VERSION;
use crate::error::ApiError;
use crate::resources::charges::Charge;
use crate::resources::disputes::Dispute;
use crate::resources::payment_intents::Intent;
use crate::resources::payment_methods::Method;
use crate::resources::refunds::Refund;

/// Objects of a kind that there is room for: a long run of the tests makes 10 000 payments.
const MAX_OBJECTS: usize = 200_000;

/// Events that are remembered, the newest.
const MAX_EVENTS: usize = 20_000;

/// What Stripe's names are made of.
const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An object that has a name.
pub(crate) trait Object {
    /// What error messages call it.
    const KIND: &'static str;

    fn id(&self) -> &str;

    /// As answers show it.
    fn json(&self) -> Value;
}

/// Objects of one kind, in the order in which they were made.
pub(crate) struct Objects<T> {
    all: Vec<T>,
    by_id: HashMap<String, usize>,
}

impl<T> Default for Objects<T> {
    fn default() -> Self {
        Self { all: Vec::new(), by_id: HashMap::new() }
    }
}

impl<T: Object> Objects<T> {
    pub(crate) fn has_room(&self) -> Result<(), ApiError> {
        if self.all.len() < MAX_OBJECTS { Ok(()) } else { Err(ApiError::full(T::KIND)) }
    }

    pub(crate) fn add(&mut self, object: T) -> &mut T {
        let at = self.all.len();
        self.by_id.insert(object.id().to_owned(), at);
        self.all.push(object);
        &mut self.all[at]
    }

    pub(crate) fn get(&self, id: &str, param: &str) -> Result<&T, ApiError> {
        self.position(id, param).map(|at| &self.all[at])
    }

    pub(crate) fn get_mut(&mut self, id: &str, param: &str) -> Result<&mut T, ApiError> {
        self.position(id, param).map(|at| &mut self.all[at])
    }

    pub(crate) fn position(&self, id: &str, param: &str) -> Result<usize, ApiError> {
        self.by_id.get(id).copied().ok_or_else(|| ApiError::missing(T::KIND, id, param))
    }

    /// The oldest first.
    pub(crate) fn all(&self) -> &[T] {
        &self.all
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) body: Value,
}

/// All that there is.
pub(crate) struct Account {
    pub(crate) methods: Objects<Method>,
    pub(crate) intents: Objects<Intent>,
    pub(crate) charges: Objects<Charge>,
    pub(crate) refunds: Objects<Refund>,
    pub(crate) disputes: Objects<Dispute>,
    pub(crate) used_tokens: HashSet<String>,
    /// The newest are last.
    pub(crate) events: VecDeque<Event>,
    /// What nobody has been told of yet.
    pub(crate) untold: Vec<Event>,
    /// Seconds since 1970, as of the request under way.
    pub(crate) now_s: u64,
    names: StdRng,
}

impl Account {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            methods: Objects::default(),
            intents: Objects::default(),
            charges: Objects::default(),
            refunds: Objects::default(),
            disputes: Objects::default(),
            used_tokens: HashSet::new(),
            events: VecDeque::new(),
            untold: Vec::new(),
            now_s: 0,
            names: StdRng::seed_from_u64(seed),
        }
    }

    /// A name that nothing has yet.
    pub(crate) fn name(&mut self, prefix: &str) -> String {
        let letters = (0..24).map(|_| char::from(LETTERS[self.names.random_range(0..LETTERS.len())]));
        std::iter::once(prefix).map(str::to_owned).chain(letters.map(String::from)).collect()
    }

    /// Notes that something happened to an object.
    pub(crate) fn happened(&mut self, kind: &str, object: Value) {
        let id = self.name("evt_");
        let body = json!({
            "id": id,
            "object": "event",
            "api_version": STRIPE_VERSION,
            "created": self.now_s,
            "data": { "object": object },
            "livemode": false,
            "pending_webhooks": 1,
            "request": { "id": null, "idempotency_key": null },
            "type": kind,
        });
        let event = Event { id, body };
        if self.events.len() >= MAX_EVENTS {
            self.events.pop_front();
        }
        self.events.push_back(event.clone());
        self.untold.push(event);
    }
}
