//! Places for those who stay: so many at once, and a part of them for each.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Principal;

/// Who takes places. Whoever has a share of their own cannot take that of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// An account, or an operator's key.
    Principal(Principal),
    /// Those who are not signed in and ask from the same network.
    Network(IpAddr),
}

/// Why somebody gets no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// There is none left.
    #[error("all places are taken")]
    Full,
    /// They have as many as one may have.
    #[error("they have as many places as one may have")]
    ShareTaken,
}

/// Places for those who stay. Clones are the same places.
#[derive(Clone, Debug)]
pub struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: usize,
    most_each: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_holder: BTreeMap<Holder, usize>,
}

/// A place; it is free again when this is dropped.
#[derive(Debug)]
#[must_use = "whoever drops it has it no more"]
pub struct Place {
    places: Places,
    holder: Option<Holder>,
}

impl Places {
    /// So many places, of which each may have one in so many; one at least.
    pub fn new(most: usize, one_in: usize) -> Self {
        let most_each = (most / one_in).max(1);
        Self(Arc::new(Inner { most, most_each, taken: Mutex::default() }))
    }

    /// A place. Those of whom nothing is known, on a Unix socket, have no share that could end.
    ///
    /// # Errors
    /// When there is none left, or none for them.
    pub fn take(&self, holder: Option<Holder>) -> Result<Place, NoPlace> {
        let mut taken = self.lock();
        if taken.all >= self.0.most {
            return Err(NoPlace::Full);
        }
        if let Some(holder) = holder {
            let own = taken.by_holder.entry(holder).or_default();
            if *own >= self.0.most_each {
                return Err(NoPlace::ShareTaken);
            }
            *own += 1;
        }
        taken.all += 1;
        Ok(Place { places: self.clone(), holder })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        // Nothing here panics half-way through a change.
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all = taken.all.saturating_sub(1);
        let Some(holder) = self.holder else { return };
        if let Some(own) = taken.by_holder.get_mut(&holder) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                taken.by_holder.remove(&holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UserId;

    fn user(number: u8) -> Option<Holder> {
        Some(Holder::Principal(Principal::User(UserId::from_bytes([number; 16]))))
    }

    #[test]
    fn each_has_a_share_and_all_together_have_no_more_than_there_are() {
        let places = Places::new(8, 4);
        let mut of_one: Vec<Place> = (0..2).map(|_| places.take(user(1)).expect("their share")).collect();
        assert_eq!(places.take(user(1)).err(), Some(NoPlace::ShareTaken));
        let network = Some(Holder::Network([192, 0, 2, 1].into()));
        let others: Vec<Place> =
            [user(2), user(2), network, network].map(|who| places.take(who).expect("theirs")).into();
        drop(of_one.pop());
        of_one.push(places.take(user(1)).expect("it is free again"));
        let unknown: Vec<Place> = (0..2).map(|_| places.take(None).expect("what is left")).collect();
        assert_eq!(places.take(user(3)).err(), Some(NoPlace::Full));
        drop((of_one, others, unknown));
        assert!(places.lock().by_holder.is_empty(), "nobody is remembered");
        assert_eq!(places.lock().all, 0);
        let few = Places::new(1, 4);
        let _only = few.take(user(1)).expect("one at least");
    }
}
