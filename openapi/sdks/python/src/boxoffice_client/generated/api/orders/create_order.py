from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.order import Order
from ...models.order_input import OrderInput
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: OrderInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(idempotency_key, Unset):
        headers["Idempotency-Key"] = idempotency_key

    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/orders",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Order | None:
    if response.status_code == 201:
        response_201 = Order.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Order]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: OrderInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Order]:
    """Reserve a ticket

     The price is locked. What is not paid by `expiresAt` goes back on sale.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (OrderInput): What to reserve Example: {'ticketId':
            'ticket_01k4q8r3v5e0t9w7x2c6m1d803'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Order]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: OrderInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Order | None:
    """Reserve a ticket

     The price is locked. What is not paid by `expiresAt` goes back on sale.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (OrderInput): What to reserve Example: {'ticketId':
            'ticket_01k4q8r3v5e0t9w7x2c6m1d803'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Order
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: OrderInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Order]:
    """Reserve a ticket

     The price is locked. What is not paid by `expiresAt` goes back on sale.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (OrderInput): What to reserve Example: {'ticketId':
            'ticket_01k4q8r3v5e0t9w7x2c6m1d803'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Order]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: OrderInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Order | None:
    """Reserve a ticket

     The price is locked. What is not paid by `expiresAt` goes back on sale.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (OrderInput): What to reserve Example: {'ticketId':
            'ticket_01k4q8r3v5e0t9w7x2c6m1d803'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Order
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            consistency=consistency,
        )
    ).parsed
