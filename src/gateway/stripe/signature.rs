//! Whether a webhook comes from Stripe.

use ring::hmac;

use crate::auth::Secret;

/// The header that has the signatures.
pub const SIGNATURE_HEADER: &str = "stripe-signature";

/// How far the time of a signature may be from ours, in seconds, either way: what is older may be sent again by somebody
/// who listened in.
pub const TOLERANCE_S: u64 = 300;

/// Signatures that are looked at: Stripe sends one for each secret of an endpoint, which are two for a day at most.
const MAX_SIGNATURES: usize = 10;

/// The size of a signature.
const SIGNATURE_BYTES: usize = 32;

/// Why a webhook is not taken for one of Stripe's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is not as Stripe makes it.
    #[error("the signature header cannot be read")]
    Malformed,
    /// No secret of ours made any of the signatures.
    #[error("no signature is by a secret that is known here")]
    Forged,
    /// It is too old, or from the future.
    #[error("the signature is older or newer than {TOLERANCE_S} s")]
    Stale,
}

/// Checks that one of these secrets signed this body, not long before `now_s` (in seconds since 1970).
///
/// `body` is what came, byte for byte. Signatures are compared in constant time.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(
    header: &str,
    body: &[u8],
    secrets: &[Secret<String>],
    now_s: u64,
) -> Result<(), SignatureError> {
    let Header { timestamp, signatures } = Header::parse(header).ok_or(SignatureError::Malformed)?;
    let signed = [timestamp.as_bytes(), b".", body].concat();
    let is_ours = secrets.iter().any(|secret| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        signatures.iter().any(|signature| hmac::verify(&key, &signed, signature).is_ok())
    });
    if !is_ours {
        return Err(SignatureError::Forged);
    }
    let timestamp_s: u64 = timestamp.parse().map_err(|_| SignatureError::Malformed)?;
    if timestamp_s.abs_diff(now_s) > TOLERANCE_S { Err(SignatureError::Stale) } else { Ok(()) }
}

/// `t=…,v1=…,v1=…`; schemes of other names, and what is none of its own, count for nothing.
struct Header<'a> {
    timestamp: &'a str,
    signatures: Vec<[u8; SIGNATURE_BYTES]>,
}

impl<'a> Header<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let mut timestamp = None;
        let mut signatures = Vec::new();
        for part in header.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.split_once('=')? {
                ("t", _) if timestamp.is_some() => return None,
                ("t", text) => timestamp = Some(text),
                ("v1", hex) => signatures.extend(unhex(hex)),
                _ => {}
            }
        }
        let timestamp = timestamp.filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
        (1..=MAX_SIGNATURES).contains(&signatures.len()).then_some(Self { timestamp, signatures })
    }
}

fn unhex(hex: &str) -> Option<[u8; SIGNATURE_BYTES]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let bytes: Option<Vec<u8>> = hex
        .as_bytes()
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
            _ => None,
        })
        .collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1"}"#;
    const NOW_S: u64 = 1_700_000_000;

    /// Computed with `openssl dgst -sha256 -hmac whsec_test`.
    const SIGNATURE: &str = "c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925";

    fn secrets(texts: &[&str]) -> Vec<Secret<String>> {
        texts.iter().map(|text| Secret::new((*text).to_owned())).collect()
    }

    fn check(header: &str) -> Result<(), SignatureError> {
        verify(header, BODY, &secrets(&["whsec_test"]), NOW_S)
    }

    #[test]
    fn what_stripe_signed_is_taken() {
        let good = format!("t={NOW_S},v1={SIGNATURE}");
        assert_eq!(check(&good), Ok(()));
        assert_eq!(check(&good.to_uppercase().replace("T=", "t=").replace("V1", "v1")), Ok(()));
        assert_eq!(check(&format!("t={NOW_S}, v0=00, v1={SIGNATURE}, v2=x")), Ok(()));
    }

    #[test]
    fn any_signature_by_any_secret_counts() {
        let other = "0".repeat(64);
        let two = format!("t={NOW_S},v1={other},v1={SIGNATURE}");
        assert_eq!(check(&two), Ok(()));
        assert_eq!(verify(&two, BODY, &secrets(&["whsec_old", "whsec_test"]), NOW_S), Ok(()));
        assert_eq!(verify(&two, BODY, &secrets(&["whsec_old"]), NOW_S), Err(SignatureError::Forged));
        assert_eq!(verify(&two, BODY, &[], NOW_S), Err(SignatureError::Forged));
        let beside_nonsense = format!("t={NOW_S},v1=abcd,,v1={SIGNATURE},");
        assert_eq!(check(&beside_nonsense), Ok(()), "a good one is good beside any");
    }

    #[test]
    fn what_was_changed_is_forged() {
        let changed = SIGNATURE.replace('c', "d");
        for header in [
            format!("t={NOW_S},v1={changed}"),
            format!("t={},v1={SIGNATURE}", NOW_S + 1),
            format!("t=0{NOW_S},v1={SIGNATURE}"),
        ] {
            assert_eq!(check(&header), Err(SignatureError::Forged), "{header}");
        }
        let header = format!("t={NOW_S},v1={SIGNATURE}");
        let secrets = secrets(&["whsec_test"]);
        assert_eq!(verify(&header, b"{\"id\":\"evt_2\"}", &secrets, NOW_S), Err(SignatureError::Forged));
        assert_eq!(verify(&header, b"{\"id\":\"evt_1\"}\n", &secrets, NOW_S), Err(SignatureError::Forged));
    }

    #[test]
    fn what_is_old_or_from_the_future_is_stale() {
        let header = format!("t={NOW_S},v1={SIGNATURE}");
        let at = |now_s| verify(&header, BODY, &secrets(&["whsec_test"]), now_s);
        for now_s in [NOW_S - TOLERANCE_S, NOW_S + TOLERANCE_S] {
            assert_eq!(at(now_s), Ok(()));
        }
        for now_s in [NOW_S - TOLERANCE_S - 1, NOW_S + TOLERANCE_S + 1, 0, u64::MAX] {
            assert_eq!(at(now_s), Err(SignatureError::Stale));
        }
    }

    #[test]
    fn what_is_no_header_is_none() {
        let many = format!("t={NOW_S}{}", format!(",v1={SIGNATURE}").repeat(MAX_SIGNATURES + 1));
        for header in [
            "",
            "t",
            "t=1",
            &format!("v1={SIGNATURE}"),
            &format!("t=,v1={SIGNATURE}x"),
            &format!("t=-1,v1={SIGNATURE}"),
            &format!("t={NOW_S},t={NOW_S},v1={SIGNATURE}"),
            &format!("t={NOW_S},v1={}", &SIGNATURE[1..]),
            &format!("t={NOW_S},v1={}é", &SIGNATURE[2..]),
            &format!("t={NOW_S},v0={SIGNATURE}"),
            &many,
        ] {
            assert_eq!(check(header), Err(SignatureError::Malformed), "{header}");
        }
    }

    #[test]
    fn an_empty_time_signs_nothing_that_is_new() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"whsec_test");
        let tag = hmac::sign(&key, &[b".".as_slice(), BODY].concat());
        let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(check(&format!("t=,v1={hex}")), Err(SignatureError::Malformed));
    }
}
