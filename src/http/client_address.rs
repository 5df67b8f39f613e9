//! Who a request is from, when there may be proxies in between.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroUsize;
use std::str::FromStr;

use poem::http::HeaderMap;

/// Whose word on the caller's address is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrustedProxy {
    /// Nobody's: the caller is who is at the other end of the connection.
    #[default]
    None,
    /// Fly.io's edge, which sets `Fly-Client-IP` and drops one that the caller sent.
    Fly,
    /// This many proxies, each of which appends who it heard from to `X-Forwarded-For`. What is further
    /// to the left may be made up by the caller.
    Hops(NonZeroUsize),
}

impl TrustedProxy {
    /// The caller's address. Where the proxy's word is missing or makes no sense, it is the peer's:
    /// such a request did not come through the proxy, or the setting is wrong. IPv4 addresses written
    /// as IPv6 become plain IPv4 ones.
    pub fn client_address(self, headers: &HeaderMap, peer: Option<IpAddr>) -> Option<IpAddr> {
        let told = match self {
            TrustedProxy::None => None,
            TrustedProxy::Fly => {
                headers.get("fly-client-ip").and_then(|value| parse_address(value.to_str().ok()?))
            }
            TrustedProxy::Hops(hops) => forwarded_for(headers, hops.get()),
        };
        told.or(peer).map(|address| address.to_canonical())
    }

    /// Whether a proxy that is trusted says that its caller spoke HTTPS. Of several proxies it is the word of the last:
    /// the others' may be made up.
    pub fn has_forwarded_https(self, headers: &HeaderMap) -> bool {
        let said = headers.get_all("x-forwarded-proto").iter().next_back();
        let last = said.and_then(|said| said.to_str().ok()?.rsplit(',').next());
        self.has_forwarded(headers) && last.is_some_and(|scheme| scheme.trim().eq_ignore_ascii_case("https"))
    }

    /// Whether a request came through a proxy that is trusted: each of them says for whom it asks.
    pub fn has_forwarded(self, headers: &HeaderMap) -> bool {
        match self {
            TrustedProxy::None => false,
            TrustedProxy::Fly => headers.contains_key("fly-client-ip"),
            TrustedProxy::Hops(_) => headers.contains_key("x-forwarded-for"),
        }
    }
}

/// The n-th entry from the right over all `X-Forwarded-For` headers.
fn forwarded_for(headers: &HeaderMap, nth: usize) -> Option<IpAddr> {
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let entry = lines.flat_map(|line| line.as_bytes().rsplit(|&byte| byte == b',')).nth(nth - 1)?;
    parse_address(std::str::from_utf8(entry).ok()?)
}

/// An address, perhaps with a port as some proxies add.
fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(address.ip());
    }
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

impl FromStr for TrustedProxy {
    type Err = String;

    /// `none`, `fly`, or a number of hops.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(TrustedProxy::None),
            "fly" => Ok(TrustedProxy::Fly),
            hops => hops
                .parse()
                .map(TrustedProxy::Hops)
                .map_err(|_| format!("`{text}` is neither `none`, `fly` nor a number of hops from 1")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEER: &str = "192.0.2.1";

    fn address(trusted: &str, headers: &[(&'static str, &str)]) -> String {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        let trusted: TrustedProxy = trusted.parse().unwrap();
        trusted.client_address(&map, Some(PEER.parse().unwrap())).unwrap().to_string()
    }

    #[test]
    fn nobody_is_trusted_unless_told_so() {
        assert_eq!(address("none", &[("x-forwarded-for", "1.1.1.1"), ("fly-client-ip", "2.2.2.2")]), PEER);
    }

    #[test]
    fn fly_tells_in_its_own_header() {
        assert_eq!(
            address("fly", &[("fly-client-ip", "2.2.2.2"), ("x-forwarded-for", "1.1.1.1")]),
            "2.2.2.2"
        );
        assert_eq!(address("fly", &[("fly-client-ip", "2001:db8::1")]), "2001:db8::1");
        assert_eq!(address("fly", &[("fly-client-ip", "::ffff:2.2.2.2")]), "2.2.2.2");
        assert_eq!(address("fly", &[("fly-client-ip", "who?")]), PEER);
        assert_eq!(address("fly", &[]), PEER);
    }

    #[test]
    fn hops_are_counted_from_the_right() {
        for (hops, lines, expected) in [
            ("1", vec!["1.1.1.1, 2.2.2.2"], "2.2.2.2"),
            ("2", vec!["1.1.1.1, 2.2.2.2"], "1.1.1.1"),
            ("2", vec!["9.9.9.9,1.1.1.1", "2.2.2.2"], "1.1.1.1"),
            ("3", vec!["1.1.1.1, 2.2.2.2"], PEER),
            ("1", vec!["1.1.1.1, junk"], PEER),
            ("1", vec!["junk,  3.3.3.3 "], "3.3.3.3"),
            ("1", vec!["3.3.3.3:4711"], "3.3.3.3"),
            ("1", vec!["[2001:db8::7]:443"], "2001:db8::7"),
            ("1", vec!["[2001:db8::7]"], "2001:db8::7"),
            ("1", vec!["1.1.1.1,"], PEER),
            ("1", vec![""], PEER),
            ("1", vec![], PEER),
        ] {
            let headers: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
            assert_eq!(address(hops, &headers), expected, "{hops} of {lines:?}");
        }
    }

    #[test]
    fn other_settings_are_refused() {
        for text in ["", "0", "-1", "Fly", "cloudflare"] {
            assert!(text.parse::<TrustedProxy>().is_err(), "{text}");
        }
    }
}
