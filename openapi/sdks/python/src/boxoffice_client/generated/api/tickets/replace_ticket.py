from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.ticket import Ticket
from ...models.ticket_input import TicketInput
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    body: TicketInput,
    if_match: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/tickets/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

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
    client: AuthenticatedClient,
    body: TicketInput,
    if_match: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Ticket]:
    """Replace what a ticket says

     By its seller, while no order holds it: what the body leaves out the ticket has no longer.

    Args:
        id (str):
        if_match (str | Unset): `*`, or a list of entity tags such as `"3"`
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
        id=id,
        body=body,
        if_match=if_match,
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
    body: TicketInput,
    if_match: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Ticket | None:
    """Replace what a ticket says

     By its seller, while no order holds it: what the body leaves out the ticket has no longer.

    Args:
        id (str):
        if_match (str | Unset): `*`, or a list of entity tags such as `"3"`
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
        id=id,
        client=client,
        body=body,
        if_match=if_match,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    body: TicketInput,
    if_match: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Ticket]:
    """Replace what a ticket says

     By its seller, while no order holds it: what the body leaves out the ticket has no longer.

    Args:
        id (str):
        if_match (str | Unset): `*`, or a list of entity tags such as `"3"`
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
        id=id,
        body=body,
        if_match=if_match,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    body: TicketInput,
    if_match: str | Unset = UNSET,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Ticket | None:
    """Replace what a ticket says

     By its seller, while no order holds it: what the body leaves out the ticket has no longer.

    Args:
        id (str):
        if_match (str | Unset): `*`, or a list of entity tags such as `"3"`
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
            id=id,
            client=client,
            body=body,
            if_match=if_match,
            consistency=consistency,
        )
    ).parsed
