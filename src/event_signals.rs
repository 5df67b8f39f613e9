//! The call that there are new events.

use tokio::sync::watch;

/// Wakes those who follow events. Nothing in here is state: whoever is woken reads the state again.
#[derive(Debug, Default)]
pub struct EventSignals {
    news: watch::Sender<()>,
    groups: watch::Sender<()>,
}

impl EventSignals {
    /// Changes whenever there may be new events. Subscribe before reading the state, so that none falls in between.
    pub fn news(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    /// Changes whenever a consumer group may have something ready that is not new, be told of something else, or be there
    /// no more.
    pub fn group_news(&self) -> watch::Receiver<()> {
        self.groups.subscribe()
    }

    /// Wakes those who fetch for consumer groups.
    pub fn groups_changed(&self) {
        self.groups.send_replace(());
    }

    /// Wakes everybody: the state has new events, or may have.
    pub fn events_came(&self) {
        self.news.send_replace(());
    }
}
