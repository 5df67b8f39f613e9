from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.redrive_input import RedriveInput
from ...models.redriven import Redriven
from ...types import UNSET, Response, Unset


def _get_kwargs(
    group: str,
    *,
    body: RedriveInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/consumers/{group}/redrive".format(
            group=quote(str(group), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Redriven | None:
    if response.status_code == 200:
        response_200 = Redriven.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Redriven]:
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
    body: RedriveInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Redriven]:
    """Have parked events given again

     As if they never had been.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (RedriveInput): Parked events to give again Example: {'sequences': ['42']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Redriven]
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


def sync(
    group: str,
    *,
    client: AuthenticatedClient,
    body: RedriveInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Redriven | None:
    """Have parked events given again

     As if they never had been.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (RedriveInput): Parked events to give again Example: {'sequences': ['42']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Redriven
    """

    return sync_detailed(
        group=group,
        client=client,
        body=body,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    group: str,
    *,
    client: AuthenticatedClient,
    body: RedriveInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Redriven]:
    """Have parked events given again

     As if they never had been.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (RedriveInput): Parked events to give again Example: {'sequences': ['42']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Redriven]
    """

    kwargs = _get_kwargs(
        group=group,
        body=body,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    group: str,
    *,
    client: AuthenticatedClient,
    body: RedriveInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Redriven | None:
    """Have parked events given again

     As if they never had been.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (RedriveInput): Parked events to give again Example: {'sequences': ['42']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Redriven
    """

    return (
        await asyncio_detailed(
            group=group,
            client=client,
            body=body,
            consistency=consistency,
        )
    ).parsed
