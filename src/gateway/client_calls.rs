//! How often the gateway is asked at once because buyers ask.

use std::sync::{Mutex, PoisonError};

use crate::domain::UserId;

/// Calls that a process makes at once because buyers ask, however many do: a gateway that answers in a fifth of a second
/// is asked some forty times a second, and has as much left for payments.
pub const MAX_CLIENT_CALLS: usize = 8;

/// How many of them are for one buyer, so that nobody who asks and asks keeps the others out.
pub const MAX_CLIENT_CALLS_OF_ONE: usize = 2;

/// Places for those calls: who holds one.
#[derive(Debug, Default)]
pub struct ClientCalls(Mutex<Vec<UserId>>);

/// A place, for as long as it lives.
#[derive(Debug)]
pub struct Place<'c> {
    calls: &'c ClientCalls,
    buyer: UserId,
}

impl ClientCalls {
    /// A place among those who ask right now; `None` if there is none left for this buyer. Nobody waits for one: a buyer asks
    /// again, and a queue would only be longer.
    pub fn enter(&self, buyer: UserId) -> Option<Place<'_>> {
        let mut holders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_buyer = holders.iter().filter(|holder| **holder == buyer).count();
        if holders.len() >= MAX_CLIENT_CALLS || of_buyer >= MAX_CLIENT_CALLS_OF_ONE {
            return None;
        }
        holders.push(buyer);
        Some(Place { calls: self, buyer })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut holders = self.calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = holders.iter().position(|holder| *holder == self.buyer) {
            holders.swap_remove(at);
        }
    }
}
