from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.payment import Payment
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
        "url": "/api/payments/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Payment | None:
    if response.status_code == 200:
        response_200 = Payment.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Payment]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Payment]:
    """Show a payment

     To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope
    `payments:read`. What
    the buyer has to do next is shown to them alone, and why a card was declined not to the seller.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Payment]
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
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Payment | None:
    """Show a payment

     To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope
    `payments:read`. What
    the buyer has to do next is shown to them alone, and why a card was declined not to the seller.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Payment
    """

    return sync_detailed(
        id=id,
        client=client,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Payment]:
    """Show a payment

     To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope
    `payments:read`. What
    the buyer has to do next is shown to them alone, and why a card was declined not to the seller.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Payment]
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
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Payment | None:
    """Show a payment

     To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope
    `payments:read`. What
    the buyer has to do next is shown to them alone, and why a card was declined not to the seller.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Payment
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            consistency=consistency,
        )
    ).parsed
