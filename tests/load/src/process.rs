//! Processes this program starts, and what they use.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
pub(crate) use rustix::process::Signal;
use rustix::process::{Pid, kill_process};

/// Linux reports CPU time in these: `USER_HZ` is 100 on every architecture Rust's standard library knows.
const TICKS_PER_SECOND: f64 = 100.0;
/// A server says where it is as soon as it listens.
const URL_TIMEOUT: Duration = Duration::from_secs(30);
const STOP_POLL: Duration = Duration::from_millis(20);

/// CPU time and memory of a process at one moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// User and system time since its start.
    pub(crate) cpu_seconds: f64,
    /// Resident memory now.
    pub(crate) rss_bytes: u64,
    /// The most resident memory so far.
    pub(crate) peak_rss_bytes: u64,
}

/// Reads what process `pid` has used.
pub(crate) fn usage(pid: u32) -> anyhow::Result<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    parse_usage(&stat, &status).with_context(|| format!("/proc/{pid}"))
}

fn parse_usage(stat: &str, status: &str) -> anyhow::Result<Usage> {
    // The second field is the command in parentheses, which may itself hold spaces and parentheses.
    let (_, fields) = stat.rsplit_once(") ").context("stat has no command")?;
    let fields: Vec<&str> = fields.split(' ').collect();
    let ticks =
        |field: usize| -> anyhow::Result<f64> { Ok(fields.get(field).context("short stat")?.parse()?) };
    let memory = |name: &str| -> anyhow::Result<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).context("no memory in status")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    };
    Ok(Usage {
        cpu_seconds: (ticks(11)? + ticks(12)?) / TICKS_PER_SECOND,
        rss_bytes: memory("VmRSS:")?,
        peak_rss_bytes: memory("VmHWM:")?,
    })
}

/// A process that is stopped, by its id, when this value goes.
pub(crate) struct Started {
    name: String,
    child: Child,
    /// How it is asked to end.
    stop_with: Signal,
    /// How long it may take to end before it is killed.
    patience: Duration,
}

impl Started {
    /// Starts `command`.
    pub(crate) fn spawn(name: &str, command: &mut Command) -> anyhow::Result<Self> {
        let child = command.stdin(Stdio::null()).spawn().with_context(|| format!("start {name}"))?;
        let patience = Duration::from_secs(20);
        Ok(Self { name: name.to_owned(), child, stop_with: Signal::TERM, patience })
    }

    /// Asks with another signal than SIGTERM.
    pub(crate) fn stopped_with(mut self, signal: Signal) -> Self {
        self.stop_with = signal;
        self
    }

    /// The process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended, and with what.
    pub(crate) fn exited(&mut self) -> anyhow::Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Sends it a signal.
    pub(crate) fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        kill_process(Pid::from_child(&self.child), signal).with_context(|| format!("signal {}", self.name))
    }

    /// Kills it as `kill -9` does and waits for its end.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Its standard output, once.
    pub(crate) fn stdout(&mut self) -> anyhow::Result<BufReader<ChildStdout>> {
        Ok(BufReader::new(self.child.stdout.take().context("standard output is not a pipe")?))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // A stopped process only hears the signal once it continues.
        let _ = self.signal(self.stop_with);
        let _ = self.signal(Signal::CONT);
        let deadline = Instant::now() + self.patience;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > deadline {
                eprintln!("{} did not end in {:?} and is killed", self.name, self.patience);
                let _ = self.kill();
                return;
            }
            std::thread::sleep(STOP_POLL);
        }
    }
}

/// Reads the `http://…` that a server prints first, and keeps draining its output so that it never blocks.
pub(crate) fn printed_url(process: &mut Started) -> anyhow::Result<String> {
    let mut lines = process.stdout()?.lines();
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let url = lines.by_ref().map_while(Result::ok).find_map(|line| find_url(&line));
        // Without a URL the sender goes, which ends the wait.
        let _ = url.map(|url| sender.send(url));
        lines.for_each(drop);
    });
    let name = &process.name;
    receiver.recv_timeout(URL_TIMEOUT).map_err(|reason| anyhow!("{name} printed no address: {reason}"))
}

fn find_url(line: &str) -> Option<String> {
    let start = line.find("http://")?;
    let url = line[start..].split_whitespace().next()?;
    Some(url.trim_end_matches(['/', '.', ',']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_of_a_process_with_an_odd_name() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 1 0 100 1000 10";
        let usage = parse_usage(stat, "Name:\ta) b\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n").unwrap();
        assert_eq!((usage.cpu_seconds, usage.rss_bytes, usage.peak_rss_bytes), (3.0, 1 << 20, 2 << 20));
    }

    #[test]
    fn usage_of_this_process() {
        assert!(usage(std::process::id()).unwrap().rss_bytes > 0);
    }

    #[test]
    fn the_url_in_a_line() {
        let url = Some("http://127.0.0.1:8080".to_owned());
        assert_eq!(find_url("Boxoffice is at http://127.0.0.1:8080/ now"), url);
        assert_eq!(find_url("no address"), None);
    }
}
