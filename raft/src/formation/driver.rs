//! Runs the decisions: discovers, calls, saves, waits, until the replica has its place.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use super::calls::{CallError, Calls};
use super::discovery::Discovery;
use super::handle::FormationHandle;
use super::messages::{Founding, FoundingQuery, JoinOutcome, JoinRequest};
use super::state::{Outcome, Step};
use super::waiting::{Urgency, Waiting};
use crate::storage::StorageError;

/// The time between two rounds of calls, give or take a quarter.
const ROUND_EVERY: Duration = Duration::from_millis(500);
/// A call without an answer has failed. Leaves a replica on the other side of the world, over a new TLS
/// connection, time to answer.
const CALL_TIMEOUT: Duration = Duration::from_secs(2);
/// Addresses called in one round. More than there are in any cluster: a name that has more is the wrong name.
const MAX_ADDRESSES: usize = 256;
/// Calls on the way to the leader in one round, so that the next round is not too far.
const MAX_JOIN_CALLS: usize = 4;
/// What an operator has to see to is said again after so long.
const REMIND_AFTER: Duration = Duration::from_secs(60);

/// The loop of one replica.
pub(super) struct Driver<'a, C, D> {
    handle: &'a FormationHandle,
    calls: &'a C,
    discovery: &'a D,
    said: Said,
}

/// What was logged last, so that each thing is said once.
#[derive(Default)]
struct Said {
    waiting: Option<(Waiting, Instant)>,
    /// The failure of discovery.
    discovery: Option<String>,
    /// Who does not talk to this replica, and why, by address.
    refusals: BTreeMap<String, String>,
}

impl<'a, C: Calls, D: Discovery> Driver<'a, C, D> {
    pub(super) fn new(handle: &'a FormationHandle, calls: &'a C, discovery: &'a D) -> Self {
        Self { handle, calls, discovery, said: Said::default() }
    }

    pub(super) async fn run(mut self) -> Result<Outcome, StorageError> {
        let handle = self.handle;
        loop {
            if let Some(outcome) = handle.outcome() {
                return Ok(outcome);
            }
            tokio::select! {
                biased;
                () = handle.decided() => continue,
                done = self.round() => done?,
            }
            if handle.outcome().is_none() {
                tokio::select! {
                    biased;
                    () = handle.decided() => {}
                    () = sleep(handle.jitter(ROUND_EVERY)) => {}
                }
            }
        }
    }

    async fn round(&mut self) -> Result<(), StorageError> {
        if let Some(cluster_id) = self.handle.init_begun() {
            let greeted = self.look_around().await?;
            return self.handle.decide_init(cluster_id, greeted);
        }
        self.look_around().await?;
        let waiting = match self.handle.step()? {
            Step::AskPromises { founding, of, .. } => self.ask_promises(&founding, of).await?,
            Step::AskVerdict { query, address } => self.ask_verdict(query, &address).await?,
            Step::AskToJoin { request, addresses } => self.ask_to_join(&request, addresses).await?,
            Step::Wait(waiting) => Some(waiting),
            Step::Save(_) | Step::Done(_) => None,
        };
        self.handle.note_waiting(waiting.as_ref(), self.said.discovery.as_deref());
        match waiting {
            Some(waiting) => self.said.waiting(waiting),
            None => self.said.waiting = None,
        }
        Ok(())
    }

    /// Says hello to everybody. Tells whether it is known who that is.
    async fn look_around(&mut self) -> Result<bool, StorageError> {
        let addresses = answer(async {
            self.discovery.addresses().await.map_err(|e| CallError::Unreachable(e.to_string()))
        });
        let addresses = match addresses.await {
            Ok(addresses) => addresses,
            Err(failure) => {
                self.said.discovery_failed(&failure);
                return Ok(false);
            }
        };
        self.said.discovery = None;
        let addresses: BTreeSet<String> = addresses.into_iter().take(MAX_ADDRESSES).collect();
        let (handle, calls, own) = (self.handle, self.calls, &self.handle.hello(None));
        let hellos = addresses.iter().map(|address| async move {
            let hello = answer(calls.hello(address, own)).await;
            handle.update(|formation, now| {
                if let Ok(hello) = &hello {
                    formation.on_answer(now, address, hello.clone());
                }
                None
            })?;
            Ok((address, hello.err()))
        });
        let called: Result<Vec<_>, StorageError> = join_all(hellos).await.into_iter().collect();
        self.said.refusals.retain(|address, _| addresses.contains(address));
        for (address, failure) in called? {
            self.said.hello_failed(address, failure);
        }
        handle.update(|formation, now| {
            formation.on_round(now);
            None
        })?;
        Ok(true)
    }

    async fn ask_promises(
        &self,
        founding: &Founding,
        of: Vec<String>,
    ) -> Result<Option<Waiting>, StorageError> {
        let (handle, calls) = (self.handle, self.calls);
        let asked = of.iter().map(|address| async move {
            if let Ok(promise) = answer(calls.promise(address, founding)).await {
                handle.update(|formation, _| {
                    formation.on_promise_answer(founding.cluster_id, address, promise);
                    None
                })?;
            }
            Ok(())
        });
        join_all(asked).await.into_iter().collect::<Result<(), StorageError>>()?;
        // If that was the last promise, the others should not wait another round.
        Ok(match handle.step()? {
            Step::Wait(waiting) | Step::AskPromises { waiting, .. } => Some(waiting),
            _ => None,
        })
    }

    async fn ask_verdict(
        &self,
        query: FoundingQuery,
        address: &str,
    ) -> Result<Option<Waiting>, StorageError> {
        let verdict = answer(self.calls.founding(address, &query)).await.ok();
        let mut waiting = None;
        self.handle.update(|formation, _| match formation.on_verdict(query, address, verdict)? {
            Step::Save(change) => Some(change),
            Step::Wait(what) => {
                waiting = Some(what);
                None
            }
            _ => None,
        })?;
        Ok(waiting)
    }

    /// Asks one member after the other, following those that know the leader.
    async fn ask_to_join(
        &self,
        request: &JoinRequest,
        addresses: Vec<String>,
    ) -> Result<Option<Waiting>, StorageError> {
        let cluster_id = request.cluster_id;
        let mut because = "no member of it has an address".to_owned();
        let mut to_ask = VecDeque::from(addresses);
        let mut asked = BTreeSet::new();
        while asked.len() < MAX_JOIN_CALLS
            && let Some(address) = to_ask.pop_front()
        {
            if !asked.insert(address.clone()) {
                continue;
            }
            because = match answer(self.calls.join(&address, request)).await.map(|answer| answer.outcome) {
                Ok(Some(JoinOutcome::Admitted(member))) => {
                    let mut is_in = false;
                    self.handle.update(|formation, _| {
                        let change = formation.on_admitted(member);
                        is_in = change.is_some();
                        change
                    })?;
                    if is_in {
                        return Ok(None);
                    }
                    format!("the replica at {address} gave a place in another cluster")
                }
                Ok(Some(JoinOutcome::NotLeader(leader))) => {
                    let because = format!("the replica at {address} does not lead it");
                    to_ask.extend((!leader.is_empty()).then_some(leader));
                    because
                }
                Ok(Some(JoinOutcome::Refused(reason))) => {
                    format!("the replica at {address} refuses: {reason}")
                }
                Ok(None) => format!("the replica at {address} answers what only a newer program can read"),
                Err(failure) => format!("the replica at {address} did not answer; {failure}"),
            };
        }
        Ok(Some(Waiting::ForAdmission { cluster_id, because }))
    }
}

impl Said {
    fn waiting(&mut self, waiting: Waiting) {
        let lasts = self.waiting.as_ref().filter(|(last, _)| *last == waiting);
        let urgency = waiting.urgency();
        if lasts.is_some_and(|(_, said)| urgency == Urgency::Passing || said.elapsed() < REMIND_AFTER) {
            return;
        }
        match urgency {
            Urgency::Passing | Urgency::Lasting => tracing::info!("{waiting}"),
            Urgency::Operator => tracing::warn!("{waiting}"),
        }
        self.waiting = Some((waiting, Instant::now()));
    }

    fn discovery_failed(&mut self, failure: &CallError) {
        let failure = failure.to_string();
        if self.discovery.as_ref() != Some(&failure) {
            tracing::warn!(%failure, "can't find the addresses of other replicas");
            self.discovery = Some(failure);
        }
    }

    fn hello_failed(&mut self, address: &str, failure: Option<CallError>) {
        match failure {
            None => drop(self.refusals.remove(address)),
            // Not every address need be alive, and who is missing is said by what is waited for.
            Some(CallError::Unreachable(reason)) => tracing::debug!(address, reason, "no answer"),
            Some(CallError::Refused(reason)) => {
                if self.refusals.get(address) != Some(&reason) {
                    tracing::warn!(address, reason, "a replica does not talk to this one");
                    self.refusals.insert(address.to_owned(), reason);
                }
            }
        }
    }
}

/// What comes in time.
async fn answer<T>(call: impl Future<Output = Result<T, CallError>>) -> Result<T, CallError> {
    let late = |_| Err(CallError::Unreachable(format!("no answer within {} s", CALL_TIMEOUT.as_secs())));
    timeout(CALL_TIMEOUT, call).await.unwrap_or_else(late)
}
