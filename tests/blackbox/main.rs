//! Black-box tests: the real binary, over HTTP, against the contract.

mod support;

mod authorisation;
mod backup;
mod consistency;
mod contract_errors;
mod contract_headers;
mod contract_lists;
mod contract_orders;
mod contract_payments;
mod contract_tickets;
mod contract_users;
mod crash;
mod cross_origin;
mod damage;
mod events;
mod events_kept;
mod events_tail;
mod expiry;
mod idempotency;
mod operations;
mod operator_keys;
mod passwords;
mod payments;
mod races;
mod reconcile;
mod refunds;
mod sales;
mod search;
mod secrets;
mod settings;
mod stopping;
mod stripe;
mod upgrade;
mod walkthrough;
mod webhooks;
