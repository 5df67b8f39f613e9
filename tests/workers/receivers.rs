//! Receivers of webhooks that answer what they are told to.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use boxoffice::webhooks::{Answered, Message, NoAnswer, Sender, Sending};
use tokio::time::Instant;

/// What a receiver answers.
pub(crate) type Says = Result<Answered, NoAnswer>;

/// All receivers that there are. Whatever nothing was said of takes everything at once.
#[derive(Debug, Default)]
pub(crate) struct Receivers {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// By URL, the next answers; the last one stays.
    says: BTreeMap<String, VecDeque<Says>>,
    takes: BTreeMap<String, Duration>,
    got: Vec<Got>,
    answered: BTreeMap<String, usize>,
    /// The ids of what nobody ever takes.
    poison: BTreeSet<String>,
}

/// A message that came.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) message: Message,
    pub(crate) at: Instant,
}

/// An answer with this status.
pub(crate) fn status(status: u16) -> Says {
    Ok(Answered { status, retry_after: None, beginning: format!("answer {status}") })
}

/// The same, and when to come again.
pub(crate) fn retry_after(code: u16, seconds: u64) -> Says {
    Ok(Answered { retry_after: Some(Duration::from_secs(seconds)), ..status(code).expect("it is one") })
}

impl Receivers {
    /// Has the receiver at this URL answer these from now on, and the last one again and again.
    pub(crate) fn say(&self, url: &str, says: impl IntoIterator<Item = Says>) {
        self.lock().says.insert(url.to_owned(), says.into_iter().collect());
    }

    /// Has it take so long.
    pub(crate) fn take(&self, url: &str, long: Duration) {
        self.lock().takes.insert(url.to_owned(), long);
    }

    /// Has nobody take the message with this id.
    pub(crate) fn refuse(&self, id: &str) {
        self.lock().poison.insert(id.to_owned());
    }

    /// What came to this URL.
    pub(crate) fn got(&self, url: &str) -> Vec<Got> {
        self.lock().got.iter().filter(|got| got.message.url == url).cloned().collect()
    }

    /// The ids of that.
    pub(crate) fn ids(&self, url: &str) -> Vec<String> {
        self.got(url).into_iter().map(|got| got.message.id).collect()
    }

    /// How many of those were answered.
    pub(crate) fn answered(&self, url: &str) -> usize {
        self.lock().answered.get(url).copied().unwrap_or(0)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self, url: &str) -> Says {
        let mut inner = self.lock();
        *inner.answered.entry(url.to_owned()).or_default() += 1;
        match inner.says.get_mut(url) {
            Some(says) if says.len() > 1 => says.pop_front().expect("there are two"),
            Some(says) => says.front().cloned().unwrap_or_else(|| status(200)),
            None => status(200),
        }
    }
}

impl Sender for Receivers {
    fn send(&self, message: Message) -> Sending {
        let url = message.url.clone();
        let mut inner = self.lock();
        let is_poison = inner.poison.contains(&message.id);
        inner.got.push(Got { message, at: Instant::now() });
        if is_poison {
            return Box::pin(async { status(500) });
        }
        let takes = inner.takes.get(&url).copied();
        let says = match takes {
            None => {
                drop(inner);
                Ready::Now(self.next(&url))
            }
            Some(long) => {
                let says = inner.says.get(&url).and_then(|says| says.front().cloned());
                Ready::After(long, says.unwrap_or_else(|| status(200)))
            }
        };
        Box::pin(async move {
            match says {
                Ready::Now(says) => says,
                Ready::After(long, says) => {
                    tokio::time::sleep(long).await;
                    says
                }
            }
        })
    }
}

enum Ready {
    Now(Says),
    After(Duration, Says),
}
