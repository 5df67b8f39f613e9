//! What a replica on its way answers others, and what it makes of their answers and of the operator's word.

use std::time::Duration;

use super::id::ClusterId;
use super::messages::{Founder, Founding, FoundingQuery, FoundingState, MAX_FOUNDERS, Member, PromiseAnswer};
use super::record::{Record, State};
use super::state::{Change, Formation, Outcome, Step};
use super::waiting::Waiting;
use crate::storage::StorageError;

/// Why a replica can't say that there is no cluster.
const NOT_LOOKED: &str = "this replica has not looked around yet, or discovery fails";

/// Why a replica does not form a cluster of its own.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// It belongs to one.
    #[error("this replica is a member of cluster {}, with node id {}", .0.cluster_id, .0.node_id)]
    Member(Member),
    /// It must not vote, so it can't be alone.
    #[error("this replica is a learner or not in the primary region: initialise one that may vote")]
    MayNotVote,
    /// It knows of a cluster, or of one that may come to be, or not yet whether there is one.
    #[error("{0}; forcing it makes a second cluster if there is one")]
    Unsure(String),
    /// Its record can't be saved.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Formation {
    /// Answers a proposal. A promise is one only once the change that comes with it is adopted.
    pub(crate) fn on_promise(
        &mut self,
        now: Duration,
        founding: &Founding,
    ) -> (Option<Change>, PromiseAnswer) {
        self.view.expire(now);
        let instance = self.record.instance;
        let refused = |reason| (None, PromiseAnswer { instance, promised: false, reason });
        match &self.record.state {
            State::Promised(own) if own == founding => {}
            // The proposer knows it, unless its disk was put back to an earlier day.
            State::Member(_) if self.record.founded.as_ref() == Some(founding) => {}
            State::Fresh(()) => match self.reason_against(founding) {
                Some(reason) => return refused(reason),
                None => {
                    let proposer = founding.members.first().map_or("?", |first| first.address.as_str());
                    let what =
                        format!("promised to found cluster {}, proposed by {proposer}", founding.cluster_id);
                    let change = self.change(State::Promised(founding.clone()), what);
                    return (Some(change), PromiseAnswer { instance, promised: true, reason: String::new() });
                }
            },
            State::Promised(other) => {
                return refused(format!("it has promised cluster {}", other.cluster_id));
            }
            State::Joining(cluster_id) => return refused(format!("it joins cluster {cluster_id}")),
            State::Member(member) => {
                return refused(format!("it is a member of cluster {}", member.cluster_id));
            }
        }
        (None, PromiseAnswer { instance, promised: true, reason: String::new() })
    }

    /// Why a fresh replica must not promise this.
    fn reason_against(&self, founding: &Founding) -> Option<String> {
        if !is_well_formed(founding) {
            return Some("the proposal makes no sense to it".to_owned());
        }
        if founding.members.iter().all(|founder| founder.instance != self.record.instance) {
            return Some("it is no founder".to_owned());
        }
        if !self.wants_to_found() {
            return Some("it founds no cluster".to_owned());
        }
        let expected = self.profile.bootstrap_expect;
        if founding.members.len() != expected as usize {
            return Some(format!("it expects {expected} founders"));
        }
        if self.rounds == 0 {
            return Some("it has just started, and not looked around yet".to_owned());
        }
        self.choice().objection(founding)
    }

    /// Answers what became of a proposal.
    pub(crate) fn verdict(&self, query: &FoundingQuery) -> FoundingState {
        let Record { instance, state, founded, .. } = &self.record;
        let founded = founded.as_ref().map(|founding| founding.cluster_id);
        let pending = match state {
            State::Member(member) if member.cluster_id == query.cluster_id => return FoundingState::Formed,
            State::Promised(founding) => Some(founding.cluster_id),
            _ => None,
        };
        if founded == Some(query.cluster_id) {
            FoundingState::Formed
        } else if query.proposer != *instance {
            FoundingState::Unknown
        } else if pending == Some(query.cluster_id) {
            FoundingState::Pending
        } else {
            // Durable before anybody heard of it, and until it came to nothing: so it did.
            FoundingState::Abandoned
        }
    }

    /// Counts the answer to a proposal of its own, if it still stands by that.
    pub(crate) fn on_promise_answer(&mut self, cluster_id: ClusterId, address: &str, answer: PromiseAnswer) {
        let stands = matches!(&self.record.state, State::Promised(own) if own.cluster_id == cluster_id);
        let Some(proposal) = self.proposal.as_mut().filter(|_| stands) else { return };
        if answer.promised {
            proposal.promised.insert(answer.instance);
        } else {
            proposal.refusal = Some(format!("the replica at {address} refuses: {}", answer.reason));
        }
    }

    /// Learns what the replica at `address` answered about a proposal; none if it did not. Tells what follows, if
    /// this replica still waits for that.
    pub(crate) fn on_verdict(
        &self,
        query: FoundingQuery,
        address: &str,
        verdict: Option<FoundingState>,
    ) -> Option<Step> {
        let FoundingQuery { cluster_id, proposer: instance } = query;
        let State::Promised(founding) = &self.record.state else { return None };
        if founding.cluster_id != cluster_id {
            return None;
        }
        let proposer = address.to_owned();
        Some(match verdict {
            Some(FoundingState::Formed) => Step::Save(self.place(founding.clone())),
            Some(FoundingState::Abandoned) => {
                let what =
                    format!("the proposal of cluster {cluster_id} came to nothing: free of the promise");
                Step::Save(self.change(State::Fresh(()), what))
            }
            Some(FoundingState::Pending) => Step::Wait(Waiting::ForVerdict { cluster_id, proposer }),
            Some(FoundingState::Unknown) | None => Step::Wait(match self.view.clusters().first() {
                Some(other) => Waiting::PromisedElsewhere { cluster_id, other: *other },
                None => Waiting::ForProposerToReturn { cluster_id, proposer, instance },
            }),
        })
    }

    /// Takes the place that the leader of a cluster gave it, if that is the cluster it joins.
    pub(crate) fn on_admitted(&self, member: Member) -> Option<Change> {
        let Member { cluster_id, node_id } = member;
        let joins = self.record.state == State::Joining(cluster_id) && node_id > 0;
        let what = || format!("joined cluster {cluster_id} as replica {node_id}");
        joins.then(|| self.change(State::Member(member), what()))
    }

    /// Forms a cluster of one, for the operator said so, whatever this replica knows of others.
    pub(crate) fn on_forced_init(&self, cluster_id: ClusterId) -> Result<Change, InitError> {
        self.may_be_alone()?;
        Ok(self.place(self.alone(cluster_id)))
    }

    /// Begins to form a cluster of one, for the operator said so. The replica promises it to itself, so that whoever it
    /// greets next knows: of two that are told so at once, at least one sees the other's promise.
    pub(crate) fn on_init(&mut self, now: Duration, cluster_id: ClusterId) -> Result<Change, InitError> {
        self.may_be_alone()?;
        self.view.expire(now);
        let doubt = match &self.record.state {
            State::Fresh(()) if self.rounds == 0 => Some(NOT_LOOKED.to_owned()),
            State::Fresh(()) | State::Member(_) => self.choice().cluster_in_sight(None),
            State::Joining(cluster_id) => Some(format!("this replica joins cluster {cluster_id}")),
            State::Promised(founding) => {
                Some(format!("this replica promised to found cluster {}", founding.cluster_id))
            }
        };
        if let Some(doubt) = doubt {
            return Err(InitError::Unsure(doubt));
        }
        let what = format!("about to form cluster {cluster_id}, if no other one is in sight");
        Ok(self.change(State::Promised(self.alone(cluster_id)), what))
    }

    /// Forms the cluster of one that was begun, or does not, now that all others were greeted afresh, or could not be.
    /// None if something else came of it meanwhile.
    pub(crate) fn on_greeted(
        &mut self,
        now: Duration,
        cluster_id: ClusterId,
        greeted: bool,
    ) -> Option<(Change, Result<Member, InitError>)> {
        self.view.expire(now);
        let State::Promised(founding) = &self.record.state else { return None };
        let founding = Some(founding).filter(|founding| founding.cluster_id == cluster_id)?.clone();
        let in_sight = || self.choice().cluster_in_sight(Some(cluster_id));
        let doubt = if greeted { in_sight() } else { Some(NOT_LOOKED.to_owned()) };
        Some(match doubt {
            None => (self.place(founding), Ok(Member { cluster_id, node_id: 1 })),
            Some(doubt) => {
                let what = format!("cluster {cluster_id} is not formed: {doubt}");
                (self.change(State::Fresh(()), what), Err(InitError::Unsure(doubt)))
            }
        })
    }

    fn may_be_alone(&self) -> Result<(), InitError> {
        match &self.record.state {
            State::Member(member) => Err(InitError::Member(*member)),
            _ if !self.profile.may_vote => Err(InitError::MayNotVote),
            _ => Ok(()),
        }
    }

    fn alone(&self, cluster_id: ClusterId) -> Founding {
        let instance = self.record.instance;
        let (address, region) = (self.profile.address.clone(), self.profile.region.clone());
        let alone = Founder { node_id: 1, instance, address, region };
        Founding { cluster_id, members: vec![alone], proposer: instance }
    }

    /// The record of a founder of a cluster that was formed.
    pub(super) fn place(&self, founding: Founding) -> Change {
        let instance = self.record.instance;
        let own = founding.members.iter().find(|founder| founder.instance == instance);
        let node_id = own.expect("nobody proposes or promises a founding without being in it").node_id;
        let cluster_id = founding.cluster_id;
        let count = founding.members.len();
        let what = format!("cluster {cluster_id} of {count} is formed; this is its replica {node_id}");
        let mut change = self.change(State::Member(Member { cluster_id, node_id }), what);
        change.record.founded = Some(founding);
        change
    }

    /// The place of a member.
    pub(crate) fn outcome(&self, member: Member) -> Outcome {
        match &self.record.founded {
            Some(Founding { cluster_id, members, proposer }) if *cluster_id == member.cluster_id => {
                let proposed = *proposer == self.record.instance;
                Outcome::Founder { member, founders: members.clone(), proposed }
            }
            _ => Outcome::Admitted(member),
        }
    }

    /// Lets a change take effect that was made durable.
    pub(crate) fn adopt(&mut self, record: Record) {
        self.record = record;
        self.proposal = None;
        self.founders = None;
    }
}

/// Whether every replica would understand it in the same way.
fn is_well_formed(founding: &Founding) -> bool {
    let Founding { cluster_id, members, proposer } = founding;
    let numbered = (1..).zip(members).all(|(node_id, founder)| founder.node_id == node_id);
    let sorted = members.windows(2).all(|pair| pair[0].instance < pair[1].instance);
    let proposed_by_first = members.first().is_some_and(|first| first.instance == *proposer);
    let named = !cluster_id.is_missing() && !proposer.is_missing();
    named && numbered && sorted && proposed_by_first && members.len() <= MAX_FOUNDERS
}
