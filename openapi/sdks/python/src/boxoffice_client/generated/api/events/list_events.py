from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.event import Event
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    after: str | Unset = UNSET,
    types: str | Unset = UNSET,
    subject: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    params: dict[str, Any] = {}

    params["after"] = after

    params["types"] = types

    params["subject"] = subject

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/events",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> list[Event] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = Event.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[list[Event]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    types: str | Unset = UNSET,
    subject: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[list[Event]]:
    """Follow what happens

     Events of tickets are for anybody; a user is also shown those of their own orders and payments, an
    operator's key
    with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who
    follows all
    types and finds another `version` than the last one and one has missed an event.

    The stream is one of server-sent events (`text/event-stream`), which browsers read with
    `EventSource`. It begins
    with the oldest event that is kept, goes on for as long as the client stays, and has a comment every
    15 seconds.
    Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a
    repetition. A
    position that is older than what is kept, or of before a restore, gets an event named `reset` first,
    whose data
    has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the
    session or
    key does, when the replica stops, or when the client is too slow to take what there is.

    With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one
    of them looked,
    and `Link` leads to the next one if there is more to look at. A position that is too old is refused
    with 410.

    Args:
        after (str | Unset):
        types (str | Unset):
        subject (str | Unset):
        limit (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[Event]]
    """

    kwargs = _get_kwargs(
        after=after,
        types=types,
        subject=subject,
        limit=limit,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    types: str | Unset = UNSET,
    subject: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> list[Event] | None:
    """Follow what happens

     Events of tickets are for anybody; a user is also shown those of their own orders and payments, an
    operator's key
    with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who
    follows all
    types and finds another `version` than the last one and one has missed an event.

    The stream is one of server-sent events (`text/event-stream`), which browsers read with
    `EventSource`. It begins
    with the oldest event that is kept, goes on for as long as the client stays, and has a comment every
    15 seconds.
    Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a
    repetition. A
    position that is older than what is kept, or of before a restore, gets an event named `reset` first,
    whose data
    has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the
    session or
    key does, when the replica stops, or when the client is too slow to take what there is.

    With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one
    of them looked,
    and `Link` leads to the next one if there is more to look at. A position that is too old is refused
    with 410.

    Args:
        after (str | Unset):
        types (str | Unset):
        subject (str | Unset):
        limit (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[Event]
    """

    return sync_detailed(
        client=client,
        after=after,
        types=types,
        subject=subject,
        limit=limit,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    types: str | Unset = UNSET,
    subject: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[list[Event]]:
    """Follow what happens

     Events of tickets are for anybody; a user is also shown those of their own orders and payments, an
    operator's key
    with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who
    follows all
    types and finds another `version` than the last one and one has missed an event.

    The stream is one of server-sent events (`text/event-stream`), which browsers read with
    `EventSource`. It begins
    with the oldest event that is kept, goes on for as long as the client stays, and has a comment every
    15 seconds.
    Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a
    repetition. A
    position that is older than what is kept, or of before a restore, gets an event named `reset` first,
    whose data
    has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the
    session or
    key does, when the replica stops, or when the client is too slow to take what there is.

    With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one
    of them looked,
    and `Link` leads to the next one if there is more to look at. A position that is too old is refused
    with 410.

    Args:
        after (str | Unset):
        types (str | Unset):
        subject (str | Unset):
        limit (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[Event]]
    """

    kwargs = _get_kwargs(
        after=after,
        types=types,
        subject=subject,
        limit=limit,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    after: str | Unset = UNSET,
    types: str | Unset = UNSET,
    subject: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> list[Event] | None:
    """Follow what happens

     Events of tickets are for anybody; a user is also shown those of their own orders and payments, an
    operator's key
    with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who
    follows all
    types and finds another `version` than the last one and one has missed an event.

    The stream is one of server-sent events (`text/event-stream`), which browsers read with
    `EventSource`. It begins
    with the oldest event that is kept, goes on for as long as the client stays, and has a comment every
    15 seconds.
    Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a
    repetition. A
    position that is older than what is kept, or of before a restore, gets an event named `reset` first,
    whose data
    has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the
    session or
    key does, when the replica stops, or when the client is too slow to take what there is.

    With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one
    of them looked,
    and `Link` leads to the next one if there is more to look at. A position that is too old is refused
    with 410.

    Args:
        after (str | Unset):
        types (str | Unset):
        subject (str | Unset):
        limit (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[Event]
    """

    return (
        await asyncio_detailed(
            client=client,
            after=after,
            types=types,
            subject=subject,
            limit=limit,
            consistency=consistency,
        )
    ).parsed
