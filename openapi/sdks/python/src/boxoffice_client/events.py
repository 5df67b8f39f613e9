"""Following what happens, for as long as one likes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from httpx_sse import ServerSentEvent

from .generated.models import Event
from .problem import ProblemError, UnreachableError
from .retry import Attempts, Failure, failure_of_refusal, growing, jittered
from .transport import CONNECT_TIMEOUT, Shared

#: The service gives a sign of life every 15 seconds: a stream that was silent for more than two of them is dead.
SILENCE = 35.0
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
        # Until the stream was open once, opening it is a call like any other.
        self._opening: Attempts | None = Attempts(shared.retry, repeatable=True)
        self._timeout: dict[str, float] = {}

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
        longest = self._opening.timeout if self._opening else self._shared.retry.attempt_timeout
        self._timeout = {"connect": min(CONNECT_TIMEOUT, longest), "read": longest, "write": longest, "pool": longest}
        url = self._shared.urls[self._place] + "/api/events"
        return httpx.Request("GET", url, params=query, headers=headers, extensions={"timeout": self._timeout})

    def opened(self, response: httpx.Response) -> None:
        """Take note of an answer, which may be a stream."""
        self._shared.consistency.take(response.headers)
        if not response.headers.get("content-type", "").startswith("text/event-stream"):
            raise httpx.RemoteProtocolError("the answer is no stream of events")
        self._opening = None
        # From now on there is a sign of life every now and then. It is read when the body is.
        self._timeout["read"] = self._silence

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
        return self._pause(problem, problem.retry_after)

    def failed(self, error: httpx.TransportError) -> float:
        """How long to wait after there was no answer, or the stream broke off or went silent."""
        return self._pause(UnreachableError.of(error), None)

    def ended(self) -> float:
        """How long to wait after the stream ended."""
        return self._pause(None, None)

    def _pause(self, error: Exception | None, asked: float | None) -> float:
        # A replica that ends a stream stops.
        self._shared.leave(self._place)
        if self._opening is None or error is None:
            self._failures += 1
            return (asked or 0.0) + jittered(growing(self._first_pause, _LONGEST_PAUSE, self._failures))
        elsewhere = self._opening.made + 1 < len(self._shared.urls)
        pause = self._opening.failed(Failure.UNKNOWN, asked, elsewhere)
        if pause is None:
            raise error
        return pause
