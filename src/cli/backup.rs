//! `boxoffice backup`: the state of a running replica, into a file.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use boxoffice_raft::{BackupClient, BackupSummary, BackupWriter};
use clap::Args;
use serde_json::{Value, json};

use super::new_file::{Existing, NewFile, cannot_write};
use super::peer_target::PeerTarget;
use super::progress::Progress;
use super::{Failure, admin, note, print, print_json, time};

/// Where a backup comes from and goes to.
#[derive(Args, Clone, Debug)]
pub(super) struct BackupSettings {
    #[command(flatten)]
    target: PeerTarget,

    /// Ask the service that runs on this data directory of this machine, by its admin socket
    #[arg(long, value_name = "DIR", conflicts_with = "peer")]
    data_dir: Option<PathBuf>,

    /// The file to make
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Replace the file if there is one
    #[arg(long)]
    force: bool,

    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// What is being written. Its name counts only once all of it is there and durable.
struct Unfinished {
    writer: BackupWriter<BufWriter<File>>,
    name: NewFile,
    progress: Progress,
}

pub(super) fn run(settings: &BackupSettings) -> Result<(), Failure> {
    let out = &settings.out;
    let existing = if settings.force { Existing::Replace } else { Existing::KeepUnlessForced };
    let mut unfinished = Unfinished::begin(out, existing)?;
    // Its own threads answer the other side while this one writes.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let is_current = runtime.block_on(async {
        match &settings.data_dir {
            Some(data_dir) => from_socket(data_dir, &mut unfinished).await,
            None => from_peer(&settings.target, &mut unfinished).await,
        }
    })?;
    let summary = unfinished.finish(out)?;
    if !is_current {
        note(
            "No leader answered: what the cluster acknowledged lately may be missing, if this replica did not \
             have it yet.",
        );
    }
    if settings.json {
        return print_json(&json_of(out, &summary, is_current));
    }
    print(&told(out, &summary))
}

async fn from_peer(target: &PeerTarget, unfinished: &mut Unfinished) -> Result<bool, Failure> {
    let (address, credentials) = target.resolve()?;
    let mut download = BackupClient::new(credentials).backup(&address).await?;
    while let Some(frame) = download.next().await? {
        unfinished.write(&frame)?;
    }
    Ok(download.is_current())
}

async fn from_socket(data_dir: &Path, unfinished: &mut Unfinished) -> Result<bool, Failure> {
    let mut download = admin::backup(data_dir).await?;
    while let Some(bytes) = download.next().await? {
        unfinished.write(&bytes)?;
    }
    Ok(download.is_current())
}

impl Unfinished {
    fn begin(out: &Path, existing: Existing) -> Result<Self, Failure> {
        let (file, name) = NewFile::begin(out, existing)?;
        let writer = BackupWriter::new(BufWriter::new(file));
        Ok(Self { writer, name, progress: Progress::begin("Backup") })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.progress.show(self.writer.write(bytes)?);
        Ok(())
    }

    fn finish(self, out: &Path) -> Result<BackupSummary, Failure> {
        let (writer, summary) = self.writer.finish().map_err(|error| format!("no backup: {error}"))?;
        let file = writer.into_inner().map_err(|error| cannot_write(out, error.error()))?;
        self.name.finish(&file)?;
        Ok(summary)
    }
}

fn json_of(out: &Path, summary: &BackupSummary, is_current: bool) -> Value {
    let BackupSummary { cluster_id, index, log_time, progress } = summary;
    json!({
        "file": out.display().to_string(),
        "clusterId": format!("{cluster_id:032x}"),
        "index": index,
        "logTime": time::shown(*log_time),
        "rows": progress.rows,
        "bytes": progress.frame_bytes,
        "isCurrent": is_current,
    })
}

fn told(out: &Path, summary: &BackupSummary) -> String {
    let BackupSummary { cluster_id, index, log_time, progress } = summary;
    format!(
        "{}: cluster {cluster_id:032x} at log index {index}, {}; {} rows, {} bytes, checked\n",
        out.display(),
        time::shown(*log_time),
        progress.rows,
        progress.frame_bytes
    )
}
