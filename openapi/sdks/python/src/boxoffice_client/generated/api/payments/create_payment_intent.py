from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.payment_intent import PaymentIntent
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
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
        "url": "/api/orders/{id}/payment-intent".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> PaymentIntent | None:
    if response.status_code == 200:
        response_200 = PaymentIntent.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = PaymentIntent.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[PaymentIntent]:
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
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[PaymentIntent]:
    """Pay for an order in a browser

     Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the
    order like any
    other; asking again while it is under way gives the same one. Look at the payment for what becomes
    of it. A
    decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the
    type
    `/problems/no-browser-payments`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaymentIntent]
    """

    kwargs = _get_kwargs(
        id=id,
        idempotency_key=idempotency_key,
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
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> PaymentIntent | None:
    """Pay for an order in a browser

     Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the
    order like any
    other; asking again while it is under way gives the same one. Look at the payment for what becomes
    of it. A
    decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the
    type
    `/problems/no-browser-payments`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaymentIntent
    """

    return sync_detailed(
        id=id,
        client=client,
        idempotency_key=idempotency_key,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[PaymentIntent]:
    """Pay for an order in a browser

     Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the
    order like any
    other; asking again while it is under way gives the same one. Look at the payment for what becomes
    of it. A
    decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the
    type
    `/problems/no-browser-payments`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PaymentIntent]
    """

    kwargs = _get_kwargs(
        id=id,
        idempotency_key=idempotency_key,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> PaymentIntent | None:
    """Pay for an order in a browser

     Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the
    order like any
    other; asking again while it is under way gives the same one. Look at the payment for what becomes
    of it. A
    decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the
    type
    `/problems/no-browser-payments`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PaymentIntent
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            idempotency_key=idempotency_key,
            consistency=consistency,
        )
    ).parsed
