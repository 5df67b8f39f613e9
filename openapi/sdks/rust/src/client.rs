//! The client that programs hold.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderValue;
use rustls::crypto::ring;
use rustls_platform_verifier::Verifier;
use url::Url;

use crate::retry::RetryOptions;
use crate::transport::{Shared, Transport};
use crate::{Client, Error};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("boxoffice-client-rust/", env!("CARGO_PKG_VERSION"));

/// A client of Boxoffice. It has every operation of the API as a method, by way of [`Client`].
///
/// Clones, and clients [with another token](Boxoffice::with_token), share connections and what they have seen: what one
/// has been answered, the next answer to another one shows.
#[derive(Clone, Debug)]
pub struct Boxoffice {
    client: Client,
}

/// Makes a [`Boxoffice`].
#[derive(Debug, Default)]
pub struct Builder {
    urls: Vec<String>,
    token: Option<String>,
    retry: RetryOptions,
    http: Option<reqwest::Client>,
}

impl Boxoffice {
    /// A client of the service at this URL.
    ///
    /// # Errors
    /// When the URL is none that a service can be at.
    pub fn new(base_url: impl Into<String>) -> Result<Self, Error> {
        Self::builder().base_url(base_url).build()
    }

    /// A client with settings.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The same client for somebody else: a user's token, or an operator's key.
    ///
    /// # Errors
    /// When it is no text that a header can hold.
    pub fn with_token(&self, token: impl AsRef<str>) -> Result<Self, Error> {
        let transport = self.transport();
        Self::of(Transport { shared: transport.shared.clone(), token: Some(bearer(token.as_ref())?) })
    }

    pub(crate) fn transport(&self) -> &Transport {
        progenitor_client::ClientInfo::inner(&self.client)
    }

    fn of(transport: Transport) -> Result<Self, Error> {
        let (base, http) =
            (transport.shared.urls[0].as_str().trim_end_matches('/'), transport.shared.http.clone());
        Ok(Self { client: Client::new_with_client(base, http, transport.clone()) })
    }
}

impl Deref for Boxoffice {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Builder {
    /// Where the service is. Call it several times for several replicas: when one cannot be reached, the next is asked.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.urls.push(base_url.into());
        self
    }

    /// Who is asking: a user's token, or an operator's key.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Bounds of trying again.
    #[must_use]
    pub fn retry(mut self, retry: RetryOptions) -> Self {
        self.retry = retry;
        self
    }

    /// The HTTP client to use, for proxies, certificates and the like. It should follow no redirects: whoever they lead to
    /// would be told the token; and keep no cookies, for the token alone tells who is asking. Build it with
    /// `tls_backend_preconfigured`, or have a provider of rustls installed: here reqwest comes without one.
    #[must_use]
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When there is no base URL, one is none that a service can be at, the token does not fit into a header, or TLS cannot
    /// be set up.
    pub fn build(self) -> Result<Boxoffice, Error> {
        let urls: Vec<Url> = self.urls.iter().map(|url| base_url(url)).collect::<Result<_, _>>()?;
        if urls.is_empty() {
            return Err(Error::Invalid("a base URL is needed".to_owned()));
        }
        let token = self.token.as_deref().map(bearer).transpose()?;
        let http = match self.http {
            Some(http) => http,
            None => http_client()?,
        };
        Boxoffice::of(Transport { shared: Arc::new(Shared::new(urls, self.retry, http)), token })
    }
}

fn base_url(text: &str) -> Result<Url, Error> {
    let invalid = || Error::Invalid(format!("{text} is no base URL: give http://… or https://…"));
    let url = Url::parse(text).map_err(|_| invalid())?;
    let fits = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if fits { Ok(url) } else { Err(invalid()) }
}

fn bearer(token: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Error::Invalid("the token has characters that no token has".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

fn http_client() -> Result<reqwest::Client, Error> {
    let failed = |error: &dyn std::fmt::Display| Error::Invalid(format!("TLS cannot be set up: {error}"));
    let provider = Arc::new(ring::default_provider());
    let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned();
    let verifier = Verifier::new_with_extra_roots(roots, provider.clone()).map_err(|error| failed(&error))?;
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        // Nobody is to be told the token but who is at the address.
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(USER_AGENT)
        .build()
        .map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_may_have_a_path_and_has_to_be_one() -> Result<(), Error> {
        for base_url in ["https://shop.example/tickets/", "HTTPS://Shop.example:443/tickets"] {
            let client = Boxoffice::new(base_url)?;
            let url = client.transport().shared.url(0, "/api/users/currentuser", Some("a=b"));
            assert_eq!(url.as_str(), "https://shop.example/tickets/api/users/currentuser?a=b", "{base_url}");
        }
        for bad in ["shop.example", "ftp://shop.example", "http://shop.example?a=b"] {
            assert!(matches!(Boxoffice::new(bad), Err(Error::Invalid(_))), "{bad}");
        }
        assert!(matches!(Boxoffice::builder().build(), Err(Error::Invalid(_))));
        assert!(matches!(Boxoffice::new("http://localhost")?.with_token("a\nb"), Err(Error::Invalid(_))));
        Ok(())
    }
}
