//! A replicated-log engine on openraft and redb. Knows no tickets.
