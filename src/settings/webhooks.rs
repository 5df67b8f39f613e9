//! Webhooks: where they may be sent to.

use clap::{ArgAction, Args};

/// Where webhooks may be sent to. Whichever replica is asked, or leads, goes by its own.
#[derive(Args, Clone, Debug)]
pub struct WebhookSettings {
    /// Have webhooks sent to addresses that are not on the Internet as well: for development
    #[arg(long, env = "BOXOFFICE_WEBHOOKS_ALLOW_PRIVATE", value_name = "true|false", default_value_t = false,
          action = ArgAction::Set)]
    pub webhooks_allow_private: bool,
}
