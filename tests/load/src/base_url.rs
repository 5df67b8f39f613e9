//! The address of the service under load.

use std::net::{SocketAddr, ToSocketAddrs};
use std::str::FromStr;

use anyhow::Context;

/// `http://host:port`, resolved once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BaseUrl(pub(crate) SocketAddr);

impl FromStr for BaseUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        let authority = url.strip_prefix("http://").context("only http://host:port is understood")?;
        let authority = authority.trim_end_matches('/');
        let address = authority.to_socket_addrs().with_context(|| format!("{authority} is not host:port"))?;
        Ok(Self(address.into_iter().next().with_context(|| format!("{authority} has no address"))?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn host_and_port() {
        assert_eq!("http://127.0.0.1:80/".parse::<BaseUrl>().unwrap().0.port(), 80);
        assert!("https://127.0.0.1:80".parse::<BaseUrl>().is_err());
        assert!("http://127.0.0.1".parse::<BaseUrl>().is_err());
    }
}
