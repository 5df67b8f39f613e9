//! What a request was shown: how far in the log its reads and writes went. They note it themselves, so that
//! nobody between them and the answer has to pass it on, or can forget to.

use std::cell::Cell;

tokio::task_local! {
    static SHOWN: Cell<Shown>;
}

/// How far in the log somebody's reads and writes went; 0 without any.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The last index that a view showed.
    pub read: u64,
    /// The last index of a command that was applied.
    pub written: u64,
}

impl Shown {
    /// The index at which a state shows all of it.
    pub fn index(self) -> u64 {
        self.read.max(self.written)
    }
}

/// Does the work, and says what it was shown.
pub async fn watching<F: Future>(work: F) -> (F::Output, Shown) {
    let watched = async {
        let output = work.await;
        (output, SHOWN.with(Cell::get))
    };
    SHOWN.scope(Cell::default(), watched).await
}

/// Whether anybody will ask.
pub(super) fn is_watched() -> bool {
    SHOWN.try_with(|_| ()).is_ok()
}

/// A view of the state at this index was begun.
pub(super) fn note_read(index: u64) {
    note(|shown| shown.read = shown.read.max(index));
}

/// The command at this index was applied.
pub(super) fn note_written(index: u64) {
    note(|shown| shown.written = shown.written.max(index));
}

fn note(change: impl FnOnce(&mut Shown)) {
    // Workers are not watched: nobody is answered.
    let _ = SHOWN.try_with(|cell| {
        let mut shown = cell.get();
        change(&mut shown);
        cell.set(shown);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_request_is_told_of_its_own() {
        let request = |read, written| {
            watching(async move {
                note_read(read);
                note_written(written);
                tokio::task::yield_now().await;
                note_read(1);
            })
        };
        let (((), one), ((), other)) = tokio::join!(request(3, 7), request(9, 4));
        assert_eq!((one, one.index()), (Shown { read: 3, written: 7 }, 7));
        assert_eq!((other, other.index()), (Shown { read: 9, written: 4 }, 9));
        note_read(5);
        assert!(!is_watched());
    }
}
