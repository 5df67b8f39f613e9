//! The same log gives the same state, however it is cut into transactions.

use boxoffice::domain::wire::{decode_envelope, encode_envelope};
use boxoffice::domain::{Envelope, Hold, Reply};
use boxoffice::store::hold_sales;

use crate::driver::Driver;
use crate::runner;
use crate::shop::Shop;
use crate::steps::sequence;

#[test]
fn the_same_log_gives_the_same_rows_in_any_transactions() {
    let run = runner(24).run(&sequence(60), |steps| {
        let mut first = Driver::new();
        first.run(&steps);
        let log: Vec<(Vec<u8>, u64)> =
            first.log.iter().map(|(command, at_ms)| (encode_envelope(command), *at_ms)).collect();
        let expected = first.shop.dump();
        let holds = first.holds;
        let (one_by_one, replies) = replay(&log, &holds, 1);
        assert_eq!(one_by_one.dump(), expected);
        for batch in [7, log.len()] {
            let (shop, same_replies) = replay(&log, &holds, batch);
            assert_eq!(shop.dump(), expected, "{batch} commands a transaction");
            assert_eq!(same_replies, replies, "{batch} commands a transaction");
        }
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Applies a log to a new state, so many commands a transaction, and has sales held where they came to be.
fn replay(log: &[(Vec<u8>, u64)], holds: &[(usize, Hold)], batch: usize) -> (Shop, Vec<Reply>) {
    let mut shop = Shop::new();
    let mut replies = Vec::new();
    let mut applied = 0;
    for (from, hold) in holds {
        apply(&mut shop, &log[applied..*from], batch, &mut replies);
        shop.damage(|txn| hold_sales(txn, hold).expect("memory does not fail"));
        applied = *from;
    }
    apply(&mut shop, &log[applied..], batch, &mut replies);
    (shop, replies)
}

fn apply(shop: &mut Shop, log: &[(Vec<u8>, u64)], batch: usize, replies: &mut Vec<Reply>) {
    for entries in log.chunks(batch) {
        let commands: Vec<(Envelope, u64)> = entries
            .iter()
            .map(|(bytes, at_ms)| (decode_envelope(bytes).expect("encoded above"), *at_ms))
            .collect();
        replies.extend(shop.apply_batch(commands.iter().map(|(command, at_ms)| (command, *at_ms))));
    }
}
