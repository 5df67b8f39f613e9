//! What a client asks of the list of tickets: filters, the order, the page.

use poem_openapi::Enum;
use poem_openapi::param::Query;

use super::paging;
use crate::domain::UserId;
use crate::http::Problem;
use crate::http::query::{Parameters, Unchecked};
use crate::http::rules::{Input, one_of, price_bound, text};
use crate::store::{Sort, TicketQuery};
use crate::words::words;

/// Characters of a search.
const MAX_KEYWORD_CHARS: usize = 200;

/// Words of a search: each is compared with each word of every ticket that a page looks at.
const MAX_KEYWORDS: usize = 32;

/// Characters of what may be a seller's id.
const MAX_SELLER_CHARS: usize = 200;

/// The query parameters as they came.
pub(crate) struct ListParameters {
    pub(crate) keyword: Query<Unchecked<String>>,
    pub(crate) min_price: Query<Unchecked<f64>>,
    pub(crate) max_price: Query<Unchecked<f64>>,
    pub(crate) seller: Query<Unchecked<String>>,
    pub(crate) sort: Query<Unchecked<SortName>>,
    pub(crate) limit: Query<Unchecked<u64>>,
    pub(crate) cursor: Query<Unchecked<String>>,
}

/// In which order tickets are listed
#[derive(Enum)]
#[oai(rename = "TicketSort")]
pub(crate) enum SortName {
    /// Latest posted first
    #[oai(rename = "newest")]
    Newest,
    /// Cheapest first
    #[oai(rename = "price")]
    Price,
    /// Dearest first
    #[oai(rename = "-price")]
    PriceDescending,
    /// Next show first, those without a date last
    #[oai(rename = "startsAt")]
    StartsAt,
}

/// The names of the sorts.
const SORTS: &[(&str, Sort)] = &[
    ("newest", Sort::Newest),
    ("price", Sort::PriceAscending),
    ("-price", Sort::PriceDescending),
    ("startsAt", Sort::StartsAt),
];

impl ListParameters {
    /// The parameters in a query string.
    pub(crate) fn in_query(query: &str) -> Self {
        Self {
            keyword: Query(Unchecked::in_query(query, "keyword")),
            min_price: Query(Unchecked::in_query(query, "minPrice")),
            max_price: Query(Unchecked::in_query(query, "maxPrice")),
            seller: Query(Unchecked::in_query(query, "seller")),
            sort: Query(Unchecked::in_query(query, "sort")),
            limit: Query(Unchecked::in_query(query, "limit")),
            cursor: Query(Unchecked::in_query(query, "cursor")),
        }
    }

    /// The query that they stand for; none if it is for nobody's tickets.
    pub(super) fn into_query(self, now_ms: u64) -> Result<Option<TicketQuery>, Problem> {
        let mut parameters = Parameters::default();
        let prefixes = parameters.optional("keyword", &self.keyword, prefixes);
        let min_price = parameters.optional("minPrice", &self.min_price, price_bound);
        let max_price = parameters.optional("maxPrice", &self.max_price, price_bound);
        let seller = parameters.optional("seller", &self.seller, seller);
        let sort = parameters.optional("sort", &self.sort, one_of(SORTS));
        let limit = parameters.optional("limit", &self.limit, paging::limit);
        let list = list_tag(sort.ok().flatten().unwrap_or_default());
        let after = parameters.optional("cursor", &self.cursor, paging::position_in(list));
        parameters.finish(|| {
            if seller? == Some(None) {
                return Ok(None);
            }
            Ok(Some(TicketQuery {
                prefixes: prefixes?.unwrap_or_default(),
                min_price_minor: min_price?,
                max_price_minor: max_price?,
                seller: seller?.flatten(),
                sort: sort?.unwrap_or_default(),
                after: after?,
                limit: limit?.unwrap_or(paging::DEFAULT_LIMIT) as usize,
                now_ms,
            }))
        })
    }
}

/// Tells the cursors of differently sorted lists apart.
pub(super) fn list_tag(sort: Sort) -> u8 {
    match sort {
        Sort::Newest => b'n',
        Sort::PriceAscending => b'p',
        Sort::PriceDescending => b'q',
        Sort::StartsAt => b's',
    }
}

/// The words of a search; none if it is blank.
fn prefixes(input: Input<'_>) -> Result<Vec<String>, String> {
    let keyword = text(0..=MAX_KEYWORD_CHARS)(input)?;
    let prefixes = words(&keyword);
    // Else whoever looks for what nobody can look for would be shown everything.
    if prefixes.is_empty() && !keyword.is_empty() {
        return Err("must have a letter or a digit".to_owned());
    }
    if prefixes.len() > MAX_KEYWORDS {
        return Err(format!("must have at most {MAX_KEYWORDS} words"));
    }
    Ok(prefixes)
}

/// Whose tickets; what is not an id is nobody's.
fn seller(input: Input<'_>) -> Result<Option<UserId>, String> {
    Ok(text(1..=MAX_SELLER_CHARS)(input)?.parse().ok())
}
