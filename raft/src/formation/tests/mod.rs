//! Tests of the rules: a simulation of many replicas under faults, and each rule on its own.

mod directed;
mod faults;
mod invariants;
mod network;
mod operator;
mod promises;
mod sight;
mod simulation;
mod wire;
mod world;
