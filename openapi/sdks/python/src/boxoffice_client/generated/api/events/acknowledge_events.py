from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.ack_input import AckInput
from ...models.consistency_level import ConsistencyLevel
from ...types import UNSET, Response, Unset


def _get_kwargs(
    group: str,
    *,
    body: AckInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/consumers/{group}/ack".format(
            group=quote(str(group), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Any | None:
    if response.status_code == 204:
        return None

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Any]:
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
    body: AckInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Any]:
    """Acknowledge events

     They were dealt with, and nobody is given them again. Acknowledging twice changes nothing, nor does
    acknowledging what
    somebody else has acknowledged by then: that is a 204, too. A lease whose time is over still counts
    until another
    fetch is given the event, or an earlier one about the same thing, or until such an earlier one that
    was parked is to
    be given again. Those that count no more are named in a 409, and the others are acknowledged all the
    same.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (AckInput): Leases to acknowledge Example: {'leases':
            ['AAAAAAAAACoAAAAAAAAAB1scDnc']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        group=group,
        body=body,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


async def asyncio_detailed(
    group: str,
    *,
    client: AuthenticatedClient,
    body: AckInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Any]:
    """Acknowledge events

     They were dealt with, and nobody is given them again. Acknowledging twice changes nothing, nor does
    acknowledging what
    somebody else has acknowledged by then: that is a 204, too. A lease whose time is over still counts
    until another
    fetch is given the event, or an earlier one about the same thing, or until such an earlier one that
    was parked is to
    be given again. Those that count no more are named in a 409, and the others are acknowledged all the
    same.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (AckInput): Leases to acknowledge Example: {'leases':
            ['AAAAAAAAACoAAAAAAAAAB1scDnc']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        group=group,
        body=body,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)
