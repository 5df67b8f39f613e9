//! A cluster to break, and the check at the end.

use std::path::PathBuf;
use std::time::Duration;

use boxoffice_chaos::checker::{Verdict, check};
use boxoffice_chaos::cluster::{Cluster, ClusterOptions};
use boxoffice_chaos::history::History;
use boxoffice_chaos::{Load, LoadOptions};

/// Clusters at once: each is three processes or more, and the machine may have two cores.
static TURNS: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// A cluster in its turn.
pub(crate) struct Test {
    pub(crate) cluster: Cluster,
    pub(crate) history: History,
    _turn: tokio::sync::SemaphorePermit<'static>,
}

pub(crate) fn binary() -> PathBuf {
    env!("CARGO_BIN_EXE_boxoffice").into()
}

impl Test {
    /// A cluster of which nothing runs yet.
    pub(crate) async fn new(voters: usize, learners: usize, settings: &[(&str, &str)]) -> Self {
        let turn = TURNS.acquire().await.expect("never closed");
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let options = ClusterOptions {
            binary: binary(),
            voters,
            learners,
            settings: settings.collect(),
            directory: None,
        };
        let cluster = Cluster::new(options).await.expect("a place for a cluster");
        Self { cluster, history: History::new(), _turn: turn }
    }

    /// One that serves.
    pub(crate) async fn running(voters: usize, learners: usize, settings: &[(&str, &str)]) -> Self {
        let mut test = Self::new(voters, learners, settings).await;
        test.cluster.start_all().expect("starts");
        test.cluster.until_all_ready().await.expect("serves");
        test
    }

    /// Clients at work.
    pub(crate) async fn load(&self) -> Load {
        let options = LoadOptions { clients: 8, pause: Duration::from_millis(10), seed: 7 };
        Load::start(&self.cluster, &self.history, options).await.expect("clients sign up")
    }

    /// Makes all whole, stops all, and holds what was said against the log.
    pub(crate) async fn check(&mut self) -> Verdict {
        self.cluster.heal().await.expect("recovers");
        self.cluster.terminate_all().await.expect("stops in order");
        self.check_as_it_is()
    }

    /// The same for replicas that have ended already.
    pub(crate) fn check_as_it_is(&mut self) -> Verdict {
        check(&binary(), &self.cluster, &self.history.operations()).expect("the stores can be read")
    }

    /// Ends the load, and expects all to be as it was said.
    pub(crate) async fn expect_sound(&mut self, load: Load) -> Verdict {
        self.cluster.heal().await.expect("recovers");
        load.stop().await;
        let verdict = self.check().await;
        verdict.expect_nothing(&mut self.cluster);
        verdict
    }
}
