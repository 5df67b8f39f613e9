//! Keeps the membership as the operator wants it, while this replica leads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Weak;
use std::time::Duration;

use openraft::ChangeMembers;
use openraft::async_runtime::watch::WatchReceiver;
use openraft::raft::Precondition;

use super::agreed::{Checkpoints, raise_level};
use super::clock_watch::{ClockWatch, Outlier};
use super::hand_over::HAND_OVER_LIMIT;
use super::plan::{Change, Policy, Says, Seen, View, next_change, next_level, successors};
use crate::inner::{Inner, PeerSide};
use crate::peer::{Peers, ROUND};
use crate::types::{LogId, Node, TypeConfig};
use crate::wire::FIRST_LEVEL;

/// A learner whose log is shorter than the leader's by no more entries than this has caught up: a busy leader is always
/// some entries ahead of everybody.
const CAUGHT_UP_WITHIN: u64 = 1024;

/// Changes the membership, one step a round, until the engine is gone.
pub(crate) async fn keep(engine: Weak<Inner>, policy: Policy, digest_every: Duration) {
    let mut rounds = tokio::time::interval(ROUND);
    let mut clock_watch = ClockWatch::default();
    let mut checkpoints = None;
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let Some(engine) = engine.upgrade() else { return };
        if engine.has_stopped() {
            return;
        }
        let checkpoints =
            checkpoints.get_or_insert_with(|| Checkpoints::new(digest_every, engine.wall_clock.monotonic()));
        let Some((view, seen_at)) = look(&engine) else {
            clock_watch = ClockWatch::default();
            continue;
        };
        let clocks = engine.side.as_ref().and_then(|side| side.peers.clocks.of_voters());
        if let Some(outlier) = clock_watch.judge(clocks.as_ref(), engine.node_id) {
            give_way(&engine, &outlier).await;
            continue;
        }
        let successors = successors(&view);
        if !successors.is_empty() && step_down(&engine, &successors).await {
            continue;
        }
        if let Some(level) = next_level(&view) {
            raise_level(&engine, level).await;
        }
        checkpoints.make_if_due(&engine).await;
        let Some(change) = next_change(&view, &policy) else { continue };
        match make(&engine, &view, &change, seen_at).await {
            Ok(()) => tracing::info!(?change, "changed the membership"),
            Err(error) => tracing::warn!(?change, %error, "could not change the membership; trying again"),
        }
    }
}

/// A machine whose clock is wrong had better not lead.
async fn give_way(engine: &Inner, outlier: &Outlier) {
    let offset_ms = outlier.offset_ms;
    tracing::warn!(
        offset_ms,
        "this machine's clock differs from those of a quorum: look at its time server; another replica is to lead"
    );
    lead_instead(engine, &outlier.others).await;
}

/// Who must not vote can't lead; whoever leads next takes its vote away.
async fn step_down(engine: &Inner, successors: &BTreeSet<u64>) -> bool {
    tracing::info!(
        "this replica must not vote, by its settings or an operator's word: another one is to lead"
    );
    lead_instead(engine, successors).await
}

/// Whether one of them does.
async fn lead_instead(engine: &Inner, others: &BTreeSet<u64>) -> bool {
    let handed_over = engine.hand_over_to_one_of(others, HAND_OVER_LIMIT).await;
    if let Err(error) = &handed_over {
        tracing::warn!(%error, "could not hand the leadership over");
    }
    handed_over.is_ok()
}

/// The membership, and the entry that set it, if this replica leads.
pub(super) fn look(engine: &Inner) -> Option<(View, Option<LogId>)> {
    let PeerSide { peers, own, .. } = engine.side.as_ref()?;
    if !engine.leadership.borrow().is_leader {
        return None;
    }
    let metrics = engine.raft.metrics();
    let metrics = metrics.borrow_watched();
    let replication = metrics.replication.as_ref()?;
    let membership = metrics.membership_config.membership();
    let enough = metrics.last_log_index.unwrap_or(0).saturating_sub(CAUGHT_UP_WITHIN);
    let seen = |(id, node): (&u64, &Node)| {
        if *id == engine.node_id {
            let node_now = Node { address: own.advertise.clone(), region: own.region.clone() };
            let says = Some(Says {
                node: node_now,
                may_vote: own.may_vote,
                supported_level: engine.supported_level,
            });
            let matched = metrics.last_log_index.unwrap_or(0);
            let silent_for = Duration::ZERO;
            return (*id, Seen { node: node.clone(), says, silent_for, matched, has_caught_up: true });
        }
        let matched = replication.get(id).copied().flatten().map_or(0, |matched| matched.index);
        let has_caught_up = matched >= enough;
        (*id, Seen { matched, has_caught_up, ..seen(peers, *id, node) })
    };
    let members: BTreeMap<u64, Seen> = membership.nodes().map(seen).collect();
    let configs = membership.get_joint_config().clone();
    let cluster = engine.state.shared().cluster();
    let held_back = cluster.held_back.iter().copied().collect();
    let level = cluster.feature_level();
    let view = View { leader: engine.node_id, configs, members, held_back, level };
    Some((view, *metrics.membership_config.log_id()))
}

/// What its reports say of it.
fn seen(peers: &Peers, id: u64, node: &Node) -> Seen {
    let says = peers.directory().last_heard(id).map(|heard| Says {
        node: Node { address: heard.report.address, region: heard.report.region },
        may_vote: heard.report.may_vote,
        supported_level: heard.report.supported_level.max(FIRST_LEVEL),
    });
    let silent_for = ROUND * peers.directory().missed_in_a_row(id);
    Seen { node: node.clone(), says, silent_for, matched: 0, has_caught_up: false }
}

/// Makes the change unless the membership is another one by now.
pub(super) async fn make(
    engine: &Inner,
    view: &View,
    change: &Change,
    seen_at: Option<LogId>,
) -> Result<(), String> {
    let voters = view.configs.last().cloned().unwrap_or_default();
    let (members, retain) = match change {
        Change::Finish(voters) => (ChangeMembers::ReplaceAllVoters(voters.clone()), true),
        Change::Update(id, node) => (ChangeMembers::SetNodes(BTreeMap::from([(*id, node.clone())])), true),
        Change::Replace { voter, by } => {
            let others = voters.into_iter().filter(|id| id != voter);
            (ChangeMembers::ReplaceAllVoters(others.chain([*by]).collect()), true)
        }
        Change::Promote(ids) => (ChangeMembers::AddVoterIds(ids.clone()), true),
        Change::Demote(id) => (ChangeMembers::RemoveVoters(BTreeSet::from([*id])), true),
        Change::Remove(id) if voters.contains(id) => {
            (ChangeMembers::RemoveVoters(BTreeSet::from([*id])), false)
        }
        Change::Forget(id) | Change::Remove(id) => (ChangeMembers::RemoveNodes(BTreeSet::from([*id])), false),
    };
    let unchanged: [Precondition<TypeConfig>; 1] =
        [Precondition::LastMembershipLogId { last_membership_log_id: seen_at }];
    let changed = engine.raft.change_membership_if(members, retain, unchanged).await;
    changed.map(drop).map_err(|error| error.to_string())
}
