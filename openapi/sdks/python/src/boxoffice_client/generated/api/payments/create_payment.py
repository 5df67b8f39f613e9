from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.payment import Payment
from ...models.payment_input import PaymentInput
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: PaymentInput,
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
        "url": "/api/payments",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Payment | None:
    if response.status_code == 201:
        response_201 = Payment.from_dict(response.json())

        return response_201

    if response.status_code == 202:
        response_202 = Payment.from_dict(response.json())

        return response_202

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
    *,
    client: AuthenticatedClient,
    body: PaymentInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Payment]:
    """Pay for an order

     Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who
    they are to
    their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves
    the order open until its deadline; its
    problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order
    was
    released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment
    under way in
    a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are
    declined again
    and again is answered 429 for a while.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (PaymentInput): What to pay, and with what Example: {'orderId':
            'order_01k4q8r3v5e0t9w7x2c6m1d804', 'token': 'tok_visa'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Payment]
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
    body: PaymentInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Payment | None:
    """Pay for an order

     Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who
    they are to
    their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves
    the order open until its deadline; its
    problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order
    was
    released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment
    under way in
    a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are
    declined again
    and again is answered 429 for a while.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (PaymentInput): What to pay, and with what Example: {'orderId':
            'order_01k4q8r3v5e0t9w7x2c6m1d804', 'token': 'tok_visa'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Payment
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
    body: PaymentInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Payment]:
    """Pay for an order

     Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who
    they are to
    their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves
    the order open until its deadline; its
    problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order
    was
    released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment
    under way in
    a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are
    declined again
    and again is answered 429 for a while.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (PaymentInput): What to pay, and with what Example: {'orderId':
            'order_01k4q8r3v5e0t9w7x2c6m1d804', 'token': 'tok_visa'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Payment]
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
    body: PaymentInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Payment | None:
    """Pay for an order

     Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who
    they are to
    their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves
    the order open until its deadline; its
    problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order
    was
    released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment
    under way in
    a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are
    declined again
    and again is answered 429 for a while.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (PaymentInput): What to pay, and with what Example: {'orderId':
            'order_01k4q8r3v5e0t9w7x2c6m1d804', 'token': 'tok_visa'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Payment
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            consistency=consistency,
        )
    ).parsed
