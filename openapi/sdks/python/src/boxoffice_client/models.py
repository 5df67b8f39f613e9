"""What the API takes and answers with."""

from .generated.models import *  # noqa: F403
from .generated.models import __all__ as __all__
