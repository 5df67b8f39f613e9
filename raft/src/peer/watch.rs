//! Asks every other member how it is, once a second: where it is now, whether it lives, what its clocks say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Weak;
use std::time::Duration;

use futures_util::future::join_all;
use openraft::async_runtime::watch::WatchReceiver;

use super::directory::Heard;
use super::divergence::{DivergenceWatch, own_digests};
use super::report::{Leads, Report, ReportRequest};
use super::{PeerOptions, Peering, Peers, Purpose, greet};
use crate::formation::{CallError, Calls, Discovery, Hello, Standing};
use crate::inner::{Inner, PeerSide};
use crate::log_time::LogTime;
use crate::membership::removal;

/// From one round of questions to the next, and how long an answer may take: a few round trips around the world.
pub(crate) const ROUND: Duration = Duration::from_secs(1);
/// If an answer seems to have taken so long, this replica was asleep meanwhile, and cannot tell how old it is.
const ASLEEP: Duration = Duration::from_secs(2);
/// Addresses that are tried in one round: more than there are in any cluster.
const MAX_ADDRESSES: usize = 256;
/// A member that is not where it was is looked for in every round of so many: it takes a question to each address.
const SEARCH_EVERY: u32 = 5;

/// Watches the other members until the engine is gone.
pub(crate) async fn watch(engine: Weak<Inner>) {
    let mut rounds = tokio::time::interval(ROUND);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut divergence = DivergenceWatch::default();
    for round in 0_u32.. {
        rounds.tick().await;
        let Some(engine) = engine.upgrade() else { return };
        let Some(PeerSide { peers, own, .. }) = &engine.side else { return };
        if engine.has_stopped() {
            return;
        }
        if engine.state.shared().cluster().removed.contains(&engine.node_id) {
            engine.health.fail(removal::line(engine.cluster_id, engine.node_id));
            return;
        }
        let others = others(&engine);
        peers.directory.keep_only(&others.keys().copied().collect());
        open_way_to_leader(&engine);
        ask_all(&engine, peers, &others).await;
        if round % SEARCH_EVERY == SEARCH_EVERY - 1 {
            search(&engine, peers, &own.discovery, others.keys()).await;
        }
        let in_use = others.iter().map(|(id, joined_at)| peers.address(*id, joined_at)).collect();
        peers.connections.keep_only(&in_use);
        let voters = voters(&engine);
        peers.clocks.learn(&peers.directory, &voters, engine.node_id);
        if let Some(leading) = engine.leading() {
            engine.freshness.note(leading.committed_index, engine.wall_clock.monotonic(), leading.ago);
        }
        divergence.look(&engine, peers, &voters, others.keys());
    }
}

/// What this replica reports of itself.
pub(crate) fn report(engine: &Inner, own: &PeerOptions) -> Report {
    let metrics = engine.raft.data_metrics();
    let last_log_index = metrics.borrow_watched().last_log.map(|id| id.index);
    let leading = engine.leading();
    // Others take a leader's word, so it has to say what it would stamp, even if nobody writes.
    let log_time = if leading.is_some() { engine.clock.stamp() } else { engine.clock.live() };
    Report {
        program_version: own.program_version.clone(),
        region: own.region.clone(),
        address: own.advertise.clone(),
        may_vote: own.may_vote,
        wall_ms: engine.wall_clock.wall_ms(),
        log_time_ms: log_time.map(LogTime::as_millis),
        last_log_index,
        applied_index: engine.state.shared().last_applied().map(|id| id.index),
        supported_level: engine.supported_level,
        digests: own_digests(engine),
        leads: leading.map(|leading| Leads {
            committed_index: leading.committed_index,
            certain_ago_ms: u64::try_from(leading.ago.as_millis()).unwrap_or(u64::MAX).saturating_add(1),
        }),
    }
}

/// The other members, and where each joined.
fn others(engine: &Inner) -> BTreeMap<u64, String> {
    let metrics = engine.raft.server_metrics();
    let metrics = metrics.borrow_watched();
    let members = metrics.membership_config.membership().nodes();
    members.filter(|(id, _)| **id != engine.node_id).map(|(id, node)| (*id, node.address.clone())).collect()
}

fn voters(engine: &Inner) -> BTreeSet<u64> {
    engine.raft.voter_ids().collect()
}

fn open_way_to_leader(engine: &Inner) {
    let leader = engine.leadership.borrow().leader.filter(|leader| *leader != engine.node_id);
    if let Some((leader, (peers, address))) = leader.and_then(|leader| Some((leader, engine.way_to(leader)?)))
    {
        peers.open_way_to(leader, &address);
    }
}

async fn ask_all(engine: &Inner, peers: &Peers, others: &BTreeMap<u64, String>) {
    let questions = others.iter().map(|(id, joined_at)| async move {
        let address = peers.address(*id, joined_at);
        match ask(engine, peers, *id, &address).await {
            Some(heard) => peers.directory.heard(*id, heard),
            None => peers.directory.missed(*id),
        }
    });
    join_all(questions).await;
}

async fn ask(engine: &Inner, peers: &Peers, node_id: u64, address: &str) -> Option<Heard> {
    let mut client = peers.client(address, Purpose::Control).ok()?;
    let request = peers.request(node_id, ReportRequest {})?;
    let (asked_at, asked_wall_ms) = (engine.wall_clock.monotonic(), engine.wall_clock.wall_ms());
    let report = match tokio::time::timeout(ROUND, client.report(request)).await.ok()? {
        Ok(report) => report.into_inner(),
        Err(status) => {
            // A member knows from its log. This replica may never be told by that.
            if removal::is_refusal(&status) {
                engine.health.fail(removal::line(engine.cluster_id, engine.node_id));
            } else if status.code() == tonic::Code::FailedPrecondition {
                peers.refused(address, status.message());
            }
            return None;
        }
    };
    let at = engine.wall_clock.monotonic();
    let round_trip = at.saturating_sub(asked_at);
    if round_trip >= ASLEEP {
        return None;
    }
    take_word(engine, &report, asked_at, at);
    // It read its clock half way, as far as anybody can tell.
    let half_ms = i64::try_from(round_trip.as_millis() / 2).unwrap_or(i64::MAX);
    let offset_ms = report.wall_ms.cast_signed().wrapping_sub(asked_wall_ms.cast_signed());
    Some(Heard { report, at, clock_offset_ms: offset_ms.saturating_sub(half_ms) })
}

/// Takes a leader's word for how far the log is and what time it is. At once: others may be silent for the rest of the
/// round.
fn take_word(engine: &Inner, report: &Report, asked_at: Duration, answered_at: Duration) {
    let Some(leads) = report.leads else { return };
    let ago = Duration::from_millis(leads.certain_ago_ms);
    engine.freshness.note(leads.committed_index, asked_at, ago);
    if let (Some(now_ms), Some(at)) = (report.log_time_ms, answered_at.checked_sub(ago)) {
        // Since then another one may lead, whose clock leans the other way.
        engine.clock.hear(LogTime::from_millis(now_ms.saturating_sub(leads.certain_ago_ms)), at);
    }
}

/// Looks for members that are silent at every address that discovery knows: each may have another by now.
async fn search(engine: &Inner, peers: &Peers, discovery: &Peering, others: impl Iterator<Item = &u64>) {
    let silent: BTreeSet<u64> = others.copied().filter(|id| peers.directory.is_silent(*id)).collect();
    if silent.is_empty() {
        return;
    }
    // A name server that does not answer must not hold up the questions to all others.
    let Ok(Ok(addresses)) = tokio::time::timeout(ROUND, discovery.addresses()).await else { return };
    let Some(side) = &engine.side else { return };
    let hello = greet::hello(engine, side);
    let greetings = addresses.iter().take(MAX_ADDRESSES).map(|address| {
        let hello = &hello;
        async move {
            let answer = tokio::time::timeout(ROUND, peers.hello(address, hello)).await.ok()?;
            if let Err(CallError::Refused(reason)) = &answer {
                peers.refused(address, reason);
            }
            answer.ok()
        }
    });
    let found: Vec<Option<Hello>> = join_all(greetings).await;
    for hello in found.into_iter().flatten() {
        if let Some(Standing::Member(member)) = hello.standing
            && u128::from(member.cluster_id) == engine.cluster_id
            && silent.contains(&member.node_id)
        {
            tracing::info!(
                replica = member.node_id,
                address = hello.address,
                "found a replica at another address"
            );
            peers.directory.found(member.node_id, &hello.address);
        }
    }
}
