//! Sells tickets.

pub mod auth;
