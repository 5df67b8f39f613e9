from typing import Literal, cast

PaymentStatus = Literal["failed", "partially_refunded", "processing", "refunded", "refunding", "succeeded"]


def check_payment_status(value: str) -> PaymentStatus:
    """Whatever there is: later versions of the service may know more."""
    return cast(PaymentStatus, value)
