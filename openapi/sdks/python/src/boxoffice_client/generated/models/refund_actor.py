from typing import Literal, cast

RefundActor = Literal["operator", "service", "user"]


def check_refund_actor(value: str) -> RefundActor:
    """Whatever there is: later versions of the service may know more."""
    return cast(RefundActor, value)
