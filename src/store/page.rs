//! Pages of lists, and positions in them.

/// Where a page ended: a place in the sort order, which stays where it is while others insert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// What the list is sorted by; 0 where that is the number alone.
    pub sort_key: u64,
    /// The row's dense number, which settles ties.
    pub number: u64,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on the page. It may be less than was asked for although more follows, where a filter
    /// matches little: the work for one page is bounded.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end of the list.
    pub next: Option<Position>,
    /// The last place that was looked at.
    pub(super) last_seen: Option<Position>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self { items: Vec::new(), next: None, last_seen: None }
    }
}

impl<T> Page<T> {
    /// The page, with more to follow after what was last looked at.
    pub(super) fn continued(self) -> Self {
        Self { next: self.last_seen, ..self }
    }
}
