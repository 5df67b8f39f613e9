from typing import Literal, cast

PaymentStage = Literal["awaiting:buyer", "claimed", "confirming"]


def check_payment_stage(value: str) -> PaymentStage:
    """Whatever there is: later versions of the service may know more."""
    return cast(PaymentStage, value)
