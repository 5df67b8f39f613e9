//! What must hold at every step, whatever happens: checked on each record that any replica makes durable.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::formation::view::SEEN_FOR;
use crate::formation::{ClusterId, Founding, Instance, Member, Record, State};

/// A record that was made durable.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) at: Duration,
    pub(super) before: Option<Record>,
    pub(super) after: Record,
}

/// All that happened.
#[derive(Default)]
pub(super) struct History {
    /// The last record of each instance, also of those whose disk is lost.
    records: BTreeMap<Instance, Record>,
    pub(super) wiped: BTreeSet<Instance>,
    /// When the first heard of the second, each time.
    told: BTreeMap<(Instance, Instance), Vec<Duration>>,
    /// When each promised or proposed which cluster, and what it could know then.
    promises: BTreeMap<(ClusterId, Instance), Duration>,
    /// The clusters that were formed, in this order.
    pub(super) formed: Vec<Founding>,
    places: BTreeMap<(ClusterId, u64), Instance>,
    violations: Vec<String>,
}

type Check = fn(&History, &Event) -> Result<(), String>;

/// The invariants that hold of each save, given all that came before it.
const OF_EACH_SAVE: &[Check] = &[
    a_member_stays_that,
    a_promise_excludes,
    only_the_proposer_ends_a_promise,
    all_have_promised_what_is_formed,
    a_cluster_has_one_founder_set,
    a_node_id_is_given_once,
    whoever_joins_joins_what_was_formed,
    the_revision_grows,
];

impl History {
    pub(super) fn saved(&mut self, event: Event) {
        for check in OF_EACH_SAVE {
            if let Err(violation) = check(self, &event) {
                self.violations.push(format!("at {:?}: {violation}; {event:#?}", event.at));
            }
        }
        let Event { at, after, .. } = event;
        match &after.state {
            State::Promised(founding) => {
                self.promises.insert((founding.cluster_id, after.instance), at);
            }
            State::Member(Member { cluster_id, node_id }) => {
                self.places.insert((*cluster_id, *node_id), after.instance);
            }
            _ => {}
        }
        if let Some(founded) = after.founded.clone().filter(|founded| !self.formed.contains(founded)) {
            // One that an operator forms was never promised.
            self.promises.entry((founded.cluster_id, after.instance)).or_insert(at);
            self.formed.push(founded);
        }
        self.records.insert(after.instance, after);
    }

    pub(super) fn wiped(&mut self, instance: Instance) {
        self.wiped.insert(instance);
    }

    pub(super) fn told(&mut self, at: Duration, whom: Instance, of: Instance) {
        self.told.entry((whom, of)).or_default().push(at);
    }

    /// A replica that starts knows nothing of what it heard before.
    pub(super) fn started(&mut self, instance: Instance) {
        self.told.retain(|(whom, _), _| *whom != instance);
    }

    pub(super) fn founders(&self, cluster_id: ClusterId) -> Vec<Instance> {
        let founding = self.formed.iter().find(|founding| founding.cluster_id == cluster_id);
        founding.map_or(Vec::new(), |founding| founding.members.iter().map(|m| m.instance).collect())
    }

    /// Panics if anything happened that must not.
    pub(super) fn check(&self) {
        assert!(self.violations.is_empty(), "{}", self.violations.join("\n"));
        if let Err(violation) = two_clusters_were_blind(self) {
            panic!("{violation}; {:#?}; promised {:?}", self.formed, self.promises);
        }
    }

    /// Panics if there is more than one cluster.
    pub(super) fn check_one_cluster(&self) {
        self.check();
        assert!(self.formed.len() <= 1, "{} clusters: {:#?}", self.formed.len(), self.formed);
    }

    fn has_formed(&self, cluster_id: ClusterId) -> bool {
        self.formed.iter().any(|founding| founding.cluster_id == cluster_id)
    }

    /// Whether the first had heard of the second lately when it promised that cluster.
    fn knew(&self, cluster_id: ClusterId, one: Instance, of: Instance) -> bool {
        let Some(at) = self.promises.get(&(cluster_id, one)) else { return false };
        let told = self.told.get(&(one, of)).into_iter().flatten();
        // What came in the last moment may have come after the decision.
        told.into_iter().any(|told| told < at && *at - *told < SEEN_FOR)
    }
}

fn a_member_stays_that(_: &History, event: &Event) -> Result<(), String> {
    let was = event.before.as_ref().map(|before| &before.state);
    let is_other = matches!(was, Some(was @ State::Member(_)) if *was != event.after.state);
    (!is_other).then_some(()).ok_or_else(|| "a member is something else now".to_owned())
}

fn a_promise_excludes(_: &History, event: &Event) -> Result<(), String> {
    let Some(State::Promised(promised)) = event.before.as_ref().map(|before| &before.state) else {
        return Ok(());
    };
    let own = promised.members.iter().find(|m| m.instance == event.after.instance);
    let place = own.map(|m| Member { cluster_id: promised.cluster_id, node_id: m.node_id });
    match &event.after.state {
        State::Fresh(()) => Ok(()),
        State::Member(member) if Some(*member) == place => Ok(()),
        other => Err(format!("broke its promise of cluster {}: {other:?}", promised.cluster_id)),
    }
}

fn only_the_proposer_ends_a_promise(history: &History, event: &Event) -> Result<(), String> {
    let Some(State::Promised(promised)) = event.before.as_ref().map(|before| &before.state) else {
        return Ok(());
    };
    if event.after.state != State::Fresh(()) {
        return Ok(());
    }
    if history.has_formed(promised.cluster_id) {
        return Err("gave up a promise of a cluster that was formed".to_owned());
    }
    let proposer = history.records.get(&promised.proposer).map(|record| &record.state);
    let stands = matches!(proposer, Some(State::Promised(own)) if own == promised);
    if stands && promised.proposer != event.after.instance {
        return Err("is free of a promise by which the proposer stands".to_owned());
    }
    Ok(())
}

fn all_have_promised_what_is_formed(history: &History, event: &Event) -> Result<(), String> {
    let (State::Member(member), Some(founded)) = (&event.after.state, &event.after.founded) else {
        return Ok(());
    };
    if founded.cluster_id != member.cluster_id || founded.proposer != event.after.instance {
        return Ok(());
    }
    for founder in founded.members.iter().filter(|founder| founder.instance != founded.proposer) {
        let state = history.records.get(&founder.instance).map(|record| &record.state);
        if !matches!(state, Some(State::Promised(promised)) if promised == founded) {
            return Err(format!("formed, but {} promised nothing: {state:?}", founder.instance));
        }
    }
    Ok(())
}

fn a_cluster_has_one_founder_set(history: &History, event: &Event) -> Result<(), String> {
    let Some(founded) = &event.after.founded else { return Ok(()) };
    let other =
        history.formed.iter().find(|other| other.cluster_id == founded.cluster_id && *other != founded);
    if let Some(other) = other {
        return Err(format!("has other founders than {other:?}"));
    }
    let is_proposer = founded.proposer == event.after.instance;
    let is_known = is_proposer || history.formed.contains(founded);
    is_known.then_some(()).ok_or_else(|| "took its place before the proposer decided".to_owned())
}

fn a_node_id_is_given_once(history: &History, event: &Event) -> Result<(), String> {
    let State::Member(Member { cluster_id, node_id }) = event.after.state else { return Ok(()) };
    let instance = event.after.instance;
    match history.places.get(&(cluster_id, node_id)) {
        Some(other) if *other != instance => Err(format!("{other} has node id {node_id} already")),
        _ => Ok(()),
    }
}

fn whoever_joins_joins_what_was_formed(history: &History, event: &Event) -> Result<(), String> {
    match event.after.state {
        State::Joining(cluster_id) if !history.has_formed(cluster_id) => {
            Err(format!("joins cluster {cluster_id}, which does not exist"))
        }
        _ => Ok(()),
    }
}

fn the_revision_grows(_: &History, event: &Event) -> Result<(), String> {
    let before = event.before.as_ref().map_or(0, |before| before.revision);
    (event.after.revision > before).then_some(()).ok_or_else(|| "the revision did not grow".to_owned())
}

/// Two clusters can be formed only by disjoint sets one of which knew nothing of the other. Those whose last founder
/// comes last in the order of instances would have had to leave room for whomever they knew of.
fn two_clusters_were_blind(history: &History) -> Result<(), String> {
    let pairs = history.formed.iter().enumerate();
    for (one, other) in pairs.flat_map(|(i, one)| history.formed[..i].iter().map(move |other| (one, other))) {
        let last = |founding: &Founding| founding.members.last().map(|founder| founder.instance);
        let (first, second) = if last(one) < last(other) { (one, other) } else { (other, one) };
        for founder in &second.members {
            let known = first.members.iter().find(|of| {
                of.instance == founder.instance
                    || history.knew(second.cluster_id, founder.instance, of.instance)
            });
            if let Some(of) = known {
                return Err(format!(
                    "two clusters, although founder {} of {} knew {}, which founded {}",
                    founder.instance, second.cluster_id, of.instance, first.cluster_id
                ));
            }
        }
    }
    Ok(())
}
