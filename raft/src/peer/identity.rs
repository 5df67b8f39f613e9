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
