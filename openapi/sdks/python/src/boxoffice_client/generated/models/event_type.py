from typing import Literal, cast

EventType = Literal[
    "expiration:complete",
    "order:cancelled",
    "order:completed",
    "order:created",
    "order:updated",
    "payment:created",
    "payment:refunded",
    "payment:updated",
    "ticket:created",
    "ticket:deleted",
    "ticket:updated",
]


def check_event_type(value: str) -> EventType:
    """Whatever there is: later versions of the service may know more."""
    return cast(EventType, value)
