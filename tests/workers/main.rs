//! A service without its listener, on an engine in memory, on clocks that the tests move, with a gateway that does
//! as it is told: what the leader does by itself, and reads that wait.
//!
//! The workers' own pauses are on tokio's clock, which is paused and so goes on by itself whenever everybody
//! waits. The replicated clock stands still until a test moves it.

mod browser;
mod gateway;
mod held;
mod house;
mod idle;
mod intents;
mod not_yet;
mod old_payments;
mod payments;
mod reads;
mod receivers;
mod refunds;
mod refusing;
mod rejected;
mod sandbox;
mod webhook_failures;
mod webhooks;
