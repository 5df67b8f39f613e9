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
    /// A voter does not answer any more.
    Replace {
        /// It.
        silent: u64,
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

/// The most urgent change; none if all is as it should be.
pub(crate) fn next_change(view: &View, policy: &Policy) -> Option<Change> {
    let [voters] = view.configs.as_slice() else { return view.configs.last().cloned().map(Change::Finish) };
    let candidates: Vec<u64> = view.learners(voters).filter(|id| view.could_vote(*id)).collect();
    moved(view)
        .or_else(|| demote(view, voters))
        .or_else(|| replace(view, voters, &candidates, policy.replace_after?))
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
    candidates.first().map(|by| Change::Replace { silent, by: *by })
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
        let alive = left.iter().filter(|id| self.is_alive(**id)).count();
        if left.is_empty() {
            return Some(format!("replica {id} is the only voter"));
        }
        let is_quorum = alive > left.len() / 2;
        (!is_quorum).then(|| {
            format!(
                "without replica {id} there would be {} voters, of which only {alive} answer: that is no majority",
                left.len()
            )
        })
    }

    fn learners(&self, voters: &BTreeSet<u64>) -> impl Iterator<Item = u64> {
        self.members.keys().copied().filter(|id| !voters.contains(id))
    }

    fn could_vote(&self, id: u64) -> bool {
        !self.held_back.contains(&id)
            && self.is_alive(id)
            && self.members.get(&id).is_some_and(|seen| {
                seen.says.as_ref().is_some_and(|says| says.may_vote) && seen.has_caught_up
            })
    }

    fn silent_for(&self, id: u64) -> Duration {
        self.members.get(&id).map_or(Duration::ZERO, |seen| seen.silent_for)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn policy() -> Policy {
        Policy { voters: 3, replace_after: Some(2 * MINUTE), forget_after: Some(60 * MINUTE) }
    }

    fn node(address: &str) -> Node {
        Node { address: address.to_owned(), region: "ams".to_owned() }
    }

    fn member(may_vote: bool, silent_for: Duration) -> Seen {
        let says = Some(Says { node: node("a:1"), may_vote, supported_level: 1 });
        Seen { node: node("a:1"), says, silent_for, matched: 7, has_caught_up: true }
    }

    /// Replica 1 leads; `alive` learners may vote, `far` ones may not.
    fn view(voters: &[u64], alive: &[u64], far: &[u64]) -> View {
        let voting = voters.iter().chain(alive).map(|id| (*id, member(true, Duration::ZERO)));
        let others = far.iter().map(|id| (*id, member(false, Duration::ZERO)));
        let configs = vec![voters.iter().copied().collect()];
        let held_back = BTreeSet::new();
        View { leader: 1, configs, members: voting.chain(others).collect(), held_back, level: 1 }
    }

    fn next(view: &View) -> Option<Change> {
        next_change(view, &policy())
    }

    #[test]
    fn a_complete_cluster_stays_as_it_is() {
        assert_eq!(next(&view(&[1, 2, 3], &[4], &[5])), None);
    }

    #[test]
    fn voters_come_in_pairs() {
        assert_eq!(next(&view(&[1], &[2], &[9])), None, "two voters bear no loss either");
        assert_eq!(next(&view(&[1], &[2, 3], &[9])), Some(Change::Promote([2, 3].into())));
        assert_eq!(next(&view(&[1], &[2, 3, 4, 5], &[])), Some(Change::Promote([2, 3].into())));
        assert_eq!(next(&view(&[1, 2], &[3], &[])), Some(Change::Promote([3].into())));
        let five = Policy { voters: 5, ..policy() };
        assert_eq!(next_change(&view(&[1, 2, 3], &[4], &[]), &five), None);
        assert_eq!(next_change(&view(&[1, 2, 3], &[4, 5], &[]), &five), Some(Change::Promote([4, 5].into())));
        let four = Policy { voters: 4, ..policy() };
        assert_eq!(next_change(&view(&[1, 2, 3], &[4], &[]), &four), None, "an even number is not worth it");
    }

    #[test]
    fn who_lags_or_is_silent_or_was_never_heard_does_not_vote() {
        let lags = |view: &mut View| view.members.get_mut(&2).expect("there").has_caught_up = false;
        let silent = |view: &mut View| view.members.get_mut(&2).expect("there").silent_for = ALIVE;
        let unheard = |view: &mut View| view.members.get_mut(&2).expect("there").says = None;
        let spoil: [&dyn Fn(&mut View); 3] = [&lags, &silent, &unheard];
        for spoil in spoil {
            let mut view = view(&[1], &[2, 3], &[]);
            spoil(&mut view);
            assert_eq!(next(&view), None);
        }
    }

    #[test]
    fn whom_the_operator_holds_back_does_not_vote() {
        let mut view = view(&[1, 2, 3], &[4], &[]);
        view.held_back = [2].into();
        assert_eq!(
            next(&view),
            Some(Change::Demote(2)),
            "the former leader had got no further than saying so"
        );
        view.configs = vec![[1, 3].into()];
        assert_eq!(next(&view), Some(Change::Promote([4].into())), "another one instead, never the same");
        view.members.remove(&4);
        assert_eq!(next(&view), None);
    }

    #[test]
    fn no_voter_goes_that_the_quorum_needs() {
        let held_back = |view: &mut View| view.held_back = [2].into();
        let mut two_of_three = view(&[1, 2, 3], &[], &[]);
        held_back(&mut two_of_three);
        two_of_three.members.insert(3, member(true, ALIVE));
        assert_eq!(next(&two_of_three), None, "1 would be left, and 3, which does not answer");
        let objection = two_of_three.objection_to_losing(2).expect("unsafe");
        assert!(objection.contains("2 voters, of which only 1 answer"), "{objection}");
        assert_eq!(two_of_three.objection_to_losing(3), None, "the silent one may go");
        assert!(view(&[1], &[2, 3], &[]).objection_to_losing(1).expect("unsafe").contains("the only voter"));
        let mut leader = view(&[1, 2, 3], &[], &[]);
        leader.held_back = [1].into();
        assert_eq!(next(&leader), None, "it hands over first");
    }

    #[test]
    fn a_silent_voter_is_replaced_once_the_grace_period_is_over() {
        let mut view = view(&[1, 2, 3], &[4], &[9]);
        view.members.insert(2, member(true, 2 * MINUTE - Duration::from_millis(1)));
        assert_eq!(next(&view), None);
        view.members.insert(2, member(true, 2 * MINUTE));
        assert_eq!(next(&view), Some(Change::Replace { silent: 2, by: 4 }));
        let never = Policy { replace_after: None, ..policy() };
        assert_eq!(next_change(&view, &never), None);
        view.members.remove(&4);
        assert_eq!(next(&view), None, "nobody who may vote is there");
    }

    #[test]
    fn a_silent_learner_is_forgotten_a_silent_voter_never() {
        let mut view = view(&[1, 2, 3], &[], &[9]);
        view.members.insert(2, member(true, 100 * MINUTE));
        view.members.insert(9, member(false, 59 * MINUTE));
        assert_eq!(next(&view), None);
        view.members.insert(9, member(false, 60 * MINUTE));
        assert_eq!(next(&view), Some(Change::Forget(9)));
        assert_eq!(next_change(&view, &Policy { forget_after: None, ..policy() }), None);
    }

    #[test]
    fn what_moved_is_updated_and_what_was_begun_is_finished() {
        let mut view = view(&[1, 2, 3], &[], &[9]);
        view.members.get_mut(&9).expect("there").says =
            Some(Says { node: node("b:2"), may_vote: false, supported_level: 1 });
        assert_eq!(next(&view), Some(Change::Update(9, node("b:2"))));
        view.configs.push([1, 2, 9].into());
        assert_eq!(next(&view), Some(Change::Finish([1, 2, 9].into())));
    }

    #[test]
    fn the_level_is_raised_to_what_every_member_supports() {
        let mut view = view(&[1, 2, 3], &[4], &[9]);
        assert_eq!(next_level(&view), None);
        let supports = |view: &mut View, id: u64, level: u32| {
            let seen = view.members.get_mut(&id).expect("there");
            seen.says.as_mut().expect("heard").supported_level = level;
        };
        for id in [1, 2, 3, 4] {
            supports(&mut view, id, 3);
        }
        assert_eq!(next_level(&view), None, "the learner far away is still of the first level");
        supports(&mut view, 9, 2);
        assert_eq!(next_level(&view), Some(2));
        view.level = 2;
        assert_eq!(next_level(&view), None, "it is there");
        supports(&mut view, 9, 3);
        view.members.get_mut(&9).expect("there").silent_for = 100 * MINUTE;
        assert_eq!(next_level(&view), Some(3), "it last said so");
        view.members.get_mut(&2).expect("there").says = None;
        assert_eq!(next_level(&view), None, "nobody knows what it is");
    }
}
