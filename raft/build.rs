//! Writes the client and the server of the peers' service (`src/peer/service.rs`) from its methods. The messages
//! are Rust types, so no protobuf compiler is needed.

use tonic_build::manual::{Builder, Method, Service};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let service = Service::builder()
        .name("Peer")
        .package("boxoffice.raft")
        .method(
            method("append", "Append", "peer::proto::AppendRequest", "peer::proto::AppendReply")
                .client_streaming()
                .server_streaming()
                .build(),
        )
        .method(method("heartbeat", "Heartbeat", "peer::proto::AppendRequest", "peer::proto::AppendReply").build())
        .method(method("vote", "Vote", "peer::proto::VoteRequest", "peer::proto::VoteReply").build())
        .method(method("transfer_leader", "TransferLeader", "peer::proto::TransferRequest", "peer::proto::TransferReply").build())
        .method(method("snapshot", "Snapshot", "peer::proto::SnapshotPart", "peer::proto::SnapshotReply").client_streaming().build())
        .method(
            method("forward", "Forward", "peer::proto::ForwardRequest", "peer::proto::ForwardReply")
                .client_streaming()
                .server_streaming()
                .build(),
        )
        .method(method("read_index", "ReadIndex", "peer::proto::ReadIndexRequest", "peer::proto::ReadIndexReply").build())
        .build();
    Builder::new().compile(&[service]);
}

fn method(name: &str, route: &str, input: &str, output: &str) -> tonic_build::manual::MethodBuilder {
    Method::builder()
        .name(name)
        .route_name(route)
        .input_type(format!("crate::{input}"))
        .output_type(format!("crate::{output}"))
        .codec_path("tonic_prost::ProstCodec")
}
