from typing import Literal, cast

OrderStatus = Literal["awaiting:payment", "cancelled", "complete", "created"]


def check_order_status(value: str) -> OrderStatus:
    """Whatever there is: later versions of the service may know more."""
    return cast(OrderStatus, value)
