//! Golden bytes: what was written once must be read for ever, by every later version.
//!
//! A line of `bytes.txt` never changes once a release has written it; a new sample gets a new line.

mod accounts;
mod consumers;
mod level_2;
mod numbers;
mod samples;
mod webhooks;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use boxoffice::domain::wire::{
    COMMAND_VERSION, WireError, decode_envelope, decode_reply, encode_envelope, encode_reply,
};
use boxoffice::domain::{Command, Envelope, Upkeep};
use consumers::{other_commands, rows_of_groups};
use level_2::{commands_of_level_2, envelope_by_key, rows_of_level_2};
use numbers::numbers;
use prost::Message;
use samples::{Sample, commands, envelope, replies, rows};

const GOLDEN: &str = include_str!("bytes.txt");

#[test]
fn all_that_is_written_keeps_its_bytes() {
    let mut golden: BTreeMap<&str, &str> =
        GOLDEN.lines().map(|line| line.split_once(' ').expect("a name and its bytes")).collect();
    assert_eq!(golden.len(), GOLDEN.lines().count(), "a name stands twice in bytes.txt");
    let mut wrong = String::new();
    for (name, bytes) in encoded_envelopes()
        .into_iter()
        .chain(encoded_replies())
        .chain(rows())
        .chain(rows_of_level_2())
        .chain(webhooks::rows())
        .chain(rows_of_groups())
        .chain(numbers())
    {
        let bytes = hex(&bytes);
        if golden.remove(name.as_str()) != Some(&bytes) {
            writeln!(wrong, "{name} {bytes}").expect("a string takes everything");
        }
    }
    assert!(wrong.is_empty(), "these bytes are not (or not so) in bytes.txt:\n{wrong}");
    assert!(golden.is_empty(), "nothing is written any more as {:?}", golden.keys());
}

#[test]
fn golden_commands_and_replies_are_read_as_what_they_were() {
    let golden: BTreeMap<&str, &str> = GOLDEN.lines().filter_map(|line| line.split_once(' ')).collect();
    for (name, command) in named_envelopes() {
        assert_eq!(decode_envelope(&unhex(golden[name.as_str()])), Ok(command), "{name}");
    }
    for (name, reply) in replies() {
        assert_eq!(decode_reply(&unhex(golden[name.as_str()])), Ok(reply), "{name}");
    }
}

#[test]
fn what_this_version_does_not_know_is_refused() {
    let mut bytes = encode_envelope(&envelope(Command::Upkeep(Upkeep { at_most: 1 }), true));
    assert_eq!(decode_envelope(&[]), Err(WireError::Empty));
    for found in (0..=u8::MAX).filter(|&version| version != COMMAND_VERSION) {
        bytes[0] = found;
        assert_eq!(decode_envelope(&bytes), Err(WireError::UnknownVersion { found }));
    }
}

#[test]
fn a_command_that_this_version_does_not_know_is_refused() {
    /// An envelope whose command has a tag that no command has.
    #[derive(Clone, PartialEq, prost::Message)]
    struct Later {
        #[prost(bytes = "vec", tag = "1")]
        request: Vec<u8>,
        #[prost(bytes = "vec", tag = "999")]
        body: Vec<u8>,
    }
    let later = Later { request: Vec::new(), body: vec![0x08, 0x01] };
    let bytes = [vec![COMMAND_VERSION], later.encode_to_vec()].concat();
    assert_eq!(decode_envelope(&bytes), Err(WireError::UnknownCommand));
}

#[test]
fn bytes_that_were_cut_or_changed_are_no_command() {
    let bytes = encode_envelope(&envelope(Command::Upkeep(Upkeep { at_most: 1 }), true));
    for length in 1..bytes.len() {
        // Cut between two fields it is another, shorter message; the log's checksum is what catches that.
        if let Ok(cut) = decode_envelope(&bytes[..length]) {
            assert_ne!(encode_envelope(&cut), bytes);
        }
    }
    let damaged = [vec![COMMAND_VERSION], vec![0xff; 12]].concat();
    assert!(matches!(decode_envelope(&damaged), Err(WireError::Damaged(_))));
    assert!(matches!(decode_reply(&[0xff; 12]), Err(WireError::Damaged(_))));
}

/// Every command, each with all of its fields in a whole envelope and with as little as there can be.
fn named_envelopes() -> Vec<(String, Envelope)> {
    let mut all = Vec::new();
    for (name, full, least) in commands() {
        all.push((format!("command/{name}/full"), envelope(full, true)));
        all.push((format!("command/{name}/least"), envelope(least, false)));
    }
    for (name, command) in commands_of_level_2().into_iter().chain(other_commands()) {
        let envelope = Envelope { keeps_history: true, ..envelope(command, true) };
        all.push((format!("command/{name}"), envelope));
    }
    let by_key = envelope_by_key(Command::Upkeep(Upkeep { at_most: 1 }));
    all.push(("envelope/operator_key".to_owned(), by_key));
    all
}

fn encoded_envelopes() -> Vec<Sample> {
    named_envelopes().into_iter().map(|(name, envelope)| (name, encode_envelope(&envelope))).collect()
}

fn encoded_replies() -> Vec<Sample> {
    replies().into_iter().map(|(name, reply)| (name, encode_reply(&reply))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).expect("two hexadecimal digits");
    (0..text.len()).step_by(2).map(digits).collect()
}
