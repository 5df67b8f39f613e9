//! Boxoffice sells tickets: reserve, pay in time, or it goes back on sale. One replicated binary.

pub mod admin;
pub mod api;
pub mod auth;
pub mod cli;
pub mod domain;
pub mod event_signals;
pub mod events;
pub mod failpoint;
pub mod gateway;
pub mod http;
pub mod machine;
pub mod metrics;
pub mod payment_signals;
pub mod reconcile;
pub mod replica;
pub mod saga;
pub mod service;
pub mod settings;
pub mod store;
pub mod storefront;
pub mod webhooks;
pub mod words;
pub mod workers;
