//! Whether the replicas have the same state at the same places in the log.

use std::collections::{BTreeMap, BTreeSet};

use super::Peers;
use super::report::StateDigest;
use crate::inner::Inner;

/// What this replica has said of differences already.
#[derive(Default)]
pub(super) struct DivergenceWatch {
    said: BTreeSet<u64>,
}

/// What the digests of one place in the log say.
#[derive(Debug, PartialEq, Eq)]
enum Finding {
    /// These have another state than this replica, and nobody can tell who is wrong, or it is they.
    Differ(BTreeSet<u64>),
    /// A majority of the voters has one state, and this replica another.
    IsWrong,
}

/// The digests of this replica's state, to be reported.
pub(super) fn own_digests(engine: &Inner) -> Vec<StateDigest> {
    let recent = engine.state.shared().digests.all();
    recent.into_iter().map(|(index, digest)| StateDigest { index, digest }).collect()
}

impl DivergenceWatch {
    /// Compares this replica's digests with those that others last reported. Stops it if it is wrong.
    pub(super) fn look<'a>(
        &mut self,
        engine: &Inner,
        peers: &Peers,
        voters: &BTreeSet<u64>,
        others: impl Iterator<Item = &'a u64>,
    ) {
        let own = own_digests(engine);
        if own.is_empty() {
            return;
        }
        self.said.retain(|index| own.iter().any(|own| own.index == *index));
        let reported: BTreeMap<u64, Vec<StateDigest>> =
            others.filter_map(|id| Some((*id, peers.directory.last_heard(*id)?.report.digests))).collect();
        for own in own {
            match compare(own, &reported, voters) {
                Some(Finding::IsWrong) => return engine.state.condemn(line(own.index)),
                Some(Finding::Differ(replicas)) if self.said.insert(own.index) => {
                    engine.observer.states_differ();
                    let index = own.index;
                    tracing::error!(?replicas, index, "replicas have another state than this one");
                }
                None | Some(Finding::Differ(_)) => {}
            }
        }
    }
}

fn line(index: u64) -> String {
    format!(
        "the state of this replica differs from that of a majority of the voters at log entry {index}: keep a copy of \
         its data directory for analysis, then wipe it; it joins as somebody new"
    )
}

fn compare(
    own: StateDigest,
    reported: &BTreeMap<u64, Vec<StateDigest>>,
    voters: &BTreeSet<u64>,
) -> Option<Finding> {
    let at_index =
        |digests: &Vec<StateDigest>| digests.iter().find(|other| other.index == own.index).copied();
    let others = reported.iter().filter_map(|(id, digests)| Some((*id, at_index(digests)?.digest)));
    let different: BTreeMap<u64, u64> = others.filter(|(_, digest)| *digest != own.digest).collect();
    let mut votes: BTreeMap<u64, usize> = BTreeMap::new();
    for digest in different.iter().filter(|(id, _)| voters.contains(id)).map(|(_, digest)| *digest) {
        *votes.entry(digest).or_default() += 1;
    }
    if votes.values().any(|count| *count > voters.len() / 2) {
        return Some(Finding::IsWrong);
    }
    (!different.is_empty()).then(|| Finding::Differ(different.into_keys().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What this replica finds whose digest at entry 40 is 7, if the others report these there.
    fn find(voters: &[u64], others: &[(u64, u64)]) -> Option<Finding> {
        let at = |index, digest| StateDigest { index, digest };
        let reported = others.iter().map(|(id, digest)| (*id, vec![at(20, 99), at(40, *digest)])).collect();
        compare(at(40, 7), &reported, &voters.iter().copied().collect())
    }

    #[test]
    fn equal_states_are_no_finding() {
        assert_eq!(find(&[1, 2, 3], &[(2, 7), (3, 7), (9, 7)]), None);
        assert_eq!(find(&[1, 2, 3], &[]), None);
        let elsewhere = [(2, vec![StateDigest { index: 41, digest: 8 }])].into();
        let own = StateDigest { index: 40, digest: 7 };
        assert_eq!(compare(own, &elsewhere, &[1, 2, 3].into()), None, "at another place in the log");
    }

    #[test]
    fn whoever_differs_from_a_majority_is_wrong() {
        assert_eq!(find(&[1, 2, 3], &[(2, 8), (3, 8)]), Some(Finding::IsWrong));
        assert_eq!(find(&[2, 3, 4], &[(2, 8), (3, 8), (4, 7)]), Some(Finding::IsWrong), "a learner as well");
        assert_eq!(find(&[2], &[(2, 8)]), Some(Finding::IsWrong), "a learner of the only voter");
    }

    #[test]
    fn without_a_majority_nobody_is() {
        for (voters, others) in [
            (&[1, 2, 3][..], &[(2, 8), (3, 7)][..]),
            (&[1, 2, 3], &[(2, 8)]),
            (&[1, 2], &[(2, 8)]),
            (&[1, 2, 3, 4], &[(2, 8), (3, 8)]),
        ] {
            assert!(matches!(find(voters, others), Some(Finding::Differ(_))), "{others:?}");
        }
        assert_eq!(find(&[1, 2, 3], &[(2, 8), (3, 9)]), Some(Finding::Differ([2, 3].into())));
        let learners = [(4, 8), (5, 8), (6, 8)];
        assert_eq!(find(&[1, 2, 3], &learners), Some(Finding::Differ([4, 5, 6].into())), "they have no vote");
    }
}
