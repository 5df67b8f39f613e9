//! Reads on a replica that is behind: it gets there while they wait, or they are told so.
//!
//! To be behind is all in what a client brings along: here it knows of entries before they are in the log.

use std::pin::pin;

use boxoffice::api::{self, Shared};
use boxoffice::auth::Claims;
use boxoffice::domain::Actor;
use boxoffice::http::throttle::Throttle;
use boxoffice::http::{AnswerHeaders, Problem, ProblemType};
use boxoffice::replica::ConsistencyToken;
use futures_util::FutureExt;
use poem::{Endpoint, Request};

use crate::house::House;

const LIST: &str = "/api/tickets";
const OWN: &str = "/api/orders";
const WHO_AM_I: &str = "/api/users/currentuser";

/// A house, and what its listener would serve.
async fn open() -> (House, impl Endpoint<Output = poem::Response>) {
    let house = House::new().await;
    let endpoint = api::routes(&Shared::new(house.service.clone(), Throttle::new(0)));
    (house, poem::EndpointExt::map_to_response(endpoint))
}

fn get(path: &'static str, headers: &[(&str, &str)]) -> Request {
    let builder = Request::builder().uri_str(path);
    headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, *value)).finish()
}

/// The token for so many entries more than there are.
fn ahead(house: &House, entries: u64) -> String {
    let index = house.log_index() + entries;
    ConsistencyToken { epoch: house.service.replica.epoch(), index }.to_string()
}

/// The bearer token of somebody whose session begins with the next entry.
fn next_session(house: &House, actor: Actor, epoch: Option<String>) -> String {
    let now_s = house.service.replica.now_ms() / 1_000;
    let claims = Claims {
        sub: actor.user.to_string(),
        sid: actor.session.to_string(),
        iat: now_s,
        exp: now_s + 1_000,
        idx: house.log_index() + 1,
        epoch,
    };
    format!("Bearer {}", house.service.tokens.issue(&claims))
}

fn problem(answer: poem::Result<poem::Response>) -> ProblemType {
    answer.expect_err("a refusal").downcast::<Problem>().expect("a problem").kind()
}

#[tokio::test(start_paused = true)]
async fn a_read_waits_for_what_its_token_names_and_says_how_far_it_went() {
    let (mut house, endpoint) = open().await;
    let token = ahead(&house, 1);
    let mut read = pin!(endpoint.call(get(LIST, &[("consistency-token", &token)])));
    assert!(read.as_mut().now_or_never().is_none(), "it waits");
    house.sign_up().await;
    let answer = read.await.expect("answered");
    assert_eq!(answer.header("consistency-token"), Some(token.as_str()));
    let local = [("consistency-token", &*ahead(&house, 1)), ("consistency", "local")];
    let local = endpoint.call(get(LIST, &local)).now_or_never().expect("it never waits");
    assert_eq!(local.expect("answered").header("consistency-age-ms"), Some("0"));
}

#[tokio::test(start_paused = true)]
async fn a_read_that_waits_in_vain_is_told_so_with_its_token() {
    let (house, endpoint) = open().await;
    let token = ahead(&house, 1);
    let error = endpoint.call(get(LIST, &[("consistency-token", &token)])).await.expect_err("in vain");
    let AnswerHeaders(headers) = error.data().expect("headers for the answer");
    assert_eq!(headers["consistency-token"], token);
    assert_eq!(problem(Err(error)), ProblemType::ReplicaBehind);
}

#[tokio::test(start_paused = true)]
async fn a_session_holds_where_it_is_not_known_yet() {
    let (mut house, endpoint) = open().await;
    let epoch = house.service.replica.epoch().to_string();
    for epoch in [Some(epoch), None] {
        let bearer = next_session(&house, house.next_to_sign_up(), epoch);
        let signed = [("authorization", &*bearer)];
        let mut read = pin!(endpoint.call(get(OWN, &signed)));
        assert!(read.as_mut().now_or_never().is_none(), "it waits for the session");
        let local = [("authorization", &*bearer), ("consistency", "local")];
        for path in [OWN, WHO_AM_I] {
            let answer = endpoint.call(get(path, &local)).now_or_never().expect("it never waits");
            assert_eq!(problem(answer), ProblemType::ReplicaBehind, "and takes nobody for a stranger");
        }
        house.sign_up().await;
        assert_eq!(read.await.expect("signed in").status(), 200);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_does_not_come_is_no_stranger_but_one_of_another_epoch_is() {
    let (house, endpoint) = open().await;
    let somebody = house.next_to_sign_up();
    let bearer = next_session(&house, somebody, Some(house.service.replica.epoch().to_string()));
    let answer = endpoint.call(get(OWN, &[("authorization", &bearer)])).await;
    assert_eq!(problem(answer), ProblemType::ReplicaBehind);
    let bearer = next_session(&house, somebody, Some("0123456789abcdef".into()));
    let answer = endpoint.call(get(OWN, &[("authorization", &bearer)])).now_or_never();
    assert_eq!(problem(answer.expect("there is nothing to wait for")), ProblemType::NotSignedIn);
}
