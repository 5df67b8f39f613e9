//! etcd on the same machine: as many members as there are replicas, and plain puts over its own gRPC interface.

use std::cell::RefCell;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use hdrhistogram::Histogram;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic_prost::ProstCodec;

use crate::process::{Signal, Started};

/// What is put: as many bytes as a ticket's order takes in a log.
const VALUE_BYTES: usize = 256;
const START_TIMEOUT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(100);
/// Latencies in microseconds, as elsewhere.
const MAX_LATENCY_MICROS: u64 = 60_000_000;
const LATENCY_DIGITS: u8 = 3;

/// etcd's `PutRequest`, as far as it is needed.
#[derive(Clone, PartialEq, prost::Message)]
struct PutRequest {
    #[prost(bytes = "vec", tag = "1")]
    key: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    value: Vec<u8>,
}

/// etcd's `PutResponse`, of which nothing is needed.
#[derive(Clone, PartialEq, prost::Message)]
struct PutResponse {}

/// What came of putting for a while.
pub(crate) struct Puts {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// A running cluster; its processes end, and its data goes, with this value.
pub(crate) struct Etcd {
    // Dropped, and so stopped, before their directory.
    _members: Vec<Started>,
    urls: Vec<String>,
    _directory: TempDir,
}

impl Etcd {
    /// Starts so many members on fresh directories under `scratch`, and waits until they take puts.
    pub(crate) async fn start(scratch: &Path, members: usize) -> anyhow::Result<Self> {
        let directory = tempfile::Builder::new().prefix("etcd-").tempdir_in(scratch)?;
        let ports = free_ports(2 * members)?;
        let (clients, peers) = ports.split_at(members);
        let initial: Vec<String> = (0..).zip(peers).map(|(n, port)| format!("m{n}={}", url(*port))).collect();
        let mut started = Vec::new();
        for (number, (client, peer)) in clients.iter().zip(peers).enumerate() {
            let log = std::fs::File::create(directory.path().join(format!("{number}.log")))?;
            let mut command = Command::new("etcd");
            command.args(["--name", &format!("m{number}"), "--initial-cluster", &initial.join(",")]);
            command.arg("--data-dir").arg(directory.path().join(number.to_string()));
            command.args(["--listen-client-urls", &url(*client), "--advertise-client-urls", &url(*client)]);
            command.args(["--listen-peer-urls", &url(*peer), "--initial-advertise-peer-urls", &url(*peer)]);
            // It is measured for some seconds, so it need not compact, and it must not stop at 2 GiB.
            command.args(["--quota-backend-bytes", &(8_u64 << 30).to_string(), "--logger", "zap"]);
            command.stdout(Stdio::null()).stderr(log);
            let process = Started::spawn("etcd", &mut command).context("install Debian's etcd-server")?;
            // It holds nothing that an orderly end would save.
            started.push(process.stopped_with(Signal::KILL));
        }
        let urls = clients.iter().map(|port| url(*port)).collect();
        let etcd = Self { _members: started, urls, _directory: directory };
        etcd.connect(members).await?;
        Ok(etcd)
    }

    /// Has so many clients put for so long, each as soon as its last put is durable. They share so many connections,
    /// spread over the members.
    pub(crate) async fn puts(
        &self,
        clients: usize,
        connections: usize,
        measured: Duration,
    ) -> anyhow::Result<Puts> {
        let channels = self.connect(connections).await?;
        let latencies =
            Rc::new(RefCell::new(Histogram::<u64>::new_with_max(MAX_LATENCY_MICROS, LATENCY_DIGITS)?));
        let began = Instant::now();
        let mut working = JoinSet::new();
        for (number, channel) in channels.iter().cycle().take(clients).cloned().enumerate() {
            let latencies = Rc::clone(&latencies);
            working.spawn_local(async move {
                for count in 0_u64.. {
                    let sent = Instant::now();
                    if sent.duration_since(began) >= measured {
                        break;
                    }
                    put(&channel, format!("{number}/{count}").into_bytes()).await?;
                    let micros = u64::try_from(sent.elapsed().as_micros())?;
                    latencies.borrow_mut().saturating_record(micros.max(1));
                }
                anyhow::Ok(())
            });
        }
        while let Some(ended) = working.join_next().await {
            ended??;
        }
        let latencies = latencies.borrow();
        let ms = |quantile: f64| latencies.value_at_quantile(quantile) as f64 / 1_000.0;
        Ok(Puts {
            per_second: latencies.len() as f64 / began.elapsed().as_secs_f64(),
            p50_ms: ms(0.50),
            p99_ms: ms(0.99),
        })
    }

    /// So many connections, once each takes puts.
    async fn connect(&self, connections: usize) -> anyhow::Result<Vec<Channel>> {
        let deadline = Instant::now() + START_TIMEOUT;
        let mut channels = Vec::new();
        for url in self.urls.iter().cycle().take(connections) {
            let channel = Endpoint::from_shared(url.clone())?.connect_lazy();
            while let Err(error) = put(&channel, b"ready".to_vec()).await {
                ensure!(Instant::now() < deadline, "etcd was not ready in {START_TIMEOUT:?}: {error:#}");
                tokio::time::sleep(POLL).await;
            }
            channels.push(channel);
        }
        Ok(channels)
    }
}

async fn put(channel: &Channel, key: Vec<u8>) -> anyhow::Result<()> {
    let mut grpc = Grpc::new(channel.clone());
    grpc.ready().await?;
    let request = tonic::Request::new(PutRequest { key, value: vec![b'x'; VALUE_BYTES] });
    let path = PathAndQuery::from_static("/etcdserverpb.KV/Put");
    let _: tonic::Response<PutResponse> = grpc.unary(request, path, ProstCodec::default()).await?;
    Ok(())
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// Ports that were free a moment ago.
fn free_ports(count: usize) -> anyhow::Result<Vec<u16>> {
    let listeners: Vec<TcpListener> =
        (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<std::io::Result<_>>()?;
    listeners.iter().map(|listener| Ok(listener.local_addr()?.port())).collect()
}
