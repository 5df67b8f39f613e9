//! Operator's keys: what they are good for, and when they are good for nothing any more.

use boxoffice::domain::*;
use redb::WriteTransaction;

use crate::audits::{assert_found, busy_shop, edit, entries, put};
use crate::shop::{Shop, decoded, operator_key_id};

fn revoke(key: OperatorKeyId) -> Command {
    Command::RevokeOperatorKey(RevokeOperatorKey { key })
}

fn code(asked: Result<Answer, Rejection>) -> Result<OperatorKey, RejectionCode> {
    match asked {
        Ok(Answer::OperatorKey(key)) => Ok(key),
        Ok(answer) => panic!("not about a key: {answer:?}"),
        Err(rejection) => Err(rejection.code()),
    }
}

impl Shop {
    fn make_key(&mut self, asker: Asker, scopes: &[Scope]) -> Result<OperatorKey, RejectionCode> {
        let create = self.new_operator_key(scopes, None);
        code(self.ask_as(asker, Command::CreateOperatorKey(create)))
    }

    fn revoke(&mut self, asker: Asker, key: OperatorKeyId) -> Result<OperatorKey, RejectionCode> {
        code(self.ask_as(asker, revoke(key)))
    }

    fn known(&self, key: OperatorKeyId) -> Option<OperatorKey> {
        self.rows("operator_keys").find(|known: &OperatorKey| known.id == key)
    }

    fn found_by_its_hash(&self, key: &OperatorKey) -> bool {
        self.view().operator_key_by_hash(&key.hash).expect("a row").is_some()
    }
}

#[test]
fn a_key_is_kept_as_it_was_asked_for() {
    let mut shop = Shop::new();
    let create = shop.new_operator_key(&[Scope::Refunds, Scope::OrdersRead, Scope::Refunds], Some(5_000));
    let made = code(shop.ask(None, Command::CreateOperatorKey(create.clone()))).expect("made");
    assert_eq!(shop.known(create.key), Some(made.clone()));
    assert_eq!((made.hash.clone(), made.label.clone()), (create.hash, create.label));
    assert_eq!(made.scopes().collect::<Vec<_>>(), [Scope::OrdersRead, Scope::Refunds], "each once, in order");
    assert!(made.may(Scope::Refunds) && !made.may(Scope::Keys));
    assert_eq!((made.created_at_ms, made.expires_at_ms), (shop.now_ms, Some(shop.now_ms + 5_000)));
    assert_eq!(made.created_by, Author::default(), "by nobody but the service");
    assert!(shop.found_by_its_hash(&made));
    shop.assert_sound();
}

#[test]
fn users_have_no_say_about_keys() {
    let mut shop = Shop::new();
    let ann = Asker::User(shop.sign_up());
    let key = shop.operator_key(&[Scope::Keys]);
    assert_eq!(shop.make_key(ann, &[Scope::OrdersRead]), Err(RejectionCode::Forbidden));
    assert_eq!(shop.revoke(ann, key), Err(RejectionCode::Forbidden));
    assert!(shop.known(key).expect("it is there").works_at(shop.now_ms));
}

#[test]
fn a_key_gives_no_scope_that_it_does_not_have() {
    let mut shop = Shop::new();
    let chief = shop.operator_key(&[Scope::Keys, Scope::OrdersRead]);
    let clerk = Asker::Key(shop.operator_key(&[Scope::OrdersRead, Scope::Refunds]));
    let made = shop.make_key(Asker::Key(chief), &[Scope::OrdersRead, Scope::Keys]).expect("both are its own");
    assert_eq!(made.created_by.key(), Some(chief));
    for scopes in [&[Scope::Refunds][..], &[Scope::Keys, Scope::PaymentsRead]] {
        assert_eq!(shop.make_key(Asker::Key(chief), scopes), Err(RejectionCode::InsufficientScope));
    }
    assert_eq!(shop.make_key(clerk, &[Scope::OrdersRead]), Err(RejectionCode::InsufficientScope));
    assert_eq!(shop.revoke(clerk, chief), Err(RejectionCode::InsufficientScope));
    assert_eq!(shop.rows::<OperatorKey>("operator_keys").count(), 3);
}

/// Every command that a key may ask for is about keys so far.
#[test]
fn a_key_is_nobodys_account_and_not_the_service() {
    let mut shop = Shop::new();
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    let ticket = shop.post(seller, &["rock"], 100, None);
    let order = shop.reserve(buyer, ticket);
    let payment = shop.pay(buyer, order);
    let key = Asker::Key(shop.operator_key(&Scope::ALL));
    let before = shop.dump();
    for command in [
        Command::CancelOrder(CancelOrder { order, if_match: None }),
        Command::DeleteTicket(DeleteTicket { ticket, if_match: None }),
        Command::SetFrozen(SetFrozen { ticket, frozen: true, if_match: None }),
        Command::SettleCharge(SettleCharge { payment, succeeded: true, ..SettleCharge::default() }),
        Command::RecordRefund(RecordRefund { payment }),
        Command::ExpireOrders(ExpireOrders { at_most: 9 }),
        Command::Upkeep(Upkeep { at_most: 9 }),
        Command::LiftHold(LiftHold { since_ms: 0 }),
        Command::SignUp(SignUp { email: "key@example.com".into(), ..SignUp::default() }),
    ] {
        let refused = shop.ask_as(key, command.clone()).expect_err("not a key's");
        assert_eq!(refused.code(), RejectionCode::Forbidden, "{command:?}");
    }
    let mut after = shop.dump();
    // Refusals are remembered under their proposals, and that is all.
    after.insert("requests".to_owned(), before["requests"].clone());
    assert_eq!(after, before);
}

#[test]
fn a_revoked_key_does_nothing_more() {
    let mut shop = Shop::new();
    let [chief, other] = [(); 2].map(|()| shop.operator_key(&[Scope::Keys]));
    shop.now_ms += 1;
    let revoked = shop.revoke(Asker::Key(chief), other).expect("it may");
    assert_eq!((revoked.revoked_at_ms, revoked.works_at(shop.now_ms)), (Some(shop.now_ms), false));
    let by = KeyAuthor { key: chief, label: shop.known(chief).expect("it is there").label };
    assert_eq!(revoked.revoked_by, Some(Author { kind: Some(AuthorKind::Key(by)) }));
    assert!(!shop.found_by_its_hash(&revoked));
    assert_eq!(shop.make_key(Asker::Key(other), &[Scope::Keys]), Err(RejectionCode::NotSignedIn));
    assert_eq!(shop.revoke(Asker::Key(other), chief), Err(RejectionCode::NotSignedIn));
    shop.now_ms += 1;
    assert_eq!(shop.revoke(Asker::Nobody, other), Ok(revoked), "once more changes nothing");
    assert_eq!(shop.revoke(Asker::Nobody, operator_key_id(77)), Err(RejectionCode::NotFound));
    let itself = shop.revoke(Asker::Key(chief), chief).expect("it may end itself");
    assert_eq!(itself.revoked_by.and_then(|by| by.key()), Some(chief));
    shop.assert_sound();
}

#[test]
fn an_expired_key_does_nothing_more() {
    let mut shop = Shop::new();
    let create = shop.new_operator_key(&[Scope::Keys], Some(1_000));
    let key = create.key;
    shop.done(None, Command::CreateOperatorKey(create));
    shop.now_ms += 999;
    let other = shop.make_key(Asker::Key(key), &[Scope::Keys]).expect("not over yet");
    shop.now_ms += 1;
    assert_eq!(shop.make_key(Asker::Key(key), &[Scope::Keys]), Err(RejectionCode::NotSignedIn));
    assert!(!shop.known(key).expect("still listed").works_at(shop.now_ms));
    assert!(shop.known(other.id).expect("made").works_at(shop.now_ms), "what it made goes on");
}

/// A command is decided where it stands in the log, not where it was asked for.
#[test]
fn what_a_key_asked_for_before_it_was_revoked_is_refused_after() {
    let mut shop = Shop::new();
    let key = shop.operator_key(&[Scope::Keys]);
    let create = shop.new_operator_key(&[Scope::Keys], None);
    let on_its_way = shop.envelope_of(Asker::Key(key), Command::CreateOperatorKey(create));
    shop.done(None, revoke(key));
    let refused = shop.apply(&on_its_way).into_result().expect_err("revoked");
    assert_eq!(refused.code(), RejectionCode::NotSignedIn);
}

#[test]
fn there_are_only_so_many_and_who_works_no_more_makes_room() {
    let mut shop = Shop::new();
    let keys: Vec<OperatorKeyId> =
        (0..MAX_OPERATOR_KEYS).map(|_| shop.operator_key(&[Scope::OrdersRead])).collect();
    let full = shop.dump();
    assert_eq!(shop.make_key(Asker::Nobody, &[Scope::Keys]), Err(RejectionCode::TooManyKeys));
    assert_eq!(shop.dump()["operator_keys"], full["operator_keys"]);
    // The one that ended first goes first, whichever is older.
    for key in [keys[5], keys[2]] {
        shop.now_ms += 1;
        shop.revoke(Asker::Nobody, key).expect("it is there");
    }
    let brief = shop.new_operator_key(&[Scope::OrdersRead], Some(1));
    shop.done(None, Command::CreateOperatorKey(brief.clone()));
    assert_eq!((shop.known(keys[5]), shop.known(keys[2]).is_some()), (None, true));
    shop.now_ms += 10;
    for gone in [keys[2], brief.key] {
        assert!(shop.known(gone).is_some());
        shop.make_key(Asker::Nobody, &[Scope::OrdersRead]).expect("there is room");
        assert_eq!(shop.known(gone), None);
    }
    assert_eq!(shop.make_key(Asker::Nobody, &[Scope::Keys]), Err(RejectionCode::TooManyKeys));
    assert_eq!(shop.revoke(Asker::Nobody, keys[5]), Err(RejectionCode::NotFound), "forgotten by now");
    shop.assert_sound();
}

#[test]
fn keys_have_idempotency_keys_of_their_own() {
    let mut shop = Shop::new();
    let [one, other] = [(); 2].map(|()| Asker::Key(shop.operator_key(&[Scope::Keys])));
    let ask = |shop: &mut Shop, asker, fingerprint| {
        let create = shop.new_operator_key(&[Scope::Keys], None);
        let mut envelope = shop.envelope_of(asker, Command::CreateOperatorKey(create));
        envelope.idempotency =
            Some(Idempotency { key: "k".into(), fingerprint: vec![fingerprint], ttl_ms: 1_000 });
        shop.apply(&envelope)
    };
    let first = ask(&mut shop, one, 1);
    let again = ask(&mut shop, one, 1);
    assert!(again.replayed && !first.replayed);
    assert_eq!(again.answer, first.answer);
    let reused = ask(&mut shop, one, 2).into_result().expect_err("another request");
    assert_eq!(reused.code(), RejectionCode::KeyReused);
    let others = ask(&mut shop, other, 1);
    assert!(!others.replayed && others.answer != first.answer);
}

#[test]
fn a_key_and_a_user_cannot_ask_at_once() {
    let mut shop = Shop::new();
    let ann = shop.sign_up();
    let key = shop.operator_key(&Scope::ALL);
    let mut envelope = shop.envelope(Some(ann), revoke(key));
    envelope.operator_key = Some(key);
    let refused = shop.apply(&envelope).into_result().expect_err("who is it?");
    assert_eq!(refused.code(), RejectionCode::Internal);
    assert!(shop.known(key).expect("it is there").works_at(shop.now_ms));
}

#[test]
fn a_key_that_makes_no_sense_is_not_made() {
    let mut shop = Shop::new();
    let sound = shop.new_operator_key(&[Scope::Keys], None);
    let known = shop.operator_key(&[Scope::Keys]);
    let hash_of_known = shop.known(known).expect("made").hash;
    for wrong in [
        CreateOperatorKey { hash: vec![1; 31], ..sound.clone() },
        CreateOperatorKey { hash: hash_of_known, ..sound.clone() },
        CreateOperatorKey { key: known, ..sound.clone() },
        CreateOperatorKey { label: String::new(), ..sound.clone() },
        CreateOperatorKey { label: "x".repeat(MAX_KEY_LABEL_CHARS + 1), ..sound.clone() },
        CreateOperatorKey { scopes: Vec::new(), ..sound.clone() },
        CreateOperatorKey { scopes: vec![0], ..sound.clone() },
        CreateOperatorKey { scopes: vec![99], ..sound.clone() },
    ] {
        let refused = shop.ask(None, Command::CreateOperatorKey(wrong.clone())).expect_err("no sense");
        assert_eq!(refused.code(), RejectionCode::Internal, "{wrong:?}");
    }
    assert_eq!(shop.rows::<OperatorKey>("operator_keys").count(), 1);
    shop.done(None, Command::CreateOperatorKey(sound));
}

#[test]
fn an_operator_is_taken_for_the_service_by_no_older_replica() {
    let key = CreateOperatorKey::default();
    assert_eq!(Command::CreateOperatorKey(key).since_level(), 2);
    assert_eq!(revoke(operator_key_id(1)).since_level(), 2);
    assert_eq!(Asker::Key(operator_key_id(1)).since_level(), 2, "whatever it asks for");
    assert_eq!(Asker::Nobody.since_level(), 1);
}

/// Damages what the audit has to find in words.
type Damage = fn(&WriteTransaction);

#[test]
fn audits_find_keys_that_make_no_sense() {
    let damages: &[(&str, Damage)] = &[
        ("its hash is none", |txn| edit(txn, "operator_keys", |k: &mut OperatorKey| k.hash.pop().map(drop))),
        ("its label is no label", |txn| {
            edit(txn, "operator_keys", |k: &mut OperatorKey| {
                k.label.clear();
                Some(())
            });
        }),
        ("it is good for nothing", |txn| {
            edit(txn, "operator_keys", |k: &mut OperatorKey| k.scopes.pop().map(|_| k.scopes.clear()));
        }),
        ("a scope that there is not", |txn| {
            edit(txn, "operator_keys", |k: &mut OperatorKey| {
                k.scopes.push(99);
                Some(())
            });
        }),
        ("its scopes are not in order", |txn| {
            edit(txn, "operator_keys", |k: &mut OperatorKey| {
                k.scopes.push(k.scopes[0]);
                Some(())
            });
        }),
        ("nobody, or no time, revoked it", |txn| {
            edit(txn, "operator_keys", |k: &mut OperatorKey| k.revoked_by.take().map(drop));
        }),
        ("revoked before it was made", |txn| {
            edit(txn, "operator_keys", |k: &mut OperatorKey| {
                k.revoked_at_ms.map(|revoked_at_ms| k.created_at_ms = revoked_at_ms + 1)
            });
        }),
        ("index `operator_keys_by_hash`", |txn| {
            edit(txn, "operator_keys", |k: &mut OperatorKey| {
                k.revoked_at_ms.is_none().then(|| k.hash[0] ^= 1)
            });
        }),
        ("operator's keys, 100 may be", |txn| {
            let (_, row) = entries(txn, "operator_keys").remove(0);
            for number in 0..97 {
                let mut key: OperatorKey = decoded(&row);
                key.id = operator_key_id(1_000_000 + number);
                put(txn, "operator_keys", &key.id.to_bytes(), &key);
            }
        }),
    ];
    for (says, damage) in damages {
        let mut shop = busy_shop();
        shop.damage(damage);
        assert_found(&shop, says, says);
    }
}
