//! Each request makes one thing at most, whoever asks for it again on the way: the client under its key, or the service
//! itself while it does not know what came of a proposal.

use std::collections::{BTreeMap, BTreeSet};

use boxoffice::domain::{Answer as Replied, Command, RejectionCode};

use crate::history::{Operation, Request};
use crate::replay::Applied;

/// Titles of which the log makes more tickets than were asked for, and commands that it refuses to keep the state sound.
/// One of those is what a proposal that was made anew after all comes to: its ticket is there.
pub(crate) fn made_too_often(operations: &[Operation], applied: &BTreeMap<u64, Applied>) -> Vec<String> {
    let mut found = Vec::new();
    let mut made: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (index, Applied { envelope, reply }) in applied {
        let rejection = reply.rejection.as_ref();
        if rejection.is_some_and(|rejection| rejection.code() == RejectionCode::Internal) {
            found
                .push(format!("entry {index} is refused to keep the state sound: {reply:?} to {envelope:?}"));
        }
        if let (Some(Command::CreateTicket(create)), Some(Replied::Ticket(ticket)), None) =
            (&envelope.command, &reply.answer, rejection)
        {
            made.entry(&create.fields.title).or_default().insert(ticket.id.to_string());
        }
    }
    found.extend(more_than_asked(operations, &made));
    found
}

fn more_than_asked(operations: &[Operation], made: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let mut asked: BTreeMap<&str, BTreeSet<Intent<'_>>> = BTreeMap::new();
    for operation in operations {
        if let Request::PostTicket(title) = &operation.request {
            asked.entry(title).or_default().insert(Intent::of(operation));
        }
    }
    let of_title = asked.into_iter().filter_map(|(title, intents)| Some((title, intents, made.get(title)?)));
    of_title
        .filter(|(_, intents, ids)| ids.len() > intents.len())
        .map(|(title, intents, ids)| format!("{title:?} was made too often, as {ids:?}, for {intents:?}"))
        .collect()
}

/// What one ticket is for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Intent<'a> {
    /// However often it is asked for.
    UnderKey { user: &'a str, key: &'a str },
    /// This operation.
    Once(usize),
}

impl<'a> Intent<'a> {
    fn of(operation: &'a Operation) -> Self {
        match operation.key.as_deref() {
            Some(key) => Self::UnderKey { user: &operation.user, key },
            None => Self::Once(operation.number),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::history::Consistency;

    fn post(number: usize, key: Option<&str>) -> Operation {
        Operation {
            number,
            replica: 0,
            user: "user_1".to_owned(),
            request: Request::PostTicket("A".to_owned()),
            consistency: Consistency::Session,
            seen: None,
            key: key.map(str::to_owned),
            is_retry: false,
            invoked: Duration::ZERO,
            // Whatever was told: what counts is what was made.
            answered: None,
        }
    }

    #[test]
    fn one_request_makes_one_ticket() {
        let found = |operations: &[Operation], ids: &[&str]| {
            let ids = ids.iter().map(|id| (*id).to_owned()).collect();
            more_than_asked(operations, &BTreeMap::from([("A", ids)])).len()
        };
        assert_eq!(found(&[post(0, None)], &[]), 0);
        assert_eq!(found(&[post(0, None)], &["ticket_1"]), 0);
        assert_eq!(found(&[post(0, None)], &["ticket_1", "ticket_2"]), 1);
        assert_eq!(found(&[post(0, None), post(1, None)], &["ticket_1", "ticket_2"]), 0);
        let retried = [post(0, Some("key")), post(1, Some("key"))];
        assert_eq!(found(&retried, &["ticket_1"]), 0);
        assert_eq!(found(&retried, &["ticket_1", "ticket_2"]), 1);
        assert_eq!(found(&[], &["ticket_1", "ticket_2"]), 0, "somebody else's");
    }
}
