from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.refund import Refund
from ...models.refund_input import RefundInput
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    body: RefundInput,
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
        "url": "/api/payments/{id}/refunds".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Refund | None:
    if response.status_code == 201:
        response_201 = Refund.from_dict(response.json())

        return response_201

    if response.status_code == 202:
        response_202 = Refund.from_dict(response.json())

        return response_202

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Refund]:
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
    body: RefundInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Refund]:
    """Give back what was paid, whole or in part

     By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a
    payment together,
    pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once
    all went
    back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may
    unfreeze it. A
    part leaves the order `complete`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (RefundInput): How much to give back, and why Example: {'amount': 5, 'reason': 'Wrong
            seat'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Refund]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
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
    body: RefundInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Refund | None:
    """Give back what was paid, whole or in part

     By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a
    payment together,
    pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once
    all went
    back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may
    unfreeze it. A
    part leaves the order `complete`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (RefundInput): How much to give back, and why Example: {'amount': 5, 'reason': 'Wrong
            seat'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Refund
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    body: RefundInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Refund]:
    """Give back what was paid, whole or in part

     By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a
    payment together,
    pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once
    all went
    back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may
    unfreeze it. A
    part leaves the order `complete`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (RefundInput): How much to give back, and why Example: {'amount': 5, 'reason': 'Wrong
            seat'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Refund]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        idempotency_key=idempotency_key,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    body: RefundInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Refund | None:
    """Give back what was paid, whole or in part

     By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a
    payment together,
    pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once
    all went
    back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may
    unfreeze it. A
    part leaves the order `complete`.

    Args:
        id (str):
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (RefundInput): How much to give back, and why Example: {'amount': 5, 'reason': 'Wrong
            seat'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Refund
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            consistency=consistency,
        )
    ).parsed
