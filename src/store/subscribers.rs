//! Consumer groups and endpoints of webhooks, counted together: what operators look at.

use super::StoreError;
use super::schema::Table;
use super::view::View;
use crate::domain::{ConsumerGroup, DisabledReason, Principal, WebhookEndpoint};

/// The same of what users have, and of what operators' keys have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByOwner<T> {
    /// Of users.
    pub users: T,
    /// Of operators' keys.
    pub operators: T,
}

/// Consumer groups together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupTotals {
    /// How many there are.
    pub groups: u64,
    /// Events after the cursor of the one that is furthest behind.
    pub greatest_lag: u64,
    /// Events that they have under way.
    pub pending: u64,
    /// Events that they have parked.
    pub parked: u64,
}

/// Endpoints of webhooks together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EndpointTotals {
    /// Those whose last attempt was taken, if there was one.
    pub taking: u64,
    /// Those whose last attempt failed.
    pub refusing: u64,
    /// Those that their owners have disabled.
    pub disabled_by_owner: u64,
    /// Those that said that they are gone.
    pub disabled_gone: u64,
    /// Those that took nothing for too long.
    pub disabled_failing: u64,
    /// Events that are to be sent to them, again or by hand.
    pub waiting: u64,
}

impl<T> ByOwner<T> {
    /// What is counted of this owner; what nobody has is of a later version, and counts as a user's.
    fn of(&mut self, owner: Option<Principal>) -> &mut T {
        match owner {
            Some(Principal::Key(_)) => &mut self.operators,
            Some(Principal::User(_)) | None => &mut self.users,
        }
    }
}

impl View {
    /// All consumer groups counted together.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn group_totals(&self) -> Result<ByOwner<GroupTotals>, StoreError> {
        let newest = self.counters()?.events;
        let mut all = ByOwner::<GroupTotals>::default();
        for group in self.rows::<ConsumerGroup>(Table::ConsumerGroups) {
            let group = group?;
            let totals = all.of(group.owner.principal());
            totals.groups += 1;
            totals.greatest_lag = totals.greatest_lag.max(newest.saturating_sub(group.cursor));
            totals.pending += group.pending;
            totals.parked += group.parked;
        }
        Ok(all)
    }

    /// All endpoints of webhooks counted together.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn endpoint_totals(&self) -> Result<ByOwner<EndpointTotals>, StoreError> {
        let mut all = ByOwner::<EndpointTotals>::default();
        for endpoint in self.rows::<WebhookEndpoint>(Table::WebhookEndpoints) {
            let endpoint = endpoint?;
            let totals = all.of(endpoint.owner.principal());
            totals.waiting += endpoint.waiting;
            let counted = match endpoint.disabled.map(|disabled| disabled.reason()) {
                None if endpoint.failures == 0 => &mut totals.taking,
                None => &mut totals.refusing,
                Some(DisabledReason::ByOwner | DisabledReason::Unknown) => &mut totals.disabled_by_owner,
                Some(DisabledReason::Gone) => &mut totals.disabled_gone,
                Some(DisabledReason::Failing) => &mut totals.disabled_failing,
            };
            *counted += 1;
        }
        Ok(all)
    }
}
