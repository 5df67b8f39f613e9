//! What a replica without a place waits for, in words for the operator.

use std::fmt;

use super::id::{ClusterId, Instance};

/// Why a replica does nothing for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// It founds no cluster, for it may not vote or because it expects no other founders, and sees none.
    ForCluster { may_vote: bool },
    /// There are too few fresh replicas. Lists the addresses of those there are, this one first.
    ForReplicas { expected: u32, region: String, seen: Vec<String> },
    /// A replica that ought to be a founder is known only from others.
    ForSightOf { instance: Instance },
    /// Two founders don't see each other, by their own accounts.
    ForMutualSight { address: String, of: String },
    /// It is about to form a cluster of one, and has to greet the others again.
    ForGreetings,
    /// It sees all the founders, but not for long enough.
    ForQuiet,
    /// Another replica, at this address, has to propose.
    ForProposer { address: String },
    /// Somebody in sight is on the way into a cluster that is not in sight.
    ForUndecided { address: String, cluster_id: Option<ClusterId> },
    /// Somebody in sight has proposed a cluster, and decides about it.
    ForDecision { address: String, cluster_id: ClusterId },
    /// Its own proposal lacks promises from these addresses.
    ForPromises { of: String },
    /// It promised, and the proposer has not decided yet.
    ForVerdict { cluster_id: ClusterId, proposer: String },
    /// It promised, and nobody can say what became of it.
    ForProposerToReturn { cluster_id: ClusterId, proposer: String, instance: Instance },
    /// It promised, and sees members of another cluster.
    PromisedElsewhere { cluster_id: ClusterId, other: ClusterId },
    /// It joins a cluster none of whose members is in sight.
    ForMembers { cluster_id: ClusterId, other: Option<ClusterId> },
    /// It was not let in yet.
    ForAdmission { cluster_id: ClusterId, because: String },
    /// Somebody who wants to found as well is set up otherwise.
    ForAgreement { address: String, what: String },
    /// There are members of two clusters.
    TwoClusters { first: ClusterId, second: ClusterId },
}

/// How an operator should hear of it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Once: it ends by itself, or with the next replica to start.
    Passing,
    /// Again and again while it lasts, for then something is amiss.
    Lasting,
    /// As a warning, again and again: only an operator can end it.
    Operator,
}

impl Waiting {
    pub(crate) fn urgency(&self) -> Urgency {
        match self {
            Self::ForCluster { .. }
            | Self::ForReplicas { .. }
            | Self::ForGreetings
            | Self::ForQuiet
            | Self::ForProposer { .. }
            | Self::ForPromises { .. }
            | Self::ForVerdict { .. } => Urgency::Passing,
            Self::ForSightOf { .. }
            | Self::ForMutualSight { .. }
            | Self::ForUndecided { .. }
            | Self::ForDecision { .. }
            | Self::ForMembers { .. }
            | Self::ForAdmission { .. } => Urgency::Lasting,
            Self::ForProposerToReturn { .. }
            | Self::PromisedElsewhere { .. }
            | Self::ForAgreement { .. }
            | Self::TwoClusters { .. } => Urgency::Operator,
        }
    }
}

/// What a replica says that founds no cluster.
const MAY_NOT_VOTE: &str = "waiting for a member of a cluster to join; this replica founds none: it may not vote, by its \
                            role, or because its region is not the primary one";
const FOUNDS_BY_WORD: &str = "waiting for a member of a cluster to join; this replica founds none: its bootstrap-expect \
                              is 0, so it takes `boxoffice cluster init` on one that may vote";

/// What helps a replica that has no place yet, but a promise or a cluster in its record.
const REMEDY: &str = "if that cluster is gone for good, wipe this replica's data directory, which holds nothing \
                      else, or run `boxoffice cluster init` with force here";

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForCluster { may_vote: true } => f.write_str(FOUNDS_BY_WORD),
            Self::ForCluster { may_vote: false } => f.write_str(MAY_NOT_VOTE),
            Self::ForReplicas { expected, region, seen } => write!(
                f,
                "waiting for {expected} fresh replicas of region {region} that may vote; {} seen: {}",
                seen.len(),
                seen.join(", ")
            ),
            Self::ForSightOf { instance } => {
                write!(f, "waiting to see the fresh replica with instance {instance}, which others see")
            }
            Self::ForMutualSight { address, of } => {
                write!(f, "waiting until the replica at {address} sees the one at {of}")
            }
            Self::ForGreetings => {
                f.write_str("about to form a cluster of one; making sure that nobody else does")
            }
            Self::ForQuiet => f.write_str("all founders of a cluster are there; making sure"),
            Self::ForProposer { address } => {
                write!(f, "waiting for the replica at {address} to propose a cluster")
            }
            Self::ForUndecided { .. } | Self::ForDecision { .. } => self.fmt_of_others_on_their_way(f),
            Self::ForAgreement { address, what } => write!(
                f,
                "this replica and the one at {address} would found different clusters: {what}; set both up alike"
            ),
            Self::TwoClusters { first, second } => write!(
                f,
                "members of two clusters are in sight, {first} and {second}: this replica joins neither; leave \
                 only those of one among its peers"
            ),
            Self::ForPromises { .. }
            | Self::ForVerdict { .. }
            | Self::ForProposerToReturn { .. }
            | Self::PromisedElsewhere { .. }
            | Self::ForMembers { .. }
            | Self::ForAdmission { .. } => self.fmt_of_the_bound(f),
        }
    }
}

impl Waiting {
    /// What a replica waits for because of somebody else who is on the way into a cluster.
    fn fmt_of_others_on_their_way(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForUndecided { address, cluster_id: Some(id) } => write!(
                f,
                "waiting for the replica at {address}, which is on its way into cluster {id}; if that cluster is \
                 gone for good, wipe its data directory"
            ),
            Self::ForDecision { address, cluster_id } => write!(
                f,
                "waiting for the replica at {address}, which is on its way into cluster {cluster_id} that it \
                 proposed itself, perhaps because of another `boxoffice cluster init`: it decides within seconds; \
                 ask again then"
            ),
            Self::ForUndecided { address, cluster_id: None } => {
                write!(
                    f,
                    "waiting for the replica at {address}, whose newer program says what this one can't read"
                )
            }
            _ => Ok(()),
        }
    }

    /// What a replica waits for that has a promise or a cluster in its record.
    fn fmt_of_the_bound(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForPromises { of } => write!(f, "waiting for the promises of the replicas at {of}"),
            Self::ForVerdict { cluster_id, proposer } => {
                write!(
                    f,
                    "waiting for the replica at {proposer} to form the cluster {cluster_id} that it proposed"
                )
            }
            Self::ForProposerToReturn { cluster_id, proposer, instance } => write!(
                f,
                "this replica promised to found cluster {cluster_id}, and only its proposer (instance {instance}, \
                 last at {proposer}) or a member of it can say whether it was formed: bring one back; {REMEDY}"
            ),
            Self::PromisedElsewhere { cluster_id, other } => write!(
                f,
                "this replica promised to found cluster {cluster_id}, but sees members of another one, {other}: \
                 it joins neither before it knows what became of the first; {REMEDY}"
            ),
            Self::ForMembers { cluster_id, other: None } => {
                write!(f, "waiting for a member of cluster {cluster_id}, which this replica joins; {REMEDY}")
            }
            Self::ForMembers { cluster_id, other: Some(other) } => write!(
                f,
                "this replica joins cluster {cluster_id}, but sees only members of another one, {other}; {REMEDY}"
            ),
            Self::ForAdmission { cluster_id, because } => {
                write!(f, "waiting to be let into cluster {cluster_id}: {because}")
            }
            _ => Ok(()),
        }
    }
}
