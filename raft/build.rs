//! Writes the client and the server of the peers' service (`src/peer/service.rs`) from its methods. The messages
//! are Rust types, so no protobuf compiler is needed.

use tonic_build::manual::{Builder, Method, MethodBuilder, Service};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let calls = [
        ("hello", "Hello", "formation::Hello", "formation::Hello"),
        ("promise", "Promise", "formation::Founding", "formation::PromiseAnswer"),
        ("founding", "Founding", "formation::FoundingQuery", "formation::FoundingAnswer"),
        ("join", "Join", "formation::JoinRequest", "formation::JoinAnswer"),
        ("report", "Report", "peer::report::ReportRequest", "peer::report::Report"),
        ("heartbeat", "Heartbeat", "peer::proto::AppendRequest", "peer::proto::AppendReply"),
        ("vote", "Vote", "peer::proto::VoteRequest", "peer::proto::VoteReply"),
        ("transfer_leader", "TransferLeader", "peer::proto::TransferRequest", "peer::proto::TransferReply"),
        ("status", "Status", "operator::StatusRequest", "operator::ClusterStatus"),
        ("operate", "Operate", "operator::OrderRequest", "operator::OrderAnswer"),
        ("read_index", "ReadIndex", "peer::proto::ReadIndexRequest", "peer::proto::ReadIndexReply"),
    ];
    let streams = [
        ("append", "Append", "peer::proto::AppendRequest", "peer::proto::AppendReply"),
        ("forward", "Forward", "peer::proto::ForwardRequest", "peer::proto::ForwardReply"),
    ];
    let downloads = [("backup", "Backup", "peer::backups::BackupRequest", "peer::backups::BackupPart")];
    let uploads = [("snapshot", "Snapshot", "peer::proto::SnapshotPart", "peer::proto::SnapshotReply")];

    let mut service = Service::builder().name("Peer").package("boxoffice.raft");
    for call in calls {
        service = service.method(method(call).build());
    }
    for stream in streams {
        service = service.method(method(stream).client_streaming().server_streaming().build());
    }
    for download in downloads {
        service = service.method(method(download).server_streaming().build());
    }
    for upload in uploads {
        service = service.method(method(upload).client_streaming().build());
    }
    Builder::new().compile(&[service.build()]);
}

fn method((name, route, input, output): (&str, &str, &str, &str)) -> MethodBuilder {
    Method::builder()
        .name(name)
        .route_name(route)
        .input_type(format!("crate::{input}"))
        .output_type(format!("crate::{output}"))
        .codec_path("tonic_prost::ProstCodec")
}
