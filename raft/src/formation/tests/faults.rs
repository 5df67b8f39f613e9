//! Faults, drawn from the seed.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rand::RngExt;
use rand::seq::SliceRandom;

use super::world::{CRASH_AFTER, CRASH_BEFORE, World, lock};
use crate::formation::{Founder, Founding, Instance, State};

/// What a simulated world is like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) expect: u32,
    pub(super) voters: usize,
    pub(super) learners: usize,
    /// Fresh disks that may still come, beside the first ones.
    pub(super) wipes: usize,
    /// Something goes wrong so often.
    pub(super) faults: usize,
    /// What may be wrong between the replicas.
    pub(super) with_partitions: bool,
    /// Replicas propose without looking: the promises alone have to prevent a second cluster.
    pub(super) is_rash: bool,
}

impl Plan {
    /// Too few fresh disks for two sets of founders ever.
    pub(super) fn single(world: &World) -> Self {
        world.random(|random| {
            let expect = random.random_range(1..=5_u32);
            let most = 2 * expect as usize - 1;
            let voters = random.random_range(expect as usize..=most);
            Self {
                expect,
                voters,
                learners: random.random_range(0..3),
                wipes: most - voters,
                faults: random.random_range(0..25),
                with_partitions: true,
                is_rash: false,
            }
        })
    }

    /// The same, with replicas that propose without looking.
    pub(super) fn rash(world: &World) -> Self {
        let plan = Self::single(world);
        Self { faults: plan.faults + 10, is_rash: true, ..plan }
    }

    /// Enough fresh disks for two sets of founders.
    pub(super) fn double(world: &World) -> Self {
        world.random(|random| {
            let expect = random.random_range(1..=3_u32);
            let voters = random.random_range(2 * expect as usize..=2 * expect as usize + 2);
            let (learners, wipes) = (random.random_range(0..2), random.random_range(0..3));
            Self {
                expect,
                voters,
                learners,
                wipes,
                faults: random.random_range(0..25),
                with_partitions: true,
                is_rash: false,
            }
        })
    }

    /// Sets up the replicas; some as an operator would who made a mistake.
    pub(super) fn set_up(&self, world: &World) {
        for _ in 0..self.voters {
            let slot = world.add(true, self.expect);
            if world.chance(8) {
                // Never fewer: that would be another set of founders.
                let other = if world.chance(50) { 0 } else { self.expect + 1 };
                world.set_up(slot, |profile| profile.bootstrap_expect = other);
            } else if world.chance(3) {
                world.set_up(slot, |profile| "other".clone_into(&mut profile.region));
            }
        }
        for _ in 0..self.learners {
            world.add(false, self.expect);
        }
        let mut network = lock(&world.network);
        network.loss = world.random(|random| random.random_range(0..30));
        network.duplicates = world.random(|random| random.random_range(0..30));
        network.delay_ms = world.random(|random| random.random_range(0..400));
    }

    /// Lets things go wrong for a while.
    pub(super) async fn run(mut self, world: &Arc<World>) {
        let at_once = world.chance(50);
        if at_once {
            world.start_all();
        }
        for _ in 0..self.faults {
            let pause = world.random(|random| random.random_range(50..2_500));
            tokio::time::sleep(Duration::from_millis(pause)).await;
            self.fault(world);
        }
    }

    fn fault(&mut self, world: &Arc<World>) {
        let slot = world.random(|random| random.random_range(0..world.len()));
        if self.is_rash && world.chance(60) {
            return propose_rashly(world, slot, self.expect);
        }
        match world.random(|random| random.random_range(0..17)) {
            0..=3 => world.start(slot),
            4..=5 => world.crash(slot),
            6 => {
                world.crash(slot);
                world.start(slot);
            }
            7 => world.crash_all(),
            8 if self.wipes > 0 && world.record(slot).is_some() => {
                self.wipes -= 1;
                world.wipe(slot);
            }
            9 => world.fail_next_save(slot, CRASH_BEFORE),
            10 => world.fail_next_save(slot, CRASH_AFTER),
            11 if self.with_partitions => partition(world),
            12 if self.with_partitions => {
                let other = world.random(|random| random.random_range(0..world.len()));
                world.cut(&[slot], &[other]);
            }
            13 => lock(&world.network).cut.clear(),
            14 => move_or_swap(world, slot),
            15 => discovery(world, slot),
            16 => drop(lock(&world.network).discovery.remove(&slot)),
            _ => world.start_all(),
        }
    }

    /// Ends all faults, and has the operator correct the settings. Everybody starts.
    pub(super) fn end(&self, world: &Arc<World>) {
        world.heal();
        for slot in 0..world.len() {
            lock(&world.slots)[slot].disk.next_save.store(super::world::SOUND, Ordering::SeqCst);
            let mut is_right = true;
            world.set_up(slot, |profile| {
                is_right = profile.bootstrap_expect == self.expect && profile.region != "other";
                profile.bootstrap_expect = self.expect;
                if profile.may_vote {
                    super::world::REGION.clone_into(&mut profile.region);
                }
            });
            if !is_right {
                world.crash(slot);
            }
        }
        world.start_all();
    }
}

/// Has a fresh replica propose any founders of whom it is the first, as no rule would let it.
fn propose_rashly(world: &World, slot: usize, expect: u32) {
    let Some(handle) = world.handle(slot) else { return };
    let (own, addresses) = (world.instance(slot), world.addresses());
    let others = (0..world.len()).filter_map(|other| Some((world.record(other)?.instance, other)));
    let mut others: Vec<(Instance, usize)> = others.filter(|(instance, _)| *instance > own).collect();
    let (chosen, cluster_id) = world.random(|random| {
        others.shuffle(random);
        others.truncate(expect as usize - 1);
        others.push((own, slot));
        others.sort_unstable();
        (others, random.random::<u128>())
    });
    let founder = |(node_id, (instance, slot)): (u64, (Instance, usize))| Founder {
        node_id,
        instance,
        address: addresses[slot].clone(),
        region: super::world::REGION.to_owned(),
    };
    let members: Vec<Founder> = (1..).zip(chosen).map(founder).collect();
    let founding = Founding { cluster_id: cluster_id.into(), members, proposer: own };
    // A save that fails ends the replica, as ever.
    let _ = handle.update(|formation, _| {
        let may = formation.record().state == State::Fresh(()) && founding.members.len() == expect as usize;
        may.then(|| formation.change(State::Promised(founding), "proposed rashly".to_owned()))
    });
}

fn partition(world: &World) {
    let mut slots: Vec<usize> = (0..world.len()).collect();
    let at = world.random(|random| {
        slots.shuffle(random);
        random.random_range(0..slots.len())
    });
    let (ones, others) = slots.split_at(at);
    world.part(ones, others);
}

/// A replica that starts again is elsewhere: at a new address, or at that of another one.
fn move_or_swap(world: &Arc<World>, slot: usize) {
    let other = world.random(|random| random.random_range(0..world.len()));
    world.crash(slot);
    if world.chance(50) || other == slot {
        let number: u32 = world.random(RngExt::random);
        world.set_up(slot, |profile| profile.address = format!("m{number}:1"));
    } else {
        world.crash(other);
        let addresses = world.addresses();
        world.set_up(slot, |profile| profile.address.clone_from(&addresses[other]));
        world.set_up(other, |profile| profile.address.clone_from(&addresses[slot]));
        world.start(other);
    }
    world.start(slot);
}

fn discovery(world: &World, slot: usize) {
    let mut addresses = world.addresses();
    let told = world.random(|random| {
        addresses.shuffle(random);
        let part = random.random_range(0..=addresses.len());
        (part < addresses.len()).then(|| addresses[..part].to_vec())
    });
    lock(&world.network).discovery.insert(slot, told);
}
