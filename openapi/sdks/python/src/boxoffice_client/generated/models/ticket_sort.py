from typing import Literal, cast

TicketSort = Literal["-price", "newest", "price", "startsAt"]


def check_ticket_sort(value: str) -> TicketSort:
    """Whatever there is: later versions of the service may know more."""
    return cast(TicketSort, value)
