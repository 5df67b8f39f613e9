//! `boxoffice cluster` on real processes: what it prints and refuses, and what replicas do when they are told.

mod certificates;
mod damage;
mod keys;
mod orders;
mod process;
mod readiness;
mod recovery;
mod stopping;
