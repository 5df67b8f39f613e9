//! Sells tickets.
