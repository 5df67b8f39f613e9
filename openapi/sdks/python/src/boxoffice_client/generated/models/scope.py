from typing import Literal, cast

Scope = Literal["events:read", "keys", "orders:read", "payments:read", "refunds"]


def check_scope(value: str) -> Scope:
    """Whatever there is: later versions of the service may know more."""
    return cast(Scope, value)
