//! What the leader ought to change about the membership: one change at a time, from what it sees. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::types::Node;

/// What the operator wants of the membership.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    /// How many voters, if there are as many replicas that may vote.
    pub(crate) voters: usize,
    /// A voter that is silent for so long is replaced by a learner that may vote; none to leave that to the operator.
    pub(crate) replace_after: Option<Duration>,
    /// A learner that is silent for so long is forgotten; none to leave that to the operator.
    pub(crate) forget_after: Option<Duration>,
}

/// A member, as the leader sees it.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// As the membership has it.
    pub(crate) node: Node,
    /// As it says itself, if it was heard at all.
    pub(crate) says: Option<Says>,
    /// How long it was not heard.
    pub(crate) silent_for: Duration,
    /// The last entry that the leader knows it to have.
    pub(crate) matched: u64,
    /// Its log is as long as the leader's, give or take what is on its way.
    pub(crate) has_caught_up: bool,
}

/// What a member says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Says {
    pub(crate) node: Node,
    pub(crate) may_vote: bool,
    /// The newest feature level that its program supports.
    pub(crate) supported_level: u32,
}

/// The membership, as the leader sees it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) leader: u64,
    /// One set of voters, or two while a change is under way.
    pub(crate) configs: Vec<BTreeSet<u64>>,
    /// All members.
    pub(crate) members: BTreeMap<u64, Seen>,
    /// Those that must not vote.
    pub(crate) held_back: BTreeSet<u64>,
    /// The cluster's feature level.
    pub(crate) level: u32,
}

/// What to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// A former leader's change got half way: these are the voters it wanted.
    Finish(BTreeSet<u64>),
    /// A member is elsewhere than the membership says.
    Update(u64, Node),
    /// A voter does not answer any more, or must not vote by its own settings.
    Replace {
        /// It.
        voter: u64,
        /// Who votes instead.
        by: u64,
    },
    /// These may vote, and are needed.
    Promote(BTreeSet<u64>),
    /// It votes, and must not any more.
    Demote(u64),
    /// It was silent for too long.
    Forget(u64),
    /// The operator wants it gone.
    Remove(u64),
}

/// A member that was heard this recently is alive.
const ALIVE: Duration = Duration::from_secs(5);

/// So many voters are left, at least, when settings take a vote away: what is acknowledged stays on several disks.
const FEWEST_LEFT: usize = 2;

/// The most urgent change; none if all is as it should be.
pub(crate) fn next_change(view: &View, policy: &Policy) -> Option<Change> {
    let [voters] = view.configs.as_slice() else { return view.configs.last().cloned().map(Change::Finish) };
    let candidates: Vec<u64> = view.learners(voters).filter(|id| view.could_vote(*id)).collect();
    moved(view)
        .or_else(|| demote(view, voters))
        .or_else(|| replace(view, voters, &candidates, policy.replace_after?))
        .or_else(|| withdraw(view, voters, &candidates, policy.voters))
        .or_else(|| promote(voters, &candidates, policy.voters))
        .or_else(|| forget(view, voters, policy.forget_after?))
}

/// The feature level to raise the cluster's to: the highest that every member supports, as it last said itself. One that
/// is silent may come back as it was, so it counts; one that was never heard may be of any age.
pub(crate) fn next_level(view: &View) -> Option<u32> {
    let supported =
        view.members.values().map(|seen| seen.says.as_ref().map_or(0, |says| says.supported_level));
    supported.min().filter(|level| *level > view.level)
}

fn moved(view: &View) -> Option<Change> {
    view.members.iter().find_map(|(id, seen)| {
        let says = &seen.says.as_ref()?.node;
        (*says != seen.node).then(|| Change::Update(*id, says.clone()))
    })
}

/// Who ought to lead instead, if the leader itself must not vote: live voters that may, and have the whole log. None if
/// it may stay, or there is nobody.
pub(crate) fn successors(view: &View) -> BTreeSet<u64> {
    if !view.must_not_vote(view.leader) {
        return BTreeSet::new();
    }
    view.voters().into_iter().filter(|id| *id != view.leader && view.could_vote(*id)).collect()
}

/// The leader hands over first; its successor goes on.
fn demote(view: &View, voters: &BTreeSet<u64>) -> Option<Change> {
    let held_back = voters.intersection(&view.held_back).copied();
    held_back
        .filter(|id| *id != view.leader)
        .find(|id| view.objection_to_losing(*id).is_none())
        .map(Change::Demote)
}

/// Only if all that stay can make the change safe: a quorum without the silent one must be alive anyway to commit it, and
/// the one that comes has the whole log.
fn replace(view: &View, voters: &BTreeSet<u64>, candidates: &[u64], after: Duration) -> Option<Change> {
    let silent = voters.iter().copied().find(|id| view.silent_for(*id) >= after && *id != view.leader)?;
    candidates.first().map(|by| Change::Replace { voter: silent, by: *by })
}

/// A live voter that was started with other settings, by which it must not vote. Another one takes its place, so that as
/// many losses are borne as before; without one it only goes if enough of those that stay may vote: settings that are
/// wrong everywhere must not leave the cluster to one disk.
fn withdraw(view: &View, voters: &BTreeSet<u64>, candidates: &[u64], wanted: usize) -> Option<Change> {
    let unwilling = |id: &u64| *id != view.leader && view.is_alive(*id) && !view.is_willing(*id);
    voters.iter().copied().filter(unwilling).find_map(|voter| {
        let mut left = voters.clone();
        left.remove(&voter);
        if let Some(by) = candidates.first().filter(|_| left.len() < wanted) {
            left.insert(*by);
            return view.answers(&left).then_some(Change::Replace { voter, by: *by });
        }
        let willing = left.iter().filter(|id| view.is_alive(**id) && view.is_willing(**id)).count();
        (left.len() >= FEWEST_LEFT && willing > left.len() / 2).then_some(Change::Demote(voter))
    })
}

/// An even number of voters bears no more losses than one fewer, so learners are promoted in pairs.
fn promote(voters: &BTreeSet<u64>, candidates: &[u64], wanted: usize) -> Option<Change> {
    let mut count = wanted.saturating_sub(voters.len()).min(candidates.len());
    if (voters.len() + count).is_multiple_of(2) {
        count = count.saturating_sub(1);
    }
    let promoted: BTreeSet<u64> = candidates.iter().copied().take(count).collect();
    (!promoted.is_empty()).then_some(Change::Promote(promoted))
}

fn forget(view: &View, voters: &BTreeSet<u64>, after: Duration) -> Option<Change> {
    view.learners(voters).find(|id| view.silent_for(*id) >= after).map(Change::Forget)
}

impl View {
    /// Those that vote, or that will once the change under way is done.
    pub(crate) fn voters(&self) -> BTreeSet<u64> {
        self.configs.last().cloned().unwrap_or_default()
    }

    pub(crate) fn is_alive(&self, id: u64) -> bool {
        self.members.get(&id).is_some_and(|seen| seen.says.is_some() && seen.silent_for < ALIVE)
    }

    /// Why the cluster must not lose this voter.
    pub(crate) fn objection_to_losing(&self, id: u64) -> Option<String> {
        let mut left = self.voters();
        left.remove(&id);
        if left.is_empty() {
            return Some(format!("replica {id} is the only voter"));
        }
        (!self.answers(&left)).then(|| {
            format!(
                "without replica {id} there would be {} voters, of which only {} answer: that is no majority",
                left.len(),
                self.count_alive(&left)
            )
        })
    }

    /// Whether a majority of these voters does.
    fn answers(&self, voters: &BTreeSet<u64>) -> bool {
        self.count_alive(voters) > voters.len() / 2
    }

    fn count_alive(&self, ids: &BTreeSet<u64>) -> usize {
        ids.iter().filter(|id| self.is_alive(**id)).count()
    }

    /// Whether it may vote by its own settings, as it last said.
    fn is_willing(&self, id: u64) -> bool {
        let says = self.members.get(&id).and_then(|seen| seen.says.as_ref());
        says.is_some_and(|says| says.may_vote)
    }

    fn must_not_vote(&self, id: u64) -> bool {
        self.held_back.contains(&id) || !self.is_willing(id)
    }

    fn learners(&self, voters: &BTreeSet<u64>) -> impl Iterator<Item = u64> {
        self.members.keys().copied().filter(|id| !voters.contains(id))
    }

    fn could_vote(&self, id: u64) -> bool {
        !self.must_not_vote(id)
            && self.is_alive(id)
            && self.members.get(&id).is_some_and(|seen| seen.has_caught_up)
    }

    fn silent_for(&self, id: u64) -> Duration {
        self.members.get(&id).map_or(Duration::ZERO, |seen| seen.silent_for)
    }
}

#[cfg(test)]
mod tests;
