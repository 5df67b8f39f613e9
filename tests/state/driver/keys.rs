//! Operator's keys, as random steps make and revoke them.

use boxoffice::domain::*;

use super::Driver;
use super::commands::pick;
use crate::shop::operator_key_id;
use crate::steps::{What, Who};

impl Driver {
    /// A command about keys.
    pub(super) fn command_about_keys(&mut self, what: &What) -> Command {
        match *what {
            What::MakeKey { scopes, ttl_ms } => {
                let scopes: Vec<Scope> = Scope::ALL
                    .into_iter()
                    .enumerate()
                    // One at least: whatever its bits are, it is good for one more.
                    .filter(|(at, _)| scopes & (1 << at) != 0 || usize::from(scopes / 16) % 4 == *at)
                    .map(|(_, scope)| scope)
                    .collect();
                let create = self.shop.new_operator_key(&scopes, ttl_ms);
                self.operator_keys.push(create.key);
                Command::CreateOperatorKey(create)
            }
            What::RevokeKey { key } => {
                let key = pick(&self.operator_keys, key).unwrap_or(operator_key_id(0));
                Command::RevokeOperatorKey(RevokeOperatorKey { key })
            }
            _ => unreachable!("the other steps are not about keys"),
        }
    }

    /// Has the service itself make keys until it refuses to.
    pub(super) fn fill_keys(&mut self) {
        while self.model.operator_keys.len() < MAX_OPERATOR_KEYS {
            self.call(Who::Nobody, What::MakeKey { scopes: 1, ttl_ms: None });
        }
        self.call(Who::Nobody, What::MakeKey { scopes: 1, ttl_ms: None });
    }

    /// The key that asks. What never came to be is worth naming as well: it is nobody.
    pub(super) fn asking_key(&self, who: Who) -> Option<OperatorKeyId> {
        match who {
            Who::Key(index) => Some(pick(&self.operator_keys, index).unwrap_or(operator_key_id(0))),
            _ => None,
        }
    }
}
