//! A service whose cluster is at the first feature level: what came later is refused, and nothing happens.

use boxoffice::admin::{self, NewKeyRequest};
use boxoffice::domain::{
    Asker, Command, CreateOperatorKey, OperatorKeyId, OrderStatus, Pay, PaymentStatus, RecordAction,
    RecordIntent, RevokeOperatorKey, SettleCharge, SignUp, Upkeep,
};
use boxoffice::replica::Unavailable;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, Request};

use crate::gateway::WORKS;
use crate::house::House;

#[tokio::test(start_paused = true)]
async fn operators_keys_wait_until_all_replicas_know_them() {
    let house = House::at_level(1).await;
    let index = house.log_index();
    let key = OperatorKeyId::default();
    let asked = [
        (Asker::Nobody, Command::CreateOperatorKey(CreateOperatorKey::default())),
        (Asker::Nobody, Command::RevokeOperatorKey(RevokeOperatorKey { key })),
        // An older replica would take it for the service's own, and do it.
        (Asker::Key(key), Command::Upkeep(Upkeep { at_most: 1 })),
        (Asker::Key(key), Command::SignUp(SignUp::default())),
    ];
    for (asker, command) in asked {
        let refused = house.service.replica.submit(asker, None, command).await;
        assert!(
            matches!(refused, Err(Unavailable::NotYetSupported { needs: 2, level: 1 })),
            "{asker:?}: {refused:?}"
        );
    }
    let label = "Support desk".to_owned();
    let wanted = NewKeyRequest { label, scopes: vec!["keys".to_owned()], ttl_ms: None };
    let request = Request::builder()
        .method(Method::POST)
        .uri_str(admin::OPERATOR_KEYS)
        .header(header::CONTENT_TYPE, "application/json")
        .body(serde_json::to_string(&wanted).expect("JSON"));
    let refused = admin::routes(house.service.clone()).call(request).await;
    let refused = refused.err().expect("refused");
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.to_string().contains("not until all replicas run this version"), "{refused}");
    assert_eq!(house.log_index(), index, "nothing came into the log");
}

#[tokio::test(start_paused = true)]
async fn the_sandbox_charges_at_the_first_level_and_no_other_gateway_does() {
    let mut house = House::at_level(1).await;
    let buyer = house.sign_up().await;
    let index = house.log_index();
    let (intent, gateway) = ("intent".to_owned(), "other".to_owned());
    for command in [
        Command::Pay(Pay { gateway, ..Pay::default() }),
        Command::Pay(Pay { in_browser: true, ..Pay::default() }),
        Command::RecordIntent(RecordIntent::default()),
        Command::RecordAction(RecordAction::default()),
        Command::SettleCharge(SettleCharge { intent, ..SettleCharge::default() }),
    ] {
        let refused = house.service.replica.submit(Asker::Nobody, None, command).await;
        assert!(matches!(refused, Err(Unavailable::NotYetSupported { needs: 2, level: 1 })), "{refused:?}");
    }
    assert_eq!(house.log_index(), index, "nothing came into the log");
    let payment = house.charge_due(buyer, WORKS).await;
    house.begin_work();
    house.until(payment, PaymentStatus::Succeeded).await;
    let paid = house.payment(payment);
    assert_eq!(house.order_status(paid.order), OrderStatus::Complete);
    assert_eq!((paid.version, paid.intent.as_str()), (1, ""), "as an older replica does it");
}
