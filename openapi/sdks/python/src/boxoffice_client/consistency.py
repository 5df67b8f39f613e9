"""The consistency token: how much of what happened the next answer has to show."""

import re
import threading
from collections.abc import Mapping

#: The header that carries it, both ways.
CONSISTENCY_TOKEN = "consistency-token"
_TOKEN = re.compile(r"([^-]+)-([0-9]+)")


class Consistency:
    """The newest token of all answers so far; of several clients and threads, if they share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._token: tuple[str, int] | None = None

    def current(self) -> str | None:
        """What to send with a request."""
        with self._lock:
            return f"{self._token[0]}-{self._token[1]}" if self._token else None

    def take(self, headers: Mapping[str, str]) -> None:
        """Take over what an answer says, unless it is less than what is known.

        Tokens of one epoch are in order; those of different ones say nothing of each other, and the service ignores one of
        before a restore.
        """
        told = _TOKEN.fullmatch(headers.get(CONSISTENCY_TOKEN, ""))
        if told is None:
            return
        epoch, index = told[1], int(told[2])
        with self._lock:
            if self._token is None or self._token[0] != epoch or self._token[1] < index:
                self._token = (epoch, index)
