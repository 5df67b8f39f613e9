//! A typed JSON handler without any store: what the framework alone costs.

// The macro of poem-openapi collects its schemas in a HashMap.
#![allow(clippy::disallowed_methods)]

use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Route, Server};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi, OpenApiService};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to listen; with port 0 the printed address tells which port it became.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
}

/// The fields of a ticket as the service gives it out.
#[derive(Object)]
#[oai(rename_all = "camelCase")]
struct Ticket {
    id: String,
    title: String,
    price: f64,
    currency: String,
    venue: Option<String>,
    starts_at: Option<String>,
    user_id: String,
    status: String,
    version: u64,
    created_at: String,
    updated_at: String,
}

struct Api;

#[OpenApi]
impl Api {
    /// Answers with a ticket made up on the spot.
    #[oai(path = "/api/tickets/:id", method = "get")]
    async fn ticket(&self, id: Path<String>) -> Json<Ticket> {
        Json(Ticket {
            id: id.0,
            title: "bramai flostock grindel".to_owned(),
            price: 19.99,
            currency: "usd".to_owned(),
            venue: Some("Hall 7".to_owned()),
            starts_at: Some("2065-04-05T20:00:00Z".to_owned()),
            user_id: "user_01h455vb4pex5vsknk084sn02q".to_owned(),
            status: "available".to_owned(),
            version: 0,
            created_at: "2026-01-02T03:04:05.678Z".to_owned(),
            updated_at: "2026-01-02T03:04:05.678Z".to_owned(),
        })
    }
}

/// Serves until it is stopped.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let acceptor = TcpListener::bind(args.listen).into_acceptor().await?;
    for address in acceptor.local_addr().iter().filter_map(|address| address.as_socket_addr()) {
        println!("http://{address}");
    }
    let api = OpenApiService::new(Api, "baseline", env!("CARGO_PKG_VERSION"));
    Ok(Server::new_with_acceptor(acceptor).run(Route::new().nest("/", api)).await?)
}
