//! What holds of the state, whatever happens: random commands against a model, replays of a log, lists
//! against brute force, and audits that find planted damage.

mod accounts;
mod all_tables;
mod audits;
mod bounded;
mod consumer_groups;
mod consumer_reference;
mod deadlines;
mod driver;
mod elsewhere;
mod events;
mod history;
mod hold;
mod lists;
mod market;
mod model;
mod operator_keys;
mod refunds;
mod replay;
mod saga;
mod sales;
mod sandbox;
mod search;
mod seen;
mod shop;
mod steps;
mod upkeep;
mod webhook_deliveries;
mod webhooks;
mod withdrawals;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Runs a property on so many cases: always the same ones, unless `PROPTEST_CASES` asks for that many
/// others.
fn runner(cases: u32) -> TestRunner {
    let others = std::env::var_os("PROPTEST_CASES").is_some();
    let config = Config { failure_persistence: None, ..Config::default() };
    if others {
        return TestRunner::new(config);
    }
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    TestRunner::new_with_rng(Config { cases, ..config }, rng)
}
