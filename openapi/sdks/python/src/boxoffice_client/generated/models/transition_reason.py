from typing import Literal, cast

TransitionReason = Literal[
    "cancelled", "expired", "paid", "payment:begun", "payment:failed", "refunded", "reserved", "unknown"
]


def check_transition_reason(value: str) -> TransitionReason:
    """Whatever there is: later versions of the service may know more."""
    return cast(TransitionReason, value)
