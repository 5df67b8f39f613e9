//! What a replica knows of the others at the moment.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::id::{ClusterId, Instance};
use super::messages::{Hello, Member, Promise, Standing};

/// Whoever was not heard of for so long is out of sight. Longer than the slowest round of calls takes, so that
/// a dead address does not hide those who live.
pub(crate) const SEEN_FOR: Duration = Duration::from_secs(10);
/// Bounds the memory for others. More replicas than any cluster has; beyond that the oldest are forgotten.
const MAX_SIGHTS: usize = 512;

/// The replicas in sight. Times are since some fixed moment.
#[derive(Debug, Default)]
pub(crate) struct View {
    sights: BTreeMap<Instance, Sight>,
}

/// One replica in sight.
#[derive(Debug)]
pub(crate) struct Sight {
    pub(crate) hello: Hello,
    /// When it last told something of itself, by answering or by calling.
    told: Duration,
    answered: Option<Answered>,
}

#[derive(Debug)]
struct Answered {
    at: Duration,
    address: String,
}

impl View {
    /// Notes the answer of the replica at `address`.
    pub(crate) fn answered(&mut self, now: Duration, address: &str, hello: Hello) {
        if let Some(sight) = self.note(now, hello) {
            sight.answered = Some(Answered { at: now, address: address.to_owned() });
        }
    }

    /// Notes what a replica said that called this one.
    pub(crate) fn heard(&mut self, now: Duration, hello: Hello) {
        self.note(now, hello);
    }

    /// Forgets whoever is out of sight.
    pub(crate) fn expire(&mut self, now: Duration) {
        let recent = |at: Duration| now.saturating_sub(at) < SEEN_FOR;
        self.sights.retain(|_, sight| recent(sight.told));
        for sight in self.sights.values_mut() {
            sight.answered.take_if(|answered| !recent(answered.at));
        }
    }

    pub(crate) fn get(&self, instance: Instance) -> Option<&Sight> {
        self.sights.get(&instance)
    }

    pub(crate) fn hellos(&self) -> impl Iterator<Item = &Hello> {
        self.sights.values().map(|sight| &sight.hello)
    }

    /// The members of clusters in sight.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&Sight, Member)> {
        self.sights.values().filter_map(|sight| match sight.hello.standing {
            Some(Standing::Member(member)) => Some((sight, member)),
            _ => None,
        })
    }

    /// The clusters of which members are in sight.
    pub(crate) fn clusters(&self) -> BTreeSet<ClusterId> {
        self.members().map(|(_, member)| member.cluster_id).collect()
    }

    /// The first replica in sight that is on the way into a cluster, but into none that is called `own`; and
    /// which cluster, if it says so in words that this program knows.
    pub(crate) fn undecided(&self, own: Option<ClusterId>) -> Option<(&Hello, Option<ClusterId>)> {
        let undecided = self.hellos().filter_map(|hello| match &hello.standing {
            Some(Standing::Fresh(()) | Standing::Member(_)) => None,
            Some(Standing::Joining(cluster_id) | Standing::Promised(Promise { cluster_id, .. })) => {
                Some((hello, Some(*cluster_id)))
            }
            None => Some((hello, None)),
        });
        undecided.into_iter().find(|(_, cluster_id)| cluster_id.is_none() || *cluster_id != own)
    }

    /// The fresh replicas in sight that want to be founders.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = &Hello> {
        self.hellos().filter(|hello| is_candidate(hello))
    }

    /// All that may have to be founders: the candidates in sight, and whom one of them sees.
    pub(crate) fn known_candidates(&self) -> BTreeSet<Instance> {
        let seen_by_others = self.candidates().flat_map(|hello| hello.seen.iter().copied());
        let known = seen_by_others.chain(self.candidates().map(|hello| hello.instance));
        // Of whom it sees itself, this replica knows better.
        known.filter(|known| self.get(*known).is_none_or(|sight| is_candidate(&sight.hello))).collect()
    }

    /// The would-be founders whose own answers came lately: what [`Hello::seen`] tells.
    pub(crate) fn seen(&self) -> Vec<Instance> {
        let seen = self.sights.values().filter(|sight| {
            let on_the_way =
                matches!(sight.hello.standing, Some(Standing::Fresh(()) | Standing::Promised(_)));
            sight.answered.is_some() && on_the_way && wants_to_found(&sight.hello)
        });
        seen.map(|sight| sight.hello.instance).collect()
    }

    fn note(&mut self, now: Duration, hello: Hello) -> Option<&mut Sight> {
        let instance = hello.instance;
        if self.sights.get(&instance).is_some_and(|sight| sight.hello.revision > hello.revision) {
            // It was overtaken on its way. Nor does it prove that the replica is in sight now: should its disk
            // have been put back to an earlier day, what was noted has to be forgotten first.
            return None;
        }
        if !self.sights.contains_key(&instance) && self.sights.len() >= MAX_SIGHTS {
            let oldest = self.sights.iter().min_by_key(|(_, sight)| sight.told).map(|(oldest, _)| *oldest);
            oldest.and_then(|oldest| self.sights.remove(&oldest));
        }
        let answered = self.sights.remove(&instance).and_then(|sight| sight.answered);
        Some(self.sights.entry(instance).or_insert(Sight { hello, told: now, answered }))
    }
}

impl Sight {
    /// Where it is reached: where it answered, or else where it says it is.
    pub(crate) fn address(&self) -> &str {
        self.answered.as_ref().map_or(self.hello.address.as_str(), |answered| answered.address.as_str())
    }

    /// Whether it answered lately, and so can be reached.
    pub(crate) fn is_reached(&self) -> bool {
        self.answered.is_some()
    }
}

fn is_candidate(hello: &Hello) -> bool {
    hello.standing == Some(Standing::Fresh(())) && wants_to_found(hello)
}

fn wants_to_found(hello: &Hello) -> bool {
    hello.may_vote && hello.bootstrap_expect > 0
}
