//! Sells tickets.

pub mod http;
