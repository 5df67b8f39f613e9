//! Simulated replicas: their disks, what they are told, and how they start and crash.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::invariants::{Event, History};
use super::network::{Network, SimCalls, SimDiscovery};
use crate::formation::{
    FormationHandle, Founding, Instance, MemoryRecords, Outcome, Profile, Record, Records, State,
};
use crate::storage::StorageError;
use crate::testing::ManualClock;

pub(super) const REGION: &str = "ams";

/// All replicas and what is between them. Slots are numbered from 0; what is on a slot's disk may be wiped.
pub(super) struct World {
    pub(super) slots: Mutex<Vec<Slot>>,
    pub(super) network: Mutex<Network>,
    pub(super) history: Arc<Mutex<History>>,
    random: Mutex<StdRng>,
    pub(super) began: Instant,
}

/// One machine.
pub(super) struct Slot {
    pub(super) profile: Profile,
    pub(super) disk: Disk,
    running: Option<Running>,
}

struct Running {
    handle: FormationHandle,
    task: JoinHandle<()>,
}

/// A record that outlives crashes, and can be made to fail.
#[derive(Clone)]
pub(super) struct Disk {
    pub(super) records: MemoryRecords,
    /// [`SOUND`], or what the next save does.
    pub(super) next_save: Arc<AtomicU8>,
    /// The replica has crashed and nobody may hear of it any more.
    crashed: Arc<AtomicBool>,
    history: Arc<Mutex<History>>,
    began: Instant,
}

/// The next save succeeds.
pub(super) const SOUND: u8 = 0;
/// The replica crashes just before the next save is durable.
pub(super) const CRASH_BEFORE: u8 = 1;
/// The replica crashes just after it.
pub(super) const CRASH_AFTER: u8 = 2;

impl Records for Disk {
    fn load(&self) -> Result<Option<Record>, StorageError> {
        self.records.load()
    }

    fn save(&self, record: &Record) -> Result<(), StorageError> {
        let crash = || {
            self.crashed.store(true, Ordering::SeqCst);
            Err(StorageError::Closed { file: "crashed".to_owned() })
        };
        let fault = self.next_save.swap(SOUND, Ordering::SeqCst);
        if fault == CRASH_BEFORE {
            return crash();
        }
        let before = self.records.load()?;
        self.records.save(record)?;
        let event = Event { at: self.began.elapsed(), before, after: record.clone() };
        lock(&self.history).saved(event);
        if fault == CRASH_AFTER { crash() } else { Ok(()) }
    }
}

impl World {
    pub(super) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self {
            slots: Mutex::default(),
            network: Mutex::default(),
            history: Arc::default(),
            random: Mutex::new(StdRng::seed_from_u64(seed)),
            began: Instant::now(),
        })
    }

    /// A machine that was not started yet; returns its slot.
    pub(super) fn add(&self, may_vote: bool, bootstrap_expect: u32) -> usize {
        let mut slots = lock(&self.slots);
        let slot = slots.len();
        let profile = Profile {
            program_version: "test".to_owned(),
            region: if may_vote { REGION } else { "syd" }.to_owned(),
            address: format!("r{slot}:1"),
            may_vote,
            bootstrap_expect,
            supported_level: 1,
        };
        slots.push(Slot { profile, disk: self.fresh_disk(), running: None });
        slot
    }

    /// Machines that were not started yet and may vote.
    pub(super) fn add_voters(&self, count: usize, bootstrap_expect: u32) {
        for _ in 0..count {
            self.add(true, bootstrap_expect);
        }
    }

    fn fresh_disk(&self) -> Disk {
        Disk {
            records: MemoryRecords::default(),
            next_save: Arc::default(),
            crashed: Arc::default(),
            history: self.history.clone(),
            began: self.began,
        }
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.slots).len()
    }

    /// Starts a replica on what its disk holds, unless it runs.
    pub(super) fn start(self: &Arc<Self>, slot: usize) {
        self.crash_if_broken(slot);
        let seed = self.random(|random| random.random());
        let mut slots = lock(&self.slots);
        if slots[slot].running.is_some() {
            return;
        }
        slots[slot].disk.crashed = Arc::default();
        let records = Arc::new(slots[slot].disk.clone());
        let clock = Arc::new(ManualClock::new(1_800_000_000_000));
        let (profile, random) = (slots[slot].profile.clone(), StdRng::seed_from_u64(seed));
        let Ok(handle) = FormationHandle::open_with(records, profile, clock, None, random) else { return };
        lock(&self.history).started(handle.hello(None).instance);
        let (calls, discovery) = (SimCalls::new(self, slot), SimDiscovery::new(self, slot));
        let runs = handle.clone();
        let task = tokio::spawn(async move { drop(runs.run(&calls, &discovery).await) });
        slots[slot].running = Some(Running { handle, task });
    }

    /// Starts all machines.
    pub(super) fn start_all(self: &Arc<Self>) {
        (0..self.len()).for_each(|slot| self.start(slot));
    }

    /// Ends a replica at once; what is on its disk stays.
    pub(super) fn crash(&self, slot: usize) {
        let mut slots = lock(&self.slots);
        slots[slot].disk.crashed.store(true, Ordering::SeqCst);
        slots[slot].disk.next_save.store(SOUND, Ordering::SeqCst);
        if let Some(Running { task, .. }) = slots[slot].running.take() {
            task.abort();
        }
    }

    pub(super) fn crash_all(&self) {
        (0..self.len()).for_each(|slot| self.crash(slot));
    }

    /// Replaces the disk of a replica, which ends.
    pub(super) fn wipe(&self, slot: usize) {
        self.crash(slot);
        let fresh = self.fresh_disk();
        let lost = std::mem::replace(&mut lock(&self.slots)[slot].disk, fresh);
        if let Ok(Some(record)) = lost.records.load() {
            lock(&self.history).wiped(record.instance);
        }
    }

    /// Has a replica start with other settings from its next start on.
    pub(super) fn set_up(&self, slot: usize, change: impl FnOnce(&mut Profile)) {
        change(&mut lock(&self.slots)[slot].profile);
    }

    /// Has the next save of a replica fail.
    pub(super) fn fail_next_save(&self, slot: usize, how: u8) {
        lock(&self.slots)[slot].disk.next_save.store(how, Ordering::SeqCst);
    }

    /// Ends those whose save failed: their process stops.
    pub(super) fn crash_if_broken(&self, slot: usize) {
        let is_broken = lock(&self.slots)[slot].disk.crashed.load(Ordering::SeqCst);
        if is_broken {
            self.crash(slot);
        }
    }

    /// The replica, if it lives.
    pub(super) fn handle(&self, slot: usize) -> Option<FormationHandle> {
        let slots = lock(&self.slots);
        let Slot { running, disk, .. } = &slots[slot];
        let lives = !disk.crashed.load(Ordering::SeqCst);
        running.as_ref().filter(|_| lives).map(|running| running.handle.clone())
    }

    /// The slot whose address this is now.
    pub(super) fn slot_at(&self, address: &str) -> Option<usize> {
        lock(&self.slots).iter().position(|slot| slot.profile.address == address)
    }

    pub(super) fn addresses(&self) -> Vec<String> {
        lock(&self.slots).iter().map(|slot| slot.profile.address.clone()).collect()
    }

    /// What a replica's disk holds; none before its first start.
    pub(super) fn record(&self, slot: usize) -> Option<Record> {
        lock(&self.slots)[slot].disk.records.load().expect("memory")
    }

    pub(super) fn instance(&self, slot: usize) -> Instance {
        self.record(slot).expect("was started").instance
    }

    pub(super) fn outcome(&self, slot: usize) -> Option<Outcome> {
        self.handle(slot)?.outcome()
    }

    /// The slots in the order of their instances: the first proposes.
    pub(super) fn by_instance(&self) -> Vec<usize> {
        let mut slots: Vec<usize> = (0..self.len()).collect();
        slots.sort_by_key(|slot| self.instance(*slot));
        slots
    }

    /// What a replica promised, if it stands by it.
    pub(super) fn promise_of(&self, slot: usize) -> Option<Founding> {
        match self.record(slot)?.state {
            State::Promised(founding) => Some(founding),
            _ => None,
        }
    }

    pub(super) fn random<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut lock(&self.random))
    }

    /// Lets time pass until something is so.
    pub(super) async fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        for _ in 0..4_000 {
            if is_so(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        let states: Vec<_> = (0..self.len()).map(|slot| self.record(slot)).collect();
        panic!("not within 100 s: {what}; {states:#?}");
    }

    /// Lets time pass until all that run have a place, and returns their outcomes.
    pub(super) async fn all_placed(&self) -> Vec<Outcome> {
        self.until("all have a place", |world| (0..world.len()).all(|slot| world.outcome(slot).is_some()))
            .await;
        lock(&self.history).check();
        (0..self.len()).filter_map(|slot| self.outcome(slot)).collect()
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
