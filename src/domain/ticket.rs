//! Tickets: what sellers offer.

use super::command::{CreateTicket, DeleteTicket, IfMatch, SetFrozen, TicketFields, UpdateTicket};
use super::draft::Draft;
use super::event::EventType;
use super::id::{OrderId, TicketId, UserId};
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::Tables;

/// Where a ticket stands between its seller and a buyer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum TicketStatus {
    /// On sale.
    Available = 0,
    /// Taken off sale by its seller, or given back by its buyer: its seller may put it on sale.
    Frozen = 1,
    /// Claimed by an open order.
    Reserved = 2,
    /// Paid for.
    Sold = 3,
}

/// What a seller offers.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Ticket {
    /// The ticket's name, for ever.
    #[prost(message, required, tag = "1")]
    pub id: TicketId,
    /// Its place in the order in which tickets were posted, from 1.
    #[prost(uint64, tag = "2")]
    pub number: u64,
    /// What it admits to.
    #[prost(string, tag = "3")]
    pub title: String,
    /// The title's words as they are searched for; computed before the command.
    #[prost(string, repeated, tag = "4")]
    pub words: Vec<String>,
    /// Price in minor units of `currency`.
    #[prost(uint64, tag = "5")]
    pub price_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "6")]
    pub currency: String,
    /// Where the show is.
    #[prost(string, optional, tag = "7")]
    pub venue: Option<String>,
    /// When the show begins, in milliseconds since the Unix epoch.
    #[prost(uint64, optional, tag = "8")]
    pub starts_at_ms: Option<u64>,
    /// Who offers it.
    #[prost(message, required, tag = "9")]
    pub seller: UserId,
    /// See [`TicketStatus`]; read it with [`Ticket::status`].
    #[prost(enumeration = "TicketStatus", tag = "10")]
    pub status: i32,
    /// The order that holds or bought it; set exactly while reserved or sold.
    #[prost(message, optional, tag = "11")]
    pub order: Option<OrderId>,
    /// Starts at 0 and rises by one with each change.
    #[prost(uint64, tag = "12")]
    pub version: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "13")]
    pub created_at_ms: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "14")]
    pub updated_at_ms: u64,
}

impl Ticket {
    /// Whether the show has begun at this time, so that nobody can order the ticket any more.
    pub fn has_begun(&self, at_ms: u64) -> bool {
        self.starts_at_ms.is_some_and(|starts_at_ms| starts_at_ms <= at_ms)
    }

    /// Whether a seller may change or withdraw it.
    fn check_not_taken(&self) -> Result<(), Rejection> {
        match self.status() {
            TicketStatus::Available | TicketStatus::Frozen => Ok(()),
            TicketStatus::Reserved => Err(RejectionCode::TicketReserved.into()),
            TicketStatus::Sold => Err(RejectionCode::TicketSold.into()),
        }
    }

    /// The ticket after one more change.
    fn changed(&self, at_ms: u64) -> Self {
        Self { version: self.version.saturating_add(1), updated_at_ms: at_ms, ..self.clone() }
    }

    fn set_fields(&mut self, fields: &TicketFields) {
        self.title.clone_from(&fields.title);
        self.words.clone_from(&fields.words);
        self.price_minor = fields.price_minor;
        self.venue.clone_from(&fields.venue);
        self.starts_at_ms = fields.starts_at_ms;
    }
}

pub(super) fn create<T: Tables>(
    draft: &mut Draft<'_, T>,
    seller: UserId,
    c: &CreateTicket,
) -> Result<Answer, Rejection> {
    if draft.tables.ticket(c.ticket).is_some() {
        return Err(Rejection::internal("the new ticket's id is taken"));
    }
    let mut ticket = Ticket {
        id: c.ticket,
        number: draft.next_ticket_number(),
        seller,
        currency: c.currency.clone(),
        status: TicketStatus::Available.into(),
        created_at_ms: draft.at_ms,
        updated_at_ms: draft.at_ms,
        ..Ticket::default()
    };
    ticket.set_fields(&c.fields);
    draft.put_ticket(None, ticket.clone(), EventType::TicketCreated);
    Ok(Answer::Ticket(ticket))
}

pub(super) fn update<T: Tables>(
    draft: &mut Draft<'_, T>,
    seller: UserId,
    c: &UpdateTicket,
) -> Result<Answer, Rejection> {
    let old = owned(draft, seller, c.ticket, c.if_match.as_ref())?;
    old.check_not_taken()?;
    let mut new = old.changed(draft.at_ms);
    new.set_fields(&c.fields);
    draft.put_ticket(Some(old), new.clone(), EventType::TicketUpdated);
    Ok(Answer::Ticket(new))
}

pub(super) fn delete<T: Tables>(
    draft: &mut Draft<'_, T>,
    seller: UserId,
    c: &DeleteTicket,
) -> Result<Answer, Rejection> {
    let old = owned(draft, seller, c.ticket, c.if_match.as_ref())?;
    old.check_not_taken()?;
    withdraw(draft, old);
    Ok(Answer::Done(()))
}

/// Removes a ticket that nobody holds; its deletion is its last version.
pub(super) fn withdraw<T: Tables>(draft: &mut Draft<'_, T>, ticket: Ticket) {
    let last = ticket.changed(draft.at_ms);
    draft.delete_ticket(ticket, last);
}

pub(super) fn set_frozen<T: Tables>(
    draft: &mut Draft<'_, T>,
    seller: UserId,
    c: &SetFrozen,
) -> Result<Answer, Rejection> {
    let old = owned(draft, seller, c.ticket, c.if_match.as_ref())?;
    old.check_not_taken()?;
    let status = if c.frozen { TicketStatus::Frozen } else { TicketStatus::Available };
    if old.status() == status {
        return Ok(Answer::Ticket(old));
    }
    let mut new = old.changed(draft.at_ms);
    new.set_status(status);
    draft.put_ticket(Some(old), new.clone(), EventType::TicketUpdated);
    Ok(Answer::Ticket(new))
}

/// The ticket, if this user may order it now.
pub(super) fn orderable<T: Tables>(
    draft: &Draft<'_, T>,
    buyer: UserId,
    id: TicketId,
) -> Result<Ticket, Rejection> {
    let ticket = draft.tables.ticket(id).ok_or(RejectionCode::NotFound)?;
    if ticket.seller == buyer {
        return Err(RejectionCode::OwnTicket.into());
    }
    ticket.check_not_taken()?;
    if ticket.status() == TicketStatus::Frozen || draft.tables.is_departed(ticket.seller) {
        return Err(RejectionCode::TicketFrozen.into());
    }
    if ticket.has_begun(draft.at_ms) {
        return Err(RejectionCode::ShowBegun.into());
    }
    Ok(ticket)
}

/// Hands the ticket to an order (reserved, then sold), or back to the public (`None`).
pub(super) fn hand_over<T: Tables>(
    draft: &mut Draft<'_, T>,
    old: Ticket,
    status: TicketStatus,
    order: Option<OrderId>,
) {
    let mut new = old.changed(draft.at_ms);
    new.set_status(status);
    new.order = order;
    draft.put_ticket(Some(old), new, EventType::TicketUpdated);
}

fn owned<T: Tables>(
    draft: &Draft<'_, T>,
    seller: UserId,
    id: TicketId,
    if_match: Option<&IfMatch>,
) -> Result<Ticket, Rejection> {
    let ticket = draft.tables.ticket(id).ok_or(RejectionCode::NotFound)?;
    if ticket.seller != seller {
        return Err(RejectionCode::Forbidden.into());
    }
    IfMatch::check(if_match, ticket.version)?;
    Ok(ticket)
}
