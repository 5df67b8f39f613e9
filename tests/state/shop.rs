//! A state in memory that applies commands, as the state machine does it on disk.

use std::collections::BTreeMap;

use boxoffice::domain::{
    Actor, Answer, Asker, Command, Counters, Envelope, Event, OperatorKeyId, OrderId, PaymentId, ProposalId,
    RefundId, Rejection, Reply, SessionId, TicketId, UserId, apply,
};
use boxoffice::store::{AuditReport, StateTables, View, audit};
use prost::Message;
use redb::backends::InMemoryBackend;
use redb::{
    Database, ReadableDatabase, ReadableTable, StorageBackend, TableDefinition, TableHandle, WriteTransaction,
};

/// Where the replicated clock begins, in milliseconds.
pub(crate) const START_MS: u64 = 1_000_000;

/// How long requests stay valid unless a test says otherwise.
pub(crate) const REQUEST_TTL_MS: u64 = 3_000;

/// All rows of all tables, by the tables' names.
pub(crate) type Dump = BTreeMap<String, Vec<(Vec<u8>, Vec<u8>)>>;

/// A table as the store defines all of its tables.
pub(crate) fn table(name: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(name)
}

/// A state, its clock, and a supply of identifiers.
pub(crate) struct Shop {
    db: Database,
    /// The replicated clock, in milliseconds.
    pub(crate) now_ms: u64,
    made: u64,
}

impl Shop {
    pub(crate) fn new() -> Self {
        Self::on(InMemoryBackend::new(), None)
    }

    /// The shop on another backend, with so many bytes of cache.
    pub(crate) fn on(backend: impl StorageBackend, cache_bytes: Option<usize>) -> Self {
        let mut builder = Database::builder();
        if let Some(bytes) = cache_bytes {
            builder.set_cache_size(bytes);
        }
        let db = builder.create_with_backend(backend).expect("an empty backend becomes a database");
        Self { db, now_ms: START_MS, made: 0 }
    }

    pub(crate) fn view(&self) -> View {
        View::new(self.db.begin_read().expect("memory does not fail"))
    }

    /// Applies commands in one transaction.
    pub(crate) fn apply_batch<'c>(
        &mut self,
        batch: impl IntoIterator<Item = (&'c Envelope, u64)>,
    ) -> Vec<Reply> {
        let txn = self.db.begin_write().expect("memory does not fail");
        let mut tables = StateTables::open(&txn).expect("every table opens");
        let replies =
            batch.into_iter().map(|(envelope, at_ms)| apply(&mut tables, envelope, at_ms)).collect();
        tables.finish().expect("nothing is damaged");
        txn.commit().expect("memory does not fail");
        replies
    }

    /// Applies one command now.
    pub(crate) fn apply(&mut self, envelope: &Envelope) -> Reply {
        let now_ms = self.now_ms;
        self.apply_batch([(envelope, now_ms)]).remove(0)
    }

    /// Asks for something now, under a new request.
    pub(crate) fn ask(&mut self, actor: Option<Actor>, command: Command) -> Result<Answer, Rejection> {
        self.ask_as(actor.into(), command)
    }

    /// The same, whoever asks.
    pub(crate) fn ask_as(&mut self, asker: Asker, command: Command) -> Result<Answer, Rejection> {
        let envelope = self.envelope_of(asker, command);
        self.apply(&envelope).into_result()
    }

    pub(crate) fn envelope(&mut self, actor: Option<Actor>, command: Command) -> Envelope {
        self.envelope_of(actor.into(), command)
    }

    pub(crate) fn envelope_of(&mut self, asker: Asker, command: Command) -> Envelope {
        let proposal = ProposalId { expires_ms: self.now_ms + REQUEST_TTL_MS, random: self.next() };
        let (actor, operator_key) = asker.to_fields();
        Envelope {
            proposal,
            actor,
            idempotency: None,
            operator_key,
            keeps_history: true,
            command: Some(command),
        }
    }

    /// A number that was not given out before.
    pub(crate) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    /// Changes tables behind the domain's back.
    pub(crate) fn damage(&mut self, how: impl FnOnce(&WriteTransaction)) {
        let txn = self.db.begin_write().expect("memory does not fail");
        how(&txn);
        txn.commit().expect("memory does not fail");
    }

    pub(crate) fn audit(&self) -> AuditReport {
        audit(&self.view()).expect("every row can be read")
    }

    pub(crate) fn assert_sound(&self) {
        let report = self.audit();
        assert!(report.violations.is_empty(), "{:#?}", report.violations);
    }

    /// How many events there were so far.
    pub(crate) fn event_count(&self) -> u64 {
        self.rows::<Counters>("counters").next().map_or(0, |counters| counters.events)
    }

    /// The events after the first so many.
    pub(crate) fn events_after(&self, count: u64) -> Vec<Event> {
        let txn = self.db.begin_read().expect("memory does not fail");
        // A table is there once something was written to it, or looked for in it.
        let Ok(outbox) = txn.open_table(table("outbox")) else { return Vec::new() };
        let from = (count + 1).to_be_bytes();
        let entries = outbox.range::<&[u8]>(&from[..]..).expect("memory does not fail");
        entries.map(|entry| decoded(entry.expect("memory does not fail").1.value())).collect()
    }

    /// All rows of a table.
    pub(crate) fn rows<M: Message + Default>(&self, name: &str) -> impl Iterator<Item = M> + use<M> {
        let txn = self.db.begin_read().expect("memory does not fail");
        let open = txn.open_table(table(name)).ok();
        let entries =
            open.into_iter().flat_map(|open| open.range::<&[u8]>(..).expect("memory does not fail"));
        entries.map(|entry| decoded(entry.expect("memory does not fail").1.value()))
    }

    pub(crate) fn dump(&self) -> Dump {
        let txn = self.db.begin_read().expect("memory does not fail");
        let names: Vec<String> =
            txn.list_tables().expect("memory does not fail").map(|table| table.name().to_owned()).collect();
        let rows_of = |name: &String| {
            let open = txn.open_table(table(name)).expect("every table maps bytes to bytes");
            let rows = open.iter().expect("memory does not fail").map(|entry| {
                let (key, value) = entry.expect("memory does not fail");
                (key.value().to_vec(), value.value().to_vec())
            });
            rows.collect()
        };
        names.iter().map(|name| (name.clone(), rows_of(name))).collect()
    }
}

/// A row from its bytes.
pub(crate) fn decoded<M: Message + Default>(row: &[u8]) -> M {
    M::decode(row).expect("a row of this table")
}

macro_rules! ids {
    ($($make:ident -> $id:ident = $kind:literal;)*) => {$(
        /// The identifier of its kind with this number.
        pub(crate) fn $make(number: u64) -> $id {
            let mut bytes = [$kind; 16];
            bytes[8..].copy_from_slice(&number.to_be_bytes());
            $id::from_bytes(bytes)
        }
    )*};
}

ids! {
    user_id -> UserId = 1;
    session_id -> SessionId = 2;
    ticket_id -> TicketId = 3;
    order_id -> OrderId = 4;
    payment_id -> PaymentId = 5;
    operator_key_id -> OperatorKeyId = 6;
    refund_id -> RefundId = 7;
}
