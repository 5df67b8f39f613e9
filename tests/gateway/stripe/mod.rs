//! The client for Stripe against the strict stand-in, which holds every word of both to Stripe's own document.

mod chance;
mod lost_answers;
mod outcomes;
mod refunds;
mod support;
mod webhooks;
