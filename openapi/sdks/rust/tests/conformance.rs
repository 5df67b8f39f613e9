//! What every client has to do: openapi/sdks/testing/cases.py.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use boxoffice_client::{Boxoffice, Error, Follow, Followed, Paged, ProblemError, RetryOptions, types};
use futures_util::{StreamExt, TryStreamExt};
use serde::Deserialize;
use serde_json::{Value, json};

use self::support::{Control, Tested};

#[derive(Deserialize)]
struct Case {
    name: String,
    call: String,
    #[serde(default)]
    retry: BTreeMap<String, u64>,
    after: Option<String>,
    take: Option<usize>,
    silence_ms: Option<u64>,
    key: Option<String>,
}

#[derive(Deserialize)]
struct Begun {
    urls: Vec<String>,
}

#[derive(Deserialize)]
struct Ended {
    faults: Vec<String>,
}

#[tokio::test]
async fn all_cases() -> Tested {
    let Some(control) = Control::of("BOXOFFICE_FAULTS") else { return Ok(()) };
    let cases: Vec<Case> = control.ask("/cases", &Value::Null).await?;
    assert!(cases.len() > 20);
    let mut faults = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let begun: Begun = control.ask(&format!("/begin?case={number}"), &Value::Null).await?;
        let client = client(&begun.urls, case)?;
        let outcome = outcome(&client, case).await?;
        let ended: Ended = control.ask(&format!("/end?case={number}"), &outcome).await?;
        println!("{}: {}", case.name, if ended.faults.is_empty() { "ok" } else { "NOT ok" });
        faults.extend(ended.faults.into_iter().map(|fault| format!("{}: {fault}", case.name)));
    }
    assert_eq!(faults, Vec::<String>::new());
    Ok(())
}

fn client(urls: &[String], case: &Case) -> Result<Boxoffice, Error> {
    let setting = |name: &str, default| case.retry.get(name).copied().unwrap_or(default);
    let retry = RetryOptions {
        max_attempts: setting("max_attempts", 10) as u32,
        total_time: Duration::from_millis(setting("total_time_ms", 60_000)),
        attempt_timeout: Duration::from_millis(setting("attempt_timeout_ms", 20_000)),
        first_pause: Duration::from_millis(20),
        ..RetryOptions::default()
    };
    let builder = urls.iter().fold(Boxoffice::builder(), |builder, url| builder.base_url(url));
    builder.token("token_1").retry(retry).build()
}

async fn outcome(client: &Boxoffice, case: &Case) -> Result<Value, Error> {
    match call(client, case).await {
        Ok(value) => Ok(json!({ "ok": value })),
        Err(Error::Unreachable(_)) => Ok(json!({ "unreachable": true })),
        Err(Error::Problem(problem)) => Ok(problem_of(&problem)),
        Err(error) => Err(error),
    }
}

fn problem_of(problem: &ProblemError) -> Value {
    let fields: BTreeSet<&str> = problem.errors.iter().filter_map(|fault| fault.field.as_deref()).collect();
    let errors: BTreeMap<&str, Vec<&str>> =
        fields.into_iter().map(|field| (field, problem.errors_of(field).collect())).collect();
    json!({ "problem": {
        "type": problem.problem_type,
        "status": problem.status,
        "retryAfter": problem.retry_after.map(|wait| wait.as_secs()),
        "errors": errors,
        "text": problem.to_string(),
    }})
}

async fn call(client: &Boxoffice, case: &Case) -> Result<Value, Error> {
    Ok(match case.call.as_str() {
        "create_order" => create_order(client, case.key.as_deref()).await?.into(),
        "create_order_twice" => json!([create_order(client, None).await?, create_order(client, None).await?]),
        "create_webhook" => {
            let webhook = types::WebhookInput::builder().url("https://shop.example/");
            client.create_webhook().body(webhook).send().await?.into_inner().id.into()
        }
        "get_ticket" => get_ticket(client).await?.into(),
        "get_ticket_4" => {
            let mut ids = Vec::new();
            for _ in 0..4 {
                ids.push(get_ticket(client).await?);
            }
            json!(ids)
        }
        "sign_up_and_look" => {
            let account = types::NewAccount::builder().email("ann@example.com").password("orange bicycle");
            client.sign_up().body(account).send().await?;
            get_ticket(client).await?.into()
        }
        "replace_ticket" => {
            let ticket = types::TicketInput::builder().title("New").price(1.0);
            client.replace_ticket().id("ticket_1").body(ticket).send().await?.into_inner().id.into()
        }
        "iter_tickets" => {
            let tickets = client.list_tickets().keyword("a b").limit(2_u64).stream();
            json!(tickets.map_ok(|ticket| ticket.id).try_collect::<Vec<_>>().await?)
        }
        "follow" => follow(client, case).await?,
        other => panic!("no client knows {other}"),
    })
}

async fn create_order(client: &Boxoffice, key: Option<&str>) -> Result<String, Error> {
    let request = client.create_order().body(types::OrderInput::builder().ticket_id("ticket_1"));
    let request = match key {
        Some(key) => request.idempotency_key(key),
        None => request,
    };
    Ok(request.send().await?.into_inner().id)
}

async fn get_ticket(client: &Boxoffice) -> Result<String, Error> {
    Ok(client.get_ticket().id("ticket_1").send().await?.into_inner().id)
}

async fn follow(client: &Boxoffice, case: &Case) -> Result<Value, Error> {
    let mut wanted = Follow { after: case.after.clone(), ..Follow::default() };
    if let Some(silence_ms) = case.silence_ms {
        wanted.silence = Duration::from_millis(silence_ms);
    }
    let followed = client.follow_events(wanted).take(case.take.unwrap_or(usize::MAX));
    let shown = followed.map_ok(|followed| match followed {
        Followed::Event(event) => event.id,
        Followed::Reset { oldest } => format!("reset {oldest}"),
        other => panic!("{other:?} is new"),
    });
    Ok(json!(shown.try_collect::<Vec<_>>().await?))
}
