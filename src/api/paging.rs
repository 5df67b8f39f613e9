//! Pages of lists: cursors, and the `Link` to the next page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem::Request;
use poem::http::Uri;

use crate::http::Problem;
use crate::http::query::{Parameters, Unchecked};
use crate::http::rules::{Input, whole_number};
use crate::store::Position;

/// Items on a page unless the client says otherwise.
pub(crate) const DEFAULT_LIMIT: u64 = 20;

/// Items on a page at most.
const MAX_LIMIT: u64 = 100;

/// What a cursor begins with, so that those of another list or a later version are told apart.
const CURSOR_VERSION: u8 = 1;

/// The rule for `limit`.
pub(super) fn limit(input: Input<'_>) -> Result<u64, String> {
    whole_number(1..=MAX_LIMIT)(input)
}

/// How many items the page of the list with this tag may hold, and what it begins after; for lists that take nothing else.
/// A refusal names all that is wrong with either.
pub(super) fn wanted(
    limit: &Unchecked<u64>,
    cursor: &Unchecked<String>,
    list: u8,
) -> Result<(usize, Option<Position>), Problem> {
    let mut parameters = Parameters::default();
    let limit = parameters.optional("limit", limit, self::limit);
    let after = parameters.optional("cursor", cursor, position_in(list));
    parameters.finish(|| Ok((limit?.unwrap_or(DEFAULT_LIMIT) as usize, after?)))
}

/// The `Link` header to the page that begins here, if there is one, of the list with this tag.
pub(super) fn link(request: &Request, list: u8, next: Option<Position>) -> Option<String> {
    next_page(request.original_uri(), list, next).map(|next| format!("<{next}>; rel=\"next\""))
}

/// Path and query of that page.
pub(crate) fn next_page(uri: &Uri, list: u8, next: Option<Position>) -> Option<String> {
    next.map(|next| next_address(uri, "cursor", &cursor(list, next)))
}

/// The same for a page with several lists: the parameter is that of this one.
pub(crate) fn next_page_by(uri: &Uri, parameter: &str, list: u8, next: Option<Position>) -> Option<String> {
    next.map(|next| next_address(uri, parameter, &cursor(list, next)))
}

/// The `Link` header to what comes after this position, of a list that goes by those.
pub(super) fn link_after(request: &Request, position: &str) -> String {
    format!("<{}>; rel=\"next\"", next_address(request.original_uri(), "after", position))
}

/// A position as a cursor of the list with this tag.
fn cursor(list: u8, position: Position) -> String {
    let mut bytes = vec![CURSOR_VERSION, list];
    bytes.extend(position.sort_key.to_be_bytes());
    bytes.extend(position.number.to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The rule for `cursor`: one that this list gave out.
pub(crate) fn position_in(list: u8) -> impl Fn(Input<'_>) -> Result<Position, String> {
    move |input| {
        let text = input.as_text()?;
        let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).unwrap_or_default();
        let (&[version, tag], rest) = bytes.split_first_chunk().ok_or(NOT_A_CURSOR)?;
        let (sort_key, number) = rest.split_first_chunk().ok_or(NOT_A_CURSOR)?;
        let number = number.try_into().map_err(|_| NOT_A_CURSOR)?;
        if version != CURSOR_VERSION || tag != list {
            return Err(NOT_A_CURSOR.to_owned());
        }
        Ok(Position { sort_key: u64::from_be_bytes(*sort_key), number: u64::from_be_bytes(number) })
    }
}

const NOT_A_CURSOR: &str = "must be a cursor that this list gave, with the same sort";

/// The same request with another place to go on from. The parameters are encoded anew: a name may have come in any spelling,
/// and what servers read is not always a valid URI.
fn next_address(uri: &Uri, parameter: &str, place: &str) -> String {
    let given = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(given.filter(|(name, _)| name != parameter))
        .append_pair(parameter, place)
        .finish();
    format!("{}?{query}", uri.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_are_read_back_by_their_list_alone() {
        let position = Position { sort_key: 5, number: u64::MAX };
        let cursor = cursor(3, position);
        assert_eq!(position_in(3)(Input::Text(&cursor)), Ok(position));
        assert!(position_in(2)(Input::Text(&cursor)).is_err());
        for bad in ["", "x", "AQM", &cursor[1..], &format!("{cursor}A")] {
            assert!(position_in(3)(Input::Text(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_next_page_is_the_same_request_with_another_cursor() {
        let link = |uri: &str| next_address(&uri.parse().unwrap(), "cursor", "new");
        assert_eq!(
            link("/api/tickets?keyword=a%20b&cursor=old&limit=2"),
            "/api/tickets?keyword=a+b&limit=2&cursor=new"
        );
        assert_eq!(link("/x"), "/x?cursor=new");
        assert_eq!(link("/x?%63ursor=old&curso%72=older"), "/x?cursor=new");
        assert_eq!(link("/x?keyword=björk%26"), "/x?keyword=bj%C3%B6rk%26&cursor=new");
    }
}
