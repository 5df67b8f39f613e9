//! `boxoffice events`: what happens, as it happens.

mod shown;
mod sse;
mod tail;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use reqwest::Url;

use super::Failure;

#[derive(Subcommand)]
pub(super) enum Events {
    /// Follow what happens, until it is interrupted
    ///
    /// Prints each event as soon as it is committed: a line for people on a terminal, in colour
    /// unless NO_COLOR is set, and otherwise a CloudEvent in JSON a line, for programs such as jq.
    /// Begins with the oldest event that the service keeps, unless --after says otherwise. When the
    /// stream breaks off it is resumed where it was, and none is missed or printed twice. If some
    /// were missed nevertheless, because the service keeps them no more, standard error says so.
    ///
    /// Everybody sees the events of tickets. With a session's token one's own orders and payments
    /// come too, and with an operator's key that has the scope events:read all of them:
    ///
    ///   boxoffice events tail --after now
    ///   boxoffice keys create --label tail --scope events:read --out key
    ///   boxoffice events tail --token-file key --types order:completed,payment:refunded
    ///   boxoffice events tail --token-file key --subject order_01… | jq .data.status
    ///
    /// To go on later, give --after the id of the last event that was handled.
    #[command(verbatim_doc_comment)]
    Tail(Tail),
}

/// What to follow.
#[derive(Args, Clone, Debug)]
pub(super) struct Tail {
    /// Where the service is; any replica will do
    #[arg(long, env = "BOXOFFICE_URL", value_name = "URL", default_value = "http://127.0.0.1:3000")]
    url: Url,
    /// Events of these types only, separated by commas, such as ticket:created,order:completed
    #[arg(long, value_name = "TYPES")]
    types: Option<String>,
    /// Events about this ticket, order or payment only
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// What came after the event with this id; `now` for what happens from now on
    #[arg(long, value_name = "ID|now")]
    after: Option<String>,
    /// A file with the token of a session, or an operator's key
    #[arg(long, env = "BOXOFFICE_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// The token itself, which would be for everybody to read on a command line
    #[arg(
        long,
        env = "BOXOFFICE_TOKEN",
        value_name = "TOKEN",
        hide = true,
        hide_env_values = true,
        conflicts_with = "token_file"
    )]
    token: Option<String>,
    /// JSON lines also on a terminal
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: Events) -> Result<(), Failure> {
    let Events::Tail(wanted) = command;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let done = runtime.block_on(tail::run(wanted));
    runtime.shutdown_background();
    done
}
