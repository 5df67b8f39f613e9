//! The cluster for programs, as JSON, and for people, as a table.

use std::fmt;
use std::time::Duration;

use boxoffice_raft::{ClusterStatus, ReplicaRole, ReplicaStatus};
use serde::Serialize;

const UNKNOWN: &str = "-";
/// Between two columns.
const GAP: &str = "  ";

/// The cluster. What is not known is null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Report {
    cluster_id: Option<String>,
    leader: Option<u64>,
    term: u64,
    /// What a replica that belongs to no cluster yet waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_for: Option<String>,
    /// The replica that says all this.
    answered_by: Option<u64>,
    replicas: Vec<Replica>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replica {
    id: u64,
    region: String,
    role: &'static str,
    address: String,
    version: Option<String>,
    last_log: Option<u64>,
    applied: Option<u64>,
    clock_offset_ms: Option<i64>,
    last_contact_ms: Option<u64>,
    /// It was demoted, and does not vote before it is promoted.
    held_back: bool,
}

impl From<ClusterStatus> for Report {
    fn from(status: ClusterStatus) -> Self {
        let said = |text: String| (!text.is_empty()).then_some(text);
        Self {
            cluster_id: said(status.cluster_id),
            leader: status.leader,
            term: status.term,
            waiting_for: said(status.waiting_for),
            answered_by: status.answered_by,
            replicas: status.replicas.into_iter().map(Replica::from).collect(),
        }
    }
}

impl From<ReplicaStatus> for Replica {
    fn from(status: ReplicaStatus) -> Self {
        let role = match status.role() {
            ReplicaRole::Voter => "voter",
            ReplicaRole::Learner => "learner",
        };
        Self {
            id: status.id,
            region: status.region,
            role,
            address: status.address,
            version: status.version,
            last_log: status.last_log,
            applied: status.applied,
            clock_offset_ms: status.clock_offset_ms,
            last_contact_ms: status.last_contact_ms,
            held_back: status.held_back,
        }
    }
}

impl Replica {
    fn row(&self, leader: Option<u64>, longest: u64) -> [String; 9] {
        let known = |number: Option<u64>| number.map_or(UNKNOWN.to_owned(), |number| number.to_string());
        let role = match self.role {
            role if Some(self.id) == leader => format!("{role}, leads"),
            role if self.held_back => format!("{role}, demoted"),
            role => role.to_owned(),
        };
        let region = if self.region.is_empty() { UNKNOWN } else { &self.region };
        [
            self.id.to_string(),
            role,
            region.to_owned(),
            self.address.clone(),
            self.version.clone().unwrap_or_else(|| UNKNOWN.to_owned()),
            known(self.applied),
            known(self.last_log.map(|last| longest.saturating_sub(last))),
            self.clock_offset_ms.map_or(UNKNOWN.to_owned(), |ms| format!("{ms:+} ms")),
            self.last_contact_ms.map_or(UNKNOWN.to_owned(), ago),
        ]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(cluster_id) = &self.cluster_id else {
            let waiting_for = self.waiting_for.as_deref().unwrap_or(UNKNOWN);
            return writeln!(f, "This replica belongs to no cluster yet: {waiting_for}");
        };
        match self.leader {
            Some(leader) => {
                writeln!(f, "Cluster {cluster_id}, replica {leader} leads in term {}", self.term)?
            }
            None => {
                writeln!(f, "Cluster {cluster_id}, nobody leads (term {}): it takes no writes", self.term)?
            }
        }
        let longest = self.replicas.iter().filter_map(|replica| replica.last_log).max().unwrap_or(0);
        let header = ["ID", "ROLE", "REGION", "ADDRESS", "VERSION", "APPLIED", "BEHIND", "CLOCK", "SEEN"];
        let mut rows = vec![header.map(str::to_owned)];
        rows.extend(self.replicas.iter().map(|replica| replica.row(self.leader, longest)));
        write!(f, "{}", table(&rows))
    }
}

/// Columns as wide as what is in them.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

/// A person wants no milliseconds of an hour.
fn ago(ms: u64) -> String {
    match Duration::from_millis(ms).as_secs() {
        0 => format!("{ms} ms"),
        secs => humantime::format_duration(Duration::from_secs(secs)).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replica(id: u64, last_log: Option<u64>) -> ReplicaStatus {
        let mut status = ReplicaStatus {
            id,
            region: "ams".to_owned(),
            address: format!("10.0.0.{id}:4000"),
            ..Default::default()
        };
        status.set_role(if id < 3 { ReplicaRole::Voter } else { ReplicaRole::Learner });
        if let Some(last_log) = last_log {
            status.version = Some("0.1.0".to_owned());
            (status.last_log, status.applied) = (Some(last_log), Some(last_log - 1));
            (status.clock_offset_ms, status.last_contact_ms) = (Some(-12), Some(125_000));
        }
        status
    }

    #[test]
    fn people_get_a_table() {
        let replicas = vec![replica(1, Some(120)), replica(2, Some(100)), replica(3, None)];
        let cluster_id = "00ff".to_owned();
        let status =
            ClusterStatus { cluster_id, leader: Some(1), term: 7, replicas, ..ClusterStatus::default() };
        let expected = "\
Cluster 00ff, replica 1 leads in term 7
ID  ROLE          REGION  ADDRESS        VERSION  APPLIED  BEHIND  CLOCK   SEEN
1   voter, leads  ams     10.0.0.1:4000  0.1.0    119      0       -12 ms  2m 5s
2   voter         ams     10.0.0.2:4000  0.1.0    99       20      -12 ms  2m 5s
3   learner       ams     10.0.0.3:4000  -        -        -       -       -
";
        assert_eq!(Report::from(status).to_string(), expected);
    }

    #[test]
    fn what_is_not_known_is_null_and_no_cluster_has_a_reason() {
        let unheard = ClusterStatus {
            cluster_id: "00ff".to_owned(),
            replicas: vec![replica(3, None)],
            ..Default::default()
        };
        let json = serde_json::to_value(Report::from(unheard)).expect("JSON");
        assert_eq!(json["leader"], serde_json::Value::Null);
        assert_eq!(json["replicas"][0]["lastLog"], serde_json::Value::Null);
        assert_eq!(json["replicas"][0]["role"], "learner");
        let fresh = ClusterStatus { waiting_for: "waiting for others".to_owned(), ..Default::default() };
        let report = Report::from(fresh);
        assert_eq!(report.to_string(), "This replica belongs to no cluster yet: waiting for others\n");
        assert_eq!(serde_json::to_value(report).expect("JSON")["waitingFor"], "waiting for others");
    }
}
