//! Members of a consumer group: processes that can be killed. Each is this very program of tests, which runs [`member`]
//! alone.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

use crate::support::PERSISTENCE;

/// Where a member is told what it is to do.
const TASK: &str = "CONSUMER_MEMBER_TASK";

/// What dealing with an event takes.
const WORK: Duration = Duration::from_millis(5);

/// Whoever asks any replica, in the name of one account.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Client {
    pub(crate) bases: Vec<String>,
    pub(crate) bearer: String,
}

/// What a member is to do.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Task {
    client: Client,
    group: String,
    /// Where it notes what it has dealt with, before it acknowledges that.
    done: PathBuf,
    /// What it dies of, with the version.
    poison: Option<(String, u64)>,
    number: usize,
}

/// An event that a member has dealt with.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Done {
    pub(crate) sequence: u64,
    pub(crate) subject: String,
    pub(crate) version: u64,
}

/// A group's members, as processes.
pub(crate) struct Members {
    children: Vec<Child>,
    task: Task,
    _directory: TempDir,
}

impl Client {
    /// What a replica answers, if it does.
    pub(crate) async fn call(
        &self,
        method: reqwest::Method,
        replica: usize,
        path: &str,
        body: &Value,
    ) -> Option<(u16, Value)> {
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let call = http.request(method, format!("{}{path}", self.bases[replica % self.bases.len()]));
        let call = call.bearer_auth(&self.bearer).timeout(Duration::from_secs(10));
        let call = if body.is_null() { call } else { call.json(body) };
        let answer = call.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.unwrap_or_default()))
    }

    /// Asks one replica after the other until one of them has done it.
    pub(crate) async fn persist(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let began = Instant::now();
        for replica in 0.. {
            match self.call(method.clone(), replica, path, body).await {
                Some((200..=299, answer)) => return answer,
                other => assert!(began.elapsed() < PERSISTENCE, "{path} is not answered: {other:?}"),
            }
            sleep(Duration::from_millis(100)).await;
        }
        unreachable!("it asks again and again")
    }
}

impl Members {
    /// So many members of a group.
    pub(crate) fn start(client: &Client, group: &str, count: usize, poison: Option<(String, u64)>) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let done = directory.path().join("done");
        let task = Task { client: client.clone(), group: group.to_owned(), done, poison, number: 0 };
        let mut members = Self { children: Vec::new(), task, _directory: directory };
        members.children = (0..count).map(|number| members.process(number)).collect();
        members
    }

    fn process(&self, number: usize) -> Child {
        let task = Task { number, ..self.task.clone() };
        let program = std::env::current_exe().expect("it runs");
        let mut command = Command::new(program);
        command.args(["--exact", "consumer_members::member", "--ignored", "--nocapture"]);
        command.env(TASK, serde_json::to_string(&task).expect("JSON")).stdout(Stdio::null());
        command.spawn().expect("it starts")
    }

    /// Ends one as `kill -9` does, and has another one take its place.
    pub(crate) fn kill(&mut self, number: usize) {
        let child = &mut self.children[number];
        child.kill().expect("it runs");
        child.wait().expect("it ends");
        self.children[number] = self.process(number);
    }

    /// Has others take the places of those that have died. Returns how many had.
    pub(crate) fn replace_dead(&mut self) -> usize {
        let is_dead = |child: &mut Child| child.try_wait().expect("it is ours").is_some();
        let dead: Vec<usize> = self
            .children
            .iter_mut()
            .enumerate()
            .filter_map(|(number, child)| is_dead(child).then_some(number))
            .collect();
        for &number in &dead {
            self.children[number] = self.process(number);
        }
        dead.len()
    }

    /// What all of them have dealt with, in the order in which they did.
    pub(crate) fn done(&self) -> Vec<Done> {
        let text = std::fs::read_to_string(&self.task.done).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).expect("a line is written at once")).collect()
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        for child in &mut self.children {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Fetches, deals with what it is given, and acknowledges, at whichever replica answers, until it is killed.
#[tokio::test]
#[ignore = "it is a member that other tests start"]
async fn member() {
    let Ok(task) = std::env::var(TASK) else { return };
    let task: Task = serde_json::from_str(&task).expect("a task");
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut done = OpenOptions::new().create(true).append(true).open(&task.done).expect("opened");
    for turn in task.number.. {
        let path = format!("{}/fetch?limit=4&wait=1", task.group);
        let fetched = task.client.call(reqwest::Method::POST, turn, &path, &json!({})).await;
        let Some((200, fetched)) = fetched else {
            sleep(10 * WORK).await;
            continue;
        };
        let mut leases = Vec::new();
        for delivery in fetched["deliveries"].as_array().expect("deliveries") {
            let event = dealt_with(&delivery["event"]);
            if task.poison.as_ref().is_some_and(|poison| *poison == (event.subject.clone(), event.version)) {
                std::process::abort();
            }
            sleep(WORK).await;
            let line = serde_json::to_string(&event).expect("JSON") + "\n";
            done.write_all(line.as_bytes()).expect("written");
            leases.push(delivery["lease"].clone());
        }
        for again in 0..5 {
            if leases.is_empty() {
                break;
            }
            let path = format!("{}/ack", task.group);
            let body = json!({"leases": leases});
            let acked = task.client.call(reqwest::Method::POST, turn + again, &path, &body).await;
            if acked.is_some_and(|(status, _)| matches!(status, 204 | 409)) {
                break;
            }
        }
    }
}

fn dealt_with(event: &Value) -> Done {
    Done {
        sequence: event["sequence"].as_str().and_then(|text| text.parse().ok()).expect("a sequence"),
        subject: event["subject"].as_str().expect("a subject").to_owned(),
        version: event["data"]["version"].as_u64().expect("a version"),
    }
}
