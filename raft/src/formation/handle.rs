//! The way in: what the peer listener answers from, and what runs until the replica has its place.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use super::answers::InitError;
use super::calls::Calls;
use super::discovery::Discovery;
use super::driver::Driver;
use super::id::{ClusterId, Instance};
use super::messages::{
    Founding, FoundingQuery, FoundingState, Hello, MAX_FOUNDERS, Member, PromiseAnswer, Standing,
};
use super::profile::Profile;
use super::record::{Record, Records, State};
use super::state::{Chance, Change, Formation, Outcome, Step};
use super::waiting::Waiting;
use crate::log_time::Clock;
use crate::storage::StorageError;

/// A replica whose proposal came to nothing proposes no other for so long, in milliseconds: others have to learn
/// of it first, and two such replicas must not meet again and again.
const PROPOSAL_PAUSE_MS: std::ops::Range<u64> = 1000..4000;

/// One replica's part in the formation of its cluster. Answers others as long as it lives, also when it has its
/// place. Clones are the same.
#[derive(Clone)]
pub struct FormationHandle {
    shared: Arc<Shared>,
}

struct Shared {
    records: Arc<dyn Records>,
    clock: Arc<dyn Clock>,
    started: Instant,
    inner: Mutex<Inner>,
    /// What it waits for, in words.
    waiting: Mutex<Option<String>>,
    /// The operator decided.
    decided: Notify,
}

struct Inner {
    formation: Formation,
    random: StdRng,
    /// What the operator asked for and is not decided yet.
    init: Option<Init>,
    /// It is not certain what the record says since one could not be saved: nothing may follow from it.
    is_broken: bool,
}

/// A cluster of one that is to be formed, and who wants to hear what came of it.
struct Init {
    cluster_id: ClusterId,
    tell: oneshot::Sender<Result<Member, InitError>>,
}

impl FormationHandle {
    /// Takes up the formation where the record left it; the first start makes an instance durable.
    ///
    /// `member` is the identity that the replica's other files have. If they have one, it decides.
    ///
    /// # Errors
    /// Fails when the record can't be read or saved.
    ///
    /// # Panics
    /// If the profile expects more than [`MAX_FOUNDERS`] founders.
    pub fn open(
        records: Arc<dyn Records>,
        profile: Profile,
        clock: Arc<dyn Clock>,
        member: Option<Member>,
    ) -> Result<Self, StorageError> {
        Self::open_with(records, profile, clock, member, rand::make_rng())
    }

    pub(super) fn open_with(
        records: Arc<dyn Records>,
        profile: Profile,
        clock: Arc<dyn Clock>,
        member: Option<Member>,
        mut random: StdRng,
    ) -> Result<Self, StorageError> {
        assert!(
            profile.bootstrap_expect as usize <= MAX_FOUNDERS,
            "settings are checked before they get here"
        );
        let stored = records.load()?;
        let is_new = stored.is_none();
        let mut record = stored.unwrap_or_else(|| Record::new(Instance::from(random.random::<u128>())));
        let known = member.map(State::Member);
        let differs = known.as_ref().is_some_and(|known| *known != record.state);
        if is_new || differs {
            record.state = known.unwrap_or(record.state);
            record.revision += 1;
            records.save(&record)?;
        }
        let formation = Formation::new(profile, record);
        let inner = Mutex::new(Inner { formation, random, init: None, is_broken: false });
        let (started, waiting, decided) = (Instant::now(), Mutex::default(), Notify::new());
        Ok(Self { shared: Arc::new(Shared { records, clock, started, inner, waiting, decided }) })
    }

    /// Runs until the replica has its place. Others are answered by the other methods meanwhile, so their calls
    /// must reach those before this is run. May be dropped, and run again, at any time.
    ///
    /// # Errors
    /// Fails when the record can't be saved. The replica must stop then.
    pub async fn run(&self, calls: &impl Calls, discovery: &impl Discovery) -> Result<Outcome, StorageError> {
        Driver::new(self, calls, discovery).run().await
    }

    /// What this replica says of itself; `caller` is what the one that asks said of itself, if it is a replica.
    /// Where the leader is remains to be filled in by whoever knows.
    pub fn hello(&self, caller: Option<&Hello>) -> Hello {
        let now = self.now();
        let mut inner = self.lock();
        if let Some(caller) = caller {
            inner.formation.on_caller(now, caller.clone());
        }
        inner.formation.hello(now, self.shared.clock.wall_ms())
    }

    /// How far this replica has come.
    pub fn standing(&self) -> Standing {
        self.lock().formation.record().standing()
    }

    /// Answers a proposal; a promise is durable.
    ///
    /// # Errors
    /// Fails when the promise can't be saved. The replica must stop then, and the proposer get no answer.
    pub fn promise(&self, founding: &Founding) -> Result<PromiseAnswer, StorageError> {
        let now = self.now();
        let mut inner = self.lock();
        let (change, answer) = inner.formation.on_promise(now, founding);
        if let Some(change) = change {
            self.save(&mut inner, change)?;
        }
        Ok(answer)
    }

    /// Answers what became of a proposal.
    pub fn founding(&self, query: &FoundingQuery) -> FoundingState {
        self.lock().formation.verdict(query)
    }

    /// Forms a cluster of one, for the operator says that there is none, once all others were greeted again. `force` does
    /// so right now, also where this replica knows of a cluster, promised to found one, or has not looked around yet;
    /// then there may be two.
    ///
    /// # Errors
    /// Fails when the replica is a member, must not vote, may not be alone and is not forced, or can't save.
    pub async fn init(&self, force: bool) -> Result<Member, InitError> {
        let decided = {
            let mut inner = self.lock();
            let cluster_id = inner.random.random::<u128>().into();
            if force {
                let change = inner.formation.on_forced_init(cluster_id)?;
                self.save(&mut inner, change)?;
                inner.init = None;
                self.shared.decided.notify_one();
                return Ok(Member { cluster_id, node_id: 1 });
            }
            let change = inner.formation.on_init(self.now(), cluster_id)?;
            self.save(&mut inner, change)?;
            let (tell, decided) = oneshot::channel();
            inner.init = Some(Init { cluster_id, tell });
            self.shared.decided.notify_one();
            decided
        };
        // By force, or the replica stops.
        decided
            .await
            .unwrap_or_else(|_| Err(InitError::Unsure("something else was decided meanwhile".to_owned())))
    }

    /// The cluster of one that is to be formed once all others were greeted again.
    pub(super) fn init_begun(&self) -> Option<ClusterId> {
        self.lock().init.as_ref().map(|init| init.cluster_id)
    }

    /// Decides about that cluster, now that the others were greeted, or could not be.
    pub(super) fn decide_init(&self, cluster_id: ClusterId, greeted: bool) -> Result<(), StorageError> {
        let now = self.now();
        let mut inner = self.lock();
        let Some(init) = inner.init.take_if(|init| init.cluster_id == cluster_id) else { return Ok(()) };
        let Some((change, outcome)) = inner.formation.on_greeted(now, cluster_id, greeted) else {
            return Ok(());
        };
        self.save(&mut inner, change)?;
        init.tell.send(outcome).ok();
        Ok(())
    }

    /// The place of this replica, once it has one.
    pub fn outcome(&self) -> Option<Outcome> {
        let inner = self.lock();
        match &inner.formation.record().state {
            State::Member(member) => Some(inner.formation.outcome(*member)),
            _ => None,
        }
    }

    /// What a replica without a place waits for, in words for the operator.
    pub fn waiting(&self) -> Option<String> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Says what it waits for, and why it finds nobody if discovery fails.
    pub(super) fn note_waiting(&self, waiting: Option<&Waiting>, failure: Option<&str>) {
        let words = waiting.map(|waiting| match failure {
            Some(failure) => format!("{waiting}; the addresses of other replicas cannot be found: {failure}"),
            None => waiting.to_string(),
        });
        *self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner) = words;
    }

    /// Waits until the operator decides.
    pub(super) async fn decided(&self) {
        self.shared.decided.notified().await;
    }

    /// What comes next; what has to be saved before is saved.
    pub(super) fn step(&self) -> Result<Step, StorageError> {
        let now = self.now();
        let mut inner = self.lock();
        // The operator's word came since the others were greeted: they have to be greeted again first.
        if inner.init.is_some() {
            return Ok(Step::Wait(Waiting::ForGreetings));
        }
        loop {
            let new_cluster = inner.random.random::<u128>().into();
            let pause = Duration::from_millis(inner.random.random_range(PROPOSAL_PAUSE_MS));
            match inner.formation.step(now, Chance { new_cluster, pause }) {
                Step::Save(change) => self.save(&mut inner, change)?,
                step => return Ok(step),
            }
        }
    }

    /// Lets `decide` see an answer, and saves the change that it makes of it.
    pub(super) fn update(
        &self,
        decide: impl FnOnce(&mut Formation, Duration) -> Option<Change>,
    ) -> Result<(), StorageError> {
        let now = self.now();
        let mut inner = self.lock();
        let change = decide(&mut inner.formation, now);
        change.map_or(Ok(()), |change| self.save(&mut inner, change))
    }

    pub(super) fn jitter(&self, around: Duration) -> Duration {
        around.mul_f64(self.lock().random.random_range(0.75..1.25))
    }

    /// Saves under the lock, for a few milliseconds: nobody may be answered from a record that is not durable, and
    /// there is nothing else to do before there is a cluster.
    fn save(&self, inner: &mut Inner, change: Change) -> Result<(), StorageError> {
        if inner.is_broken {
            return Err(StorageError::Closed { file: "the formation record".to_owned() });
        }
        inner.is_broken = true;
        self.shared.records.save(&change.record)?;
        inner.is_broken = false;
        tracing::info!("{}", change.what);
        inner.formation.adopt(change.record);
        Ok(())
    }

    fn now(&self) -> Duration {
        self.shared.started.elapsed()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.shared.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FormationHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FormationHandle").field(self.lock().formation.record()).finish()
    }
}
