//! Comparing the payments here with those at Stripe. It takes minutes and more, so it goes on by itself, and whoever
//! wants it asks again and again what it has to say.

use std::sync::Arc;
use std::time::Duration;

use poem::handler;
use poem::http::StatusCode;
use poem::web::{Data, Json};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::refused;
use crate::reconcile::{self, Line, Wanted};
use crate::service::Service;

/// Where a [`Wanted`] begins a [`Comparison`].
pub const RECONCILE: &str = "/payments/reconcile";

/// Where a [`Comparison`] gets its next [`Line`]s: none, if there are none yet.
pub const RECONCILED: &str = "/payments/reconcile/lines";

/// Lines that wait for whoever reads them, and that are read at a time; then the comparison waits as well.
const MAX_LINES: usize = 64;

/// How long to wait for the next line.
const WAIT_FOR_LINE: Duration = Duration::from_secs(5);

/// How long nobody may ask before a comparison gives its place up.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);

/// A comparison that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Comparison {
    /// Tells it from others.
    pub id: String,
}

/// The place for one comparison: two at a time would only halve the pace that Stripe allows.
#[derive(Clone, Default)]
pub(super) struct Place(Arc<Mutex<Option<UnderWay>>>);

struct UnderWay {
    id: String,
    lines: mpsc::Receiver<Line>,
    asked_at: Instant,
}

#[handler]
pub(super) async fn begin(
    service: Data<&Arc<Service>>,
    place: Data<&Place>,
    wanted: Json<Wanted>,
) -> poem::Result<Json<Comparison>> {
    let without = "payments do not go to Stripe here: there is nothing to compare them with";
    let stripe = service.stripe.clone().ok_or_else(|| refused(StatusCode::CONFLICT)(without))?;
    let mut place = place.0.0.lock().await;
    if place.as_ref().is_some_and(|under_way| under_way.asked_at.elapsed() < ABANDONED_AFTER) {
        return Err(refused(StatusCode::CONFLICT)("payments are being compared already"));
    }
    let (say, lines) = mpsc::channel(MAX_LINES);
    let (service, Json(wanted), id) = (service.0.clone(), wanted, Uuid::now_v7().to_string());
    // Whoever was there before has left: its lines go nowhere now, and so it ends.
    *place = Some(UnderWay { id: id.clone(), lines, asked_at: Instant::now() });
    tokio::spawn(async move {
        let compared = tokio::select! {
            compared = reconcile::run(&service, &stripe, &wanted, &say) => compared,
            () = say.closed() => return,
        };
        let last = match compared {
            Ok(counts) => Line::Done(counts),
            Err(error) => Line::Failed { why: error.to_string() },
        };
        // Whoever has left does not want to know.
        let _ = say.send(last).await;
    });
    Ok(Json(Comparison { id }))
}

#[handler]
pub(super) async fn next(place: Data<&Place>, comparison: Json<Comparison>) -> poem::Result<Json<Vec<Line>>> {
    let mut place = place.0.0.lock().await;
    let under_way = place.as_mut().filter(|under_way| under_way.id == comparison.id);
    let gone = "this comparison has ended, or was given up because nobody asked";
    let under_way = under_way.ok_or_else(|| refused(StatusCode::NOT_FOUND)(gone))?;
    under_way.asked_at = Instant::now();
    let mut lines = Vec::new();
    let read = timeout(WAIT_FOR_LINE, under_way.lines.recv_many(&mut lines, MAX_LINES)).await;
    let is_over = read == Ok(0) || matches!(lines.last(), Some(Line::Done(_) | Line::Failed { .. }));
    if is_over {
        *place = None;
    }
    Ok(Json(lines))
}
