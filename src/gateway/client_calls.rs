//! How often the gateway is asked at once because buyers ask.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::domain::UserId;

/// Calls that a process makes at once because buyers ask, however many do: a gateway that answers in a fifth of a second
/// is asked some forty times a second, and has as much left for payments.
pub const MAX_CLIENT_CALLS: usize = 8;

/// How many of them are for one buyer, so that nobody who asks and asks keeps the others out.
pub const MAX_CLIENT_CALLS_OF_ONE: usize = 2;

/// How many more of one buyer wait for a place of theirs: as many as a page may ask for at once.
pub const MAX_WAITING_OF_ONE: usize = 6;

/// Places for those calls.
#[derive(Debug, Default)]
pub struct ClientCalls {
    taken: Mutex<Taken>,
    /// Tells those who wait that somebody has left.
    freed: Notify,
}

/// For whom places are taken: each buyer as often as they have one.
#[derive(Debug, Default)]
struct Taken {
    calling: Vec<UserId>,
    waiting: Vec<UserId>,
}

/// A place, for as long as it lives.
#[derive(Debug)]
pub struct Place<'c> {
    calls: &'c ClientCalls,
    buyer: UserId,
}

/// A place among those who wait, for as long as it lives.
struct Waiting<'c> {
    calls: &'c ClientCalls,
    buyer: UserId,
}

impl ClientCalls {
    /// A place among those who ask right now, once this buyer has one to take; `None` if that takes longer than `limit`,
    /// there is none for anybody, or too many of this buyer's wait already.
    pub async fn enter(&self, buyer: UserId, limit: Duration) -> Option<Place<'_>> {
        let until = Instant::now() + limit;
        let mut waiting = None;
        loop {
            // Listening before looking: nobody leaves in between unheard.
            let freed = self.freed.notified();
            {
                let mut taken = self.taken();
                if taken.calling.len() >= MAX_CLIENT_CALLS {
                    return None;
                }
                if count(&taken.calling, buyer) < MAX_CLIENT_CALLS_OF_ONE {
                    taken.calling.push(buyer);
                    return Some(Place { calls: self, buyer });
                }
                if waiting.is_none() {
                    if count(&taken.waiting, buyer) >= MAX_WAITING_OF_ONE {
                        return None;
                    }
                    taken.waiting.push(buyer);
                    waiting = Some(Waiting { calls: self, buyer });
                }
            }
            timeout_at(until, freed).await.ok()?;
        }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        leave(&mut self.calls.taken().calling, self.buyer);
        self.calls.freed.notify_waiters();
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        leave(&mut self.calls.taken().waiting, self.buyer);
    }
}

fn count(buyers: &[UserId], buyer: UserId) -> usize {
    buyers.iter().filter(|one| **one == buyer).count()
}

fn leave(buyers: &mut Vec<UserId>, buyer: UserId) {
    if let Some(at) = buyers.iter().position(|one| *one == buyer) {
        buyers.swap_remove(at);
    }
}
