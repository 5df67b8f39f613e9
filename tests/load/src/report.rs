//! The printed tables.

use crate::drive::Measurement;

const MIB: f64 = (1 << 20) as f64;

/// One line of the table of measurements.
pub(crate) struct Row {
    pub(crate) scenario: String,
    pub(crate) connections: usize,
    pub(crate) measurement: Measurement,
}

/// One requirement and whether it was met.
pub(crate) struct Bar {
    pub(crate) name: String,
    pub(crate) wanted: String,
    pub(crate) measured: String,
    pub(crate) met: bool,
}

/// Prints the header of the table of measurements.
pub(crate) fn print_header() {
    println!(
        "| scenario | connections | requests/s | p50 ms | p99 ms | errors | seconds | server CPU s | client CPU s | RSS MiB |"
    );
    println!("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
}

/// Prints one row, at once, so that a long run shows how far it is.
pub(crate) fn print_row(row: &Row) {
    let Row { scenario, connections, measurement: m } = row;
    let (cpu, rss) = match m.server {
        Some(usage) => (format!("{:.2}", usage.cpu_seconds), format!("{:.0}", usage.rss_bytes as f64 / MIB)),
        None => ("–".to_owned(), "–".to_owned()),
    };
    println!(
        "| {scenario} | {connections} | {:.0} | {:.2} | {:.2} | {} | {:.1} | {cpu} | {:.2} | {rss} |",
        m.rate(),
        m.latency_ms(0.50),
        m.latency_ms(0.99),
        m.failed(),
        m.elapsed.as_secs_f64(),
        m.client_cpu_seconds,
    );
    if m.failed() > 0 {
        eprintln!("{scenario} at {connections}: {:?}", m.failures);
    }
}

/// Prints what was required against what was measured.
pub(crate) fn print_bars(bars: &[Bar]) {
    println!("\n| bar | wanted | measured | met |");
    println!("| --- | --- | --- | --- |");
    for bar in bars {
        let met = if bar.met { "yes" } else { "**no**" };
        println!("| {} | {} | {} | {met} |", bar.name, bar.wanted, bar.measured);
    }
}

/// The middle one of some rates.
pub(crate) fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}
