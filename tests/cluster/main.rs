//! A cluster of real processes under faults: what clients are told is what the log says.

mod formation;
mod planted;
mod support;
mod under_load;
