//! `boxoffice payments`: payments here, and what the gateway knows of them.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::admin::{AskError, ask};
use super::progress::Waiting;
use super::{Failure, note, print};
use crate::admin::{self, Comparison};
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;
use crate::reconcile::{Counts, Difference, Kind, Line, Side, Wanted};

const LAST_SECOND_OF_A_DAY: u64 = 24 * 60 * 60 - 1;

#[derive(Subcommand)]
pub(super) enum Payments {
    /// Compare payments with what Stripe charged and gave back, and print each difference
    ///
    /// Goes through everything that Stripe made in a stretch of time, and through what was charged
    /// here in it. Nothing is changed. Exits with 1 if anything differs, or if not everything could be
    /// compared; what is under way while it looks is counted, and no difference. Each difference is
    /// one of
    ///
    ///   unknown-here        Stripe charged for a payment that is not known here
    ///   charged-there-only  Stripe charged, and here no money moved
    ///   charged-here-only   here it is charged, and Stripe has not charged
    ///   unknown-there       here it is charged, and Stripe knows nothing of it
    ///   amount              not the same amount or currency
    ///   refunded            not the same amount was given back
    ///   refund-failed       both say so: a refund failed, and somebody is owed money until an operator acts
    ///   not-settled         Stripe has a final word, and here it is still under way, long after its end
    ///
    /// It asks Stripe for a page of a hundred at a time, so that a day of 10 000 payments takes a
    /// minute or so. Intents of other clusters that use the same account are left out, and counted if
    /// they charged. After a restore say which cluster this one was before, for what was charged
    /// after the backup is that one's:
    ///
    ///   boxoffice payments reconcile --from 2026-11-20 --to 2026-11-21 --cluster 0f3a…
    #[command(verbatim_doc_comment)]
    Reconcile {
        /// From when on, by Stripe's clock: a day such as 2026-11-20 (UTC), or a time such as 2026-11-20T18:00:00Z
        #[arg(long, value_name = "TIME", value_parser = first_second)]
        from: u64,
        /// Until when, likewise; a day is compared to its end
        #[arg(long, value_name = "TIME", value_parser = last_second)]
        to: u64,
        /// Compare the intents of this cluster too: what this one was before a restore; as often as needed
        #[arg(long = "cluster", value_name = "ID")]
        clusters: Vec<String>,
        /// As one JSON document
        #[arg(long)]
        json: bool,
        /// The data directory of the running service; of any replica
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
}

pub(super) fn run(command: Payments) -> Result<(), Failure> {
    let Payments::Reconcile { from, to, clusters, json, data_dir } = command;
    if to < from {
        return Err("--to is before --from".into());
    }
    let wanted = Wanted { from_s: from, to_s: to, also_clusters: clusters };
    let comparison: Comparison = ask(&data_dir, admin::RECONCILE, &wanted)?;
    let report = Report { as_json: json, waiting: Waiting::begin("asking Stripe"), printed: 0 };
    let counts = report.read(|| ask(&data_dir, admin::RECONCILED, &comparison))?;
    match counts.differences {
        0 => Ok(()),
        1 => Err("one difference".into()),
        more => Err(format!("{more} differences").into()),
    }
}

/// Prints what comes, as it comes.
struct Report {
    as_json: bool,
    waiting: Waiting,
    printed: u64,
}

impl Report {
    fn read(mut self, next: impl Fn() -> Result<Vec<Line>, AskError>) -> Result<Counts, Failure> {
        loop {
            for line in next()? {
                match line {
                    Line::Progress { through_s, counts } => self.waiting.say(how_far(through_s, &counts)),
                    Line::Difference(difference) => self.difference(&difference)?,
                    Line::Done(counts) => return self.done(counts),
                    Line::Failed { why } => return Err(format!("not everything was compared: {why}").into()),
                }
            }
        }
    }

    fn difference(&mut self, difference: &Difference) -> Result<(), Failure> {
        let text = if self.as_json {
            let begins = if self.printed == 0 { "{\"differences\": [\n" } else { ",\n" };
            format!("{begins}{}", serde_json::to_string(difference)?)
        } else {
            line_of(difference)
        };
        self.printed += 1;
        self.waiting.aside(|| print(&text))
    }

    fn done(self, counts: Counts) -> Result<Counts, Failure> {
        // The line that moves is gone before anything is said.
        drop(self.waiting);
        let Counts { intents, payments, refunds, under_way, differences, other_clusters } = &counts;
        if self.as_json {
            let begins = if self.printed == 0 { "{\"differences\": [" } else { "\n" };
            let rest = json!({
                "intents": intents, "payments": payments, "refunds": refunds, "underWay": under_way,
                "otherClusters": other_clusters, "count": differences,
            });
            let rest = rest.to_string();
            print(&format!("{begins}], {}\n", rest.trim_start_matches('{')))?;
            return Ok(counts);
        }
        note(&format!(
            "Compared {intents} intents and {refunds} refunds of Stripe's, and {payments} payments that are charged here; \
             {under_way} are under way."
        ));
        for (cluster, charged) in other_clusters {
            note(&format!(
                "Left out: {charged} charged intents of the cluster {cluster} (--cluster {cluster})."
            ));
        }
        if *differences == 0 {
            note("There is no difference.");
        }
        Ok(counts)
    }
}

fn how_far(through_s: u64, counts: &Counts) -> String {
    let Counts { intents, payments, differences, .. } = counts;
    format!("through {}: {intents} intents, {payments} payments, {differences} differences", at(through_s))
}

fn line_of(difference: &Difference) -> String {
    let Difference { kind, intent, payment, order, created_s, there, here } = difference;
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    format!(
        "{}  {:<18}  {intent}  {}  {}  there: {}  here: {}\n",
        at(*created_s),
        name(*kind),
        or_none(payment),
        or_none(order),
        side(there.as_ref()),
        side(here.as_ref()),
    )
}

fn side(side: Option<&Side>) -> String {
    let Some(Side { status, amount_minor, refunded_minor, currency }) = side else {
        return "nothing".to_owned();
    };
    let refunded = refunded_minor.filter(|minor| *minor > 0);
    let refunded = refunded.map(|minor| format!(", {} given back", Money { minor })).unwrap_or_default();
    format!("{status}, {} {currency}{refunded}", Money { minor: *amount_minor })
}

/// As in JSON.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::UnknownHere => "unknown-here",
        Kind::ChargedThereOnly => "charged-there-only",
        Kind::ChargedHereOnly => "charged-here-only",
        Kind::UnknownThere => "unknown-there",
        Kind::Amount => "amount",
        Kind::Refunded => "refunded",
        Kind::RefundFailed => "refund-failed",
        Kind::NotSettled => "not-settled",
    }
}

fn at(unix_s: u64) -> String {
    Timestamp { unix_ms: unix_s.saturating_mul(1_000) }.to_rfc3339()
}

fn first_second(typed: &str) -> Result<u64, String> {
    second(typed).map(|(second, _)| second)
}

fn last_second(typed: &str) -> Result<u64, String> {
    second(typed).map(|(second, is_day)| if is_day { second + LAST_SECOND_OF_A_DAY } else { second })
}

/// The second since 1970 that was typed, and whether it was a day.
fn second(typed: &str) -> Result<(u64, bool), String> {
    let of = |text: &str| Timestamp::from_rfc3339(text).ok().map(|time| time.unix_ms / 1_000);
    let day = of(&format!("{typed}T00:00:00Z")).map(|second| (second, true));
    let time = || of(typed).map(|second| (second, false));
    day.or_else(time)
        .ok_or_else(|| "not a day such as 2026-11-20 or a time such as 2026-11-20T18:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_all_of_it_and_a_time_is_a_second() {
        assert_eq!(first_second("2026-11-20"), first_second("2026-11-20T00:00:00Z"));
        assert_eq!(last_second("2026-11-20"), last_second("2026-11-20T23:59:59Z"));
        assert_eq!(last_second("2026-11-20T18:00:00+01:00"), first_second("2026-11-20T17:00:00Z"));
        for typed in ["", "yesterday", "2026-11", "2026-11-31", "2026-11-20T18:00"] {
            assert!(first_second(typed).is_err(), "{typed}");
        }
    }
}
