//! Warns of a certificate that expires: connections that are open go on, so nothing else would tell before a restart.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Credentials;
use crate::log_time::Clock;

const DAY_SECS: i64 = 24 * 60 * 60;
/// It is warned of from so long before.
const WARN_BEFORE_DAYS: i64 = 30;
const LOOK_EVERY: Duration = Duration::from_secs(12 * 60 * 60);

/// What there is to say.
#[derive(Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    Soon { days: i64 },
    Over,
}

/// Looks at once, and now and then, until the listener closes.
pub(super) async fn watch(credentials: Credentials, clock: Arc<dyn Clock>, closing: CancellationToken) {
    while let Some(left_secs) = credentials.expires_in_secs(clock.wall_ms()) {
        match due(left_secs) {
            Due::Nothing => {}
            Due::Soon { days } => tracing::warn!(days, "the certificate for replicas expires soon"),
            Due::Over => {
                tracing::error!(
                    "the certificate for replicas has expired: others refuse this one from now on"
                );
            }
        }
        tokio::select! {
            () = closing.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

fn due(left_secs: i64) -> Due {
    match left_secs.div_euclid(DAY_SECS) {
        ..0 => Due::Over,
        days if days < WARN_BEFORE_DAYS => Due::Soon { days },
        _ => Due::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_warned_of_a_month_before_and_said_afterwards() {
        assert_eq!(due(WARN_BEFORE_DAYS * DAY_SECS), Due::Nothing);
        assert_eq!(due(WARN_BEFORE_DAYS * DAY_SECS - 1), Due::Soon { days: 29 });
        assert_eq!((due(0), due(-1)), (Due::Soon { days: 0 }, Due::Over));
    }
}
