from typing import Literal, cast

CancelReason = Literal["buyer", "expired", "refunded"]


def check_cancel_reason(value: str) -> CancelReason:
    """Whatever there is: later versions of the service may know more."""
    return cast(CancelReason, value)
