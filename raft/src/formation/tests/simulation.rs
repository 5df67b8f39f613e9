//! Many worlds of replicas under faults, each from one seed.
//!
//! `BOXOFFICE_SIM_SEEDS=10000` runs so many instead of the usual number, `BOXOFFICE_SIM_FIRST_SEED=77` begins there.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::faults::Plan;
use super::invariants::History;
use super::world::{World, lock};
use crate::formation::{Instance, State};

const SEEDS: u64 = 150;
/// So long after the faults everybody has a place: a round takes half a second, a proposal that lacks a promise is
/// abandoned after ten, what is out of date is out of sight after ten, and a few such things may follow on another.
const PATIENCE: Duration = Duration::from_secs(180);

fn run<F: Future<Output = ()>>(world: impl Fn(u64) -> F) {
    let number = |name: &str| std::env::var(name).ok().map(|value| value.parse().expect("a number"));
    let first = number("BOXOFFICE_SIM_FIRST_SEED").unwrap_or(1);
    for seed in first..first + number("BOXOFFICE_SIM_SEEDS").unwrap_or(SEEDS) {
        let told = Told(seed);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
        runtime.block_on(world(seed));
        drop(told);
    }
}

/// Tells the seed of a world in which something is wrong.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("with BOXOFFICE_SIM_FIRST_SEED={} BOXOFFICE_SIM_SEEDS=1", self.0);
        }
    }
}

/// Where there are too few fresh disks for two clusters, there is one at most, and in the end everybody is in it.
#[test]
fn one_cluster_comes_of_it_whatever_happens() {
    run(|seed| carry_out(seed, Plan::single, History::check_one_cluster));
}

/// Nor does a second one come of proposals that nobody should have made: any two share a founder, who promises one.
#[test]
fn one_cluster_comes_of_it_however_rashly_it_is_proposed() {
    run(|seed| carry_out(seed, Plan::rash, History::check_one_cluster));
}

/// Where there are enough of them, two clusters are formed only by those who knew nothing of each other.
#[test]
fn two_clusters_come_only_of_sets_that_were_blind_to_each_other() {
    run(|seed| carry_out(seed, Plan::double, History::check));
}

/// Has a plan happen to a world, and checks what came of it, before and after all is well again.
async fn carry_out(seed: u64, plan: fn(&World) -> Plan, check: fn(&History)) {
    let world = World::new(seed);
    let plan = plan(&world);
    plan.set_up(&world);
    plan.run(&world).await;
    check(&lock(&world.history));
    plan.end(&world);
    settle(&world, plan).await;
    check(&lock(&world.history));
}

/// The same seed is the same world: otherwise a failure could not be looked into.
#[test]
fn a_seed_says_all() {
    let mut first: Option<String> = None;
    for _ in 0..2 {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().expect("a runtime");
        let records = runtime.block_on(async {
            let world = World::new(42);
            let plan = Plan::single(&world);
            plan.set_up(&world);
            plan.run(&world).await;
            plan.end(&world);
            settle(&world, plan).await;
            format!(
                "{:?} {:?}",
                world.began.elapsed(),
                (0..world.len()).map(|s| world.record(s)).collect::<Vec<_>>()
            )
        });
        assert_eq!(*first.get_or_insert(records.clone()), records);
    }
}

/// Waits until everybody who can has a place. Panics if somebody who can has none.
async fn settle(world: &Arc<World>, plan: Plan) {
    let began = world.began.elapsed();
    while !(0..world.len()).all(|slot| world.outcome(slot).is_some()) {
        if world.began.elapsed() - began >= PATIENCE {
            for slot in (0..world.len()).filter(|slot| world.outcome(*slot).is_none()) {
                if let Err(why) = is_stuck_for_a_reason(world, slot, plan) {
                    let states: Vec<_> = (0..world.len()).map(|slot| world.record(slot)).collect();
                    panic!("replica {slot} has no place: {why}; {plan:?}; {states:#?}");
                }
            }
            return;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// The documented cases in which a replica waits for an operator, seen from outside.
fn is_stuck_for_a_reason(world: &World, slot: usize, plan: Plan) -> Result<(), String> {
    let history = lock(&world.history);
    let is_lost = |instance: &Instance| history.wiped.contains(instance);
    let records: Vec<_> = (0..world.len()).filter_map(|slot| world.record(slot)).collect();
    let state = world.record(slot).ok_or("it never started")?.state;
    let has_no_quorum = |cluster_id| {
        let founders = history.founders(cluster_id);
        founders.iter().filter(|founder| is_lost(founder)).count() * 2 >= founders.len()
            // Founders that wait for a lost proposer's word never take their place.
            || founders.iter().filter(|founder| {
                records.iter().any(|r| r.instance == **founder && matches!(r.state, State::Member(m) if m.cluster_id == cluster_id))
            }).count() * 2 <= founders.len()
    };
    let waits_for_the_lost = records.iter().any(|record| match &record.state {
        State::Promised(founding) => is_lost(&founding.proposer),
        State::Joining(cluster_id) => has_no_quorum(*cluster_id),
        _ => false,
    });
    let is_allowed = match &state {
        State::Promised(founding) => is_lost(&founding.proposer),
        State::Joining(cluster_id) => has_no_quorum(*cluster_id) || history.formed.len() > 1,
        State::Fresh(()) => {
            let candidates = records.iter().zip(0..).filter(|(record, slot)| {
                record.state == State::Fresh(()) && lock(&world.slots)[*slot].profile.may_vote
            });
            let too_few = candidates.count() < plan.expect as usize && history.formed.is_empty();
            waits_for_the_lost || too_few || history.formed.len() > 1
        }
        State::Member(_) => false,
    };
    is_allowed.then_some(()).ok_or_else(|| format!("{state:?}"))
}
