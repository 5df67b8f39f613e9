//! The environment variables that stand for flags.

use clap::CommandFactory;

use super::Cli;

/// What their names begin with.
const PREFIX: &str = "BOXOFFICE_";

/// So many typing mistakes still make a name recognisable.
const MAX_TYPING_MISTAKES: usize = 3;

/// A variable that looks like one of ours and is none.
pub(super) struct Unknown {
    pub(super) name: String,
    /// The one that was meant, perhaps.
    pub(super) nearest: Option<String>,
}

/// The arguments of all commands.
pub(super) fn arguments() -> Vec<clap::Arg> {
    fn collect(command: &clap::Command, arguments: &mut Vec<clap::Arg>) {
        arguments.extend(command.get_arguments().cloned());
        command.get_subcommands().for_each(|command| collect(command, arguments));
    }
    let mut arguments = Vec::new();
    collect(&Cli::command(), &mut arguments);
    arguments
}

/// The variable that stands for a flag.
pub(super) fn of_flag(flag: &str) -> Option<String> {
    let long = flag.strip_prefix("--")?;
    let arguments = arguments();
    let argument = arguments.iter().find(|argument| argument.get_long() == Some(long))?;
    Some(argument.get_env()?.to_str()?.to_owned())
}

/// Variables that are set, and mean nothing.
pub(super) fn unknown() -> Vec<Unknown> {
    let known = known();
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    names
        .filter(|name| name.starts_with(PREFIX) && !known.contains(name))
        .map(|name| Unknown { nearest: nearest(&name, &known), name })
        .collect()
}

fn known() -> Vec<String> {
    let mut known: Vec<String> =
        arguments().iter().filter_map(|argument| argument.get_env()?.to_str().map(str::to_owned)).collect();
    known.push(crate::failpoint::VARIABLE.to_owned());
    known.push(crate::failpoint::PLANTED_BUG.to_owned());
    known.push(crate::failpoint::WHOLE_LOG.to_owned());
    known
}

fn nearest(name: &str, known: &[String]) -> Option<String> {
    let distance = |other: &&String| strsim::damerau_levenshtein(name, other);
    known.iter().min_by_key(distance).filter(|other| distance(other) <= MAX_TYPING_MISTAKES).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_their_variables() {
        assert_eq!(of_flag("--payment-window").as_deref(), Some("BOXOFFICE_PAYMENT_WINDOW"));
        assert_eq!(of_flag("--data-dir").as_deref(), Some("BOXOFFICE_DATA_DIR"));
        assert_eq!(of_flag("--yaml"), None);
        assert_eq!(of_flag("<PATH>"), None);
    }

    #[test]
    fn a_mistyped_name_is_recognised_and_a_strange_one_is_not() {
        let known = known();
        let nearest = |name| nearest(name, &known);
        assert_eq!(nearest("BOXOFFICE_PAYMENT_WINDW").as_deref(), Some("BOXOFFICE_PAYMENT_WINDOW"));
        assert_eq!(nearest("BOXOFFICE_CORS_ORIGIN").as_deref(), Some("BOXOFFICE_CORS_ORIGINS"));
        assert_eq!(nearest("BOXOFFICE_POSTGRES_PASSWORD"), None);
    }
}
