//! The simulated network: delay, loss, duplicates, cuts, and what a member answers to those who want in.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;

use rand::RngExt;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::world::{World, lock};
use crate::formation::{
    CallError, Calls, ClusterId, Discovery, FormationHandle, Founding, FoundingQuery, FoundingState, Hello,
    Instance, JoinAnswer, JoinOutcome, JoinRequest, Member, PromiseAnswer, Standing,
};

/// What is wrong between the replicas, and what the clusters that they formed have given out.
#[derive(Default)]
pub(super) struct Network {
    /// In percent: a message is lost.
    pub(super) loss: u32,
    /// In percent: a message arrives twice.
    pub(super) duplicates: u32,
    /// How long a message takes at most.
    pub(super) delay_ms: u64,
    /// Messages from the first slot to the second are lost.
    pub(super) cut: BTreeSet<(usize, usize)>,
    /// What discovery tells a slot; all addresses to those not in here, a failure if none.
    pub(super) discovery: BTreeMap<usize, Option<Vec<String>>>,
    /// The node ids that each cluster gave to those who joined.
    allocated: BTreeMap<(ClusterId, Instance), u64>,
}

/// The calls of one replica.
pub(super) struct SimCalls {
    world: Weak<World>,
    from: usize,
}

/// What one replica is told of addresses.
pub(super) struct SimDiscovery {
    world: Weak<World>,
    from: usize,
}

impl SimCalls {
    pub(super) fn new(world: &Arc<World>, from: usize) -> Self {
        Self { world: Arc::downgrade(world), from }
    }

    /// Sends a request, which has its effect even if nobody waits for the reply any more.
    async fn call<T: Send + 'static>(
        &self,
        address: &str,
        serve: impl Fn(&World, usize, &FormationHandle) -> Option<T> + Send + Sync + 'static,
    ) -> Result<T, CallError> {
        let unreachable = |why: &str| CallError::Unreachable(why.to_owned());
        let world = self.world.upgrade().ok_or_else(|| unreachable("over"))?;
        let serve = Arc::new(serve);
        let (reply, replied) = oneshot::channel();
        let mut reply = Some(reply);
        let copies = 1 + usize::from(world.chance(lock(&world.network).duplicates));
        for _ in 0..copies {
            let (world, from, address) = (self.world.clone(), self.from, address.to_owned());
            tokio::spawn(deliver(world, from, address, serve.clone(), reply.take()));
        }
        drop(world);
        match replied.await {
            Ok(answer) => answer.ok_or_else(|| unreachable("nobody is there")),
            // Lost on its way: the caller has to notice by itself.
            Err(_) => std::future::pending().await,
        }
    }
}

async fn deliver<T>(
    world: Weak<World>,
    from: usize,
    address: String,
    serve: Arc<impl Fn(&World, usize, &FormationHandle) -> Option<T>>,
    reply: Option<oneshot::Sender<Option<T>>>,
) {
    let Some(delay) = world.upgrade().and_then(|world| world.passage()) else { return };
    sleep(delay).await;
    let Some(world_now) = world.upgrade() else { return };
    let Some(to) = world_now.slot_at(&address) else { return };
    if world_now.is_cut(from, to) {
        return;
    }
    let answer = world_now.handle(to).and_then(|handle| serve(&world_now, to, &handle));
    // A save that failed has ended the replica: it answers nothing.
    world_now.crash_if_broken(to);
    let answer = answer.filter(|_| world_now.handle(to).is_some());
    let Some(delay) = world_now.passage().filter(|_| !world_now.is_cut(to, from)) else { return };
    drop(world_now);
    sleep(delay).await;
    if let Some(reply) = reply {
        reply.send(answer).ok();
    }
}

impl Calls for SimCalls {
    async fn hello(&self, address: &str, own: &Hello) -> Result<Hello, CallError> {
        let (caller, instance) = (own.clone(), own.instance);
        let answer = self.call(address, move |world, _, callee| {
            let hello = callee.hello(Some(&caller));
            world.told(hello.instance, &caller);
            Some(hello)
        });
        let answer = answer.await?;
        if let Some(world) = self.world.upgrade() {
            world.told(instance, &answer);
        }
        Ok(answer)
    }

    async fn promise(&self, address: &str, founding: &Founding) -> Result<PromiseAnswer, CallError> {
        let founding = founding.clone();
        self.call(address, move |_, _, callee| callee.promise(&founding).ok()).await
    }

    async fn founding(&self, address: &str, query: &FoundingQuery) -> Result<FoundingState, CallError> {
        let query = *query;
        self.call(address, move |_, _, callee| Some(callee.founding(&query))).await
    }

    async fn join(&self, address: &str, request: &JoinRequest) -> Result<JoinAnswer, CallError> {
        let request = request.clone();
        let answered = self.call(address, move |world, to, callee| world.admit(to, callee, &request));
        answered.await.map(|outcome| JoinAnswer { outcome: Some(outcome) })
    }
}

impl SimDiscovery {
    pub(super) fn new(world: &Arc<World>, from: usize) -> Self {
        Self { world: Arc::downgrade(world), from }
    }
}

impl Discovery for SimDiscovery {
    async fn addresses(&self) -> io::Result<Vec<String>> {
        let world = self.world.upgrade().ok_or_else(|| io::Error::other("over"))?;
        let told = lock(&world.network).discovery.get(&self.from).cloned();
        match told {
            None => Ok(world.addresses()),
            Some(Some(part)) => Ok(part),
            Some(None) => Err(io::Error::other("the name server is down")),
        }
    }
}

impl World {
    /// Whether something happens that does in so many percent of all cases.
    pub(super) fn chance(&self, percent: u32) -> bool {
        self.random(|random| random.random_range(0..100) < percent)
    }

    /// How long a message takes; none if it is lost.
    fn passage(&self) -> Option<Duration> {
        let (loss, delay_ms) = {
            let network = lock(&self.network);
            (network.loss, network.delay_ms)
        };
        let arrives = !self.chance(loss);
        // Now and then one takes far longer than anybody waits.
        let factor = if delay_ms > 0 && self.chance(2) { 50 } else { 1 };
        let delay_ms = self.random(|random| random.random_range(0..=delay_ms)) * factor;
        arrives.then_some(Duration::from_millis(delay_ms))
    }

    fn is_cut(&self, from: usize, to: usize) -> bool {
        lock(&self.network).cut.contains(&(from, to))
    }

    /// Cuts all messages from the ones to the others.
    pub(super) fn cut(&self, from: &[usize], to: &[usize]) {
        let pairs = from.iter().flat_map(|a| to.iter().map(|b| (*a, *b)));
        lock(&self.network).cut.extend(pairs);
    }

    /// Cuts all messages between the ones and the others.
    pub(super) fn part(&self, ones: &[usize], others: &[usize]) {
        self.cut(ones, others);
        self.cut(others, ones);
    }

    /// Ends all that is wrong between the replicas.
    pub(super) fn heal(&self) {
        let mut network = lock(&self.network);
        network.cut.clear();
        network.discovery.clear();
        (network.loss, network.duplicates, network.delay_ms) = (0, 0, network.delay_ms.min(50));
    }

    /// Notes who heard of whom. Who is set up to found none need not be left room for, and may be set up otherwise later.
    fn told(&self, whom: Instance, hello: &Hello) {
        if !hello.may_vote || hello.bootstrap_expect == 0 {
            return;
        }
        lock(&self.history).told(self.began.elapsed(), whom, hello.instance);
    }

    /// What a member answers to whoever wants in: only a leader lets in, and without a quorum there is none.
    fn admit(&self, to: usize, callee: &FormationHandle, request: &JoinRequest) -> Option<JoinOutcome> {
        let Standing::Member(Member { cluster_id, .. }) = callee.standing() else { return None };
        if cluster_id != request.cluster_id {
            return Some(JoinOutcome::Refused("another cluster".to_owned()));
        }
        let founders = lock(&self.history).founders(cluster_id);
        let lives = |instance: &Instance| {
            (0..self.len()).find(|slot| {
                self.handle(*slot).is_some_and(|handle| {
                    let is_member =
                        matches!(handle.standing(), Standing::Member(m) if m.cluster_id == cluster_id);
                    is_member && handle.hello(None).instance == *instance
                })
            })
        };
        let alive: Vec<usize> = founders.iter().filter_map(lives).collect();
        if alive.len() * 2 <= founders.len() {
            return Some(JoinOutcome::NotLeader(String::new()));
        }
        let leader = alive[0];
        if to != leader {
            return Some(JoinOutcome::NotLeader(self.addresses()[leader].clone()));
        }
        let mut network = lock(&self.network);
        let given: Vec<u64> =
            network.allocated.iter().filter(|((id, _), _)| *id == cluster_id).map(|(_, n)| *n).collect();
        let next = given.into_iter().max().unwrap_or(founders.len() as u64) + 1;
        let node_id = *network.allocated.entry((cluster_id, request.instance)).or_insert(next);
        Some(JoinOutcome::Admitted(Member { cluster_id, node_id }))
    }
}
