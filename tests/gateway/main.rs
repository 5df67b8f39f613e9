//! The gateways against stand-ins for what is behind them.

mod stripe;
