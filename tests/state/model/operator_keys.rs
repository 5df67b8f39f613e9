//! Operator's keys.

use std::collections::BTreeSet;

use boxoffice::domain::*;

use super::{Model, No, Pass, Said, no};

impl Model {
    /// Whether this key can still do anything.
    pub(super) fn is_good(&self, key: OperatorKeyId) -> bool {
        self.operator_keys.get(&key).is_some_and(|pass| self.ended_ms(pass).is_none())
    }

    /// Since when the key is good for nothing, if it is not.
    fn ended_ms(&self, pass: &Pass) -> Option<u64> {
        let expired_ms = pass.until_ms.filter(|until_ms| self.now_ms >= *until_ms);
        let revoked_ms = pass.revoked.as_ref().map(|(at_ms, _)| *at_ms);
        match (expired_ms, revoked_ms) {
            (Some(expired_ms), Some(revoked_ms)) => Some(expired_ms.min(revoked_ms)),
            (expired_ms, revoked_ms) => expired_ms.or(revoked_ms),
        }
    }

    /// A key is for looking after keys or for refunds, if it is for that, and for none of the other commands.
    pub(super) fn perform_by_key(&mut self, key: OperatorKeyId, command: &Command) -> Result<Said, No> {
        let pass = self.operator_keys[&key].clone();
        let author = Author { kind: Some(AuthorKind::Key(KeyAuthor { key, label: pass.label })) };
        match command {
            Command::CreateOperatorKey(_) | Command::RevokeOperatorKey(_)
                if !pass.scopes.contains(&Scope::Keys) =>
            {
                no(RejectionCode::InsufficientScope)
            }
            Command::RefundPayment(_) | Command::RetryRefund(_) if !pass.scopes.contains(&Scope::Refunds) => {
                no(RejectionCode::InsufficientScope)
            }
            Command::RefundPayment(c) => self.ask_for_refund(Asker::Key(key), c),
            Command::RetryRefund(c) => self.retry_refund(Asker::Key(key), c),
            Command::CreateOperatorKey(c) if !scopes_of(c).is_subset(&pass.scopes) => {
                no(RejectionCode::InsufficientScope)
            }
            Command::CreateOperatorKey(c) => self.make_key(c, author),
            Command::RevokeOperatorKey(c) => self.revoke_key(c.key, author),
            _ => no(RejectionCode::Forbidden),
        }
    }

    pub(super) fn make_key(&mut self, c: &CreateOperatorKey, author: Author) -> Result<Said, No> {
        if self.operator_keys.len() == MAX_OPERATOR_KEYS {
            let ended = self.operator_keys.iter().filter_map(|(id, pass)| Some((self.ended_ms(pass)?, *id)));
            let Some((_, first)) = ended.min() else { return no(RejectionCode::TooManyKeys) };
            self.operator_keys.remove(&first);
        }
        let pass = Pass {
            label: c.label.clone(),
            scopes: scopes_of(c),
            created: (self.now_ms, author),
            until_ms: c.ttl_ms.map(|ttl_ms| self.now_ms + ttl_ms),
            revoked: None,
        };
        self.operator_keys.insert(c.key, pass.clone());
        Ok(Said::Key(c.key, pass))
    }

    pub(super) fn revoke_key(&mut self, key: OperatorKeyId, author: Author) -> Result<Said, No> {
        let now_ms = self.now_ms;
        let Some(pass) = self.operator_keys.get_mut(&key) else { return no(RejectionCode::NotFound) };
        pass.revoked.get_or_insert((now_ms, author));
        Ok(Said::Key(key, pass.clone()))
    }
}

fn scopes_of(c: &CreateOperatorKey) -> BTreeSet<Scope> {
    c.scopes().collect()
}
