//! Boxoffice sells tickets: reserve, pay in time, or it goes back on sale. One replicated binary.

pub mod domain;
pub mod store;
