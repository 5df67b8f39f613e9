//! Rules for what people type to say who they are.

use crate::auth::check_new_password;
use crate::http::rules::{Input, verbatim};

/// Characters of any address, password or token that is read at all; what is longer is none.
const MAX_CHARS: usize = 1_024;

/// Something that is right or wrong as a whole: an old password, an address to sign in with, a token.
pub(super) fn credential(input: Input<'_>) -> Result<String, String> {
    verbatim(1..=MAX_CHARS)(input)
}

/// A password that somebody may choose.
pub(super) fn acceptable_password(input: Input<'_>) -> Result<String, String> {
    let password = input.as_text()?;
    check_new_password(&password).map_err(|fault| fault.to_string())?;
    Ok(password.into_owned())
}
