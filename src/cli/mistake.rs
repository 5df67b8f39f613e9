//! What is wrong with a command line, in one line that names it.

use std::any::TypeId;
use std::path::PathBuf;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::variables;

/// The line.
pub(super) fn line(error: &clap::Error) -> String {
    let told = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => wrong_value(error),
        ErrorKind::MissingRequiredArgument => missing(error),
        ErrorKind::InvalidUtf8 => Some(not_text()),
        _ => None,
    };
    one_line(&told.unwrap_or_else(|| first_paragraph(&error.to_string())))
}

fn wrong_value(error: &clap::Error) -> Option<String> {
    let argument = setting(text(error, ContextKind::InvalidArg)?);
    let value = text(error, ContextKind::InvalidValue)?;
    let allowed = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => Some(values.join(" or ")),
        _ => None,
    };
    // clap reports a flag at the end of the line like one with an empty value.
    if value.is_empty() && error.kind() == ErrorKind::InvalidValue {
        let what = allowed.map(|allowed| format!(": {allowed}")).unwrap_or_default();
        return Some(format!("{argument} needs a value{what}"));
    }
    let reason = std::error::Error::source(error)
        .map(ToString::to_string)
        .or_else(|| allowed.map(|allowed| format!("it must be {allowed}")));
    let reason = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    Some(format!("invalid value {value:?} for {argument}{reason}"))
}

fn missing(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else { return None };
    let usage = match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    Some(format!("{} is missing: {}", missing.join(" "), usage.trim_start_matches("Usage: ")))
}

/// clap tells no more than that something is not UTF-8.
fn not_text() -> String {
    let is_path = |argument: &clap::Arg| argument.get_value_parser().type_id() == TypeId::of::<PathBuf>();
    for argument in variables::arguments().iter().filter(|argument| !is_path(argument)) {
        let Some(name) = argument.get_env() else { continue };
        if std::env::var_os(name).is_some_and(|value| value.to_str().is_none()) {
            return format!("{} is not valid UTF-8", name.display());
        }
    }
    let argument = std::env::args_os().find(|argument| argument.to_str().is_none()).unwrap_or_default();
    format!("an argument is not valid UTF-8: {}", argument.display())
}

/// A flag as it was typed, with the variable that may have been meant instead.
fn setting(argument: &str) -> String {
    let flag = argument.split_whitespace().next().unwrap_or(argument);
    match variables::of_flag(flag) {
        Some(variable) => format!("{flag} ({variable})"),
        None => flag.to_owned(),
    }
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<&str> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text),
        _ => None,
    }
}

/// What clap says before it begins to advise.
fn first_paragraph(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim);
    let joined = lines.collect::<Vec<_>>().join(" ");
    joined.strip_prefix("error: ").map_or(joined.clone(), str::to_owned)
}

/// What was typed may hold anything, a line break or a terminal's control codes among them.
fn one_line(text: &str) -> String {
    let shown = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(shown).collect()
}
