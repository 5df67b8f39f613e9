"""How a request is sent: to whom, with what, and how often."""

import asyncio
import threading
import time
import uuid
from collections.abc import Sequence

import httpx

from .consistency import CONSISTENCY_TOKEN, Consistency
from .generated.tables import KEYED_PATHS
from .problem import ProblemError, UnreachableError
from .retry import Attempts, Failure, RetryOptions, failure_of_refusal, is_repeatable

_ACCEPTED = "application/json, application/problem+json"
CONNECT_TIMEOUT = 5.0
# Errors of connections that were never made: nothing was sent.
_NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class Shared:
    """What clients with different tokens have in common."""

    def __init__(self, base_url: str | Sequence[str], retry: RetryOptions) -> None:
        urls = [base_url] if isinstance(base_url, str) else list(base_url)
        if not urls:
            raise ValueError("a base URL is needed")
        for url in map(httpx.URL, urls):
            if url.scheme not in ("http", "https") or url.query or url.fragment:
                raise ValueError(f"{url} is no base URL: give http://… or https://…")
        self.urls = [url.rstrip("/") for url in urls]
        self.retry = retry
        self.consistency = Consistency()
        self._lock = threading.Lock()
        self._current = 0

    @property
    def place(self) -> int:
        """The place of the base URL to ask: the last one that was not unreachable."""
        return self._current

    def leave(self, place: int) -> None:
        """Go on at the next base URL, unless somebody else has done so since."""
        with self._lock:
            if self._current == place:
                self._current = (place + 1) % len(self.urls)

    def sign(self, headers: httpx.Headers, token: str | None) -> None:
        """Add who is asking, and how much they have seen."""
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        if (seen := self.consistency.current()) is not None:
            headers[CONSISTENCY_TOKEN] = seen


class Call:
    """One call with all its attempts; whoever has it does the sending and waiting."""

    def __init__(self, shared: Shared, token: str | None, request: httpx.Request) -> None:
        self._shared = shared
        self._token = token
        self._request = request
        self._headers = httpx.Headers(request.headers)
        # It is the one of the first base URL.
        self._headers.pop("host", None)
        base_path = httpx.URL(shared.urls[0]).raw_path.rstrip(b"/")
        self._path = request.url.raw_path.removeprefix(base_path).decode("ascii")
        self._place = 0
        has_key = self._give_key()
        if self._headers.get("accept", "*/*") == "*/*":
            self._headers["accept"] = _ACCEPTED
        self._attempts = Attempts(shared.retry, is_repeatable(request.method, has_key))
        wait = request.url.params.get("wait", "0")
        self._waits = float(wait) if wait.isdigit() else 0.0

    def attempt(self) -> tuple[httpx.Request, float]:
        """The request to send now, and when it is given up, by the monotonic clock."""
        self._place = self._shared.place
        self._shared.sign(self._headers, self._token)
        longest = self._attempts.timeout + self._waits
        timeout = {"connect": min(CONNECT_TIMEOUT, longest), "read": longest, "write": longest, "pool": longest}
        request = httpx.Request(
            self._request.method,
            self._shared.urls[self._place] + self._path,
            headers=self._headers,
            content=self._request.content,
            extensions={**self._request.extensions, "timeout": timeout},
        )
        return request, time.monotonic() + longest

    def answered(self, response: httpx.Response) -> float | None:
        """How long to wait before the next attempt; None if this is the answer. Raises what is refused for good."""
        self._shared.consistency.take(response.headers)
        if response.is_success:
            return None
        problem = ProblemError(response)
        failure = failure_of_refusal(problem.status, problem.type)
        return self._failed(problem, failure, problem.retry_after, 502 <= problem.status <= 504)

    def failed(self, error: httpx.TransportError) -> float:
        """How long to wait after there was no answer."""
        failure = Failure.NOTHING_HAPPENED if isinstance(error, _NOT_CONNECTED) else Failure.UNKNOWN
        return self._failed(UnreachableError.of(error), failure, None, True)

    def _failed(self, error: Exception, failure: Failure, asked: float | None, leaves: bool) -> float:
        elsewhere = leaves and self._attempts.made + 1 < len(self._shared.urls)
        if leaves:
            self._shared.leave(self._place)
        pause = self._attempts.failed(failure, asked, elsewhere)
        if pause is None:
            raise error
        return pause

    def _give_key(self) -> bool:
        """Give a request that takes an idempotency key one of its own, unless it has one."""
        path = self._request.url.path
        if self._request.method != "POST" or not any(keyed.search(path) for keyed in KEYED_PATHS):
            return False
        self._headers.setdefault("idempotency-key", str(uuid.uuid4()))
        return True


class Transport(httpx.BaseTransport):
    """Sends requests until they are answered for good; raises what the service refuses."""

    def __init__(self, shared: Shared, token: str | None, inner: httpx.BaseTransport) -> None:
        self.shared = shared
        self.token = token
        self.inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. The answer has arrived whole."""
        request.read()
        call = Call(self.shared, self.token, request)
        while True:
            try:
                response = self._once(*call.attempt())
            except httpx.TransportError as error:
                pause: float | None = call.failed(error)
            else:
                pause = call.answered(response)
            if pause is None:
                return response
            time.sleep(pause)

    def _once(self, request: httpx.Request, until: float) -> httpx.Response:
        response = self.inner.handle_request(request)
        try:
            pieces = []
            # A replica may die in the middle of an answer.
            for piece in response.stream:  # type: ignore[union-attr]
                pieces.append(piece)
                _check(until, request)
        finally:
            response.close()
        return _whole(response, pieces, request)

    def close(self) -> None:
        """Nothing: connections are shared."""


class AsyncTransport(httpx.AsyncBaseTransport):
    """The same for those who await."""

    def __init__(self, shared: Shared, token: str | None, inner: httpx.AsyncBaseTransport) -> None:
        self.shared = shared
        self.token = token
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request. The answer has arrived whole."""
        await request.aread()
        call = Call(self.shared, self.token, request)
        while True:
            try:
                response = await self._once(*call.attempt())
            except httpx.TransportError as error:
                pause: float | None = call.failed(error)
            else:
                pause = call.answered(response)
            if pause is None:
                return response
            await asyncio.sleep(pause)

    async def _once(self, request: httpx.Request, until: float) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        try:
            pieces = []
            async for piece in response.stream:  # type: ignore[union-attr]
                pieces.append(piece)
                _check(until, request)
        finally:
            await response.aclose()
        return _whole(response, pieces, request)

    async def aclose(self) -> None:
        """Nothing: connections are shared."""


def _check(until: float, request: httpx.Request) -> None:
    if time.monotonic() > until:
        raise httpx.ReadTimeout("the answer takes too long", request=request)


def _whole(response: httpx.Response, pieces: list[bytes], request: httpx.Request) -> httpx.Response:
    headers = response.headers.copy()
    # The token alone tells who is asking: with its cookie, a client would be whoever signed in by it last.
    headers.pop("set-cookie", None)
    return httpx.Response(
        response.status_code,
        headers=headers,
        content=b"".join(pieces),
        extensions=response.extensions,
        request=request,
    )
