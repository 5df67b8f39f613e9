//! Who calls whom: what each call between replicas says of itself, and what is refused.

use std::fmt;

use tonic::metadata::{Ascii, MetadataMap, MetadataValue};
use tonic::{Request, Status};

const CLUSTER: &str = "boxoffice-cluster";
const FROM: &str = "boxoffice-from";
const TO: &str = "boxoffice-to";

/// A replica of a cluster.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identified {
    pub(crate) cluster_id: u128,
    pub(crate) node_id: u64,
}

impl Identified {
    /// A call of this replica's to `target`.
    pub(crate) fn request<T>(self, target: u64, message: T) -> Request<T> {
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert(CLUSTER, ascii(format_args!("{:032x}", self.cluster_id)));
        metadata.insert(FROM, ascii(self.node_id));
        metadata.insert(TO, ascii(target));
        request
    }

    /// Who calls, if the call is meant for this replica.
    ///
    /// # Errors
    /// When it is of another cluster, or for another replica.
    pub(crate) fn check(self, metadata: &MetadataMap) -> Result<u64, Status> {
        let cluster = text(metadata, CLUSTER)?;
        if u128::from_str_radix(cluster, 16) != Ok(self.cluster_id) {
            return Err(Status::failed_precondition(format!("{self} is not of cluster {cluster}")));
        }
        let to = text(metadata, TO)?;
        if to.parse() != Ok(self.node_id) {
            return Err(Status::failed_precondition(format!("{self} is not replica {to}")));
        }
        text(metadata, FROM)?.parse().map_err(|_| Status::invalid_argument(format!("{FROM} is no number")))
    }
}

impl fmt::Display for Identified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replica {} of cluster {:032x}", self.node_id, self.cluster_id)
    }
}

fn ascii(value: impl fmt::Display) -> MetadataValue<Ascii> {
    value.to_string().parse().expect("digits are ASCII")
}

fn text<'a>(metadata: &'a MetadataMap, name: &str) -> Result<&'a str, Status> {
    let value = metadata.get(name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| Status::invalid_argument(format!("{name} is missing")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIX: Identified = Identified { cluster_id: 0xc1, node_id: 6 };

    fn refused(target: u64, of_cluster: u128) -> Option<String> {
        let caller = Identified { cluster_id: of_cluster, node_id: 1 };
        let request = caller.request(target, ());
        SIX.check(request.metadata()).err().map(|status| status.message().to_owned())
    }

    #[test]
    fn takes_only_what_is_meant_for_it() {
        assert_eq!(SIX.check(Identified { node_id: 1, ..SIX }.request(6, ()).metadata()).ok(), Some(1));
        // Whose disk this was is not who is there now: nobody votes under an old id.
        let old = refused(3, 0xc1).expect("meant for the one that was there before");
        assert_eq!(old, "replica 6 of cluster 000000000000000000000000000000c1 is not replica 3");
        let other = refused(6, 0xc2).expect("another cluster");
        assert!(other.ends_with("is not of cluster 000000000000000000000000000000c2"), "{other}");
        assert!(SIX.check(Request::new(()).metadata()).is_err());
    }
}
