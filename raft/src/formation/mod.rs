//! What a replica does between "my files are open and nobody's" and "I have a place in a cluster".
//!
//! Two clusters where one was meant can never be merged again. So all of this prefers to
//! wait, and says for what. The rules, and why they suffice:
//!
//! 1. **Who finds a cluster joins it.** A fresh replica that sees a member of a cluster makes durable that it
//!    joins that one, before it asks, and founds none from then on. If it sees members of two, it does nothing.
//! 2. **Who founds is chosen the same way by all.** Founders are the `bootstrap_expect` smallest instances among
//!    the fresh replicas that may vote; the smallest proposes. It counts all that it sees, that called it, or
//!    that one of those sees: who is only heard of is waited for. Each founder must see each other, twice in a
//!    row, and nobody in sight may be on the way into a cluster or be set up to found another one.
//! 3. **A promise excludes.** The proposal is durable before anybody is asked and a promise before it is
//!    answered. Who has promised promises nothing else, and proposing is a promise. Nobody promises who sees
//!    a cluster, or another proposal, or a fresh replica that ought to be among the founders.
//! 4. **Only the proposer decides**, once all have promised, and durably before anybody is told. Two foundings
//!    that share a member can therefore not both be formed. The others learn it from the proposer, or from any
//!    member of that cluster. Whoever takes its place puts the same first membership into its log, so
//!    that any quorum of founders starts the cluster.
//! 5. **Giving up is safe until then.** The proposer abandons its proposal when anybody refuses, when a promise
//!    is too long in coming, or when it sees what would have kept it from proposing. It needs to remember only
//!    the proposal that it stands by: every other of its own instance was abandoned, which is what it answers.
//! 6. **Nobody guesses.** A promise ends only by the word of the proposer, or by meeting the cluster. If the
//!    proposer's disk is lost, the cluster may exist or not; whoever promised waits, and says what an operator
//!    can do: bring the proposer back, wipe the waiting data directory, which holds nothing else, or
//!    `boxoffice cluster init`.
//!
//! An instance is what is on a disk. Addresses may change at any time, so who answers says which instance it
//! is, and a promise counts for that one only.
//!
//! **What this can't exclude.** Two sets of `bootstrap_expect` fresh replicas that do not see each other at all
//! found two clusters: each looks complete. That needs at least twice as many fresh replicas that may vote as
//! are expected, in two halves between which nothing passes while they start. Whoever wants no guessing sets
//! `bootstrap_expect` to 0 everywhere and runs `boxoffice cluster init` once: that makes a cluster of one, which
//! the others join. Without force it refuses on a replica that sees a cluster, or that has not looked around yet.
//! With `bootstrap_expect` 1, every replica that sees nobody is such a set: set it on one only.

mod answers;
mod calls;
mod choice;
mod discovery;
mod driver;
mod handle;
mod id;
mod messages;
mod profile;
mod record;
mod state;
#[cfg(test)]
mod tests;
mod view;
mod waiting;

pub use answers::InitError;
pub use calls::{CallError, Calls};
pub use discovery::{Discovery, DnsPeers, StaticPeers};
pub use handle::FormationHandle;
pub use id::{ClusterId, Instance};
pub use messages::{
    Founder, Founding, FoundingAnswer, FoundingQuery, FoundingState, Hello, JoinAnswer, JoinOutcome,
    JoinRequest, MAX_FOUNDERS, Member, PROTOCOL_VERSION, Promise, PromiseAnswer, Standing,
};
pub use profile::Profile;
pub(crate) use record::StoredRecords;
pub use record::{MemoryRecords, Record, Records, State};
pub use state::Outcome;
