//! Handing leadership over to another voter, without the gap that an election after a silence takes.

use std::collections::BTreeSet;
use std::time::Duration;

use super::keeper::look;
use super::plan::View;
use crate::inner::Inner;

/// How long another voter has to take over: it has all of the log but the newest entries, and needs a round of votes.
pub const HAND_OVER_LIMIT: Duration = Duration::from_secs(2);

/// Why somebody else does not lead now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandOverError {
    /// This replica does not lead.
    #[error("this replica does not lead")]
    NotLeader,
    /// No other voter is alive and has caught up.
    #[error("no other voter is alive and has the whole log")]
    NobodyToLead,
    /// The one that was meant can't.
    #[error("replica {node_id} {why}")]
    CannotLead {
        /// It.
        node_id: u64,
        /// Why it can't.
        why: &'static str,
    },
    /// Nobody took over in time. Perhaps somebody still does; an election follows if not.
    #[error("replica {to} did not take over in time")]
    TooLate {
        /// Who was to.
        to: u64,
    },
    /// The engine failed or was shut down.
    #[error("the engine has stopped")]
    Stopped,
}

impl Inner {
    /// Has another voter lead: `wanted`, or else the live one with the longest log. Returns who leads then.
    pub(crate) async fn hand_over(&self, wanted: Option<u64>, limit: Duration) -> Result<u64, HandOverError> {
        let (view, _) = look(self).ok_or(HandOverError::NotLeader)?;
        let to = match wanted {
            Some(node_id) => {
                let why = view.why_it_cannot_lead(node_id);
                why.map_or(Ok(node_id), |why| Err(HandOverError::CannotLead { node_id, why }))?
            }
            None => view.most_caught_up(|_| true).ok_or(HandOverError::NobodyToLead)?,
        };
        self.hand_over_to(to, limit).await
    }

    /// The same, to one of these only.
    pub(crate) async fn hand_over_to_one_of(
        &self,
        these: &BTreeSet<u64>,
        limit: Duration,
    ) -> Result<u64, HandOverError> {
        let (view, _) = look(self).ok_or(HandOverError::NotLeader)?;
        let to = view.most_caught_up(|id| these.contains(&id)).ok_or(HandOverError::NobodyToLead)?;
        self.hand_over_to(to, limit).await
    }

    /// What is under way is committed first: the other leads only once it has all of this replica's log.
    async fn hand_over_to(&self, to: u64, limit: Duration) -> Result<u64, HandOverError> {
        let mut leadership = self.leadership.clone();
        tracing::info!(to, "handing the leadership over");
        self.raft.trigger().transfer_leader(to).await.map_err(|_| HandOverError::Stopped)?;
        let taken = leadership.wait_for(|now| now.leader.is_some_and(|leader| leader != self.node_id));
        match tokio::time::timeout(limit, taken).await {
            Ok(Ok(now)) => now.leader.ok_or(HandOverError::TooLate { to }),
            Ok(Err(_)) => Err(HandOverError::Stopped),
            Err(_) => Err(HandOverError::TooLate { to }),
        }
    }
}

impl View {
    fn most_caught_up(&self, wanted: impl Fn(u64) -> bool) -> Option<u64> {
        let able =
            self.voters().into_iter().filter(|id| wanted(*id) && self.why_it_cannot_lead(*id).is_none());
        able.max_by_key(|id| self.members.get(id).map_or(0, |seen| seen.matched))
    }

    fn why_it_cannot_lead(&self, id: u64) -> Option<&'static str> {
        match self.members.get(&id) {
            None => Some("is not a member of the cluster"),
            Some(_) if id == self.leader => Some("leads already"),
            Some(_) if !self.voters().contains(&id) => Some("does not vote: promote it first"),
            Some(_) if !self.is_alive(id) => Some("does not answer"),
            Some(seen) if !seen.has_caught_up => Some("has not caught up with the log"),
            Some(_) => None,
        }
    }
}
