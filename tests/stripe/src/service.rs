//! What happens to a request, from its key to its answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use hyper::Method;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::account::Account;
use crate::answer::Answer;
use crate::books::{Exchange, Journal};
use crate::clock::Clock;
use crate::contract::contract;
use crate::error::ApiError;
use crate::faults::{Fate, Fates, Fault};
use crate::held::Held;
use crate::idempotency::{Begun, Keys};
use crate::operation::Operation;
use crate::params::Params;
use crate::resources::{Asker, Call};
use crate::webhooks::Webhooks;
use crate::{Options, STRIPE_VERSION};

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    /// The key of `Authorization: Bearer …`.
    pub(crate) bearer: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) body: Bytes,
}

/// The stand-in's state, and what tests may see and do of it.
pub struct Service {
    secret_key: String,
    publishable_key: String,
    state: Mutex<State>,
    pub(crate) held: Held,
    pub(crate) clock: Clock,
    pub(crate) webhooks: Arc<Webhooks>,
}

/// What only one request changes at a time.
pub(crate) struct State {
    pub(crate) account: Account,
    keys: Keys,
    pub(crate) fates: Fates,
    pub(crate) journal: Journal,
}

/// A request that may be carried out.
struct Ready {
    operation: Operation,
    call: Call,
    fate: Fate,
    key: Option<String>,
}

/// What a request came to.
enum Came {
    /// Nothing was done, and this is the answer.
    Refused(ApiError),
    /// Likewise, and nothing is answered.
    Cut,
    Ready(Box<Ready>),
    /// It was done before.
    Again(Answer),
}

impl Service {
    pub(crate) fn new(options: Options, stopping: CancellationToken) -> Self {
        let Options { secret_key, publishable_key, seed, faults, webhooks, .. } = options;
        let clock = Clock::default();
        // Whoever draws for one purpose moves nothing for another.
        let [names, fates, deliveries] = [seed, seed.wrapping_add(1), seed.wrapping_add(2)];
        let state = State {
            account: Account::new(names),
            keys: Keys::default(),
            fates: Fates::new(fates, faults),
            journal: Journal::default(),
        };
        Self {
            secret_key,
            publishable_key,
            state: Mutex::new(state),
            held: Held::default(),
            webhooks: Arc::new(Webhooks::new(deliveries, webhooks, clock.clone(), stopping)),
            clock,
        }
    }

    /// A test that fails while it holds the state should not fail others.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request, or none where the connection is to be cut.
    pub(crate) async fn answer(&self, asked: Asked) -> Option<Answer> {
        let asker = match self.asker(&asked) {
            Ok(asker) => asker,
            Err(refused) => return Some(refused.into()),
        };
        let Some((operation, named)) = Operation::of(&asked.method, &asked.path) else {
            return Some(ApiError::unrecognized(asked.method.as_str(), &asked.path).into());
        };
        let fate = self.state().fates.draw(operation);
        if fate.fault == Some(Fault::HeldBefore) {
            self.held.wait().await;
        }
        let answer = match self.come(&asked, asker, operation, named.clone(), fate) {
            Came::Refused(refused) => Some(with_retry_after(refused.into(), fate)),
            Came::Cut => None,
            Came::Again(answer) => Some(Answer { is_replayed: true, ..answer }),
            Came::Ready(ready) => Some(self.carry_out(*ready).await),
        };
        self.note(&asked, operation, named, fate, answer.as_ref());
        if fate.fault == Some(Fault::HeldAfter) {
            self.held.wait().await;
        }
        tokio::time::sleep(fate.after).await;
        answer.filter(|_| fate.fault != Some(Fault::CutAfter))
    }

    /// Who asks, by their key.
    fn asker(&self, asked: &Asked) -> Result<Asker, ApiError> {
        let shown = asked.bearer.as_deref().unwrap_or_default();
        if shown == self.publishable_key {
            let is_for_browsers = Operation::of(&asked.method, &asked.path)
                .is_some_and(|(operation, _)| operation.is_for_browsers());
            return is_for_browsers.then_some(Asker::Browser).ok_or_else(|| {
                ApiError::unauthorized("This API call cannot be made with a publishable API key.")
                    .code("secret_key_required")
            });
        }
        if shown != self.secret_key {
            return Err(ApiError::unauthorized("Invalid API Key provided"));
        }
        if asked.version.as_deref() != Some(STRIPE_VERSION) {
            return Err(ApiError::invalid(format!("Stripe-Version must be {STRIPE_VERSION}")));
        }
        Ok(Asker::Server)
    }

    /// As far as a request comes before anything is done.
    fn come(&self, asked: &Asked, asker: Asker, operation: Operation, named: String, fate: Fate) -> Came {
        match fate.fault {
            Some(Fault::RateLimited) => return Came::Refused(ApiError::rate_limited()),
            Some(Fault::Unavailable) => return Came::Refused(ApiError::unavailable()),
            Some(Fault::CutBefore) => return Came::Cut,
            _ => {}
        }
        match self.begin(asked, asker, operation, named, fate) {
            Ok(came) => came,
            Err(refused) => Came::Refused(refused),
        }
    }

    fn begin(
        &self,
        asked: &Asked,
        asker: Asker,
        operation: Operation,
        named: String,
        fate: Fate,
    ) -> Result<Came, ApiError> {
        let params = params(asked)?;
        let sent = params.as_json();
        let breaches = contract().check_request(operation, &sent);
        self.state().journal.breached(breaches);
        let call = Call::parse(operation, named, params, asker)?;
        let key = asked.idempotency_key.clone().filter(|_| asked.method == Method::POST);
        if let Some(key) = &key {
            let request = format!("{} {sent}", asked.path);
            if let Begun::Again(answer) = self.state().keys.begin(key, request, self.clock.now_s())? {
                return Ok(Came::Again(answer));
            }
        }
        Ok(Came::Ready(Box::new(Ready { operation, call, fate, key })))
    }

    async fn carry_out(&self, ready: Ready) -> Answer {
        let Ready { operation, call, fate, key } = ready;
        tokio::time::sleep(fate.before).await;
        let (answer, untold) = {
            let mut state = self.state();
            let State { account, keys, .. } = &mut *state;
            account.now_s = self.clock.now_s();
            let answer: Answer = match fate.fault {
                Some(Fault::ErrorBefore) => ApiError::internal().into(),
                Some(Fault::ErrorAfter) => {
                    // Whatever came of it, this is what they hear.
                    let _ = call.execute(account);
                    ApiError::internal().into()
                }
                _ => call.execute(account).into(),
            };
            if let Some(key) = &key {
                keys.end(key, answer.clone());
            }
            (answer, std::mem::take(&mut account.untold))
        };
        let breaches = contract().check_answer(operation, answer.status, &answer.body);
        self.state().journal.breached(breaches);
        self.tell(untold);
        answer
    }

    pub(crate) fn tell(&self, events: Vec<crate::account::Event>) {
        for event in events {
            let breaches = contract().check_event(&event.body);
            self.state().journal.breached(breaches);
            self.webhooks.tell(&event);
        }
    }

    fn note(&self, asked: &Asked, operation: Operation, named: String, fate: Fate, answer: Option<&Answer>) {
        self.state().journal.add(Exchange {
            operation,
            named,
            key: asked.idempotency_key.clone(),
            status: answer.map_or(0, |answer| answer.status),
            is_replayed: answer.is_some_and(|answer| answer.is_replayed),
            fault: fate.fault,
        });
    }
}

fn with_retry_after(answer: Answer, fate: Fate) -> Answer {
    let says_when = matches!(fate.fault, Some(Fault::RateLimited | Fault::Unavailable));
    Answer { retry_after_s: says_when.then_some(fate.retry_after_s), ..answer }
}

/// The parameters of a request: in the body of a POST, in the address of a GET, and nowhere else.
fn params(asked: &Asked) -> Result<Params, ApiError> {
    let is_post = asked.method == Method::POST;
    let is_form = asked.content_type.as_deref() == Some("application/x-www-form-urlencoded");
    if is_post && !asked.body.is_empty() && !is_form {
        return Err(ApiError::invalid("Send a form: application/x-www-form-urlencoded."));
    }
    if is_post && !asked.query.is_empty() {
        return Err(ApiError::invalid("Query string parameters should not be used on a POST request."));
    }
    if !is_post && !asked.body.is_empty() {
        return Err(ApiError::invalid("Request bodies are not supported for GET requests."));
    }
    Params::parse(if is_post { &asked.body } else { asked.query.as_bytes() })
}

/// The JSON that a control call brings.
pub(crate) fn json(body: &[u8]) -> Result<Value, ApiError> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| ApiError::invalid(error.to_string()))
}
