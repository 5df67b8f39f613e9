//! Tests of the rules: a simulation of many replicas under faults, and each rule on its own.

mod faults;
mod invariants;
mod network;
mod simulation;
mod world;
