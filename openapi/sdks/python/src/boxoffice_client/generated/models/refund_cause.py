from typing import Literal, cast

RefundCause = Literal["gateway", "late:charge", "requested"]


def check_refund_cause(value: str) -> RefundCause:
    """Whatever there is: later versions of the service may know more."""
    return cast(RefundCause, value)
