from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.ticket import Ticket
from ...models.ticket_input import TicketInput
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: TicketInput,
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
        "url": "/api/tickets",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Ticket | None:
    if response.status_code == 201:
        response_201 = Ticket.from_dict(response.json())

        return response_201

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
    *,
    client: AuthenticatedClient,
    body: TicketInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Ticket]:
    """Post a ticket

     With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until
    its
    seller sets a later one.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (TicketInput): What a seller says about a ticket Example: {'title': 'Tosca, row 5,
            seat 12', 'price': 19.99, 'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00Z'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Ticket]
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
    body: TicketInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Ticket | None:
    """Post a ticket

     With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until
    its
    seller sets a later one.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (TicketInput): What a seller says about a ticket Example: {'title': 'Tosca, row 5,
            seat 12', 'price': 19.99, 'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00Z'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Ticket
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
    body: TicketInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Ticket]:
    """Post a ticket

     With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until
    its
    seller sets a later one.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (TicketInput): What a seller says about a ticket Example: {'title': 'Tosca, row 5,
            seat 12', 'price': 19.99, 'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00Z'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Ticket]
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
    body: TicketInput,
    idempotency_key: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Ticket | None:
    """Post a ticket

     With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until
    its
    seller sets a later one.

    Args:
        idempotency_key (str | Unset): Printable ASCII, bare or in double quotes, which do not
            count
        consistency (ConsistencyLevel | Unset):
        body (TicketInput): What a seller says about a ticket Example: {'title': 'Tosca, row 5,
            seat 12', 'price': 19.99, 'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00Z'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Ticket
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            consistency=consistency,
        )
    ).parsed
