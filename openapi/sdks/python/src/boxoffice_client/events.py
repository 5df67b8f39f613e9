"""Following what happens, for as long as one likes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from httpx_sse import ServerSentEvent

from .generated.models import Event
from .problem import ProblemError
from .retry import Failure, failure_of_refusal, growing, jittered
from .transport import Shared

#: The service gives a sign of life every 15 seconds: a stream that was silent for more than two of them is dead.
SILENCE = 35.0
_CONNECT_TIMEOUT = 5.0
# How long the first pause after a stream that broke off is, unless the service says otherwise.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Reset:
    """Some events are missing, since they are not kept any more or the service was restored: read anew what is known."""

    #: The id of the event with which the stream goes on, the oldest that is kept.
    oldest: str


#: What a stream of events has: something happened, or some events are missing.
Followed = Event | Reset


class Following:
    """How far a stream is, and how well it goes; whoever has it does the reading and waiting."""

    def __init__(
        self,
        shared: Shared,
        token: str | None,
        after: str | None,
        types: Sequence[str],
        subject: str | None,
        silence: float,
    ) -> None:
        self._shared = shared
        self._token = token
        self._after = after
        self._position = None if after == "now" else after
        self._types = types
        self._subject = subject
        self._silence = silence
        self._first_pause = _FIRST_PAUSE
        self._failures = 0
        self._place = 0

    def request(self) -> httpx.Request:
        """What opens the stream after the last event that was taken."""
        self._place = self._shared.place
        query = {}
        if self._after is not None and self._position is None:
            query["after"] = self._after
        if self._types:
            query["types"] = ",".join(self._types)
        if self._subject is not None:
            query["subject"] = self._subject
        headers = httpx.Headers({"accept": "text/event-stream", "cache-control": "no-store"})
        if self._position is not None:
            headers["last-event-id"] = self._position
        self._shared.sign(headers, self._token)
        # The answer begins at once; from then on there is a sign of life every now and then.
        timeout = {"connect": _CONNECT_TIMEOUT, "read": self._silence, "write": self._silence, "pool": self._silence}
        url = self._shared.urls[self._place] + "/api/events"
        return httpx.Request("GET", url, params=query, headers=headers, extensions={"timeout": timeout})

    def opened(self, response: httpx.Response) -> None:
        """Take note of an answer that is a stream."""
        self._shared.consistency.take(response.headers)

    def take(self, message: ServerSentEvent) -> Followed | None:
        """Take note of a message; what it says to whoever follows, if anything."""
        # The id moves on without an event as well, where none of them is of interest for long.
        if message.id:
            self._position = message.id
            self._failures = 0
        if message.retry is not None:
            self._first_pause = message.retry / 1_000
        if not message.data:
            return None
        if message.event == "message":
            return Event.from_dict(json.loads(message.data))
        if message.event == "reset":
            return Reset(json.loads(message.data)["oldest"])
        # Something that later versions say.
        return None

    def refused(self, problem: ProblemError) -> float:
        """How long to wait after a refusal; raises one that is for good."""
        if failure_of_refusal(problem.status, problem.type) is Failure.FINAL:
            raise problem
        return (problem.retry_after or 0.0) + self.ended()

    def ended(self) -> float:
        """How long to wait after there was no answer, or the stream ended, broke off or went silent."""
        # A replica that ends a stream stops.
        self._shared.leave(self._place)
        self._failures += 1
        return jittered(growing(self._first_pause, _LONGEST_PAUSE, self._failures))
