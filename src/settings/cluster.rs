//! What a replica is told of the cluster it belongs to.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use boxoffice_raft::{DnsPeers, Peering, StaticPeers};
use clap::{Args, ValueEnum};

use super::{address, duration};

/// The port on which replicas call each other where nobody says another.
pub const DEFAULT_PEER_PORT: u16 = 4000;

/// Who belongs to the cluster, and what this replica is in it.
#[derive(Args, Clone, Debug)]
pub struct ClusterSettings {
    /// Where other replicas call this one; without it, it is alone
    #[arg(long, env = "BOXOFFICE_PEER_LISTEN", value_name = "ADDRESS", value_parser = address)]
    pub peer_listen: Option<SocketAddr>,

    /// The address at which others reach the peer listener, if it is another
    #[arg(long, env = "BOXOFFICE_ADVERTISE", value_name = "HOST:PORT", value_parser = host_and_port)]
    pub advertise: Option<String>,

    /// Addresses of other replicas' peer listeners, separated by commas; this one's may be among them
    #[arg(long, env = "BOXOFFICE_PEERS", value_name = "HOST:PORT,…", value_delimiter = ',',
          value_parser = host_and_port, conflicts_with = "discover")]
    pub peers: Vec<String>,

    /// A name that has the addresses of all replicas, and the port of their peer listeners
    #[arg(long, env = "BOXOFFICE_DISCOVER", value_name = "dns:NAME:PORT", value_parser = discovery)]
    pub discover: Option<Discover>,

    /// How many fresh replicas of the primary region found the cluster; 0 to have it founded by
    /// `boxoffice cluster init` only
    #[arg(long, env = "BOXOFFICE_BOOTSTRAP_EXPECT", value_name = "NUMBER", default_value_t = 3,
          value_parser = clap::value_parser!(u32).range(0..=9), allow_negative_numbers = true)]
    pub bootstrap_expect: u32,

    /// How many replicas of the primary region vote, if there are as many
    #[arg(long, env = "BOXOFFICE_VOTERS", value_name = "NUMBER", default_value_t = 3,
          value_parser = clap::value_parser!(u32).range(1..=9), allow_negative_numbers = true)]
    pub voters: u32,

    /// Where this replica runs
    #[arg(
        long,
        env = "BOXOFFICE_REGION",
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    pub region: String,

    /// Where the replicas run that vote
    #[arg(
        long,
        env = "BOXOFFICE_PRIMARY_REGION",
        value_name = "NAME",
        default_value = "",
        hide_default_value = true
    )]
    pub primary_region: String,

    /// Whether this replica may vote: in the primary region only, in any case, or never
    #[arg(long, env = "BOXOFFICE_ROLE", value_name = "ROLE", default_value = "auto")]
    pub role: Role,

    /// A voter that does not answer for so long is replaced by a learner that may vote; "never" leaves that
    /// to you
    #[arg(long, env = "BOXOFFICE_REPLACE_VOTER_AFTER", value_name = "DURATION", default_value = "2m",
          value_parser = grace)]
    pub replace_voter_after: Grace,

    /// A learner that does not answer for so long is forgotten; "never" leaves that to you
    #[arg(long, env = "BOXOFFICE_FORGET_AFTER", value_name = "DURATION", default_value = "24h",
          value_parser = grace)]
    pub forget_after: Grace,

    /// What replicas show each other
    #[command(flatten)]
    pub certificate: PeerCertificate,
}

/// What replicas show each other, and operators show replicas, if it is not to be made from the cluster secret.
#[derive(Args, Clone, Debug)]
pub struct PeerCertificate {
    /// Certificate chain (PEM) to show to other replicas, for the DNS name boxoffice-peer, good for servers and
    /// clients: who shows another name is refused; without it, one is made from the cluster secret
    #[arg(
        long,
        env = "BOXOFFICE_PEER_CERT",
        value_name = "FILE",
        requires = "peer_key",
        requires = "peer_ca"
    )]
    pub peer_cert: Option<PathBuf>,

    /// Private key (PEM) of that certificate
    #[arg(long, env = "BOXOFFICE_PEER_KEY", value_name = "FILE", requires = "peer_cert")]
    pub peer_key: Option<PathBuf>,

    /// Certificates (PEM) of the authorities that other replicas' certificates must be of
    #[arg(long, env = "BOXOFFICE_PEER_CA", value_name = "FILE", requires = "peer_cert")]
    pub peer_ca: Option<PathBuf>,
}

/// Whether a replica may vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// In the primary region.
    Auto,
    /// Wherever it is.
    Voter,
    /// Never.
    Learner,
}

/// A name that has the addresses of all replicas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discover {
    name: String,
    port: u16,
}

/// How long somebody may be silent; none for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grace(pub Option<Duration>);

/// What a replica needs to know of its cluster.
#[derive(Clone, Debug)]
pub struct Placement {
    /// Where others call it.
    pub listen: SocketAddr,
    /// Where they reach that.
    pub advertise: String,
    /// Where they are.
    pub peering: Peering,
    /// Where it runs.
    pub region: String,
    /// It may vote.
    pub may_vote: bool,
}

impl ClusterSettings {
    /// What follows from the settings, and, where they say nothing, from what Fly says in `variable`. None for a replica
    /// that is alone.
    ///
    /// # Errors
    /// When something is missing, in one line.
    pub fn placement(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Placement>, String> {
        let fly = Fly::from(&variable);
        let on_fly = fly.as_ref().map(|fly| SocketAddr::new(fly.private_ip, DEFAULT_PEER_PORT));
        let Some(listen) = self.peer_listen.or(on_fly) else { return self.alone() };
        let known = |text: &str, name: &str| match text {
            "" => variable(name).unwrap_or_default(),
            text => text.to_owned(),
        };
        let region = known(&self.region, "FLY_REGION");
        let primary_region = known(&self.primary_region, "PRIMARY_REGION");
        let may_vote = match self.role {
            Role::Auto => region == primary_region,
            Role::Voter => true,
            Role::Learner => false,
        };
        let advertise = match (&self.advertise, &fly) {
            (Some(advertise), _) => advertise.clone(),
            (None, Some(fly)) => format!("{}.vm.{}.internal:{}", fly.machine_id, fly.app_name, listen.port()),
            (None, None) if listen.ip().is_unspecified() || listen.port() == 0 => {
                return Err(format!("others cannot reach {listen}: say with --advertise where they can"));
            }
            (None, None) => listen.to_string(),
        };
        let peering = match (&self.discover, &fly) {
            (Some(Discover { name, port }), _) => Peering::Dns(DnsPeers { name: name.clone(), port: *port }),
            (None, Some(fly)) if self.peers.is_empty() => {
                Peering::Dns(DnsPeers { name: format!("{}.internal", fly.app_name), port: listen.port() })
            }
            _ => Peering::Static(StaticPeers(self.peers.clone())),
        };
        Ok(Some(Placement { listen, advertise, peering, region, may_vote }))
    }

    /// A setting that only a cluster has a use for, where there is none, is not what its owner thinks.
    fn alone(&self) -> Result<Option<Placement>, String> {
        let of_a_cluster = [
            ("--advertise", self.advertise.is_some()),
            ("--peers", !self.peers.is_empty()),
            ("--discover", self.discover.is_some()),
        ];
        match of_a_cluster.iter().find(|(_, is_set)| *is_set) {
            Some((flag, _)) => Err(format!(
                "{flag} is set, but not where other replicas call this one: say so with --peer-listen"
            )),
            None => Ok(None),
        }
    }
}

/// What Fly tells a machine of itself.
struct Fly {
    app_name: String,
    machine_id: String,
    private_ip: IpAddr,
}

impl Fly {
    fn from(variable: &impl Fn(&str) -> Option<String>) -> Option<Self> {
        Some(Self {
            app_name: variable("FLY_APP_NAME")?,
            machine_id: variable("FLY_MACHINE_ID")?,
            private_ip: variable("FLY_PRIVATE_IP")?.parse().ok()?,
        })
    }
}

/// A host, which need not have an address yet, and a port.
///
/// # Errors
/// When it is something else, in one line.
pub fn host_and_port(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && is_port(port) => Ok(text.to_owned()),
        _ => Err("not a host and a port such as 10.0.0.7:4000 or a.internal:4000".to_owned()),
    }
}

fn discovery(text: &str) -> Result<Discover, String> {
    let found = text.strip_prefix("dns:").and_then(|rest| rest.rsplit_once(':'));
    let found = found.and_then(|(name, port)| Some((name, port.parse::<u16>().ok()?)));
    match found {
        Some((name, port)) if !name.is_empty() && port > 0 => Ok(Discover { name: name.to_owned(), port }),
        _ => Err("not dns:NAME:PORT, such as dns:boxoffice.internal:4000".to_owned()),
    }
}

fn grace(text: &str) -> Result<Grace, String> {
    if text == "never" { Ok(Grace(None)) } else { duration(text).map(|duration| Grace(Some(duration))) }
}

#[cfg(test)]
mod tests {
    use clap::{FromArgMatches, Parser};

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        cluster: ClusterSettings,
    }

    fn placement(line: &[&str], variables: &[(&str, &str)]) -> Result<Option<Placement>, String> {
        let line = std::iter::once("boxoffice").chain(line.iter().copied());
        let command =
            <Line as clap::CommandFactory>::command().mut_args(|argument| argument.env(None::<&str>));
        let matches = command.try_get_matches_from(line).map_err(|e| e.to_string())?;
        let line = Line::from_arg_matches(&matches).map_err(|e| e.to_string())?;
        let variable = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        line.cluster.placement(variable)
    }

    const FLY: [(&str, &str); 5] = [
        ("FLY_APP_NAME", "tickets"),
        ("FLY_MACHINE_ID", "e28650"),
        ("FLY_PRIVATE_IP", "fdaa:0:1::3"),
        ("FLY_REGION", "syd"),
        ("PRIMARY_REGION", "ams"),
    ];

    #[test]
    fn is_alone_unless_told_otherwise() {
        assert!(placement(&[], &[]).unwrap().is_none());
        let useless = placement(&["--peers", "a:1,b:2"], &[]).unwrap_err();
        assert!(useless.contains("--peer-listen"), "{useless}");
    }

    #[test]
    fn takes_everything_from_fly() {
        let placed = placement(&[], &FLY).unwrap().unwrap();
        assert_eq!(placed.listen.to_string(), "[fdaa:0:1::3]:4000");
        assert_eq!(placed.advertise, "e28650.vm.tickets.internal:4000");
        assert_eq!((placed.region.as_str(), placed.may_vote), ("syd", false));
        let Peering::Dns(DnsPeers { name, port }) = placed.peering else { panic!("{:?}", placed.peering) };
        assert_eq!((name.as_str(), port), ("tickets.internal", 4000));
        let placed = placement(&["--region", "ams", "--peers", "a:1"], &FLY).unwrap().unwrap();
        assert!(placed.may_vote && matches!(placed.peering, Peering::Static(_)));
    }

    #[test]
    fn advertises_what_others_can_reach() {
        let placed = placement(&["--peer-listen", "127.0.0.1:4001"], &[]).unwrap().unwrap();
        assert_eq!(placed.advertise, "127.0.0.1:4001");
        assert!(placed.may_vote, "no region is the primary one as well");
        assert!(placement(&["--peer-listen", "0.0.0.0:4001"], &[]).unwrap_err().contains("--advertise"));
        let said = ["--peer-listen", "0.0.0.0:4001", "--advertise", "a.internal:9"];
        assert_eq!(placement(&said, &[]).unwrap().unwrap().advertise, "a.internal:9");
    }

    #[test]
    fn roles() {
        let may_vote = |role: &str, region: &str| {
            let line =
                ["--peer-listen", "[::1]:1", "--primary-region", "ams", "--region", region, "--role", role];
            placement(&line, &[]).unwrap().unwrap().may_vote
        };
        assert!(may_vote("auto", "ams") && !may_vote("auto", "syd"));
        assert!(may_vote("voter", "syd") && !may_vote("learner", "ams"));
    }

    #[test]
    fn refuses_what_means_nothing() {
        for line in [
            ["--peers", "a"],
            ["--peers", "a:0"],
            ["--advertise", ":1"],
            ["--discover", "a:1"],
            ["--discover", "dns:a"],
            ["--voters", "0"],
            ["--forget-after", "soon"],
            ["--peer-cert", "a.pem"],
        ] {
            assert!(placement(&line, &[]).is_err(), "{line:?}");
        }
    }
}
