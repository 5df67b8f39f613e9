//! Who is in sight of one replica, what it tells others of that, and when that is enough to found a cluster.

use std::time::Duration;

use super::world::REGION;
use crate::formation::state::{Chance, Formation, Step};
use crate::formation::waiting::Waiting;
use crate::formation::{
    Founding, FoundingQuery, FoundingState, Hello, InitError, Instance, Member, PROTOCOL_VERSION, Profile,
    Promise, PromiseAnswer, Record, Standing, State,
};

/// The smallest of the three that found a cluster here.
const OWN: u128 = 1;
const FOUNDERS: [u128; 3] = [OWN, 5, 7];
const NO_TIME: Duration = Duration::ZERO;
const SECOND: Duration = Duration::from_secs(1);

fn formation() -> Formation {
    formation_of(OWN)
}

/// A fresh replica that may vote and sees nobody yet.
fn formation_of(instance: u128) -> Formation {
    let profile = Profile {
        program_version: "test".to_owned(),
        region: REGION.to_owned(),
        address: format!("i{instance}:1"),
        may_vote: true,
        bootstrap_expect: 3,
        supported_level: 1,
    };
    Formation::new(profile, Record::new(instance.into()))
}

fn chance() -> Chance {
    Chance { new_cluster: 9.into(), pause: 3 * SECOND }
}

/// What a fresh replica says that sees these.
fn hello(instance: u128, seen: &[u128]) -> Hello {
    Hello {
        protocol_version: PROTOCOL_VERSION,
        program_version: "test".to_owned(),
        instance: instance.into(),
        region: REGION.to_owned(),
        address: format!("i{instance}:1"),
        may_vote: true,
        bootstrap_expect: 3,
        revision: 1,
        standing: Some(Standing::Fresh(())),
        seen: seen.iter().map(|seen| Instance::from(*seen)).collect(),
        ..Hello::default()
    }
}

/// The others of the three answer, and see all of them.
fn all_answer(formation: &mut Formation, now: Duration) {
    for instance in &FOUNDERS[1..] {
        formation.on_answer(now, &format!("i{instance}:1"), hello(*instance, &FOUNDERS));
    }
}

/// One that has proposed, with nobody's promise yet.
fn proposing(now: Duration) -> (Formation, Founding) {
    let mut formation = formation();
    all_answer(&mut formation, now);
    formation.on_round(now);
    formation.on_round(now);
    let Step::Save(change) = formation.step(now, chance()) else { panic!("it proposes") };
    formation.adopt(change.record);
    let State::Promised(founding) = formation.record().state.clone() else { panic!("its own proposal") };
    let asks = formation.step(now, chance());
    assert!(matches!(asks, Step::AskPromises { of, .. } if of == ["i5:1", "i7:1"]));
    (formation, founding)
}

fn promise(instance: u128) -> PromiseAnswer {
    PromiseAnswer { instance: instance.into(), promised: true, reason: String::new() }
}

#[test]
fn only_who_answered_lately_is_said_to_be_seen() {
    let mut formation = formation();
    let seen = |formation: &mut Formation, seconds: u32| formation.hello(seconds * SECOND, 0).seen;
    formation.on_caller(NO_TIME, hello(5, &[]));
    assert_eq!(seen(&mut formation, 0), [], "it called, and may not be reached");
    formation.on_answer(NO_TIME, "i5:1", hello(5, &[]));
    assert_eq!(seen(&mut formation, 9), [Instance::from(5)]);
    formation.on_caller(9 * SECOND, hello(5, &[]));
    assert_eq!(seen(&mut formation, 9), [Instance::from(5)]);
    assert_eq!(seen(&mut formation, 11), [], "it still calls, and has not answered for long");
}

#[test]
fn the_founders_have_to_be_the_same_for_two_rounds() {
    let mut formation = formation();
    let waits =
        |formation: &mut Formation| formation.step(NO_TIME, chance()) == Step::Wait(Waiting::ForQuiet);
    all_answer(&mut formation, NO_TIME);
    assert!(waits(&mut formation));
    formation.on_round(NO_TIME);
    assert!(waits(&mut formation), "one round");
    // Another one ought to be a founder instead, and all see that.
    let all = [OWN, 3, 5, 7];
    for instance in &all[1..] {
        formation.on_answer(NO_TIME, &format!("i{instance}:1"), hello(*instance, &all));
    }
    formation.on_round(NO_TIME);
    assert!(waits(&mut formation), "one round with these");
    formation.on_round(NO_TIME);
    let Step::Save(change) = formation.step(NO_TIME, chance()) else { panic!("it proposes") };
    let State::Promised(founding) = change.record.state else { panic!("a proposal") };
    let founders: Vec<u128> = founding.members.iter().map(|m| u128::from(m.instance)).collect();
    assert_eq!(founders, [OWN, 3, 5]);
}

#[test]
fn a_proposal_is_decided_once_each_founder_itself_has_promised() {
    let (mut formation, founding) = proposing(NO_TIME);
    formation.on_promise_answer(founding.cluster_id, "i5:1", promise(5));
    formation.on_promise_answer(founding.cluster_id, "i5:1", promise(5));
    // Behind the address of the third there is somebody else by now.
    formation.on_promise_answer(founding.cluster_id, "i7:1", promise(8));
    let asks = formation.step(SECOND, chance());
    assert!(matches!(asks, Step::AskPromises { of, .. } if of == ["i7:1"]));
    formation.on_promise_answer(founding.cluster_id, "i7:1", promise(7));
    let Step::Save(change) = formation.step(SECOND, chance()) else { panic!("it decides") };
    assert_eq!(change.record.founded, Some(founding));
    assert!(matches!(change.record.state, State::Member(member) if member.node_id == 1));
}

#[test]
fn a_promise_of_an_earlier_proposal_counts_for_nothing() {
    let (mut formation, founding) = proposing(NO_TIME);
    formation.on_promise_answer(8.into(), "i5:1", promise(5));
    formation.on_promise_answer(8.into(), "i7:1", promise(7));
    let late = PromiseAnswer { instance: 5.into(), promised: false, reason: "of the earlier one".to_owned() };
    formation.on_promise_answer(8.into(), "i5:1", late);
    let asks = formation.step(SECOND, chance());
    assert!(
        matches!(asks, Step::AskPromises { founding: asked, of, .. } if asked == founding && of.len() == 2)
    );
}

#[test]
fn a_proposal_is_abandoned_when_refused_or_late_and_none_follows_at_once() {
    for refused in [true, false] {
        let (mut formation, founding) = proposing(NO_TIME);
        formation.on_promise_answer(founding.cluster_id, "i5:1", promise(5));
        let mut now = 9 * SECOND;
        all_answer(&mut formation, now);
        assert!(matches!(formation.step(now, chance()), Step::AskPromises { .. }), "there is time");
        if refused {
            let refusal = PromiseAnswer { instance: 7.into(), promised: false, reason: "no".to_owned() };
            formation.on_promise_answer(founding.cluster_id, "i7:1", refusal);
            // One that promises after all comes too late: it was refused.
            formation.on_promise_answer(founding.cluster_id, "i7:1", promise(7));
        } else {
            now = 10 * SECOND;
        }
        let Step::Save(change) = formation.step(now, chance()) else { panic!("it gives up") };
        assert_eq!(change.record.state, State::Fresh(()));
        formation.adopt(change.record);
        let early = now + 2 * SECOND;
        all_answer(&mut formation, early);
        formation.on_round(early);
        formation.on_round(early);
        assert_eq!(
            formation.step(early, chance()),
            Step::Wait(Waiting::ForQuiet),
            "others learn of it first"
        );
        assert!(matches!(formation.step(now + 3 * SECOND, chance()), Step::Save(_)), "then it may again");
    }
}

#[test]
fn a_proposer_gives_up_when_it_sees_what_speaks_against_it() {
    let (mut formation, _) = proposing(NO_TIME);
    formation.on_caller(SECOND, hello(3, &[]));
    let Step::Save(change) = formation.step(SECOND, chance()) else {
        panic!("another ought to be a founder")
    };
    assert_eq!(change.record.state, State::Fresh(()));
    assert!(change.what.contains("ought to be a founder"), "{}", change.what);
}

#[test]
fn only_the_first_of_the_founders_proposes() {
    let mut formation = formation_of(5);
    for instance in [OWN, 7] {
        formation.on_answer(NO_TIME, &format!("i{instance}:1"), hello(instance, &FOUNDERS));
    }
    formation.on_round(NO_TIME);
    formation.on_round(NO_TIME);
    let waiting = Waiting::ForProposer { address: "i1:1".to_owned() };
    assert_eq!(formation.step(NO_TIME, chance()), Step::Wait(waiting));
}

/// What a member of this cluster says.
fn member_of(cluster_id: u128) -> Hello {
    let member = Member { cluster_id: cluster_id.into(), node_id: 1 };
    Hello { standing: Some(Standing::Member(member)), ..hello(100 + cluster_id, &[]) }
}

fn sees_members_of(formation: &mut Formation, clusters: &[u128]) -> Step {
    for cluster_id in clusters {
        formation.on_answer(NO_TIME, &format!("c{cluster_id}:1"), member_of(*cluster_id));
    }
    formation.step(NO_TIME, chance())
}

#[test]
fn who_sees_two_clusters_chooses_none() {
    let two = || Step::Wait(Waiting::TwoClusters { first: 2.into(), second: 3.into() });
    assert_eq!(sees_members_of(&mut formation(), &[2, 3]), two());
    let mut joining = formation();
    let Step::Save(change) = sees_members_of(&mut joining, &[2]) else { panic!("it joins the one it sees") };
    assert_eq!(change.record.state, State::Joining(2.into()));
    joining.adopt(change.record);
    assert!(
        matches!(sees_members_of(&mut joining, &[2]), Step::AskToJoin { addresses, .. } if addresses == ["c2:1"])
    );
    assert_eq!(sees_members_of(&mut joining, &[3]), two());
}

#[test]
fn who_joins_a_cluster_joins_no_other_when_that_is_out_of_sight() {
    let record = Record { state: State::Joining(2.into()), ..Record::new(OWN.into()) };
    let mut joining = formation();
    joining.adopt(record);
    let alone = joining.step(NO_TIME, chance());
    assert_eq!(alone, Step::Wait(Waiting::ForMembers { cluster_id: 2.into(), other: None }));
    let other = Waiting::ForMembers { cluster_id: 2.into(), other: Some(3.into()) };
    assert_eq!(sees_members_of(&mut joining, &[3]), Step::Wait(other));
    for (cluster_id, node_id, is_taken) in [(3, 4, false), (2, 0, false), (2, 4, true)] {
        let change = joining.on_admitted(Member { cluster_id: cluster_id.into(), node_id });
        assert_eq!(change.is_some(), is_taken, "place {node_id} in cluster {cluster_id}");
    }
}

#[test]
fn who_promised_stands_by_it_whatever_other_cluster_it_sees() {
    let (_, founding) = proposing(NO_TIME);
    let record = Record { state: State::Promised(founding.clone()), ..Record::new(5.into()) };
    let mut promised = formation_of(5);
    promised.adopt(record);
    let asks = sees_members_of(&mut promised, &[3]);
    let query = FoundingQuery { cluster_id: founding.cluster_id, proposer: OWN.into() };
    assert_eq!(asks, Step::AskVerdict { query, address: "i1:1".to_owned() });
    let elsewhere = Waiting::PromisedElsewhere { cluster_id: founding.cluster_id, other: 3.into() };
    for unknown in [None, Some(FoundingState::Unknown)] {
        assert_eq!(promised.on_verdict(query, "i1:1", unknown), Some(Step::Wait(elsewhere.clone())));
    }
    // What is said of another proposal of the same proposer says nothing of this one.
    let earlier = FoundingQuery { cluster_id: 8.into(), ..query };
    for state in [FoundingState::Formed, FoundingState::Abandoned, FoundingState::Pending] {
        assert_eq!(promised.on_verdict(earlier, "i1:1", Some(state)), None);
    }
    assert!(matches!(promised.on_verdict(query, "i1:1", Some(FoundingState::Abandoned)),
        Some(Step::Save(change)) if change.record.state == State::Fresh(())));
    assert!(matches!(sees_members_of(&mut promised, &[9]),
        Step::Save(change) if matches!(change.record.state, State::Member(member) if member.node_id == 2)));
}

#[test]
fn an_operator_is_told_of_every_cluster_that_there_may_be() {
    let (_, founding) = proposing(NO_TIME);
    let unsure = |formation: &mut Formation, why: &str| {
        formation.on_round(NO_TIME);
        let refused = formation.on_init(NO_TIME, 9.into());
        assert!(
            matches!(&refused, Err(InitError::Unsure(doubt)) if doubt.contains(why)),
            "{why}: {refused:?}"
        );
        let forced = formation.on_forced_init(9.into()).expect("the operator knows better");
        assert!(matches!(forced.record.state, State::Member(member) if member.cluster_id == 9.into()));
    };
    for (state, why) in [
        (State::Joining(2.into()), "joins cluster"),
        (State::Promised(founding), "promised to found cluster"),
    ] {
        let mut bound = formation();
        bound.adopt(Record { state, ..Record::new(OWN.into()) });
        unsure(&mut bound, why);
    }
    for (standing, why) in [
        (member_of(2).standing, "members of cluster"),
        (Some(Standing::Joining(2.into())), "on its way into cluster"),
        (Some(Standing::Promised(Promise { cluster_id: 2.into(), proposer: 5.into() })), "ask again"),
        (Some(Standing::Promised(Promise { cluster_id: 2.into(), proposer: 6.into() })), "wipe its data"),
        (None, "newer program"),
    ] {
        let mut fresh = formation();
        fresh.on_caller(NO_TIME, Hello { standing, ..hello(5, &[]) });
        unsure(&mut fresh, why);
    }
    let mut alone = formation();
    alone.on_caller(NO_TIME, hello(5, &[]));
    alone.on_round(NO_TIME);
    alone.on_init(NO_TIME, 9.into()).expect("nobody is in, or on the way into, a cluster");
}
