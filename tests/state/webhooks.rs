//! Endpoints of webhooks: whose they are, how many there may be, and what is kept of what was sent to them.

use boxoffice::domain::*;

use crate::audits::{assert_found, edit};
use crate::shop::Shop;

pub(crate) fn code<T>(asked: Result<T, Rejection>) -> Result<T, RejectionCode> {
    asked.map_err(|rejection| rejection.code())
}

/// An attempt to send this event, of which this came.
pub(crate) fn report(sequence: u64, attempt: u32, outcome: AttemptOutcome, at_ms: u64) -> AttemptReport {
    AttemptReport {
        message: format!("epoch-{sequence}"),
        sequence,
        r#type: EventType::TicketCreated.into(),
        attempt,
        at_ms,
        first_at_ms: at_ms,
        status: 500,
        outcome: outcome.into(),
        due_at_ms: Some(at_ms + 5_000).filter(|_| outcome == AttemptOutcome::Failed),
        ..AttemptReport::default()
    }
}

/// Damages an endpoint's row.
type Damage = fn(&mut WebhookEndpoint);

impl Shop {
    fn hook_id(&mut self) -> WebhookEndpointId {
        let number = u128::from(self.next()) | 7 << 100;
        WebhookEndpointId::from_bytes(number.to_be_bytes())
    }

    pub(crate) fn create_hook(&mut self, asker: Asker) -> Result<WebhookEndpoint, RejectionCode> {
        let endpoint = self.hook_id();
        let create = CreateWebhookEndpoint {
            endpoint,
            url: "https://shop.example/".into(),
            types: Vec::new(),
            sealed_secret: vec![1; 8],
        };
        self.about_hook(asker, Command::CreateWebhookEndpoint(create))
    }

    pub(crate) fn about_hook(
        &mut self,
        asker: Asker,
        command: Command,
    ) -> Result<WebhookEndpoint, RejectionCode> {
        match code(self.ask_as(asker, command))? {
            Answer::WebhookEndpoint(endpoint) => Ok(endpoint),
            answer => panic!("not about an endpoint: {answer:?}"),
        }
    }

    pub(crate) fn hook(&self, id: WebhookEndpointId) -> WebhookEndpoint {
        self.view().webhook_endpoint(id).expect("a row").expect("it is there")
    }

    pub(crate) fn record(&mut self, endpoint: WebhookEndpointId, cursor: u64, attempts: Vec<AttemptReport>) {
        let rewinds = self.view().webhook_endpoint(endpoint).expect("a row").map_or(0, |row| row.rewinds);
        let records = vec![EndpointRecord { endpoint, rewinds, cursor, attempts }];
        let batch = self.next();
        let record = RecordDeliveries { batch, records };
        self.ask(None, Command::RecordDeliveries(record)).expect("it is the service's own");
    }

    pub(crate) fn waiting(&self, endpoint: WebhookEndpointId) -> Vec<WaitingEvent> {
        self.view().waiting_events(endpoint).expect("rows")
    }

    pub(crate) fn attempts(&self, endpoint: WebhookEndpointId) -> Vec<u64> {
        let page = self.view().webhook_attempts_of(endpoint, None, 1_000).expect("rows");
        page.items.iter().map(|attempt| attempt.number).collect()
    }

    /// Endpoints for which something waits, one of them removed.
    pub(crate) fn busy_webhooks(&mut self, owner: Actor) {
        let owner = Asker::User(owner);
        let now_ms = self.now_ms;
        for _ in 0..2 {
            let hook = self.create_hook(owner).expect("room").id;
            self.record(hook, 0, vec![report(1, 1, AttemptOutcome::Failed, now_ms)]);
        }
        let removed = self.create_hook(owner).expect("room").id;
        self.record(removed, 0, vec![report(1, 1, AttemptOutcome::Failed, now_ms)]);
        let delete = DeleteWebhookEndpoint { endpoint: removed };
        self.ask_as(owner, Command::DeleteWebhookEndpoint(delete)).expect("it is theirs");
    }

    fn tidy_up(&mut self) {
        for _ in 0..100 {
            if !self.view().needs_upkeep(self.now_ms).expect("rows") {
                return;
            }
            self.ask(None, Command::Upkeep(Upkeep { at_most: 10 })).expect("it is the service's own");
        }
        panic!("there is always something to tidy up");
    }
}

#[test]
fn an_endpoint_is_its_owners_alone_and_starts_at_what_happens_from_now_on() {
    let mut shop = Shop::new();
    let (ann, bob) = (shop.sign_up(), shop.sign_up());
    shop.post(ann, &["rock"], 100, None);
    let key = Asker::Key(shop.operator_key(&[Scope::EventsRead]));
    let other_key = Asker::Key(shop.operator_key(&[Scope::OrdersRead, Scope::Keys]));
    let (ann, bob) = (Asker::User(ann), Asker::User(bob));
    let hook = shop.create_hook(ann).expect("made");
    assert_eq!((hook.cursor, hook.version, hook.waiting), (shop.event_count(), 0, 0));
    shop.create_hook(key).expect("it may see events");
    assert_eq!(shop.create_hook(other_key), Err(RejectionCode::InsufficientScope));
    assert_eq!(shop.create_hook(Asker::Nobody), Err(RejectionCode::NotSignedIn));
    let endpoint = hook.id;
    let commands = [
        Command::UpdateWebhookEndpoint(UpdateWebhookEndpoint { endpoint, ..Default::default() }),
        Command::RotateWebhookSecret(RotateWebhookSecret {
            endpoint,
            sealed_secret: vec![2],
            ..Default::default()
        }),
        Command::ResendEvents(ResendEvents { endpoint, what: Some(ResendWhat::From(1)) }),
        Command::SendWebhookTest(SendWebhookTest { endpoint, ..Default::default() }),
        Command::DeleteWebhookEndpoint(DeleteWebhookEndpoint { endpoint }),
    ];
    let before = shop.hook(endpoint);
    for command in commands {
        for stranger in [bob, key] {
            assert_eq!(code(shop.ask_as(stranger, command.clone())), Err(RejectionCode::NotFound));
        }
        assert_eq!(code(shop.ask_as(Asker::Nobody, command)), Err(RejectionCode::NotSignedIn));
    }
    let record = Command::RecordDeliveries(RecordDeliveries::default());
    assert_eq!(code(shop.ask_as(ann, record)), Err(RejectionCode::Forbidden), "it is the service's own");
    assert_eq!(shop.hook(endpoint), before);
    shop.assert_sound();
}

#[test]
fn there_is_a_bound_on_endpoints() {
    let mut shop = Shop::new();
    let (ann, bob) = (Asker::User(shop.sign_up()), Asker::User(shop.sign_up()));
    let made: Vec<_> = (0..MAX_ENDPOINTS_PER_OWNER).map(|_| shop.create_hook(ann).expect("room")).collect();
    assert_eq!(shop.create_hook(ann), Err(RejectionCode::TooManyWebhooks));
    shop.create_hook(bob).expect("others have room");
    let delete = DeleteWebhookEndpoint { endpoint: made[0].id };
    shop.ask_as(ann, Command::DeleteWebhookEndpoint(delete)).expect("it is hers");
    shop.create_hook(ann).expect("room again");
    shop.assert_sound();
}

#[test]
fn what_its_owner_changes_is_changed_and_nothing_else() {
    let mut shop = Shop::new();
    let ann = Asker::User(shop.sign_up());
    let hook = shop.create_hook(ann).expect("made");
    shop.record(hook.id, 0, vec![report(1, 1, AttemptOutcome::Failed, shop.now_ms)]);
    let types = vec![
        EventType::OrderCompleted.into(),
        EventType::TicketCreated.into(),
        EventType::OrderCompleted.into(),
    ];
    let update = UpdateWebhookEndpoint {
        endpoint: hook.id,
        url: Some("https://other.example/".into()),
        types: Some(EndpointTypes { types }),
        enabled: None,
    };
    let updated = shop.about_hook(ann, Command::UpdateWebhookEndpoint(update)).expect("it is hers");
    assert_eq!(updated.types().collect::<Vec<_>>(), [EventType::TicketCreated, EventType::OrderCompleted]);
    assert_eq!((updated.url.as_str(), updated.failures, updated.version), ("https://other.example/", 0, 1));
    assert_eq!((updated.cursor, updated.waiting), (hook.cursor, 1));
    assert!(updated.secret.is_empty(), "an answer is remembered, and must hold no secret");
    let enabled = |enabled| {
        let update =
            UpdateWebhookEndpoint { endpoint: hook.id, enabled: Some(enabled), ..Default::default() };
        Command::UpdateWebhookEndpoint(update)
    };
    let disabled = shop.about_hook(ann, enabled(false)).expect("it is hers");
    assert_eq!(disabled.disabled.map(|it| it.reason()), Some(DisabledReason::ByOwner));
    let test = SendWebhookTest { endpoint: hook.id, ..Default::default() };
    let refused = shop.about_hook(ann, Command::SendWebhookTest(test));
    assert_eq!(refused, Err(RejectionCode::WebhookDisabled));
    assert_eq!(shop.about_hook(ann, enabled(true)).expect("it is hers").disabled, None);
    let rotate = RotateWebhookSecret { endpoint: hook.id, sealed_secret: vec![2; 8], previous_ttl_ms: 1_000 };
    shop.about_hook(ann, Command::RotateWebhookSecret(rotate)).expect("it is hers");
    let rotated = shop.hook(hook.id);
    let previous = rotated.previous_secret.expect("it counts for a while");
    assert_eq!((rotated.secret, previous.sealed), (vec![2; 8], vec![1; 8]));
    assert_eq!(previous.expires_at_ms, shop.now_ms + 1_000);
    shop.assert_sound();
}

#[test]
fn whoever_is_gone_has_no_endpoints_and_leaves_no_rows() {
    let mut shop = Shop::new();
    let ann = shop.sign_up();
    let chief = Asker::Key(shop.operator_key(&[Scope::Keys]));
    let revoked = shop.operator_key(&[Scope::EventsRead]);
    let create = shop.new_operator_key(&[Scope::EventsRead], Some(5_000));
    shop.ask(None, Command::CreateOperatorKey(create.clone())).expect("made");
    let hooks: Vec<_> = [Asker::User(ann), Asker::Key(revoked), Asker::Key(create.key)]
        .map(|owner| shop.create_hook(owner).expect("made").id)
        .into();
    for &hook in &hooks {
        let now_ms = shop.now_ms;
        let failed = (1..=30).map(|sequence| report(sequence, 1, AttemptOutcome::Failed, now_ms)).collect();
        shop.record(hook, 0, failed);
    }
    assert_eq!(shop.audit().webhooks, WebhookBooks { endpoints: 3, waiting: 90, attempts: 90 });
    let password_version = shop.view().user(ann.user).expect("a row").expect("an account").password_version;
    shop.ask(Some(ann), Command::DeleteAccount(DeleteAccount { password_version })).expect("nothing is open");
    shop.ask_as(chief, Command::RevokeOperatorKey(RevokeOperatorKey { key: revoked })).expect("it may");
    assert_eq!(shop.audit().webhooks.endpoints, 1);
    shop.assert_sound();
    shop.now_ms += 5_000;
    shop.tidy_up();
    assert_eq!(shop.audit().webhooks, WebhookBooks::default(), "the one of the key that has expired too");
    // What is under way to one that is gone counts for nothing.
    let record = EndpointRecord {
        endpoint: hooks[0],
        attempts: vec![report(1, 2, AttemptOutcome::Failed, 1)],
        ..Default::default()
    };
    let batch = RecordDeliveries { batch: 1, records: vec![record] };
    shop.ask(None, Command::RecordDeliveries(batch)).expect("it is the service's own");
    assert_eq!(shop.audit().webhooks, WebhookBooks::default());
    shop.assert_sound();
}

#[test]
fn audits_find_what_is_wrong_with_endpoints() {
    let hooked = || {
        let mut shop = Shop::new();
        let seller = shop.sign_up();
        let hook = shop.create_hook(Asker::User(seller)).expect("made").id;
        let now_ms = shop.now_ms;
        shop.record(hook, 0, vec![report(1, 1, AttemptOutcome::Failed, now_ms)]);
        shop
    };
    hooked().assert_sound();
    let damages: [(&str, Damage); 5] = [
        ("another number of events waits", |row| row.waiting += 1),
        ("attempts are missing", |row| row.attempts += 1),
        ("it is further than the events are", |row| row.cursor = 1_000),
        ("it belongs to nobody", |row| {
            row.owner = EndpointOwner { kind: Some(EndpointOwnerKind::User(UserId::default())) }
        }),
        ("its address is none", |row| row.url.clear()),
    ];
    for (says, damage) in damages {
        let mut shop = hooked();
        shop.damage(|txn| {
            edit(txn, "webhook_endpoints", |row: &mut WebhookEndpoint| {
                damage(row);
                Some(())
            });
        });
        assert_found(&shop, says, says);
    }
    let mut shop = hooked();
    shop.damage(|txn| {
        edit(txn, "waiting_events", |row: &mut WaitingEvent| {
            row.endpoint = WebhookEndpointId::default();
            Some(())
        });
    });
    assert_found(&shop, "there is no such endpoint", "an event that waits for nobody");
    let mut shop = hooked();
    shop.damage(|txn| {
        edit(txn, "waiting_events", |row: &mut WaitingEvent| {
            row.wakes += 1;
            Some(())
        });
    });
    assert_found(&shop, "it was not woken so often", "an event that waits since later than now");
}
