//! The shop: pages that the server renders, at `/`. They call what the API calls, and show what it shows.

mod account;
mod answer;
mod assets;
mod back;
mod checkout;
mod done;
mod entrance;
mod error;
mod layout;
mod listing;
mod local_path;
mod manage;
mod meant;
mod now;
mod order;
mod own;
mod problem_words;
mod show;
mod structured_data;
mod ticket;
mod ticket_form;
mod typed;
mod visit;

use std::sync::Arc;

use poem::http::Method;
use poem::{Endpoint, IntoResponse, Request, Response, Route, RouteMethod};

use self::assets::Assets;
pub use self::error::page as error_page;
use self::visit::{Shop, shown};
use crate::api::consistency::Consistent;
use crate::api::{self, Shared};
use crate::http::routes::RouteTable;

/// The pages and what they are sent with: each path, with the methods that it has. None is without GET: see [`back`].
const PAGES: &[(&str, &[Method])] = &[
    ("/", &[Method::GET]),
    ("/tickets", &[Method::GET, Method::POST]),
    ("/tickets/new", &[Method::GET]),
    ("/tickets/:id", &[Method::GET, Method::POST]),
    ("/tickets/:id/edit", &[Method::GET]),
    ("/tickets/:id/reserve", &[Method::GET, Method::POST]),
    ("/tickets/:id/freeze", &[Method::GET, Method::POST]),
    ("/tickets/:id/unfreeze", &[Method::GET, Method::POST]),
    ("/tickets/:id/delete", &[Method::GET, Method::POST]),
    ("/orders", &[Method::GET]),
    ("/orders/:id", &[Method::GET]),
    ("/orders/:id/pay", &[Method::GET, Method::POST]),
    ("/orders/:id/cancel", &[Method::GET, Method::POST]),
    ("/selling", &[Method::GET]),
    ("/sign-up", &[Method::GET, Method::POST]),
    ("/sign-in", &[Method::GET, Method::POST]),
    ("/sign-out", &[Method::GET, Method::POST]),
    ("/account", &[Method::GET]),
    ("/account/password", &[Method::GET, Method::POST]),
    ("/account/delete", &[Method::GET, Method::POST]),
    ("/account/sessions/:id/end", &[Method::GET, Method::POST]),
    ("/account/sessions/end-others", &[Method::GET, Method::POST]),
    (assets::PATTERN, &[Method::GET]),
    (assets::FAVICON, &[Method::GET]),
];

/// Which methods the paths have, those of the API included.
pub fn route_table() -> RouteTable {
    let all = PAGES.iter().flat_map(|(path, methods)| methods.iter().map(move |method| (path, method)));
    all.fold(api::route_table(), |table, (path, method)| table.with(path, method.clone()))
}

/// Everything that the public listener serves: the pages, and the API beside them.
pub fn routes(shared: &Shared) -> impl Endpoint + use<> {
    let service = shared.service.clone();
    let pages = Consistent { service, covers: |_| true, inner: pages(shared) };
    Everything { api: api::routes(shared), assets: assets::routes(), pages }
}

fn pages(shared: &Shared) -> Route {
    let shop = Arc::new(Shop::new(shared.clone()));
    macro_rules! page {
        (get $handler:path) => {
            RouteMethod::new().get(shown(&shop, $handler))
        };
        (post $handler:path) => {
            page!(get back::to_page, post $handler)
        };
        (get $get:path, post $post:path) => {
            RouteMethod::new().get(shown(&shop, $get)).post(shown(&shop, $post))
        };
    }
    Route::new()
        .at("/", page!(get listing::show))
        .at("/tickets", page!(post ticket_form::post))
        .at("/tickets/new", page!(get ticket_form::new))
        .at("/tickets/:id", page!(get ticket::show, post ticket_form::replace))
        .at("/tickets/:id/edit", page!(get ticket_form::edit))
        .at("/tickets/:id/reserve", page!(post ticket::reserve))
        .at("/tickets/:id/freeze", page!(post manage::freeze))
        .at("/tickets/:id/unfreeze", page!(post manage::unfreeze))
        .at("/tickets/:id/delete", page!(post manage::withdraw))
        .at("/orders", page!(get own::orders))
        .at("/orders/:id", page!(get order::show))
        .at("/orders/:id/pay", page!(post order::pay))
        .at("/orders/:id/cancel", page!(post order::cancel))
        .at("/selling", page!(get own::selling))
        .at("/sign-up", page!(get entrance::sign_up_form, post entrance::sign_up))
        .at("/sign-in", page!(get entrance::sign_in_form, post entrance::sign_in))
        .at("/sign-out", page!(post entrance::sign_out))
        .at("/account", page!(get account::show))
        .at("/account/password", page!(post account::change_password))
        .at("/account/delete", page!(post account::delete))
        .at("/account/sessions/end-others", page!(post account::end_other_sessions))
        .at("/account/sessions/:id/end", page!(post account::end_session))
}

/// Pages, what they are sent with, and the API.
struct Everything<A, P> {
    api: A,
    assets: Route,
    pages: P,
}

impl<A: Endpoint, P: Endpoint> Endpoint for Everything<A, P> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let path = request.uri().path();
        if api::serves(path) {
            return self.api.call(request).await.map(IntoResponse::into_response);
        }
        if Assets::is_path(path) {
            return self.assets.call(request).await;
        }
        self.pages.call(request).await.map(IntoResponse::into_response)
    }
}
