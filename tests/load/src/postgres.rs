//! PostgreSQL on the same machine, doing the same sale with one prepared statement and no HTTP.

use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tempfile::TempDir;

use crate::process::{Signal, Started};

/// Clients of pgbench, as the issue asks.
pub(crate) const CLIENTS: u64 = 64;
/// Tickets for each client and round: more than one can order.
const TICKETS_PER_CLIENT: u64 = 20_000;
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// Debian's package installs every version beside the others.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The unprivileged user of Debian's package: the server refuses to run as root.
const UNPRIVILEGED_USER: &str = "postgres";

/// Tickets, orders and the outbox, with the indexes that the service's own lists and its expiry have too: what is on
/// sale by age and by price, a buyer's orders, the next deadline, and one live order per ticket.
const SCHEMA: &str = "
CREATE TABLE tickets (
    id bigint PRIMARY KEY, title text NOT NULL, price_cents bigint NOT NULL, seller_id bigint NOT NULL,
    status text NOT NULL DEFAULT 'available', order_id bigint, version bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON tickets (created_at, id) WHERE status = 'available';
CREATE INDEX ON tickets (price_cents, id) WHERE status = 'available';
CREATE TABLE orders (
    id bigserial PRIMARY KEY, ticket_id bigint NOT NULL, buyer_id bigint NOT NULL, price_cents bigint NOT NULL,
    status text NOT NULL DEFAULT 'created', version bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL);
CREATE UNIQUE INDEX ON orders (ticket_id) WHERE status <> 'cancelled';
CREATE INDEX ON orders (buyer_id, id);
CREATE INDEX ON orders (expires_at) WHERE status = 'created';
CREATE TABLE events (
    sequence bigserial PRIMARY KEY, kind text NOT NULL, entity_id bigint NOT NULL, version bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(), data jsonb NOT NULL);
";

/// One transaction, one statement: take the ticket if it is free, insert order and event. (pgbench would take a
/// colon for a variable, even within quotes.)
const ORDER: &str = "\
\\set n :n + 1
\\set ticket :client_id * :per_client + :n
WITH taken AS (
    UPDATE tickets SET status = 'reserved', version = version + 1, updated_at = now()
    WHERE id = :ticket AND status = 'available' RETURNING id, price_cents
), placed AS (
    INSERT INTO orders (ticket_id, buyer_id, price_cents, expires_at)
    SELECT id, :client_id, price_cents, now() + interval '15 minutes' FROM taken RETURNING id, ticket_id, price_cents
)
INSERT INTO events (kind, entity_id, version, data)
SELECT 'order.created', id, 0, jsonb_build_object('ticketId', ticket_id, 'priceCents', price_cents) FROM placed;
";

/// A server of its own: own data directory, reachable by a Unix socket in it only, stopped when this value goes.
pub(crate) struct Postgres {
    // Dropped, and so stopped, before its directory.
    server: Started,
    directory: TempDir,
    programs: Programs,
}

/// Where the programs are and as whom they run.
struct Programs {
    bin: PathBuf,
    /// User and group to become, when started as root.
    run_as: Option<(u32, u32)>,
}

impl Postgres {
    /// Makes a fresh cluster under `scratch` and starts it.
    pub(crate) fn start(scratch: &Path) -> anyhow::Result<Self> {
        let programs = Programs::find()?;
        let directory = tempfile::Builder::new().prefix("postgres-").tempdir_in(scratch)?;
        if let Some((user, group)) = programs.run_as {
            std::os::unix::fs::chown(directory.path(), Some(user), Some(group))?;
        }
        let data = directory.path().join("data");
        let initdb = ["-A", "trust", "-U", "bench", "--no-locale", "-E", "UTF8"];
        succeed(programs.command("initdb").arg("-D").arg(&data).args(initdb))?;
        let server = programs.start_server(directory.path(), &data)?;
        let mut postgres = Self { server, directory, programs };
        postgres.wait_until_ready()?;
        postgres.query(SCHEMA)?;
        Ok(postgres)
    }

    /// The server's version.
    pub(crate) fn version(&self) -> anyhow::Result<String> {
        Ok(self.query("SHOW server_version")?.trim().to_owned())
    }

    /// Fills the tables anew and returns the orders per second that pgbench then made of them.
    pub(crate) async fn orders_per_second(&self, seconds: u64) -> anyhow::Result<f64> {
        let tickets = CLIENTS * TICKETS_PER_CLIENT;
        self.query(&format!(
            "TRUNCATE tickets, orders, events; INSERT INTO tickets (id, title, price_cents, seller_id)
             SELECT n, 'ticket ' || n, 500 + n % 29500, n % 8 FROM generate_series(1, {tickets}) n;"
        ))?;
        self.query("VACUUM ANALYZE tickets")?;
        self.query("CHECKPOINT")?;
        let script = self.directory.path().join("order.sql");
        std::fs::write(&script, ORDER)?;
        let mut pgbench = self.client("pgbench");
        pgbench.args(["-n", "-M", "prepared", "-j", "1", "-D", "n=0"]).arg("-f").arg(&script);
        pgbench.args(["-c", &CLIENTS.to_string(), "-T", &seconds.to_string()]);
        pgbench.args(["-D", &format!("per_client={TICKETS_PER_CLIENT}"), "bench"]);
        let output = tokio::process::Command::from(pgbench).kill_on_drop(true).output().await?;
        let report = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "pgbench: {}", last_line(&output.stderr));
        let tps = find_number(&report, "tps = ").with_context(|| format!("no rate in: {report}"))?;
        let transactions = find_number(&report, "processed: ")
            .with_context(|| format!("no number of transactions in: {report}"))?;
        let orders: f64 = self.query("SELECT count(*) FROM orders")?.trim().parse()?;
        // A transaction that found no free ticket is no order.
        Ok(tps * orders / transactions.max(1.0))
    }

    fn wait_until_ready(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_TIMEOUT;
        while self.client("pg_isready").stdout(Stdio::null()).status()?.code() != Some(0) {
            if let Some(status) = self.server.exited()? {
                bail!("postgres ended with {status}: {}", self.log());
            }
            ensure!(Instant::now() < deadline, "postgres was not ready in {START_TIMEOUT:?}: {}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        succeed(self.client("createdb").arg("bench"))?;
        Ok(())
    }

    fn query(&self, sql: &str) -> anyhow::Result<String> {
        let mut psql = self.client("psql");
        psql.args(["-qAtX", "-v", "ON_ERROR_STOP=1", "-d", "bench", "-c", sql]);
        succeed(&mut psql)
    }

    /// A client program, pointed at this server.
    fn client(&self, name: &str) -> Command {
        let mut command = self.programs.command(name);
        command.env("PGHOST", self.directory.path()).env("PGUSER", "bench");
        command
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }
}

impl Programs {
    fn find() -> anyhow::Result<Self> {
        let version = std::fs::read_dir(VERSIONS)
            .with_context(|| format!("{VERSIONS}: install Debian's package `postgresql`"))?
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
            .max()
            .with_context(|| format!("no version in {VERSIONS}"))?;
        let bin = Path::new(VERSIONS).join(version.to_string()).join("bin");
        let run_as = match rustix::process::geteuid().is_root() {
            true => Some((id_of(UNPRIVILEGED_USER, "-u")?, id_of(UNPRIVILEGED_USER, "-g")?)),
            false => None,
        };
        Ok(Self { bin, run_as })
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin.join(name));
        if let Some((user, group)) = self.run_as {
            command.uid(user).gid(group);
        }
        // The directory this program runs in may be closed to the other user.
        command.current_dir("/").env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
        command
    }

    /// Durable as it comes; nothing that runs by itself may disturb whoever is measured meanwhile.
    fn start_server(&self, directory: &Path, data: &Path) -> anyhow::Result<Started> {
        let settings = [
            "listen_addresses=",
            "synchronous_commit=on",
            "fsync=on",
            "shared_buffers=256MB",
            "max_wal_size=8GB",
            "checkpoint_timeout=30min",
            "autovacuum=off",
        ];
        let log = std::fs::File::create(directory.join("log"))?;
        let mut command = self.command("postgres");
        command.arg("-D").arg(data).arg("-k").arg(directory);
        command.args(settings.iter().flat_map(|setting| ["-c", setting]));
        command.stdout(Stdio::null()).stderr(log);
        // SIGINT is PostgreSQL's fast shutdown: it ends its own children and does not wait for clients.
        Ok(Started::spawn("postgres", &mut command)?.stopped_with(Signal::INT))
    }
}

fn id_of(user: &str, which: &str) -> anyhow::Result<u32> {
    let id = succeed(Command::new("id").args([which, user]))?;
    id.trim().parse().with_context(|| format!("id {which} {user}"))
}

/// Runs a command to its end and returns what it printed.
fn succeed(command: &mut Command) -> anyhow::Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// pgbench complains once for each client; once is enough.
fn last_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().last().unwrap_or_default().to_owned()
}

/// The number after `label`.
fn find_number(report: &str, label: &str) -> Option<f64> {
    let (_, rest) = report.split_once(label)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_pgbench_report() {
        let report = "number of transactions actually processed: 15000\ntps = 9243.5 (without initial connection time)\n";
        assert_eq!(find_number(report, "processed: "), Some(15_000.0));
        assert_eq!(find_number(report, "tps = "), Some(9243.5));
        assert_eq!(find_number(report, "latency = "), None);
    }
}
