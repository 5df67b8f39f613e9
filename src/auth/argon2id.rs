//! One Argon2id computation at a time, in memory that is kept between them.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use zeroize::Zeroizing;

use super::hasher::{HashError, Verified};
use super::random::{self, NoRandomness};

/// What every new hash costs: OWASP's first choice for Argon2id, about 20 ms on one core.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// As RFC 9106 recommends for password hashing.
const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;

/// No stored hash may ask for more: far above any cost this service ever set, far below what hurts it.
const STORED_MEMORY_MAX_KIB: u32 = 64 * 1024;

/// Hashes and verifies on the calling thread, which it keeps busy for tens of milliseconds.
pub(super) struct Argon2id {
    params: Params,
    /// Allocated at the first use, then reused: 19 MiB from the system each time would cost a tenth of the work.
    memory: Vec<Block>,
    /// Stands in for the hash of an account that does not exist. No password is known to match it, and a match
    /// would not count.
    absent: PasswordHash,
}

impl Argon2id {
    pub(super) fn new() -> Result<Self, NoRandomness> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES))
            .expect("the constants above are in range");
        let absent = phc(&params, &random::bytes::<SALT_BYTES>()?, &random::bytes::<OUTPUT_BYTES>()?);
        Ok(Self { params, memory: Vec::new(), absent })
    }

    /// The PHC string of `password` under a fresh salt and today's parameters.
    pub(super) fn hash(&mut self, password: &str) -> Result<String, HashError> {
        let salt = random::bytes::<SALT_BYTES>()?;
        let mut output = [0; OUTPUT_BYTES];
        let params = self.params.clone();
        self.compute(Algorithm::Argon2id, Version::V0x13, &params, password, &salt, &mut output)?;
        Ok(phc(&params, &salt, &output).to_string())
    }

    /// Checks `password` against a stored PHC string. Without one it does the same work, and says no.
    pub(super) fn verify(&mut self, password: &str, stored: Option<&str>) -> Result<Verified, HashError> {
        let expected = match stored {
            Some(stored) => PasswordHash::new(stored).map_err(|_| HashError::Unreadable)?,
            None => self.absent.clone(),
        };
        let matches = self.matches(password, &expected)?;
        Ok(Verified { ok: matches && stored.is_some(), needs_rehash: !self.is_current(&expected) })
    }

    fn matches(&mut self, password: &str, expected: &PasswordHash) -> Result<bool, HashError> {
        let unreadable = |_| HashError::Unreadable;
        let (Some(salt), Some(hash)) = (&expected.salt, &expected.hash) else {
            return Err(HashError::Unreadable);
        };
        let algorithm =
            Algorithm::try_from(expected.algorithm.as_str()).map_err(|_| HashError::Unreadable)?;
        let version = expected.version.map_or(Ok(Version::V0x10), Version::try_from).map_err(unreadable)?;
        let params = Params::try_from(expected).map_err(|_| HashError::Unreadable)?;
        if params.m_cost() > STORED_MEMORY_MAX_KIB {
            return Err(HashError::Unreadable);
        }
        let mut output = [0; Output::MAX_LENGTH];
        let output = &mut output[..hash.len()];
        self.compute(algorithm, version, &params, password, salt, output)?;
        // `Output` compares in constant time.
        Ok(Output::new(output).is_ok_and(|computed| computed == *hash))
    }

    fn compute(
        &mut self,
        algorithm: Algorithm,
        version: Version,
        params: &Params,
        password: &str,
        salt: &[u8],
        output: &mut [u8],
    ) -> Result<(), HashError> {
        let password = composed(password);
        self.memory.resize(params.block_count().max(self.params.block_count()), Block::default());
        let done = Argon2::new(algorithm, version, params.clone()).hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            output,
            &mut self.memory,
        );
        done.map_err(|_| HashError::Unreadable)
    }

    fn is_current(&self, stored: &PasswordHash) -> bool {
        let costs =
            |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost(), params.output_len());
        stored.algorithm == ARGON2ID_IDENT
            && stored.version == Some(Version::V0x13.into())
            && Params::try_from(stored).is_ok_and(|params| costs(&params) == costs(&self.params))
    }
}

/// The same password from two keyboards, one composing its accents and one not, is one password.
fn composed(password: &str) -> Zeroizing<String> {
    if is_nfc_quick(password.chars()) == IsNormalized::Yes {
        return Zeroizing::new(password.to_owned());
    }
    // NFC makes UTF-8 three times as long at most. A string that grows would leave parts of the password behind.
    let mut composed = Zeroizing::new(String::with_capacity(3 * password.len()));
    composed.extend(password.nfc());
    composed
}

fn phc(params: &Params, salt: &[u8; SALT_BYTES], output: &[u8; OUTPUT_BYTES]) -> PasswordHash {
    PasswordHash {
        algorithm: ARGON2ID_IDENT,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).expect("three numbers fit a parameter string"),
        salt: Some(Salt::new(salt).expect("16 bytes are a valid salt")),
        hash: Some(Output::new(output).expect("32 bytes are a valid output")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn argon2id() -> Argon2id {
        Argon2id::new().unwrap()
    }

    /// A valid PHC string of `password` at another, cheaper cost.
    fn stored_at(algorithm: Algorithm, version: Version, params: Params, password: &str) -> String {
        let mut output = [0; OUTPUT_BYTES];
        let salt = [7; SALT_BYTES];
        Argon2::new(algorithm, version, params.clone())
            .hash_password_into(password.as_bytes(), &salt, &mut output)
            .unwrap();
        let mut stored = phc(&params, &salt, &output);
        stored.algorithm = algorithm.ident();
        stored.version = Some(version.into());
        stored.to_string()
    }

    #[test]
    fn a_hash_names_the_required_parameters_and_has_its_own_salt() {
        let mut argon2id = argon2id();
        let (a, b) = (argon2id.hash("correct horse").unwrap(), argon2id.hash("correct horse").unwrap());
        assert!(a.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{a}");
        assert_ne!(a, b);
    }

    #[test]
    fn only_the_right_password_verifies_and_a_fresh_hash_needs_no_rehash() {
        let mut argon2id = argon2id();
        let stored = argon2id.hash("correct horse").unwrap();
        let right = argon2id.verify("correct horse", Some(&stored)).unwrap();
        let wrong = argon2id.verify("correct horsf", Some(&stored)).unwrap();
        assert_eq!(right, Verified { ok: true, needs_rehash: false });
        assert_eq!(wrong, Verified { ok: false, needs_rehash: false });
    }

    #[test]
    fn another_implementation_of_the_standard_agrees() {
        let stored = stored_at(Algorithm::Argon2id, Version::V0x13, Params::default(), "correct horse");
        let verified = argon2id().verify("correct horse", Some(&stored)).unwrap();
        assert_eq!(verified, Verified { ok: true, needs_rehash: false });
    }

    #[test]
    fn composition_of_accents_makes_no_difference() {
        let mut argon2id = argon2id();
        let stored = argon2id.hash("cafe\u{301} olé").unwrap();
        assert!(argon2id.verify("café ole\u{301}", Some(&stored)).unwrap().ok);
        assert!(!argon2id.verify("cafe ole", Some(&stored)).unwrap().ok);
    }

    #[test]
    fn other_parameters_verify_and_ask_for_a_rehash() {
        let mut argon2id = argon2id();
        let of = |m, t, p| Params::new(m, t, p, Some(OUTPUT_BYTES)).unwrap();
        for (algorithm, version, params) in [
            (Algorithm::Argon2id, Version::V0x13, of(4096, 2, 1)),
            (Algorithm::Argon2id, Version::V0x13, of(32_768, 2, 1)),
            (Algorithm::Argon2id, Version::V0x13, of(19_456, 1, 1)),
            (Algorithm::Argon2id, Version::V0x13, of(19_456, 2, 2)),
            (Algorithm::Argon2id, Version::V0x10, of(19_456, 2, 1)),
            (Algorithm::Argon2i, Version::V0x13, of(19_456, 2, 1)),
        ] {
            let stored = stored_at(algorithm, version, params, "correct horse");
            let right = argon2id.verify("correct horse", Some(&stored)).unwrap();
            assert_eq!(right, Verified { ok: true, needs_rehash: true }, "{stored}");
            assert!(!argon2id.verify("wrong horse", Some(&stored)).unwrap().ok, "{stored}");
        }
    }

    #[test]
    fn an_unknown_account_costs_as_much_as_a_known_one_and_never_matches() {
        let mut argon2id = argon2id();
        // The stand-in goes the way of any stored hash, so it must ask for exactly today's cost …
        let absent = argon2id.absent.clone();
        assert!(argon2id.is_current(&absent));
        assert!(absent.to_string().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        // … and even a password that hits it proves nothing.
        let hit = argon2id.hash("correct horse").unwrap();
        argon2id.absent = PasswordHash::new(&hit).unwrap();
        assert_eq!(argon2id.verify("correct horse", None), Ok(Verified { ok: false, needs_rehash: false }));
    }

    #[test]
    fn what_is_no_argon2_hash_is_reported() {
        let mut argon2id = argon2id();
        for stored in [
            "",
            "plain text",
            "$2b$12$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
            "$argon2id$v=19$m=19456,t=2,p=1",
            "$argon2id$v=18$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            assert_eq!(argon2id.verify("x", Some(stored)), Err(HashError::Unreadable), "{stored}");
        }
    }
}
