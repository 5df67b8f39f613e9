//! The order of the log agrees with the order in time: what was asked after somebody was told of an index has a
//! greater one, and a strong read shows it.

use std::collections::BTreeMap;

use crate::history::{Answer, Consistency, Operation};

/// What does not agree.
pub(crate) fn disagreements(operations: &[Operation]) -> Vec<String> {
    let mut told: Vec<_> =
        operations.iter().filter_map(|o| known(o).map(|(at, index, _)| (at, index, o.number))).collect();
    told.sort();
    let mut asked: Vec<&Operation> = operations.iter().collect();
    asked.sort_by_key(|operation| operation.invoked);
    let (mut found, mut told) = (Vec::new(), told.into_iter().peekable());
    let mut newest = (0, None);
    for operation in asked {
        while let Some((_, index, number)) = told.next_if(|(at, ..)| *at < operation.invoked) {
            if index > newest.0 {
                newest = (index, Some(number));
            }
        }
        let Some((_, index, _)) = known(operation) else { continue };
        let (floor, by) = newest;
        let is_late = match (operation.request.is_write(), operation.consistency) {
            (true, _) => index <= floor && by.is_some(),
            (false, Consistency::Strong) => index < floor,
            (false, _) => false,
        };
        if is_late {
            let earlier = by.map(|number| &operations[number]);
            found.push(format!(
                "{operation:?} is at {index}, but {floor} was told of before it was asked: {earlier:?}"
            ));
        }
        if let Some(seen) = operation.seen.filter(|seen| index < *seen) {
            found.push(format!("{operation:?} is at {index}, and its session had seen {seen}"));
        }
    }
    found
}

/// Under each idempotency key one thing was made.
pub(crate) fn made_twice(operations: &[Operation]) -> Vec<String> {
    let mut made: BTreeMap<(&str, &str), (&Operation, &str)> = BTreeMap::new();
    let mut found = Vec::new();
    for operation in operations {
        let Some((_, _, answer)) = known(operation).filter(|(_, _, answer)| answer.status == 201) else {
            continue;
        };
        let Some((key, id)) = operation.key.as_deref().zip(answer.body["id"].as_str()) else { continue };
        let (first, of_first) = made.entry((&operation.user, key)).or_insert((operation, id));
        if *of_first != id {
            found.push(format!("one key made two things: {first:?} and {operation:?}"));
        }
    }
    found
}

/// When it was decided, and where in the log, if the answer tells.
pub(crate) fn known(operation: &Operation) -> Option<(std::time::Duration, u64, &Answer)> {
    let (at, answer) = operation.answered.as_ref()?;
    answer.is_decided().then_some((*at, answer.index?, answer))
}

/// Why an answer cannot be held against the log although it says what came of the request; none if it can, or does not
/// say so.
pub(crate) fn without_place(operation: &Operation) -> Option<String> {
    let (_, answer) = operation.answered.as_ref()?;
    let is_without = answer.is_decided() && answer.index.is_none();
    is_without.then(|| "it was answered without a place in the log".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::Value;

    use super::*;
    use crate::history::Request;

    fn operation(
        number: usize,
        consistency: Consistency,
        is_write: bool,
        times: (u64, u64),
        index: u64,
    ) -> Operation {
        let ticket = "ticket_1".to_owned();
        Operation {
            number,
            replica: 0,
            user: "user_1".to_owned(),
            request: if is_write { Request::Order(ticket) } else { Request::ShowTicket(ticket) },
            consistency,
            seen: None,
            key: None,
            is_retry: false,
            invoked: Duration::from_millis(times.0),
            answered: Some((
                Duration::from_millis(times.1),
                Answer { status: 200, index: Some(index), body: Value::Null },
            )),
        }
    }

    #[test]
    fn an_answer_that_tells_what_came_of_it_has_a_place() {
        let answered = |status, kind: &str, index| {
            let body = serde_json::json!({"type": kind});
            let answer = Answer { status, index, body };
            let at = Duration::from_millis(10);
            let answered = Some((at, answer));
            without_place(&Operation { answered, ..operation(0, Consistency::Session, true, (0, 10), 7) })
        };
        for status in [200, 201, 204, 404, 409] {
            assert_eq!(answered(status, "", Some(7)), None);
            assert!(answered(status, "", None).is_some(), "{status}");
        }
        assert_eq!(answered(503, "/problems/unavailable", None), None, "it may have happened");
        assert_eq!(answered(409, "/problems/key-in-progress", None), None, "it did not happen");
    }

    #[test]
    fn what_is_asked_later_is_further_on() {
        use Consistency::{Local, Session, Strong};
        let write = operation(0, Session, true, (0, 10), 7);
        let with = |other: Operation| disagreements(&[write.clone(), other]).len();
        assert_eq!(with(operation(1, Session, true, (11, 20), 8)), 0);
        assert_eq!(with(operation(1, Session, true, (11, 20), 7)), 1);
        assert_eq!(with(operation(1, Session, true, (9, 20), 6)), 0, "at the same time");
        assert_eq!(with(operation(1, Strong, false, (11, 20), 7)), 0);
        assert_eq!(with(operation(1, Strong, false, (11, 20), 6)), 1);
        assert_eq!(with(operation(1, Strong, false, (9, 20), 6)), 0, "at the same time");
        assert_eq!(with(operation(1, Local, false, (11, 20), 6)), 0);
        let forgetful = Operation { seen: Some(7), ..operation(1, Session, false, (11, 20), 6) };
        assert_eq!(with(forgetful), 1);
    }
}
