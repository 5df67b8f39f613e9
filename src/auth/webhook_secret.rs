//! Secrets that webhooks are signed with, as Standard Webhooks has them: <https://www.standardwebhooks.com>.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use zeroize::Zeroizing;

use super::random::{self, NoRandomness};
use super::seal::{CannotOpen, Purpose, Sealer};
use super::secret::Secret;

/// What every secret begins with; the rest is its bytes in base64.
const PREFIX: &str = "whsec_";

/// As many bytes as the hash that is made with it. The standard wants 24 to 64.
const SECRET_BYTES: usize = 32;

/// What a signature begins with: HMAC-SHA256.
const SIGNATURE_VERSION: &str = "v1";

/// A secret that webhooks are signed with.
#[derive(Debug)]
pub struct WebhookSecret(Secret<Vec<u8>>);

impl WebhookSecret {
    /// Draws a new secret.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system has none to give.
    pub fn generate() -> Result<Self, NoRandomness> {
        let bytes = Zeroizing::new(random::bytes::<SECRET_BYTES>()?);
        Ok(Self(Secret::new(bytes.to_vec())))
    }

    /// The secret as it lies in the state, in the record of this name.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system has none to give.
    pub fn sealed(&self, sealer: &Sealer, record_id: &str) -> Result<Vec<u8>, NoRandomness> {
        sealer.seal(Purpose::WebhookSecret, record_id, self.0.expose())
    }

    /// The secret that lies in the state in the record of this name.
    ///
    /// # Errors
    /// [`CannotOpen`] if it was sealed for another record or by another cluster.
    pub fn open(sealer: &Sealer, record_id: &str, sealed: &[u8]) -> Result<Self, CannotOpen> {
        let bytes = sealer.open(Purpose::WebhookSecret, record_id, sealed)?;
        Ok(Self(Secret::new(bytes.to_vec())))
    }

    /// The secret as its owner is shown it, once.
    pub fn text(&self) -> Secret<String> {
        // All of it at once, so that growing leaves no copy behind.
        let chars = PREFIX.len() + self.0.expose().len().div_ceil(3) * 4;
        let mut text = String::with_capacity(chars);
        text.push_str(PREFIX);
        STANDARD.encode_string(self.0.expose(), &mut text);
        Secret::new(text)
    }

    /// The signature of a message that is sent at this time, in seconds since 1970.
    pub fn sign(&self, message_id: &str, timestamp_s: u64, body: &[u8]) -> WebhookSignature {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.0.expose());
        let mut context = hmac::Context::with_key(&key);
        context.update(format!("{message_id}.{timestamp_s}.").as_bytes());
        context.update(body);
        WebhookSignature(STANDARD.encode(context.sign()))
    }
}

/// One signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookSignature(String);

impl fmt::Display for WebhookSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SIGNATURE_VERSION},{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::ClusterSecret;

    fn secret(text: &str) -> WebhookSecret {
        let bytes = STANDARD.decode(text.strip_prefix(PREFIX).expect("a secret")).expect("base64");
        WebhookSecret(Secret::new(bytes))
    }

    /// The example of the standard's own libraries.
    #[test]
    fn it_signs_as_the_standard_has_it() {
        let secret = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signature =
            secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature.to_string(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_its_owner_is_shown_is_the_secret() {
        let made = WebhookSecret::generate().expect("there is randomness");
        let shown = made.text();
        assert_eq!(shown.expose().len(), PREFIX.len() + 44);
        assert_eq!(secret(shown.expose()).0.expose(), made.0.expose());
        let again = WebhookSecret::generate().expect("there is randomness");
        assert_ne!(again.text().expose(), shown.expose());
        assert!(!format!("{made:?}").contains(&shown.expose()[PREFIX.len()..]));
    }

    #[test]
    fn it_opens_for_its_own_endpoint_alone() {
        let sealer = Sealer::new(&ClusterSecret::new("a cluster's secret").expect("long enough"));
        let made = WebhookSecret::generate().expect("there is randomness");
        let sealed = made.sealed(&sealer, "whk_1").expect("there is randomness");
        let opened = WebhookSecret::open(&sealer, "whk_1", &sealed).expect("sealed above");
        assert_eq!(opened.sign("a", 1, b"b"), made.sign("a", 1, b"b"));
        assert!(WebhookSecret::open(&sealer, "whk_2", &sealed).is_err());
    }
}
