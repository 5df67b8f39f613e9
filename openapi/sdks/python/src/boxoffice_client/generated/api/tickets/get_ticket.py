from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.ticket import Ticket
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/tickets/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Ticket | None:
    if response.status_code == 200:
        response_200 = Ticket.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Ticket]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Ticket]:
    """Show a ticket

     Whoever asks, and whether it is on sale or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Ticket]
    """

    kwargs = _get_kwargs(
        id=id,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Ticket | None:
    """Show a ticket

     Whoever asks, and whether it is on sale or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Ticket
    """

    return sync_detailed(
        id=id,
        client=client,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Ticket]:
    """Show a ticket

     Whoever asks, and whether it is on sale or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Ticket]
    """

    kwargs = _get_kwargs(
        id=id,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient | Client,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Ticket | None:
    """Show a ticket

     Whoever asks, and whether it is on sale or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Ticket
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            consistency=consistency,
        )
    ).parsed
