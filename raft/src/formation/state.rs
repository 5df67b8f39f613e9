//! What a replica without a place does next: decisions only, no I/O, no clock, no randomness.
//!
//! Whatever changes the record comes out as a [`Change`], which takes effect once it was made durable and handed
//! back to [`Formation::adopt`]. The rules are those of the [module above](super).

use std::collections::BTreeSet;
use std::time::Duration;

use super::choice::Choice;
use super::id::{ClusterId, Instance};
use super::messages::{Founder, Founding, FoundingQuery, Hello, JoinRequest, Member, PROTOCOL_VERSION};
use super::profile::Profile;
use super::record::{Record, State};
use super::view::View;
use super::waiting::Waiting;

/// The founders must have been the same at the end of so many rounds of calls.
const QUIET_ROUNDS: u32 = 2;
/// A proposal that lacks promises for so long is abandoned: those who promised are free again, and whoever is
/// there then can found a cluster.
const PROMISE_PATIENCE: Duration = Duration::from_secs(10);

/// One replica on its way. Times are since some fixed moment.
#[derive(Debug)]
pub(crate) struct Formation {
    pub(super) profile: Profile,
    pub(super) record: Record,
    pub(super) view: View,
    /// Rounds of calls to all known addresses since the start.
    pub(super) rounds: u32,
    /// The founders at the end of the last round, and of how many rounds before it.
    pub(super) founders: Option<(Vec<Instance>, u32)>,
    /// It proposes nothing before: two that propose over and over should not do so in step.
    propose_after: Duration,
    /// What came of its own proposal so far; none when it has none.
    pub(super) proposal: Option<Proposal>,
}

/// What is known of one's own proposal. Not durable: whoever promised promises again.
#[derive(Debug)]
pub(super) struct Proposal {
    pub(super) promised: BTreeSet<Instance>,
    pub(super) refusal: Option<String>,
    since: Duration,
}

/// A change of the record, to be made durable before it takes effect.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) record: Record,
    /// What happens, for the log.
    pub(crate) what: String,
}

/// What chance decides. Drawn anew for each step.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Chance {
    /// An id that was never used before.
    pub(crate) new_cluster: ClusterId,
    /// How long to propose nothing after a proposal came to nothing.
    pub(crate) pause: Duration,
}

/// What to do next.
#[derive(Debug, PartialEq)]
pub(crate) enum Step {
    /// Make it durable, adopt it, and go on.
    Save(Change),
    /// Ask these for a promise.
    AskPromises { founding: Founding, of: Vec<String>, waiting: Waiting },
    /// Ask there what became of a proposal.
    AskVerdict { query: FoundingQuery, address: String },
    /// Ask to be let in, at one of these after the other.
    AskToJoin { request: JoinRequest, addresses: Vec<String> },
    /// Nothing, for now.
    Wait(Waiting),
    /// Nothing any more: it has its place.
    Done(Outcome),
}

/// The place that a replica has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is one of the first members of a new cluster.
    Founder {
        /// Its place.
        member: Member,
        /// All first members, this one among them. All vote.
        founders: Vec<Founder>,
        /// It decided, so the cluster begins with it.
        proposed: bool,
    },
    /// A cluster let it in.
    Admitted(Member),
}

impl Formation {
    pub(crate) fn new(profile: Profile, record: Record) -> Self {
        Self {
            profile,
            record,
            view: View::default(),
            rounds: 0,
            founders: None,
            propose_after: Duration::ZERO,
            proposal: None,
        }
    }

    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// What this replica says of itself.
    pub(crate) fn hello(&mut self, now: Duration, wall_ms: u64) -> Hello {
        self.view.expire(now);
        let Profile { program_version, region, address, may_vote, bootstrap_expect, .. } =
            self.profile.clone();
        Hello {
            protocol_version: PROTOCOL_VERSION,
            program_version,
            instance: self.record.instance,
            region,
            address,
            may_vote,
            bootstrap_expect,
            revision: self.record.revision,
            wall_ms,
            standing: Some(self.record.standing()),
            seen: self.view.seen(),
            leader_address: None,
        }
    }

    /// Notes the answer of the replica at `address`.
    pub(crate) fn on_answer(&mut self, now: Duration, address: &str, hello: Hello) {
        if self.concerns_others(&hello) {
            self.view.answered(now, address, hello);
        }
    }

    /// Notes what a replica said that called this one.
    pub(crate) fn on_caller(&mut self, now: Duration, hello: Hello) {
        if self.concerns_others(&hello) {
            self.view.heard(now, hello);
        }
    }

    fn concerns_others(&self, hello: &Hello) -> bool {
        let has_place = matches!(self.record.state, State::Member(_));
        !has_place && hello.instance != self.record.instance && !hello.instance.is_missing()
    }

    /// Every address there is was called, and has answered or not.
    pub(crate) fn on_round(&mut self, now: Duration) {
        self.view.expire(now);
        self.rounds = self.rounds.saturating_add(1);
        let last = self.founders.take();
        if let (State::Fresh(()), Ok(founders)) = (&self.record.state, self.choice().founders()) {
            let founders: Vec<Instance> = founders.into_iter().map(|founder| founder.instance).collect();
            let rounds = last.filter(|(last, _)| *last == founders).map_or(0, |(_, rounds)| rounds);
            self.founders = Some((founders, rounds.saturating_add(1)));
        }
    }

    /// What to do now.
    pub(crate) fn step(&mut self, now: Duration, chance: Chance) -> Step {
        self.view.expire(now);
        match self.record.state.clone() {
            State::Fresh(()) => self.step_fresh(now, chance.new_cluster),
            State::Joining(cluster_id) => self.step_joining(cluster_id),
            // A member of it is proof enough that it was formed.
            State::Promised(founding) if self.view.clusters().contains(&founding.cluster_id) => {
                self.take_place(founding)
            }
            State::Promised(founding) if founding.proposer == self.record.instance => {
                self.step_proposing(now, founding, chance.pause)
            }
            State::Promised(founding) => self.step_promised(&founding),
            State::Member(member) => Step::Done(self.outcome(member)),
        }
    }

    fn step_fresh(&self, now: Duration, new_cluster: ClusterId) -> Step {
        let mut clusters = self.view.clusters().into_iter();
        match (clusters.next(), clusters.next()) {
            (Some(first), Some(second)) => return Step::Wait(Waiting::TwoClusters { first, second }),
            (Some(cluster_id), None) => {
                return self
                    .save(State::Joining(cluster_id), format!("found cluster {cluster_id}: joining it"));
            }
            (None, _) => {}
        }
        if !self.wants_to_found() {
            return Step::Wait(Waiting::ForCluster { may_vote: self.profile.may_vote });
        }
        let founders = match self.choice().founders() {
            Ok(founders) => founders,
            Err(waiting) => return Step::Wait(waiting),
        };
        if !self.is_quiet(&founders) {
            return Step::Wait(Waiting::ForQuiet);
        }
        // `Choice` takes this replica for one of the known, so there is a first.
        let Some(first) = founders.first() else { return Step::Wait(Waiting::ForQuiet) };
        if first.instance != self.record.instance {
            return Step::Wait(Waiting::ForProposer { address: first.address.clone() });
        }
        if now < self.propose_after {
            return Step::Wait(Waiting::ForQuiet);
        }
        let what =
            format!("proposing cluster {new_cluster} of the replicas at {}", addresses(founders.iter()));
        let founding = Founding { cluster_id: new_cluster, proposer: first.instance, members: founders };
        self.save(State::Promised(founding), what)
    }

    fn step_proposing(&mut self, now: Duration, founding: Founding, pause: Duration) -> Step {
        let objection = self.choice().objection(&founding);
        let proposal = self.proposal.get_or_insert_with(|| Proposal {
            promised: BTreeSet::from([founding.proposer]),
            refusal: None,
            since: now,
        });
        let lacks = |founder: &&Founder| !proposal.promised.contains(&founder.instance);
        let missing: Vec<&Founder> = founding.members.iter().filter(lacks).collect();
        let late = now.saturating_sub(proposal.since) >= PROMISE_PATIENCE;
        let failure = objection.or_else(|| proposal.refusal.clone()).or_else(|| {
            let late = late && !missing.is_empty();
            late.then(|| format!("no promise came from {}", addresses(missing.iter().copied())))
        });
        if let Some(failure) = failure {
            self.propose_after = now + pause;
            let what = format!("abandoning the proposal of cluster {}: {failure}", founding.cluster_id);
            return self.save(State::Fresh(()), what);
        }
        if missing.is_empty() {
            return self.take_place(founding);
        }
        let waiting = Waiting::ForPromises { of: addresses(missing.iter().copied()) };
        let of = missing.into_iter().map(|founder| self.address_of(founder)).collect();
        Step::AskPromises { of, waiting, founding }
    }

    fn step_promised(&self, founding: &Founding) -> Step {
        let query = FoundingQuery { cluster_id: founding.cluster_id, proposer: founding.proposer };
        let proposer = founding.members.iter().find(|founder| founder.instance == founding.proposer);
        let address = proposer.map(|proposer| self.address_of(proposer)).unwrap_or_default();
        Step::AskVerdict { query, address }
    }

    fn step_joining(&self, cluster_id: ClusterId) -> Step {
        let clusters = self.view.clusters();
        let other = clusters.iter().copied().find(|other| *other != cluster_id);
        match (clusters.contains(&cluster_id), other) {
            (false, other) => return Step::Wait(Waiting::ForMembers { cluster_id, other }),
            (true, Some(second)) => return Step::Wait(Waiting::TwoClusters { first: cluster_id, second }),
            (true, None) => {}
        }
        // First whoever is said to lead, then anybody.
        let members = || self.view.members().map(|(sight, _)| sight);
        let leaders = members().filter_map(|sight| sight.hello.leader_address.clone());
        let mut addresses: Vec<String> = Vec::new();
        for address in leaders.chain(members().map(|sight| sight.address().to_owned())) {
            if !address.is_empty() && !addresses.contains(&address) {
                addresses.push(address);
            }
        }
        Step::AskToJoin { request: self.join_request(cluster_id), addresses }
    }

    fn join_request(&self, cluster_id: ClusterId) -> JoinRequest {
        let Profile { program_version, region, address, may_vote, supported_level, .. } =
            self.profile.clone();
        let instance = self.record.instance;
        JoinRequest {
            protocol_version: PROTOCOL_VERSION,
            program_version,
            cluster_id,
            instance,
            address,
            region,
            may_vote,
            supported_level,
        }
    }

    /// Where a founder is reached: where it is in sight, or else where it was when the cluster was proposed.
    fn address_of(&self, founder: &Founder) -> String {
        let sight = self.view.get(founder.instance);
        sight.map_or(founder.address.as_str(), |sight| sight.address()).to_owned()
    }

    fn is_quiet(&self, founders: &[Founder]) -> bool {
        let Some((last, rounds)) = &self.founders else { return false };
        *rounds >= QUIET_ROUNDS && last.iter().eq(founders.iter().map(|founder| &founder.instance))
    }

    pub(super) fn wants_to_found(&self) -> bool {
        self.profile.may_vote && self.profile.bootstrap_expect > 0
    }

    pub(super) fn choice(&self) -> Choice<'_> {
        Choice { own: self.record.instance, profile: &self.profile, view: &self.view }
    }

    /// Becomes a member of the cluster that was formed by this founding.
    fn take_place(&self, founding: Founding) -> Step {
        Step::Save(self.place(founding))
    }

    fn save(&self, state: State, what: String) -> Step {
        Step::Save(self.change(state, what))
    }

    pub(super) fn change(&self, state: State, what: String) -> Change {
        let Record { instance, revision, founded, .. } = self.record.clone();
        Change { record: Record { instance, revision: revision + 1, state, founded }, what }
    }
}

fn addresses<'a>(founders: impl Iterator<Item = &'a Founder>) -> String {
    founders.map(|founder| founder.address.as_str()).collect::<Vec<_>>().join(", ")
}
