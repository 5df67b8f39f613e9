//! A cluster of real processes under faults: what clients are told is what the log says.

mod backups;
mod consumers;
mod disks_and_clocks;
mod events;
mod formation;
mod membership;
mod outages;
mod partitions;
mod payments;
mod planted;
mod sessions;
mod snapshots;
mod support;
mod under_load;
mod webhooks;
