//! `Idempotency-Key`: a client's name for one intent, so that asking twice does it once.
//!
//! The state machine remembers what each key stands for and was answered; in here is only who is asking
//! right now, for the answer "under way".

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex, PoisonError};

use poem::http::HeaderValue;
use poem_openapi::registry::MetaSchema;
use prost::Message;
use ring::digest;

use crate::domain::{Answer, Asker, Command, Idempotency, Principal, Rejection};
use crate::http::header::FromLines;
use crate::http::{Fault, IDEMPOTENT_REPLAYED, Problem, ProblemType};
use crate::service::Service;

/// Characters of a key.
const MAX_KEY_CHARS: usize = 255;

/// How long an answer is remembered.
const REMEMBERED_FOR_MS: u64 = 24 * 60 * 60 * 1_000;

/// What the header says: the key without its quotes.
#[derive(Debug, PartialEq)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

/// Keys whose first request is under way on this replica, with its fingerprint.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay(Arc<Mutex<BTreeMap<Name, Vec<u8>>>>);

/// A key, and whose it is.
type Name = (Principal, String);

/// One request, with its key if it has one; the key counts as under way until this is dropped.
#[derive(Debug)]
pub(super) struct Intent {
    asker: Asker,
    idempotency: Option<Idempotency>,
    entered: Option<(UnderWay, Name)>,
}

impl Drop for Intent {
    fn drop(&mut self) {
        if let Some((under_way, name)) = self.entered.take() {
            under_way.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&name);
        }
    }
}

impl UnderWay {
    /// Enters a request. `operation` is its method and path, `meaning` what its body says.
    ///
    /// # Errors
    /// When the key's first request is under way, or the key is that of another request.
    pub(super) fn enter(
        &self,
        asker: impl Into<Asker>,
        IdempotencyKey(key): IdempotencyKey,
        operation: &str,
        meaning: &impl Message,
    ) -> Result<Intent, Problem> {
        let asker = asker.into();
        let Some((caller, key)) = asker.principal().zip(key) else {
            return Ok(Intent { asker, idempotency: None, entered: None });
        };
        let fingerprint = fingerprint(operation, meaning);
        let name = (caller, key.clone());
        match self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(name.clone()) {
            Entry::Vacant(vacant) => vacant.insert(fingerprint.clone()),
            Entry::Occupied(first) if *first.get() == fingerprint => {
                return Err(ProblemType::KeyInProgress.into());
            }
            Entry::Occupied(_) => return Err(ProblemType::IdempotencyKeyReused.into()),
        };
        let idempotency = Idempotency { key, fingerprint, ttl_ms: REMEMBERED_FOR_MS };
        Ok(Intent { asker, idempotency: Some(idempotency), entered: Some((self.clone(), name)) })
    }
}

impl Intent {
    /// Whether its answer is one that was given before, by the state as it is here.
    pub(super) fn is_remembered(&self, service: &Service) -> Result<bool, Problem> {
        let Some((_, (caller, key))) = &self.entered else { return Ok(false) };
        let remembered = service.replica.view()?.remembered_key(*caller, key)?;
        Ok(remembered.is_some_and(|remembered| service.replica.now_ms() < remembered.expires_at_ms))
    }

    /// Has the asker's command applied under the key; also says whether the answer was given before.
    pub(super) async fn submit(
        &self,
        service: &Service,
        command: Command,
    ) -> Result<(Answer, bool), Problem> {
        self.try_submit(service, command)
            .await?
            .map_err(|(rejection, replayed)| mark_replayed(rejection.into(), replayed))
    }

    /// The same, for whoever can do something about a rejection; also says whether that was given before.
    pub(super) async fn try_submit(
        &self,
        service: &Service,
        command: Command,
    ) -> Result<Result<(Answer, bool), (Rejection, bool)>, Problem> {
        let submitted = service.replica.submit(self.asker, self.idempotency.clone(), command).await?;
        let replayed = submitted.replayed;
        Ok(submitted.result.map(|answer| (answer, replayed)).map_err(|rejection| (rejection, replayed)))
    }
}

/// Says on a refusal that it was given before to the same key.
pub(super) fn mark_replayed(problem: Problem, replayed: bool) -> Problem {
    match replayed {
        true => problem.header(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true")),
        false => problem,
    }
}

impl IdempotencyKey {
    /// The key that a page's form came with.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn of_field(field: Option<&str>) -> Result<Self, Problem> {
        let invalid = |says| Problem::new(ProblemType::InvalidInput).fault(Fault::of("idempotencyKey", says));
        field.map(parse).transpose().map(Self).map_err(invalid)
    }
}

impl FromLines for IdempotencyKey {
    fn schema() -> MetaSchema {
        MetaSchema {
            description: Some("Printable ASCII, bare or in double quotes, which do not count"),
            min_length: Some(1),
            max_length: Some(MAX_KEY_CHARS),
            pattern: Some(r#"^([!#-~]([ !#-~]*[!#-~])?|"[ !#-~]+")$"#.to_owned()),
            ..MetaSchema::new("string")
        }
    }

    fn from_lines(lines: &[&str]) -> Result<Self, String> {
        match lines {
            [] => Ok(Self(None)),
            [line] => parse(line).map(|key| Self(Some(key))),
            _ => Err("must be given only once".to_owned()),
        }
    }
}

/// A key is printable ASCII, bare or as a quoted string (as the header's draft standard has it).
fn parse(line: &str) -> Result<String, String> {
    let key = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(line);
    let fits = (1..=MAX_KEY_CHARS).contains(&key.len())
        && key.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ');
    match fits && !key.contains('"') {
        true => Ok(key.to_owned()),
        false => Err("must have 1 to 255 printable ASCII characters".to_owned()),
    }
}

fn fingerprint(operation: &str, meaning: &impl Message) -> Vec<u8> {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(operation.as_bytes());
    context.update(&[0]);
    context.update(&meaning.encode_to_vec());
    context.finish().as_ref().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Actor, OperatorKeyId, SessionId, TicketId, UserId};

    fn user(byte: u8) -> Asker {
        Asker::User(Actor { user: UserId::from_bytes([byte; 16]), session: SessionId::default() })
    }

    fn key(key: &str) -> IdempotencyKey {
        IdempotencyKey(Some(key.to_owned()))
    }

    #[test]
    fn there_is_one_key_or_none() {
        assert_eq!(IdempotencyKey::from_lines(&[]), Ok(IdempotencyKey(None)));
        assert_eq!(IdempotencyKey::from_lines(&["\"a\""]), Ok(key("a")));
        assert!(IdempotencyKey::from_lines(&["a", "a"]).is_err());
    }

    #[test]
    fn keys_are_bare_or_quoted() {
        assert_eq!(parse("abc"), Ok("abc".into()));
        assert_eq!(parse("\"abc\""), Ok("abc".into()));
        assert_eq!(parse(&"x".repeat(255)), Ok("x".repeat(255)));
        for bad in ["", "\"\"", "a\"b", "\"", "\"a", "a\tb", "ä", &"x".repeat(256)] {
            assert!(parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_key_is_under_way_until_its_request_ends() -> Result<(), Problem> {
        let under_way = UnderWay::default();
        let meaning = TicketId::default();
        let (ann, bob) = (user(1), Asker::Key(OperatorKeyId::from_bytes([2; 16])));
        let first = under_way.enter(ann, key("k"), "POST /x", &meaning)?;
        let again = under_way.enter(ann, key("k"), "POST /x", &meaning);
        assert_eq!(again.map_err(|problem| problem.kind()).err(), Some(ProblemType::KeyInProgress));
        let other = under_way.enter(ann, key("k"), "POST /y", &meaning);
        assert_eq!(other.map_err(|problem| problem.kind()).err(), Some(ProblemType::IdempotencyKeyReused));
        under_way.enter(bob, key("k"), "POST /x", &meaning)?;
        drop(first);
        under_way.enter(ann, key("k"), "POST /x", &meaning)?;
        Ok(())
    }

    #[test]
    fn fingerprints_tell_operations_and_bodies_apart() {
        let (one, two) = (TicketId::from_bytes([1; 16]), TicketId::from_bytes([2; 16]));
        assert_eq!(fingerprint("POST /a", &one), fingerprint("POST /a", &one));
        assert_ne!(fingerprint("POST /a", &one), fingerprint("POST /b", &one));
        assert_ne!(fingerprint("POST /a", &one), fingerprint("POST /a", &two));
    }
}
