"""The clients that programs hold."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx
from httpx_sse import EventSource

from .events import SILENCE, Followed, Following
from .generated.api import AsyncOperations, Operations
from .generated.client import Client
from .generated.types import Response
from .problem import ProblemError
from .retry import RetryOptions
from .transport import AsyncTransport, Shared, Transport

_NEXT = re.compile(r'<([^>]*)>\s*;\s*rel="next"')


class Boxoffice(Operations):
    """A client of Boxoffice. Every operation of the API is a method; each raises what the service refuses as `ProblemError`.

    `base_url` is where the service is; of several replicas the next is asked when one cannot be reached. `token` says who is
    asking: a user's token, or an operator's key. `transport` is what requests are sent with, for proxies and the like. Threads
    may share it.
    """

    def __init__(
        self,
        base_url: str | Sequence[str],
        token: str | None = None,
        *,
        retry: RetryOptions | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        shared = Shared(base_url, retry or RetryOptions())
        self._set_up(Transport(shared, token, transport or httpx.HTTPTransport()))

    def _set_up(self, transport: Transport) -> None:
        self._transport = transport
        base = transport.shared.urls[0]
        http = httpx.Client(base_url=base, transport=transport, timeout=None)
        self._generated = Client(base, raise_on_unexpected_status=True).set_httpx_client(http)

    def with_token(self, token: str) -> Self:
        """Return the same client for somebody else.

        Both share connections and what they have seen: what one has been answered, the next answer to the other one shows.
        """
        other = object.__new__(type(self))
        other._set_up(Transport(self._transport.shared, token, self._transport.inner))
        return other

    def follow_events(
        self,
        after: str | None = None,
        types: Sequence[str] = (),
        subject: str | None = None,
        *,
        silence: float = SILENCE,
    ) -> Iterator[Followed]:
        """Follow what happens, without end.

        A stream that breaks off or goes silent is resumed where it was, at another base URL if need be, without a gap or a
        repetition. Raises when it is refused for good, and when it cannot be opened the first time within the bounds of a call.

        `after` is the id of the last event that was dealt with: those after it follow. `now` for what happens from now on; all
        that are kept if it is None. A stream that is silent for `silence` seconds is taken for dead and opened anew.
        """
        transport = self._transport
        following = Following(transport.shared, transport.token, after, types, subject, silence)
        while True:
            try:
                response = transport.inner.handle_request(following.request())
                try:
                    yield from self._messages(following, response)
                finally:
                    response.close()
                pause = following.ended()
            except httpx.TransportError as error:
                pause = following.failed(error)
            except ProblemError as problem:
                pause = following.refused(problem)
            time.sleep(pause)

    @staticmethod
    def _messages(following: Following, answer: httpx.Response) -> Iterator[Followed]:
        response = httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)
        if not response.is_success:
            response.read()
            raise ProblemError(response)
        following.opened(response)
        for message in EventSource(response).iter_sse():
            if (followed := following.take(message)) is not None:
                yield followed

    def close(self) -> None:
        """Close the connections, also those of clients that share them."""
        self._transport.inner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _pages(self, operation: Callable[..., Response[Any]], place: str, **arguments: Any) -> Iterator[Any]:
        while True:
            page = operation(client=self._generated, **arguments)
            yield from page.parsed or []
            if (next_place := _next_place(page, place)) is None:
                return
            arguments[place] = next_place


class AsyncBoxoffice(AsyncOperations):
    """The same as `Boxoffice` for those who await."""

    def __init__(
        self,
        base_url: str | Sequence[str],
        token: str | None = None,
        *,
        retry: RetryOptions | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        shared = Shared(base_url, retry or RetryOptions())
        self._set_up(AsyncTransport(shared, token, transport or httpx.AsyncHTTPTransport()))

    def _set_up(self, transport: AsyncTransport) -> None:
        self._transport = transport
        base = transport.shared.urls[0]
        http = httpx.AsyncClient(base_url=base, transport=transport, timeout=None)
        self._generated = Client(base, raise_on_unexpected_status=True).set_async_httpx_client(http)

    def with_token(self, token: str) -> Self:
        """Return the same client for somebody else, as `Boxoffice.with_token`."""
        other = object.__new__(type(self))
        other._set_up(AsyncTransport(self._transport.shared, token, self._transport.inner))
        return other

    async def follow_events(
        self,
        after: str | None = None,
        types: Sequence[str] = (),
        subject: str | None = None,
        *,
        silence: float = SILENCE,
    ) -> AsyncIterator[Followed]:
        """Follow what happens, without end, as `Boxoffice.follow_events`."""
        transport = self._transport
        following = Following(transport.shared, transport.token, after, types, subject, silence)
        while True:
            try:
                response = await transport.inner.handle_async_request(following.request())
                try:
                    async for followed in self._messages(following, response):
                        yield followed
                finally:
                    with suppress(httpx.TransportError):
                        await response.aclose()
                pause = following.ended()
            except httpx.TransportError as error:
                pause = following.failed(error)
            except ProblemError as problem:
                pause = following.refused(problem)
            await asyncio.sleep(pause)

    @staticmethod
    async def _messages(following: Following, answer: httpx.Response) -> AsyncIterator[Followed]:
        response = httpx.Response(answer.status_code, headers=answer.headers, stream=answer.stream)
        if not response.is_success:
            await response.aread()
            raise ProblemError(response)
        following.opened(response)
        async for message in EventSource(response).aiter_sse():
            if (followed := following.take(message)) is not None:
                yield followed

    async def aclose(self) -> None:
        """Close the connections, also those of clients that share them."""
        await self._transport.inner.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _pages(self, operation: Callable[..., Any], place: str, **arguments: Any) -> AsyncIterator[Any]:
        while True:
            page = await operation(client=self._generated, **arguments)
            for item in page.parsed or []:
                yield item
            if (next_place := _next_place(page, place)) is None:
                return
            arguments[place] = next_place


def _next_place(page: Response[Any], place: str) -> str | None:
    """Where the next page begins, if there is one."""
    link = _NEXT.search(page.headers.get("link", ""))
    return parse_qs(urlsplit(link[1]).query).get(place, [None])[0] if link else None
