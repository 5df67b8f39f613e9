"""Client of Boxoffice, which sells tickets."""

from . import generated, models
from .client import AsyncBoxoffice, Boxoffice
from .events import Followed, Reset
from .generated.tables import ProblemTypes
from .generated.types import UNSET, Unset
from .problem import ProblemError, UnreachableError
from .retry import RetryOptions

__all__ = [
    "UNSET",
    "AsyncBoxoffice",
    "Boxoffice",
    "Followed",
    "ProblemError",
    "ProblemTypes",
    "Reset",
    "RetryOptions",
    "UnreachableError",
    "Unset",
    "generated",
    "models",
]
