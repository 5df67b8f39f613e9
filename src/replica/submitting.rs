//! Having a command applied, once, within a time: proposing it again whenever it is not known to be.

use std::time::Duration;

use boxoffice_raft::{Applied, ProposeError};
use bytes::Bytes;
use tokio::time::Instant;

use super::{Submitted, Unavailable};
use crate::domain::wire;
use crate::domain::{Envelope, ProposalId, RejectionCode};

/// Between two proposals of the same command.
const SUBMIT_PAUSE: Duration = Duration::from_millis(50);

/// How many proposals a command may become whose time was over when they came to be applied. The first one was
/// timed by a clock that was wrong, and has told the time since; the rest is for a leader that changes just then.
const MAX_PROPOSALS: u32 = 3;

/// What a proposal came to.
struct Proposed {
    submitted: Submitted,
    /// Whether every earlier attempt at the same proposal certainly came to nothing.
    is_the_only_one: bool,
}

/// Has the command of this envelope applied. It is proposed by `propose`, each time as a new `proposal`.
///
/// A replica that has heard no live leader yet estimates the replicated clock from what it found in its log, and so
/// gives its first proposal an expiry that may be over already. Its refusal brings the time along, and a new
/// proposal does what was wanted.
pub(super) async fn submit<F>(
    mut envelope: Envelope,
    proposal: impl Fn() -> ProposalId,
    propose: impl Fn(Bytes) -> F,
    deadline: Instant,
) -> Result<Submitted, Unavailable>
where
    F: Future<Output = Result<Applied, ProposeError>>,
{
    let mut proposals = 0;
    loop {
        envelope.proposal = proposal();
        proposals += 1;
        let Proposed { submitted, is_the_only_one } = submit_as_is(&envelope, &propose, deadline).await?;
        let is_expired = submitted
            .result
            .as_ref()
            .is_err_and(|rejection| rejection.code() == RejectionCode::RequestExpired);
        // Never after an outcome that is unknown: `apply` looks at the expiry before it looks at what it remembers,
        // so this refusal does not say that an earlier attempt did nothing. Another proposal could do it twice.
        if !is_expired || !is_the_only_one || proposals == MAX_PROPOSALS {
            return Ok(submitted);
        }
    }
}

/// Proposes the same bytes until they are applied: the state machine remembers the proposal, so that however often it
/// is sent it applies once.
async fn submit_as_is<F>(
    envelope: &Envelope,
    propose: impl Fn(Bytes) -> F,
    deadline: Instant,
) -> Result<Proposed, Unavailable>
where
    F: Future<Output = Result<Applied, ProposeError>>,
{
    let bytes = Bytes::from(wire::encode_envelope(envelope));
    let mut is_the_only_one = true;
    loop {
        let error = match tokio::time::timeout_at(deadline, propose(bytes.clone())).await {
            Ok(Ok(applied)) => {
                return Ok(Proposed { submitted: submitted(&applied)?, is_the_only_one });
            }
            Ok(Err(error @ (ProposeError::Stopped | ProposeError::TooLarge(_)))) => return Err(error.into()),
            Ok(Err(error)) => error,
            Err(_) => return Err(Unavailable::TimedOut),
        };
        is_the_only_one &= matches!(error, ProposeError::NotLeader { .. } | ProposeError::NotAppended(_));
        if Instant::now() + SUBMIT_PAUSE >= deadline {
            return Err(error.into());
        }
        tokio::time::sleep(SUBMIT_PAUSE).await;
    }
}

fn submitted(applied: &Applied) -> Result<Submitted, Unavailable> {
    super::shown::note_written(applied.index);
    let reply = wire::decode_reply(&applied.reply)?;
    Ok(Submitted { index: applied.index, replayed: reply.replayed, result: reply.into_result() })
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;
    use crate::domain::{Answer, Command, Rejection, Reply, Upkeep};

    /// What the engine says to one attempt after the other, and the last one again and again.
    type Script = &'static [Says];

    #[derive(Clone, Copy)]
    enum Says {
        Done,
        Expired,
        NotAppended,
        NotLeader,
        Unknown,
    }

    impl Says {
        fn outcome(self) -> Result<Applied, ProposeError> {
            let result = match self {
                Self::Done => Ok(Answer::Done(())),
                Self::Expired => Err(Rejection::from(RejectionCode::RequestExpired)),
                Self::NotAppended => return Err(ProposeError::NotAppended("as it was told")),
                Self::NotLeader => return Err(ProposeError::NotLeader { leader: None }),
                Self::Unknown => return Err(ProposeError::Unknown),
            };
            Ok(Applied { index: 7, reply: wire::encode_reply(&Reply::from(result)).into() })
        }
    }

    /// Submits a command to an engine that says this; returns what came of it, and the proposal of each attempt.
    async fn submitted_to(script: Script) -> (Result<Submitted, Unavailable>, Vec<u64>) {
        let envelope =
            Envelope { command: Some(Command::Upkeep(Upkeep { at_most: 1 })), ..Envelope::default() };
        let (proposals, attempts) = (Cell::new(0), RefCell::new(Vec::new()));
        let proposal = || {
            proposals.set(proposals.get() + 1);
            ProposalId { expires_ms: 1, random: proposals.get() }
        };
        let propose = |bytes: Bytes| {
            let envelope = wire::decode_envelope(&bytes).expect("encoded above");
            let mut attempts = attempts.borrow_mut();
            let says = script[attempts.len().min(script.len() - 1)];
            attempts.push(envelope.proposal.random);
            async move { says.outcome() }
        };
        let deadline = Instant::now() + Duration::from_secs(5);
        let result = submit(envelope, proposal, propose, deadline).await;
        (result, attempts.into_inner())
    }

    fn is_expired(result: &Result<Submitted, Unavailable>) -> bool {
        let rejection = result.as_ref().ok().and_then(|submitted| submitted.result.as_ref().err());
        rejection.is_some_and(|rejection| rejection.code() == RejectionCode::RequestExpired)
    }

    #[tokio::test(start_paused = true)]
    async fn what_expired_at_its_first_attempt_is_proposed_anew() {
        use Says::{Done, Expired, NotAppended, NotLeader};
        for (script, attempts) in [
            (&[Done][..], &[1][..]),
            (&[Expired, Done], &[1, 2]),
            (&[NotAppended, NotLeader, Expired, Done], &[1, 1, 1, 2]),
            (&[Expired, NotLeader, Expired, Done], &[1, 2, 2, 3]),
        ] {
            let (result, made) = submitted_to(script).await;
            assert!(result.is_ok_and(|submitted| submitted.result == Ok(Answer::Done(()))), "{attempts:?}");
            assert_eq!(made, attempts);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_keeps_expiring_is_given_up() {
        let (result, attempts) = submitted_to(&[Says::Expired]).await;
        assert!(is_expired(&result), "{result:?}");
        assert_eq!(attempts, [1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_happened_is_never_proposed_anew() {
        use Says::{Done, Expired, NotAppended, Unknown};
        let (result, attempts) = submitted_to(&[Unknown, NotAppended, Expired, Done]).await;
        assert!(is_expired(&result), "{result:?}");
        assert_eq!(attempts, [1, 1, 1]);
        let (result, attempts) = submitted_to(&[Expired, Unknown, Expired, Done]).await;
        assert!(is_expired(&result), "{result:?}");
        assert_eq!(attempts, [1, 2, 2]);
    }
}
