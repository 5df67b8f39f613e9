//! The bytes that replicas exchange: a replica of any version reads those of any other. A change here is a new tag,
//! not a new expectation.

use prost::Message;

use crate::formation::{
    Founder, Founding, FoundingAnswer, FoundingQuery, FoundingState, Hello, JoinAnswer, JoinOutcome,
    JoinRequest, Member, Promise, PromiseAnswer, Standing,
};

fn golden<M: Message + Default + PartialEq + std::fmt::Debug>(message: &M, expected: &str) {
    let bytes = message.encode_to_vec();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, expected, "{message:?}");
    assert_eq!(M::decode(bytes.as_slice()).as_ref(), Ok(message));
}

const CLUSTER: u128 = 0x11 << 64 | 0x12;
const INSTANCE: u128 = 0x21 << 64 | 0x22;

fn hello(standing: Option<Standing>) -> Hello {
    Hello {
        protocol_version: 1,
        program_version: "v".to_owned(),
        instance: INSTANCE.into(),
        region: "ams".to_owned(),
        address: "a:1".to_owned(),
        may_vote: true,
        bootstrap_expect: 3,
        revision: 4,
        wall_ms: 5,
        standing,
        seen: vec![CLUSTER.into()],
        leader_address: Some("b:2".to_owned()),
    }
}

/// An id on the wire.
const ID: &str = "091100000000000000111200000000000000";
const OWN: &str = "092100000000000000112200000000000000";

#[test]
fn golden_bytes_of_hello() {
    let head = format!("0801120176 1a12{OWN} 2203616d73 2a03613a31 3001 3803 4004 4805").replace(' ', "");
    let tail = format!("7212{ID}7a03623a32");
    let promise = Promise { cluster_id: CLUSTER.into(), proposer: INSTANCE.into() };
    for (standing, expected) in [
        (None, String::new()),
        (Some(Standing::Fresh(())), "5200".to_owned()),
        (Some(Standing::Joining(CLUSTER.into())), format!("5a12{ID}")),
        (Some(Standing::Promised(promise)), format!("62280a12{ID}1212{OWN}")),
        (
            Some(Standing::Member(Member { cluster_id: CLUSTER.into(), node_id: 7 })),
            format!("6a160a12{ID}1007"),
        ),
    ] {
        golden(&hello(standing), &format!("{head}{expected}{tail}"));
    }
}

#[test]
fn golden_bytes_of_a_founding() {
    let founder = Founder {
        node_id: 1,
        instance: INSTANCE.into(),
        address: "a:1".to_owned(),
        region: "ams".to_owned(),
    };
    let founding = Founding { cluster_id: CLUSTER.into(), members: vec![founder], proposer: INSTANCE.into() };
    golden(&founding, &format!("0a12{ID}12200801 1212{OWN}1a03613a312203616d731a12{OWN}").replace(' ', ""));
    let answer = PromiseAnswer { instance: INSTANCE.into(), promised: true, reason: "no".to_owned() };
    golden(&answer, &format!("0a12{OWN}10011a026e6f"));
    let query = FoundingQuery { cluster_id: CLUSTER.into(), proposer: INSTANCE.into() };
    golden(&query, &format!("0a12{ID}1212{OWN}"));
    for (state, expected) in [
        (FoundingState::Unknown, ""),
        (FoundingState::Pending, "0801"),
        (FoundingState::Formed, "0802"),
        (FoundingState::Abandoned, "0803"),
    ] {
        golden(&FoundingAnswer { state: state.into() }, expected);
    }
}

#[test]
fn golden_bytes_of_joining() {
    let request = JoinRequest {
        protocol_version: 1,
        program_version: "v".to_owned(),
        cluster_id: CLUSTER.into(),
        instance: INSTANCE.into(),
        address: "a:1".to_owned(),
        region: "ams".to_owned(),
        may_vote: true,
        supported_level: 0,
    };
    let expected = format!("08011201761a12{ID}2212{OWN}2a03613a313203616d733801");
    golden(&request, &expected);
    golden(&JoinRequest { supported_level: 2, ..request }, &format!("{expected}4002"));
    let member = Member { cluster_id: CLUSTER.into(), node_id: 7 };
    for (outcome, expected) in [
        (None, String::new()),
        (Some(JoinOutcome::Admitted(member)), format!("0a160a12{ID}1007")),
        (Some(JoinOutcome::NotLeader("b:2".to_owned())), "1203623a32".to_owned()),
        (Some(JoinOutcome::Refused("no".to_owned())), "1a026e6f".to_owned()),
    ] {
        golden(&JoinAnswer { outcome }, &expected);
    }
}

/// What a newer program says in words that this one does not know is no standing, and no word of this one.
#[test]
fn a_standing_of_a_newer_program_is_none() {
    let mut bytes = hello(None).encode_to_vec();
    bytes.extend([0x82, 0x01, 0x00]);
    assert_eq!(Hello::decode(bytes.as_slice()), Ok(hello(None)));
}
