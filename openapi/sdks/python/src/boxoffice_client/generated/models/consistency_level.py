from typing import Literal, cast

ConsistencyLevel = Literal["local", "session", "strong"]


def check_consistency_level(value: str) -> ConsistencyLevel:
    """Whatever there is: later versions of the service may know more."""
    return cast(ConsistencyLevel, value)
