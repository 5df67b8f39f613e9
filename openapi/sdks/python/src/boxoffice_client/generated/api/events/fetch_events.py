from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.deliveries import Deliveries
from ...types import UNSET, Response, Unset


def _get_kwargs(
    group: str,
    *,
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    params: dict[str, Any] = {}

    params["limit"] = limit

    params["wait"] = wait

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/consumers/{group}/fetch".format(
            group=quote(str(group), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Deliveries | None:
    if response.status_code == 200:
        response_200 = Deliveries.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Deliveries]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    group: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Deliveries]:
    """Lease events

     Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever
    fetches. Events
    about the same thing never run side by side, nor out of order: there may be several of them in one
    answer, in
    order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be
    is parked, and
    the others flow on. An answer of about a MiB has fewer events than asked for.

    Args:
        group (str):
        limit (int | Unset):
        wait (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deliveries]
    """

    kwargs = _get_kwargs(
        group=group,
        limit=limit,
        wait=wait,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    group: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Deliveries | None:
    """Lease events

     Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever
    fetches. Events
    about the same thing never run side by side, nor out of order: there may be several of them in one
    answer, in
    order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be
    is parked, and
    the others flow on. An answer of about a MiB has fewer events than asked for.

    Args:
        group (str):
        limit (int | Unset):
        wait (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deliveries
    """

    return sync_detailed(
        group=group,
        client=client,
        limit=limit,
        wait=wait,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    group: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Deliveries]:
    """Lease events

     Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever
    fetches. Events
    about the same thing never run side by side, nor out of order: there may be several of them in one
    answer, in
    order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be
    is parked, and
    the others flow on. An answer of about a MiB has fewer events than asked for.

    Args:
        group (str):
        limit (int | Unset):
        wait (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Deliveries]
    """

    kwargs = _get_kwargs(
        group=group,
        limit=limit,
        wait=wait,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    group: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = UNSET,
    wait: int | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Deliveries | None:
    """Lease events

     Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever
    fetches. Events
    about the same thing never run side by side, nor out of order: there may be several of them in one
    answer, in
    order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be
    is parked, and
    the others flow on. An answer of about a MiB has fewer events than asked for.

    Args:
        group (str):
        limit (int | Unset):
        wait (int | Unset):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Deliveries
    """

    return (
        await asyncio_detailed(
            group=group,
            client=client,
            limit=limit,
            wait=wait,
            consistency=consistency,
        )
    ).parsed
