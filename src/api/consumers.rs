//! Consumer groups: several programs that share the events among them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, OpenApi};
use tokio::time::Instant;

use super::consumer_fetch::{Fetches, Wanted};
use super::consumer_input::{ConsumerFields, GroupName};
use super::consumer_view::{
    AckInput, ConsumerView, DeliveriesView, ExtendInput, NackInput, ParkedView, RedriveInput, RedrivenView,
    lease_of, lease_text,
};
use super::event_view::EventRenderer;
use super::operator::UserOrOperator;
use super::refusal::unexpected;
use super::response::{NoContent, Page};
use super::{Tag, paging, refused};
use crate::domain::{
    Answer, Asker, Command, ConsumerGroup, DeleteConsumerGroup, GiveBack, Lease, MAX_LEASES, MAX_REDRIVEN,
    Principal, PutConsumerGroup, RedriveParked, Scope, SettleLeases, Settlement,
};
use crate::http::input::Body;
use crate::http::json::Json;
use crate::http::query::{Parameters, Unchecked};
use crate::http::rules::whole_number;
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::replica::EventPosition;
use crate::service::Service;

/// The list of parked events, in cursors.
const PARKED: u8 = 9;

/// Events that a fetch is given at most unless it says otherwise.
const DEFAULT_FETCH: u64 = 100;

/// How long a fetch may wait for events: a proxy in between has given up by then, or soon does.
const MAX_WAIT_S: u64 = 30;

pub(super) struct Consumers {
    pub(super) service: Arc<Service>,
    pub(super) fetches: Arc<Fetches>,
}

#[derive(ApiResponse)]
enum GroupStored {
    /// It was there, and is now as the body says
    #[oai(status = 200)]
    Ok(Json<ConsumerView>),
    /// It was made
    #[oai(status = 201)]
    Created(Json<ConsumerView>),
}

#[derive(ApiResponse)]
enum OneGroup {
    /// As it is now
    #[oai(status = 200)]
    Ok(Json<ConsumerView>),
}

#[derive(ApiResponse)]
enum AllGroups {
    /// The groups of whoever asks, in the order of their names; twenty at most
    #[oai(status = 200)]
    Ok(Json<Vec<ConsumerView>>),
}

#[derive(ApiResponse)]
enum Given {
    /// What was leased; nothing if the wait was over
    #[oai(status = 200)]
    Ok(Json<DeliveriesView>),
}

#[derive(ApiResponse)]
enum GivenAgain {
    /// They are under way again
    #[oai(status = 200)]
    Ok(Json<RedrivenView>),
}

refused! {
    OfPutting: 400, 401, 403, 408, 409, 413, 415;
    OfListing: 400, 401, 403;
    OfLooking: 400, 401, 403, 404;
    OfFetching: 400, 401, 403, 404, 409, 429;
    OfSettling: 400, 401, 403, 404, 408, 409, 413, 415;
    OfRedriving: 400, 401, 403, 404, 408, 413, 415;
}

#[OpenApi(prefix_path = "/api/consumers", tag = "Tag::Events")]
impl Consumers {
    /// List consumer groups
    ///
    /// Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
    /// groups.
    #[oai(path = "/", method = "get", operation_id = "listConsumers")]
    async fn list(&self, asker: UserOrOperator) -> Result<AllGroups, Refused<OfListing>> {
        let owner = owner_of(&asker)?;
        let groups = self.service.replica.view()?.consumer_groups_of(owner)?;
        let views: Result<Vec<_>, Problem> = groups.into_iter().map(|group| self.shown(group)).collect();
        Ok(AllGroups::Ok(Json(views?)))
    }

    /// Make a consumer group, or change it
    ///
    /// The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1 to 64 letters,
    /// digits, dots, hyphens and underscores.
    #[oai(path = "/:group", method = "put", operation_id = "putConsumer")]
    async fn put(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
        body: Body<ConsumerFields>,
    ) -> Result<GroupStored, Refused<OfPutting>> {
        owner_of(&asker)?;
        if !group.0.is_well_formed() {
            let rule = "must have 1 to 64 letters, digits, dots, hyphens and underscores";
            return Err(Problem::new(ProblemType::InvalidInput).fault(Fault::of("group", rule)).into());
        }
        let fields = body.0;
        let put = PutConsumerGroup {
            name: group.0.0,
            types: fields.types.into_iter().map(i32::from).collect(),
            start: fields.start,
            ack_wait_ms: fields.ack_wait_ms,
            max_deliveries: fields.max_deliveries,
        };
        let answer = self.ask(&asker, Command::PutConsumerGroup(put)).await?;
        let Answer::GroupPut(put) = answer else { return Err(unexpected(&answer).into()) };
        let view = Json(self.shown(put.group)?);
        Ok(if put.is_new { GroupStored::Created(view) } else { GroupStored::Ok(view) })
    }

    /// Show a consumer group
    ///
    /// And how far it is: what it has yet to look at, and what it has under way or parked.
    #[oai(path = "/:group", method = "get", operation_id = "getConsumer")]
    async fn get(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
    ) -> Result<OneGroup, Refused<OfLooking>> {
        Ok(OneGroup::Ok(Json(self.shown(self.group(&asker, &group.0.0)?)?)))
    }

    /// Remove a consumer group
    ///
    /// With all that it has under way or parked.
    #[oai(path = "/:group", method = "delete", operation_id = "deleteConsumer")]
    async fn delete(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
    ) -> Result<NoContent, Refused<OfLooking>> {
        owner_of(&asker)?;
        let delete = DeleteConsumerGroup { name: group.0.0 };
        self.ask(&asker, Command::DeleteConsumerGroup(delete)).await?;
        Ok(NoContent::Done)
    }

    /// Lease events
    ///
    /// Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever fetches. Events
    /// about the same thing never run side by side, nor out of order: there may be several of them in one answer, in
    /// order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be is parked, and
    /// the others flow on. An answer of about a MiB has fewer events than asked for.
    #[oai(path = "/:group/fetch", method = "post", operation_id = "fetchEvents")]
    async fn fetch(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
        /// How many events at most; 100 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<Unchecked<u64>>,
        /// For how many seconds to wait if there are none; not at all unless said otherwise
        #[oai(validator(minimum(value = "0"), maximum(value = "30")))]
        wait: Query<Unchecked<u64>>,
    ) -> Result<Given, Refused<OfFetching>> {
        let owner = owner_of(&asker)?;
        let mut parameters = Parameters::default();
        let limit = parameters.optional("limit", &limit, whole_number(1..=MAX_LEASES as u64));
        let wait = parameters.optional("wait", &wait, whole_number(0..=MAX_WAIT_S));
        let (limit, wait) = parameters.finish(|| Ok((limit?, wait?)))?;
        let wanted = Wanted {
            asker: Asker::from(&asker),
            owner,
            name: &group.0.0,
            limit: limit.unwrap_or(DEFAULT_FETCH) as u32,
            until: Instant::now() + Duration::from_secs(wait.unwrap_or(0)),
        };
        Ok(Given::Ok(Json(self.fetches.fetch(&self.service, &wanted).await?)))
    }

    /// Acknowledge events
    ///
    /// They were dealt with, and nobody is given them again. Acknowledging twice changes nothing, nor does acknowledging what
    /// somebody else has acknowledged by then: that is a 204, too. A lease whose time is over still counts until another
    /// fetch is given the event, or an earlier one about the same thing, or until such an earlier one that was parked is to
    /// be given again. Those that count no more are named in a 409, and the others are acknowledged all the same.
    #[oai(path = "/:group/ack", method = "post", operation_id = "acknowledgeEvents")]
    async fn ack(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
        body: Body<AckInput>,
    ) -> Result<NoContent, Refused<OfSettling>> {
        Ok(self.settle(&asker, &group.0.0, &body.0.leases, |_| Settlement::Acknowledge(())).await?)
    }

    /// Give events back
    ///
    /// To be given again, or parked if they were given as often as they may be.
    #[oai(path = "/:group/nack", method = "post", operation_id = "giveEventsBack")]
    async fn nack(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
        body: Body<NackInput>,
    ) -> Result<NoContent, Refused<OfSettling>> {
        let NackInput { leases, reason, delay_seconds } = body.0;
        let delay_ms = delay_seconds.unwrap_or(0) * 1_000;
        let give_back = GiveBack { reason: reason.map(|reason| reason.0).unwrap_or_default(), delay_ms };
        Ok(self.settle(&asker, &group.0.0, &leases, |_| Settlement::GiveBack(give_back)).await?)
    }

    /// Keep events for longer
    ///
    /// And with each those before it about the same thing, as far as the same fetch was given them.
    #[oai(path = "/:group/extend", method = "post", operation_id = "extendLeases")]
    async fn extend(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
        body: Body<ExtendInput>,
    ) -> Result<NoContent, Refused<OfSettling>> {
        let ExtendInput { leases, seconds } = body.0;
        let by = |group: &ConsumerGroup| {
            Settlement::Extend(seconds.map_or(group.ack_wait_ms, |seconds| seconds * 1_000))
        };
        Ok(self.settle(&asker, &group.0.0, &leases, by).await?)
    }

    /// List parked events, oldest first
    ///
    /// Those that were given as often as they may be, until they are given again or their group is removed.
    #[oai(path = "/:group/parked", method = "get", operation_id = "listParkedEvents")]
    async fn parked(
        &self,
        request: &Request,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
        /// How many at most; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
        /// Where the page before this one ended: from its `Link`
        #[oai(validator(pattern = "^[A-Za-z0-9_-]*$"))]
        cursor: Query<Unchecked<String>>,
    ) -> Result<Page<ParkedView>, Refused<OfLooking>> {
        let group = self.group(&asker, &group.0.0)?;
        let (limit, after) = paging::wanted(&limit, &cursor, PARKED)?;
        let page = self.service.replica.view()?.parked_of(group.number, after, limit)?;
        let renderer = EventRenderer::of(&self.service.replica);
        let parked = page.items.into_iter().filter_map(|parked| ParkedView::new(parked, renderer));
        Ok(Page::new(parked, paging::link(request, PARKED, page.next)))
    }

    /// Have parked events given again
    ///
    /// As if they never had been.
    #[oai(path = "/:group/redrive", method = "post", operation_id = "redriveParkedEvents")]
    async fn redrive(
        &self,
        asker: UserOrOperator,
        /// The group's name
        group: Path<GroupName>,
        body: Body<RedriveInput>,
    ) -> Result<GivenAgain, Refused<OfRedriving>> {
        owner_of(&asker)?;
        let sequences = body.0.sequences.unwrap_or_default();
        let sequences: BTreeSet<u64> = sequences.iter().filter_map(|text| text.parse().ok()).collect();
        let sequences: Vec<u64> = sequences.into_iter().collect();
        let mut redriven = 0;
        loop {
            let redrive = RedriveParked {
                name: group.0.0.clone(),
                sequences: sequences.clone(),
                at_most: MAX_REDRIVEN,
            };
            let answer = self.ask(&asker, Command::RedriveParked(redrive)).await?;
            let Answer::Redriven(step) = answer else { return Err(unexpected(&answer).into()) };
            redriven += step.count;
            if !step.more || step.count == 0 {
                return Ok(GivenAgain::Ok(Json(RedrivenView { redriven })));
            }
        }
    }
}

impl Consumers {
    async fn ask(&self, asker: &UserOrOperator, command: Command) -> Result<Answer, Problem> {
        let result = self.service.replica.submit(Asker::from(asker), None, command).await?.result;
        Ok(result?)
    }

    /// The asker's group.
    fn group(&self, asker: &UserOrOperator, name: &str) -> Result<ConsumerGroup, Problem> {
        let group = self.service.replica.view()?.consumer_group(owner_of(asker)?, name)?;
        group.ok_or_else(|| Problem::new(ProblemType::NotFound).detail("There is no such consumer group"))
    }

    fn shown(&self, group: ConsumerGroup) -> Result<ConsumerView, Problem> {
        let newest = self.service.replica.view()?.events_kept()?.newest;
        let epoch = self.service.replica.epoch();
        Ok(ConsumerView::new(group, newest, |sequence| EventPosition { epoch, sequence }))
    }

    /// Settles leases that a client says it has.
    async fn settle(
        &self,
        asker: &UserOrOperator,
        name: &str,
        texts: &[String],
        settlement: impl FnOnce(&ConsumerGroup) -> Settlement,
    ) -> Result<NoContent, Problem> {
        let group = self.group(asker, name)?;
        let mut leases = BTreeSet::new();
        let mut unknown = Vec::new();
        for text in texts {
            match lease_of(group.number, text) {
                Some(lease) => drop(leases.insert(lease)),
                None => unknown.push(text.clone()),
            }
        }
        if !unknown.is_empty() {
            return Err(unknown_leases(unknown).detail("This group gave no such lease; nothing happened"));
        }
        let settle = SettleLeases {
            name: name.to_owned(),
            leases: leases.into_iter().collect(),
            settlement: Some(settlement(&group)),
        };
        let answer = self.ask(asker, Command::SettleLeases(settle)).await?;
        let Answer::LeasesSettled(settled) = answer else { return Err(unexpected(&answer)) };
        let text = |lease: Lease| lease_text(group.number, lease);
        if !settled.passed.is_empty() {
            let fault = |lease| Fault::of("leases", format!("{} has passed to another fetch", text(lease)));
            return Err(Problem::new(ProblemType::LeasePassed)
                .detail("Some leases have passed to another fetch; the others are settled")
                .faults(settled.passed.into_iter().map(fault)));
        }
        if !settled.unknown.is_empty() {
            let unknown = settled.unknown.into_iter().map(text).collect();
            return Err(
                unknown_leases(unknown).detail("Some leases were never given; the others are settled")
            );
        }
        Ok(NoContent::Done)
    }
}

fn unknown_leases(leases: Vec<String>) -> Problem {
    let fault = |lease| Fault::of("leases", format!("{lease} is no lease that this group gave"));
    Problem::new(ProblemType::UnknownLease).faults(leases.into_iter().map(fault))
}

/// Whose groups the asker means.
fn owner_of(asker: &UserOrOperator) -> Result<Principal, Problem> {
    if let UserOrOperator::Operator(operator) = asker {
        operator.ensure_may(Scope::EventsRead)?;
    }
    Asker::from(asker).principal().ok_or_else(|| ProblemType::NotSignedIn.into())
}
