//! What others make of it: Stripe's official library for Python, and another stand-in. `scripts/stripe-second-opinion`
//! installs both and runs these.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use boxoffice::auth::Secret;
use boxoffice::gateway::stripe::Stripe;
use boxoffice::gateway::stripe::event::hint;
use boxoffice::gateway::stripe::signature::{SignatureError, verify};
use boxoffice::gateway::{Gateway, IntentState, RefundState, Source};
use boxoffice::settings::StripeAccount;
use boxoffice_stripe_fake::signature_header;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};

use super::support::{Attempt, CLUSTER, Pair, account, until};
use super::webhooks::{now_s, receiver};

/// Where the Python is that has both.
const PYTHON: &str = "BOXOFFICE_STRIPE_PYTHON";

/// One of the programs in `tests/stripe/second_opinion`.
fn program(name: &str) -> Command {
    let python = std::env::var(PYTHON).unwrap_or_else(|_| panic!("{PYTHON} is set by the script"));
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stripe/second_opinion");
    let mut command = Command::new(python);
    command.arg("-B").arg(folder.join(name)).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// A program that is talked with line by line; it ends with the test.
struct Talk {
    _child: Child,
    stdin: Option<ChildStdin>,
    lines: BufReader<ChildStdout>,
}

impl Talk {
    fn with(name: &str) -> Self {
        let mut command = tokio::process::Command::from(program(name));
        let mut child = command.stdin(Stdio::piped()).kill_on_drop(true).spawn().expect("Python starts");
        let stdin = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().expect("it is piped"));
        Self { _child: child, stdin, lines }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).await.expect("it is UTF-8");
        line.trim_end().to_owned()
    }

    async fn ask(&mut self, question: Value) -> String {
        let stdin = self.stdin.as_mut().expect("it is piped");
        stdin.write_all(format!("{question}\n").as_bytes()).await.expect("it listens");
        self.line().await
    }
}

#[tokio::test]
#[ignore = "needs Python libraries: scripts/stripe-second-opinion"]
async fn signatures_of_the_official_library_are_taken_and_ours_by_it() {
    let mut official = Talk::with("signatures.py");
    let now_s = now_s();
    let ours = |secret: &str| [Secret::new("whsec_other".to_owned()), Secret::new(secret.to_owned())];
    for body in ["{}", "", "{\"id\": \"evt_1\",\n  \"name\": \"Zoë 🎟\"}\n", &"x".repeat(100_000)] {
        for secret in ["whsec_standin", "whsec_d/o+g="] {
            let signed = json!({ "do": "sign", "secret": secret, "timestamp": now_s, "body": body });
            let header = official.ask(signed).await;
            assert_eq!(verify(&header, body.as_bytes(), &ours(secret), now_s), Ok(()));
            let stale = verify(&header, body.as_bytes(), &ours(secret), now_s + 301);
            assert_eq!(stale, Err(SignatureError::Stale));
            let forged = verify(&header, body.as_bytes(), &ours("whsec_standing"), now_s);
            assert_eq!(forged, Err(SignatureError::Forged));

            let header = signature_header(&["whsec_other", secret], now_s, body.as_bytes());
            let check =
                |secret: &str| json!({ "do": "check", "secret": secret, "header": header, "body": body });
            assert_eq!(official.ask(check(secret)).await, "ok");
            assert_eq!(official.ask(check("whsec_standing")).await, "refused");
        }
    }
}

#[tokio::test]
#[ignore = "needs Python libraries: scripts/stripe-second-opinion"]
async fn the_official_library_understands_the_stand_in() {
    let pair = Pair::start().await;
    let mut client = tokio::process::Command::from(program("official_client.py"));
    let status = client.arg(pair.fake.url()).kill_on_drop(true).status().await.expect("Python starts");
    assert!(status.success(), "it says why above");
    let books = pair.fake.books();
    assert_eq!((books.charges.len(), books.refunds.len(), books.balance()), (1, 2, 0));
    let unknown = pair.fake.violations();
    assert!(unknown.iter().all(|violation| violation.contains("colour")), "{unknown:?}");
}

#[tokio::test]
#[ignore = "needs Python libraries: scripts/stripe-second-opinion"]
async fn another_stand_in_understands_us() {
    let pair = Pair::start().await;
    let mut localstripe = Talk::with("localstripe_here.py");
    let url = localstripe.line().await;
    let (hooks, came) = receiver(0).await;
    let http = reqwest::Client::new();
    let form = |path: &str, form: String| {
        let request = http.post(format!("{url}{path}")).bearer_auth("sk_test_standin");
        request.header("content-type", "application/x-www-form-urlencoded").body(form).send()
    };
    let registered = form("/_config/webhooks/w1", format!("url={hooks}&secret=whsec_standin")).await.unwrap();
    assert!(registered.status().is_success());
    let account = StripeAccount { api_base: url.parse().unwrap(), ..account(&pair.fake) };
    let stripe = Stripe::with_timeout(&account, CLUSTER.to_owned(), Duration::from_secs(30)).unwrap();

    let pair = Pair { stripe, ..pair };
    let prepared = async |method: &str| {
        let attempt = Attempt::of(Source::Method(method.to_owned()));
        let intent = pair.prepare(&attempt).await.expect("an intent").intent;
        Attempt { intent, ..attempt }
    };
    let paid = prepared("pm_card_visa").await;
    assert_eq!(pair.read(&paid).await, IntentState::Unconfirmed);
    assert!(matches!(pair.confirm(&paid).await, Ok(IntentState::Succeeded { .. })));
    assert!(matches!(pair.read(&paid).await, IntentState::Succeeded { .. }));
    let secret = pair.stripe.browser_secret(&paid.intent).await.unwrap();
    assert!(secret.expose().starts_with(&paid.intent));
    let refund = pair.stripe.refund(&paid.refund("r1", Some(1_000))).await.unwrap();
    assert_eq!(refund.state, RefundState::Succeeded);
    // It ignores keys: the refund is found by its name.
    assert_eq!(pair.stripe.refund(&paid.refund("r1", Some(1_000))).await, Ok(refund));

    let declined = prepared("pm_card_chargeCustomerFail").await;
    assert!(pair.confirm(&declined).await.is_err(), "its errors have no intent in them");
    let state = pair.read(&declined).await;
    assert_eq!(state, IntentState::Declined { code: "card_declined".to_owned() });
    let cancelled = pair.stripe.cancel(&declined.intent).await;
    assert_eq!(cancelled, Ok(IntentState::Canceled { code: Some("card_declined".to_owned()) }));
    let unconfirmed = prepared("pm_card_visa").await;
    assert_eq!(pair.stripe.cancel(&unconfirmed.intent).await, Ok(IntentState::Canceled { code: None }));

    until("webhooks come", async || came.lock().unwrap().len() >= 2).await;
    for (header, body) in came.lock().unwrap().iter() {
        assert_eq!(verify(header, body, &account.webhook_secrets, now_s()), Ok(()));
        hint(body).expect("it is an event");
    }
    let intents: Vec<String> = {
        let came = came.lock().unwrap();
        came.iter().filter_map(|(_, body)| Some(hint(body).ok()??.intent)).collect()
    };
    assert!(intents.contains(&paid.intent), "{intents:?}");
}
