from typing import Literal, cast

RefundStatus = Literal["failed", "pending", "succeeded"]


def check_refund_status(value: str) -> RefundStatus:
    """Whatever there is: later versions of the service may know more."""
    return cast(RefundStatus, value)
