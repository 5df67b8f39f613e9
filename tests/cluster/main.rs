//! A cluster of real processes under faults: what clients are told is what the log says.

mod backups;
mod consumer_members;
mod consumers;
mod crashes;
mod disks_and_clocks;
mod events;
mod formation;
mod hanging_gateway;
mod membership;
mod outages;
mod partitions;
mod paused_leader;
mod payments;
mod planted;
mod refund_storm;
mod sessions;
mod shop;
mod snapshots;
mod support;
mod under_load;
mod webhooks;
mod webhooks_out;
