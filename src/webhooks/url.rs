//! Where webhooks may be sent to.

use std::net::IpAddr;

use reqwest::Url;

use super::address::special;
use crate::domain::MAX_WEBHOOK_URL_BYTES;

/// Which addresses count: those of the Internet, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Destinations {
    /// For development, and for receivers in a network of one's own.
    pub allow_private: bool,
}

/// Why nothing is sent to an address. Reads on from "must be …".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    /// It cannot be read, or leads nowhere.
    #[error("must be a URL with https:// or http:// and a host, of {MAX_WEBHOOK_URL_BYTES} bytes at most")]
    Malformed,
    /// It has a name and a password, or one of them.
    #[error("must be without a name and a password: everybody who sees the URL would see them")]
    Credentials,
    /// It has something after a `#`, which is never sent.
    #[error("must be without a fragment")]
    Fragment,
    /// It names an address that is not one of the Internet.
    #[error("must be on the Internet: {host} is {what}")]
    Special {
        /// What it names.
        host: String,
        /// What that is for.
        what: &'static str,
    },
}

impl Destinations {
    /// Reads where to send to, as one has it normalised. What a name stands for is looked at when something is sent there.
    ///
    /// # Errors
    /// [`UrlFault`].
    pub fn check(self, text: &str) -> Result<Url, UrlFault> {
        let text = text.trim();
        let url = Url::parse(text).map_err(|_| UrlFault::Malformed)?;
        let is_web = matches!(url.scheme(), "https" | "http") && url.port() != Some(0);
        let host = url.host_str().filter(|host| !host.is_empty() && is_web).ok_or(UrlFault::Malformed)?;
        if url.as_str().len() > MAX_WEBHOOK_URL_BYTES {
            return Err(UrlFault::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlFault::Credentials);
        }
        if url.fragment().is_some() {
            return Err(UrlFault::Fragment);
        }
        self.check_host(host)?;
        Ok(url)
    }

    /// Hosts are normalised: all spellings of an address of IPv4 have become one.
    fn check_host(self, host: &str) -> Result<(), UrlFault> {
        let what = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) => self.refuses(address),
            Err(_) if is_localhost(host) && !self.allow_private => Some("loopback"),
            Err(_) => None,
        };
        what.map_or(Ok(()), |what| Err(UrlFault::Special { host: host.to_owned(), what }))
    }

    /// What an address is for if nothing is sent there.
    pub fn refuses(self, address: IpAddr) -> Option<&'static str> {
        if self.allow_private { None } else { special(address) }
    }
}

/// RFC 6761: this name and those below it are never looked up anywhere else.
fn is_localhost(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTERNET: Destinations = Destinations { allow_private: false };
    const ANYWHERE: Destinations = Destinations { allow_private: true };

    #[test]
    fn urls_on_the_internet_are_taken() {
        for url in [
            "https://shop.example/hooks?of=boxoffice",
            "http://shop.example:8080/",
            "https://8.8.8.8/",
            "https://[2606:4700:4700::1111]:8443/hooks",
            "https://localhost.example/",
            "https://bücher.example/",
        ] {
            let taken = INTERNET.check(url).unwrap_or_else(|fault| panic!("{url}: {fault}"));
            assert_eq!(INTERNET.check(taken.as_str()), Ok(taken));
        }
        assert_eq!(INTERNET.check(" https://SHOP.example ").unwrap().as_str(), "https://shop.example/");
    }

    #[test]
    fn whatever_names_a_special_address_is_refused_however_it_is_spelt() {
        for url in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://0x7f.0.0.1/",
            "http://0177.0.0.1/",
            "http://2130706433/",
            "http://127.0.0.1./",
            "http://①②⑦.0.0.1/",
            "http://0/",
            "http://10.0.0.1:8080/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://localhost/",
            "http://LOCALHOST:3000/",
            "http://localhost./",
            "http://a.localhost/",
        ] {
            let fault = INTERNET.check(url).expect_err(url);
            assert!(matches!(fault, UrlFault::Special { .. }), "{url}: {fault}");
            assert!(ANYWHERE.check(url).is_ok(), "{url}");
        }
        let fault = INTERNET.check("http://10.0.0.1/").expect_err("private");
        assert_eq!(fault.to_string(), "must be on the Internet: 10.0.0.1 is private");
    }

    #[test]
    fn what_is_no_place_to_send_to_is_refused() {
        let long = format!("https://shop.example/{}", "x".repeat(MAX_WEBHOOK_URL_BYTES));
        for (url, fault) in [
            ("", UrlFault::Malformed),
            ("shop.example/hooks", UrlFault::Malformed),
            ("/hooks", UrlFault::Malformed),
            ("ftp://shop.example/", UrlFault::Malformed),
            ("file:///etc/passwd", UrlFault::Malformed),
            ("data:text/plain,x", UrlFault::Malformed),
            ("https://", UrlFault::Malformed),
            ("https://shop.example:0/", UrlFault::Malformed),
            ("https://shop.example:99999/", UrlFault::Malformed),
            ("http://[fe80::1%25eth0]/", UrlFault::Malformed),
            (&long, UrlFault::Malformed),
            ("https://ann@shop.example/", UrlFault::Credentials),
            ("https://ann:pw@shop.example/", UrlFault::Credentials),
            ("https://:pw@shop.example/", UrlFault::Credentials),
            ("https://shop.example/#top", UrlFault::Fragment),
            ("https://shop.example/#", UrlFault::Fragment),
        ] {
            assert_eq!(ANYWHERE.check(url), Err(fault), "{url}");
        }
    }
}
