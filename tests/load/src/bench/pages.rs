//! The storefront's pages in a browser: how soon each shows something, and how many bytes it takes.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::Size;
use super::service::{Launcher, wait_until_ready};
use crate::report::{Bar, median};

/// The bars of the issue, on loopback and without images.
const MAX_FIRST_PAINT_MS: f64 = 300.0;
const MAX_BYTES: u64 = 60 << 10;

/// Says where the script is that loads the pages: `scripts/bench` puts it and its packages there.
const SCRIPT: &str = "BOXOFFICE_BROWSER_PAGES";

/// One page, as the script prints it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    name: String,
    /// Of each visit by a browser that has nothing stored.
    first_paints_ms: Vec<f64>,
    /// What came over the wire, with its head: the page, style and script, but no images.
    bytes: u64,
}

/// Measures, and compares with the bars.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let script = std::env::var_os(SCRIPT).map(PathBuf::from);
    let script = script.with_context(|| format!("{SCRIPT} is not set: use scripts/bench"))?;
    let service = launcher.start(&[("BOXOFFICE_AUTH_RATE_PER_MINUTE", "0")])?;
    wait_until_ready(service.base()).await?;
    let visits = (size.seconds * 2).to_string();
    let mut command = Command::new("node");
    let address = format!("http://{}", service.base().0);
    command.arg(&script).arg(address).arg(visits).stderr(std::process::Stdio::inherit());
    let output = tokio::task::spawn_blocking(move || command.output()).await?.context("node")?;
    service.explain(output.status.success().then_some(()).context("the pages could not be measured"))?;
    let pages: Vec<Measured> = serde_json::from_slice(&output.stdout).context("what the script printed")?;
    ensure!(!pages.is_empty(), "no page was measured");
    println!("\n| page | first contentful paint, median ms | bytes |");
    println!("| --- | --: | --: |");
    let paints: Vec<f64> = pages.iter().map(|page| median(page.first_paints_ms.clone())).collect();
    for (page, paint) in pages.iter().zip(&paints) {
        println!("| {} | {paint:.0} | {} |", page.name, page.bytes);
    }
    let slowest = paints.iter().copied().fold(0.0, f64::max);
    let largest = pages.iter().map(|page| page.bytes).max().unwrap_or_default();
    Ok(vec![
        Bar {
            name: format!("first contentful paint of the slowest of {} pages, median", pages.len()),
            wanted: format!("< {MAX_FIRST_PAINT_MS:.0} ms"),
            measured: format!("{slowest:.0} ms"),
            met: slowest < MAX_FIRST_PAINT_MS,
        },
        Bar {
            name: "bytes of the largest page without images".to_owned(),
            wanted: format!("< {} KiB", MAX_BYTES >> 10),
            measured: format!("{:.1} KiB", largest as f64 / 1024.0),
            met: largest < MAX_BYTES,
        },
    ])
}
