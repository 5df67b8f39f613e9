"""When a request is sent again, and after how long a pause."""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum


@dataclass(frozen=True, kw_only=True)
class RetryOptions:
    """Bounds of trying again. All times are in seconds."""

    max_attempts: int = 10
    """How often a request is sent at most. 1 for never again."""
    total_time: float = 60.0
    """How long a call takes at most, all attempts and pauses together; the last attempt has a second in any case. An operation
    that waits for events has as long besides as it waits."""
    attempt_timeout: float = 30.0
    """How long one attempt may take."""
    first_pause: float = 0.1
    """How long the first pause is at most; each following one may be twice as long."""
    longest_pause: float = 5.0
    """How long a pause is at most that the service did not ask for."""


class Failure(Enum):
    """What is known of an attempt that did not succeed."""

    NOTHING_HAPPENED = "surely nothing has happened"
    UNKNOWN = "it may have happened"
    FINAL = "that is the answer; asking again would not change it"


# Problems with status 503 that say that nothing happened.
_NOTHING_HAPPENED = ("/problems/replica-behind", "/problems/no-leader", "/problems/sales-held")
# The first request under the same key is still under way.
_KEY_IN_PROGRESS = "/problems/key-in-progress"


def failure_of_refusal(status: int, problem_type: str) -> Failure:
    """What a refusal means, by its status and the type of its problem."""
    if status == 429 or (status == 503 and problem_type in _NOTHING_HAPPENED):
        return Failure.NOTHING_HAPPENED
    if status in (502, 503, 504) or (status == 409 and problem_type == _KEY_IN_PROGRESS):
        return Failure.UNKNOWN
    return Failure.FINAL


def is_repeatable(method: str, has_key: bool) -> bool:
    """Whether a request that may have happened may be sent again."""
    return has_key or method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")


def jittered(longest: float) -> float:
    """A pause of at most so long: half of it is chance, so that who failed together does not come back together."""
    return longest * random.uniform(0.5, 1.0)


def growing(first: float, longest: float, failures: int) -> float:
    """The longest of pauses that double, after this many failures."""
    return min(longest, first * 2.0 ** min(max(failures - 1, 0), 16))


# What an attempt has at least, so that it is not given up before it could be answered.
_SHORTEST_ATTEMPT = 1.0


class Attempts:
    """The attempts of one call."""

    def __init__(self, options: RetryOptions, repeatable: bool) -> None:
        self._options = options
        self._repeatable = repeatable
        self._began = time.monotonic()
        self.made = 0

    @property
    def timeout(self) -> float:
        """How long the next attempt may take, of an operation that does not wait."""
        left = self._options.total_time - (time.monotonic() - self._began)
        return min(max(left, _SHORTEST_ATTEMPT), self._options.attempt_timeout)

    def failed(self, failure: Failure, asked: float | None, elsewhere: bool) -> float | None:
        """How long to wait before the next attempt; None if there is to be none.

        `asked` is what the service wants to be left alone for; `elsewhere` says that there is somebody else to ask who was
        not asked yet.
        """
        self.made += 1
        options = self._options
        may = failure is Failure.NOTHING_HAPPENED or (failure is Failure.UNKNOWN and self._repeatable)
        if asked is not None:
            wait = asked + jittered(options.first_pause)
        elif elsewhere:
            wait = 0.0
        else:
            wait = jittered(growing(options.first_pause, options.longest_pause, self.made))
        in_time = time.monotonic() - self._began + wait <= options.total_time
        return wait if may and in_time and self.made < options.max_attempts else None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """`Retry-After` in seconds, which it has as seconds or as a date."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
