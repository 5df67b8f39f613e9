//! A batch of committed entries, sorted into what the state machine applies and what the engine does itself.

use bytes::Bytes;
use openraft::EntryPayload;
use openraft::storage::ApplyResponder;

use crate::cluster_state;
use crate::log_time::LogTime;
use crate::machine::{ApplyError, Committed};
use crate::types::{Body, Entry, Proposal, StoredMembership, TypeConfig};
use crate::wire::{ClusterChange, ClusterState};

/// An entry, and who waits for its reply.
pub(crate) type ToApply = (Entry, Option<ApplyResponder<TypeConfig>>);

/// What a batch of entries says.
pub(crate) struct Batch<'a> {
    /// After the last of them.
    pub(crate) log_time: LogTime,
    /// The last one, if there is one among them.
    pub(crate) membership: Option<StoredMembership>,
    /// After the last of them.
    pub(crate) cluster: ClusterState,
    /// The state machine's.
    pub(crate) commands: Vec<Committed<'a>>,
    /// Of those commands.
    pub(crate) bytes: usize,
    /// To the cluster's own commands.
    pub(crate) own_replies: Vec<Bytes>,
}

impl<'a> Batch<'a> {
    /// Reads the entries that come after `log_time`, `cluster` and `membership`.
    ///
    /// # Errors
    /// When this program does not know one of them.
    pub(crate) fn read(
        entries: &'a [ToApply],
        log_time: LogTime,
        cluster: &ClusterState,
        membership: &StoredMembership,
    ) -> Result<Self, ApplyError> {
        let mut batch = Batch {
            log_time,
            membership: None,
            cluster: cluster.clone(),
            commands: Vec::with_capacity(entries.len()),
            bytes: 0,
            own_replies: Vec::new(),
        };
        for (entry, _) in entries {
            match &entry.payload {
                EntryPayload::Blank => {}
                EntryPayload::Membership(m) => {
                    let before = batch.membership.as_ref().unwrap_or(membership).membership();
                    cluster_state::note_members(&mut batch.cluster, before, m);
                    batch.membership = Some(StoredMembership::new(Some(entry.log_id), m.clone()));
                }
                EntryPayload::Normal(proposal) => {
                    batch.read_proposal(entry.log_id.index, proposal, membership)?
                }
            }
        }
        Ok(batch)
    }

    fn read_proposal(
        &mut self,
        index: u64,
        proposal: &'a Proposal,
        membership: &StoredMembership,
    ) -> Result<(), ApplyError> {
        self.log_time = self.log_time.max(proposal.stamp);
        match &proposal.body {
            Body::Command(command) => {
                self.bytes += command.len();
                self.commands.push(Committed { index, at: self.log_time, command });
            }
            Body::Cluster(command) => {
                let membership = self.membership.as_ref().unwrap_or(membership).membership();
                self.own_replies.push(cluster_state::apply(&mut self.cluster, membership, index, command)?);
            }
        }
        Ok(())
    }
}

/// Whether the digest of the state right after this entry is taken.
pub(crate) fn is_checkpoint(entry: &Entry) -> bool {
    match &entry.payload {
        EntryPayload::Normal(Proposal { body: Body::Cluster(command), .. }) => {
            matches!(command.change, Some(ClusterChange::Checkpoint(())))
        }
        _ => false,
    }
}

/// Hands out the replies: the state machine's to its commands, the engine's to the cluster's own.
pub(crate) fn reply(entries: Vec<ToApply>, replies: Vec<Bytes>, own_replies: Vec<Bytes>) {
    let (mut replies, mut own_replies) = (replies.into_iter(), own_replies.into_iter());
    for (entry, responder) in entries {
        let reply = match entry.payload {
            EntryPayload::Normal(Proposal { body: Body::Command(_), .. }) => replies.next(),
            EntryPayload::Normal(Proposal { body: Body::Cluster(_), .. }) => own_replies.next(),
            EntryPayload::Blank | EntryPayload::Membership(_) => None,
        };
        if let Some(responder) = responder {
            responder.send(reply.unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use openraft::entry::RaftEntry;
    use openraft::vote::RaftLeaderId;
    use prost::Message;

    use super::*;
    use crate::types::{LeaderId, LogId, Membership, Node, Payload};
    use crate::wire::{AllocateNode, Allocated, ClusterChange, ClusterCommand};

    fn members(ids: &[u64]) -> Payload {
        let nodes: BTreeMap<u64, Node> = ids.iter().map(|id| (*id, Node::default())).collect();
        let voters: BTreeSet<u64> = ids.iter().copied().collect();
        EntryPayload::Membership(Membership::new(vec![voters], nodes).expect("valid"))
    }

    fn joins(instance: u8) -> Payload {
        let instance = vec![instance; 16];
        let command = ClusterCommand { change: Some(ClusterChange::AllocateNode(AllocateNode { instance })) };
        EntryPayload::Normal(Proposal { stamp: LogTime::default(), body: Body::Cluster(command) })
    }

    /// Reads these entries, so many a batch; returns what the cluster agrees on then, and the ids given out.
    fn read(payloads: &[Payload], at_once: usize) -> (ClusterState, Vec<u64>) {
        let (mut cluster, mut membership) = (ClusterState::default(), StoredMembership::default());
        let mut given = Vec::new();
        let entries = payloads.iter().zip(0..).map(|(payload, index)| {
            let log_id = LogId::new(LeaderId::new(1, 1), index);
            (Entry::new(log_id, payload.clone()), None)
        });
        for entries in entries.collect::<Vec<ToApply>>().chunks(at_once) {
            let batch = Batch::read(entries, LogTime::default(), &cluster, &membership).expect("known");
            let replies = batch.own_replies.into_iter();
            given.extend(replies.map(|reply| Allocated::decode(reply).expect("a reply").node_id));
            membership = batch.membership.unwrap_or(membership);
            cluster = batch.cluster;
        }
        (cluster, given)
    }

    #[test]
    fn ids_go_on_from_every_member_there_was_however_the_log_is_cut() {
        let log = [members(&[1, 2, 3]), members(&[1, 2]), joins(10), members(&[1, 2, 4]), joins(11)];
        for at_once in 1..=log.len() {
            let (cluster, given) = read(&log, at_once);
            assert_eq!(given, [4, 5], "{at_once} entries a batch");
            assert_eq!((cluster.last_node_id, cluster.removed), (5, vec![3]), "{at_once} entries a batch");
        }
        // What comes later in a batch says nothing of what came before it.
        let log = [members(&[1]), joins(10), members(&[1, 2, 7]), members(&[1, 2]), joins(11)];
        for at_once in 1..=log.len() {
            assert_eq!(read(&log, at_once).1, [2, 8], "{at_once} entries a batch");
        }
    }
}
