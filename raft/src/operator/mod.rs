//! An operator's view of the cluster, and an operator's orders: the client, what goes between it and a replica, and what
//! a replica answers. Any replica answers; what only the leader can say or do is asked there.

mod client;
mod engine;
mod messages;
mod status;

pub use self::client::{OperatorClient, OperatorError};
pub use self::engine::ReplicaLag;
pub use self::messages::{ClusterStatus, InitOrder, Order, ReplicaRole, ReplicaStatus, TransferOrder};
pub(crate) use self::messages::{OrderAnswer, OrderRequest, StatusRequest};
pub use crate::membership::{HAND_OVER_LIMIT, HandOverError};
