//! A cluster to break, and the check at the end.

use std::path::PathBuf;
use std::time::Duration;

use boxoffice_chaos::checker::{Verdict, check};
use boxoffice_chaos::cluster::{Cluster, ClusterOptions};
use boxoffice_chaos::history::History;
use boxoffice_chaos::{Load, LoadOptions};
use reqwest::{Method, Response};
use serde_json::Value;

/// Clusters at once: each is three processes or more, and the machine may have two cores.
static TURNS: tokio::sync::Semaphore = tokio::sync::Semaphore::const_new(2);

/// How long a client asks again for one thing.
pub(crate) const PERSISTENCE: Duration = Duration::from_secs(30);
/// Of every account.
pub(crate) const PASSWORD: &str = "seat-17-row-Q-balcony";
/// Whoever asks a replica that cannot answer is told so before.
const ANSWERED_WITHIN: Duration = Duration::from_secs(20);

/// A cluster in its turn.
pub(crate) struct Test {
    pub(crate) cluster: Cluster,
    pub(crate) history: History,
    http: reqwest::Client,
    _turn: tokio::sync::SemaphorePermit<'static>,
}

/// Waits for a turn of one's own, if one has a cluster that is no [`Test`].
pub(crate) async fn turn() -> tokio::sync::SemaphorePermit<'static> {
    TURNS.acquire().await.expect("never closed")
}

pub(crate) fn binary() -> PathBuf {
    env!("CARGO_BIN_EXE_boxoffice").into()
}

impl Test {
    /// A cluster of which nothing runs yet.
    pub(crate) async fn new(voters: usize, learners: usize, settings: &[(&str, &str)]) -> Self {
        let turn = turn().await;
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let options = ClusterOptions {
            binary: binary(),
            voters,
            learners,
            settings: settings.collect(),
            directory: None,
        };
        let cluster = Cluster::new(options).await.expect("a place for a cluster");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { cluster, history: History::new(), http, _turn: turn }
    }

    /// One that serves.
    pub(crate) async fn running(voters: usize, learners: usize, settings: &[(&str, &str)]) -> Self {
        let mut test = Self::new(voters, learners, settings).await;
        test.cluster.start_all().expect("starts");
        test.cluster.until_all_ready().await.expect("serves");
        test
    }

    /// `http://host:port` of each.
    pub(crate) fn bases(&self) -> Vec<String> {
        (0..self.cluster.count()).map(|number| self.cluster.base(number)).collect()
    }

    /// What a replica answers.
    pub(crate) async fn get(&self, replica: usize, path: &str, headers: &[(&str, &str)]) -> Response {
        self.send(Method::GET, replica, path, None, headers).await
    }

    /// What a replica answers to this body.
    pub(crate) async fn post(
        &self,
        replica: usize,
        path: &str,
        body: &Value,
        headers: &[(&str, &str)],
    ) -> Response {
        self.send(Method::POST, replica, path, Some(body), headers).await
    }

    async fn send(
        &self,
        method: Method,
        replica: usize,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Response {
        let mut call = self.http.request(method, format!("{}{path}", self.cluster.base(replica)));
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        if let Some(body) = body {
            call = call.json(body);
        }
        call.timeout(ANSWERED_WITHIN).send().await.unwrap_or_else(|e| panic!("{path} of {replica}: {e:?}"))
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
        assert!(verdict.writes > 0, "no change was held against the log: {verdict:?}");
        verdict
    }
}

/// A header that has to be there.
pub(crate) fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_else(|| panic!("no {name}: {response:?}")).to_owned()
}
