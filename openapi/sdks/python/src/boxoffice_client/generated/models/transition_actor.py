from typing import Literal, cast

TransitionActor = Literal["operator", "service", "user"]


def check_transition_actor(value: str) -> TransitionActor:
    """Whatever there is: later versions of the service may know more."""
    return cast(TransitionActor, value)
