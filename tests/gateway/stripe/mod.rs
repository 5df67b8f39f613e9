//! The client for Stripe against the strict stand-in, which holds every word of both to Stripe's own document.

mod chance;
mod lists;
mod lost_answers;
mod outcomes;
mod refunds;
mod second_opinion;
mod support;
mod webhooks;
