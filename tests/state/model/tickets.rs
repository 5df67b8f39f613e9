//! Tickets.

use boxoffice::domain::*;

use super::{Model, No, Offer, Said, check_version};

impl Model {
    pub(super) fn create(&mut self, seller: UserId, c: &CreateTicket) -> Result<Said, No> {
        self.posted += 1;
        let offer = Offer {
            number: self.posted,
            seller,
            title: c.fields.title.clone(),
            price_minor: c.fields.price_minor,
            starts_at_ms: c.fields.starts_at_ms,
            status: TicketStatus::Available,
            holder: None,
            version: 0,
            created_at_ms: self.now_ms,
            updated_at_ms: self.now_ms,
        };
        self.tickets.insert(c.ticket, offer);
        self.tell(EventType::TicketCreated, c.ticket, 0);
        Ok(self.say_ticket(c.ticket))
    }

    pub(super) fn update(&mut self, seller: UserId, c: &UpdateTicket) -> Result<Said, No> {
        self.check_editable(seller, c.ticket, c.if_match.as_ref())?;
        self.change_ticket(c.ticket, |offer| {
            offer.title.clone_from(&c.fields.title);
            offer.price_minor = c.fields.price_minor;
            offer.starts_at_ms = c.fields.starts_at_ms;
        });
        Ok(self.say_ticket(c.ticket))
    }

    pub(super) fn set_frozen(&mut self, seller: UserId, c: &SetFrozen) -> Result<Said, No> {
        self.check_editable(seller, c.ticket, c.if_match.as_ref())?;
        let status = if c.frozen { TicketStatus::Frozen } else { TicketStatus::Available };
        if self.tickets[&c.ticket].status != status {
            self.change_ticket(c.ticket, |offer| offer.status = status);
        }
        Ok(self.say_ticket(c.ticket))
    }

    pub(super) fn check_editable(
        &self,
        seller: UserId,
        id: TicketId,
        if_match: Option<&IfMatch>,
    ) -> Result<(), No> {
        let offer = self.tickets.get(&id).ok_or((RejectionCode::NotFound, 0))?;
        if offer.seller != seller {
            return Err((RejectionCode::Forbidden, 0));
        }
        check_version(if_match, offer.version)?;
        match offer.status {
            TicketStatus::Reserved => Err((RejectionCode::TicketReserved, 0)),
            TicketStatus::Sold => Err((RejectionCode::TicketSold, 0)),
            TicketStatus::Available | TicketStatus::Frozen => Ok(()),
        }
    }

    pub(super) fn withdraw(&mut self, id: TicketId) {
        let offer = self.tickets.remove(&id).expect("what is withdrawn is there");
        assert_eq!(offer.holder, None, "{id} is held");
        self.tell(EventType::TicketDeleted, id, offer.version + 1);
    }

    pub(super) fn change_ticket(&mut self, id: TicketId, how: impl FnOnce(&mut Offer)) {
        let now_ms = self.now_ms;
        let offer = self.tickets.get_mut(&id).expect("what changes is there");
        how(offer);
        offer.version += 1;
        offer.updated_at_ms = now_ms;
        let version = offer.version;
        self.tell(EventType::TicketUpdated, id, version);
    }

    pub(super) fn say_ticket(&self, id: TicketId) -> Said {
        Said::Ticket(id, self.tickets[&id].clone())
    }
}
