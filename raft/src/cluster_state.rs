//! What the cluster itself agrees on by way of the log, beside its membership: which node ids were given
//! out, who must not vote, and who has left.

use bytes::Bytes;
use prost::Message;

use crate::machine::ApplyError;
use crate::types::Membership;
use crate::wire::{
    AllocateNode, Allocated, Allocation, ClusterChange, ClusterCommand, ClusterState, FIRST_LEVEL, HoldBack,
    RaiseLevel,
};

/// Replicas that join ask again within seconds, and a whole fleet may join at once. Who was forgotten gets another id.
pub(crate) const REMEMBERED_ALLOCATIONS: usize = 128;
/// Whoever left and comes back is told so as long as no more others have left since; after that it is a stranger.
const REMEMBERED_REMOVALS: usize = 1024;

/// Applies a command of the cluster's own and returns its reply.
///
/// # Errors
/// When a newer program proposed it: guessing would make this replica differ from the others.
pub(crate) fn apply(
    state: &mut ClusterState,
    membership: &Membership,
    index: u64,
    command: &ClusterCommand,
) -> Result<Bytes, ApplyError> {
    match &command.change {
        Some(ClusterChange::AllocateNode(AllocateNode { instance })) => {
            let given = state.allocations.iter().find(|allocation| allocation.instance == *instance);
            let node_id = given.map(|allocation| allocation.node_id);
            let node_id = node_id.unwrap_or_else(|| allocate(state, membership, instance));
            Ok(Allocated { node_id }.encode_to_vec().into())
        }
        Some(ClusterChange::HoldBack(HoldBack { node_id, is_held_back })) => {
            state.held_back.retain(|held_back| held_back != node_id);
            if *is_held_back && membership.get_node(node_id).is_some() {
                state.held_back.push(*node_id);
            }
            Ok(Bytes::new())
        }
        Some(ClusterChange::Checkpoint(())) => Ok(Bytes::new()),
        Some(ClusterChange::RaiseLevel(RaiseLevel { level })) => {
            // Two leaders may have said so one after the other.
            state.level = state.level.max(*level);
            Ok(Bytes::new())
        }
        None => {
            let reason = "a cluster command that this program does not know: start a newer one".to_owned();
            Err(ApplyError::Unknown { index, reason })
        }
    }
}

impl ClusterState {
    /// The feature level that all replicas support.
    pub(crate) fn feature_level(&self) -> u32 {
        self.level.max(FIRST_LEVEL)
    }

    /// Why a program that supports feature levels up to this one must leave the cluster's state alone.
    pub(crate) fn why_too_new(&self, supported: u32) -> Option<String> {
        let level = self.feature_level();
        (level > supported).then(|| {
            format!(
                "the cluster is at feature level {level}, and this program supports up to {supported}: start a newer one"
            )
        })
    }
}

/// Notes who is a member, so that nobody else ever gets such an id, and who is a member no longer. They never are again:
/// whoever was given such an id and comes back gets another one.
pub(crate) fn note_members(state: &mut ClusterState, before: &Membership, after: &Membership) {
    state.last_node_id = state.last_node_id.max(highest(before)).max(highest(after));
    for (left, _) in before.nodes().filter(|(id, _)| after.get_node(id).is_none()) {
        state.held_back.retain(|held_back| held_back != left);
        state.allocations.retain(|allocation| allocation.node_id != *left);
        if state.removed.len() == REMEMBERED_REMOVALS {
            state.removed.remove(0);
        }
        state.removed.push(*left);
    }
}

fn allocate(state: &mut ClusterState, membership: &Membership, instance: &[u8]) -> u64 {
    let node_id = state.last_node_id.max(highest(membership)) + 1;
    state.last_node_id = node_id;
    if state.allocations.len() == REMEMBERED_ALLOCATIONS {
        state.allocations.remove(0);
    }
    state.allocations.push(Allocation { instance: instance.to_vec(), node_id });
    node_id
}

/// The founders have their ids from the founding, all others from [`allocate`].
fn highest(membership: &Membership) -> u64 {
    membership.nodes().map(|(id, _)| *id).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::types::Node;

    fn members(ids: &[u64]) -> Membership {
        let nodes: BTreeMap<u64, Node> = ids.iter().map(|id| (*id, Node::default())).collect();
        let voters: BTreeSet<u64> = ids.iter().copied().collect();
        Membership::new(vec![voters], nodes).expect("valid")
    }

    fn ask(state: &mut ClusterState, membership: &Membership, instance: u8) -> u64 {
        let instance = vec![instance; 16];
        let command = ClusterCommand { change: Some(ClusterChange::AllocateNode(AllocateNode { instance })) };
        let reply = apply(state, membership, 7, &command).expect("known");
        Allocated::decode(reply).expect("a reply").node_id
    }

    #[test]
    fn an_id_is_never_given_out_twice() {
        let mut state = ClusterState::default();
        assert_eq!(ask(&mut state, &members(&[1, 2, 3]), 10), 4);
        // 4 never joined, 3 was forgotten.
        assert_eq!(ask(&mut state, &members(&[1, 2]), 11), 5);
        assert_eq!(ask(&mut state, &members(&[1]), 12), 6);
    }

    #[test]
    fn a_founders_id_is_not_given_out_after_it_left_before_anybody_joined() {
        let (mut state, founders) = (ClusterState::default(), members(&[1, 2, 3]));
        note_members(&mut state, &Membership::default(), &founders);
        note_members(&mut state, &founders, &members(&[1, 2]));
        assert_eq!((state.last_node_id, &state.removed), (3, &vec![3]));
        assert_eq!(ask(&mut state, &members(&[1, 2]), 10), 4);
        // Nor where the state's first note is of the leaving.
        let mut late = ClusterState::default();
        note_members(&mut late, &founders, &members(&[1, 2]));
        assert_eq!(ask(&mut late, &members(&[1, 2]), 10), 4);
    }

    #[test]
    fn who_asks_again_gets_the_same_id_until_many_others_have_asked() {
        let mut state = ClusterState::default();
        assert_eq!(ask(&mut state, &members(&[1]), 10), 2);
        assert_eq!(ask(&mut state, &members(&[1]), 10), 2);
        for other in 11..=u8::try_from(10 + REMEMBERED_ALLOCATIONS).expect("few") {
            ask(&mut state, &members(&[1]), other);
        }
        assert_eq!(state.allocations.len(), REMEMBERED_ALLOCATIONS);
        assert_eq!(ask(&mut state, &members(&[1]), 10), 3 + REMEMBERED_ALLOCATIONS as u64);
    }

    fn hold_back(state: &mut ClusterState, membership: &Membership, node_id: u64, is_held_back: bool) {
        let change = ClusterChange::HoldBack(HoldBack { node_id, is_held_back });
        apply(state, membership, 7, &ClusterCommand { change: Some(change) }).expect("known");
    }

    #[test]
    fn a_member_is_held_back_until_it_may_vote_again_or_leaves() {
        let (mut state, all) = (ClusterState::default(), members(&[1, 2, 3]));
        hold_back(&mut state, &all, 2, true);
        hold_back(&mut state, &all, 2, true);
        hold_back(&mut state, &all, 3, true);
        hold_back(&mut state, &all, 9, true);
        assert_eq!(state.held_back, [2, 3], "9 is no member");
        hold_back(&mut state, &all, 2, false);
        assert_eq!(state.held_back, [3]);
        note_members(&mut state, &all, &members(&[1, 2]));
        assert_eq!((state.held_back, state.removed), (vec![], vec![3]));
    }

    #[test]
    fn who_left_is_never_given_its_id_again() {
        let mut state = ClusterState::default();
        assert_eq!(ask(&mut state, &members(&[1]), 10), 2);
        note_members(&mut state, &members(&[1, 2]), &members(&[1]));
        assert_eq!(ask(&mut state, &members(&[1]), 10), 3);
        for id in 3..3 + REMEMBERED_REMOVALS as u64 {
            note_members(&mut state, &members(&[1, id]), &members(&[1]));
        }
        assert_eq!(
            (state.removed.len(), state.removed[0]),
            (REMEMBERED_REMOVALS, 3),
            "2 is a stranger by now"
        );
    }

    #[test]
    fn the_level_never_falls() {
        let mut state = ClusterState::default();
        assert_eq!((state.feature_level(), state.why_too_new(1)), (1, None));
        for (raised, then) in [(3, 3), (2, 3), (4, 4)] {
            let change = ClusterChange::RaiseLevel(RaiseLevel { level: raised });
            apply(&mut state, &members(&[1]), 7, &ClusterCommand { change: Some(change) }).expect("known");
            assert_eq!(state.feature_level(), then);
        }
        assert_eq!(state.why_too_new(4), None);
        assert!(
            state.why_too_new(3).is_some_and(|line| line.contains("level 4") && line.contains("up to 3"))
        );
    }

    #[test]
    fn what_a_newer_program_proposed_is_not_skipped() {
        let unknown =
            apply(&mut ClusterState::default(), &members(&[1]), 7, &ClusterCommand { change: None });
        assert!(matches!(unknown, Err(ApplyError::Unknown { index: 7, .. })));
    }
}
