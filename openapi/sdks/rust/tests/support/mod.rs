//! What the tests talk to is started by `scripts/sdk test`; without it they are left out, and say so.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// The result of a test.
pub(crate) type Tested = Result<(), Box<dyn std::error::Error>>;

/// Something that tests ask by HTTP.
pub(crate) struct Control {
    url: String,
    http: reqwest::Client,
}

impl Control {
    /// The one whose address is in this variable; `None` if nobody started it.
    pub(crate) fn of(variable: &str) -> Option<Self> {
        // A client without TLS settings of its own wants to know who would do TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        match std::env::var(variable) {
            Ok(url) => {
                Some(Self { url, http: reqwest::Client::builder().no_proxy().build().expect("a client") })
            }
            Err(_) => {
                eprintln!("left out: {variable} is not set; see scripts/sdk");
                None
            }
        }
    }

    /// What it says to this.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &Value,
    ) -> Result<T, reqwest::Error> {
        self.http.post(format!("{}{path}", self.url)).json(body).send().await?.json().await
    }
}
