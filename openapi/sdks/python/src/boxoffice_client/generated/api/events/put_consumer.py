from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.consumer import Consumer
from ...models.consumer_input import ConsumerInput
from ...types import UNSET, Response, Unset


def _get_kwargs(
    group: str,
    *,
    body: ConsumerInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/api/consumers/{group}".format(
            group=quote(str(group), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Consumer | None:
    if response.status_code == 200:
        response_200 = Consumer.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = Consumer.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Consumer]:
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
    body: ConsumerInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Consumer]:
    """Make a consumer group, or change it

     The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1
    to 64 letters,
    digits, dots, hyphens and underscores.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (ConsumerInput): What a consumer group is to be Example: {'types':
            ['order:completed'], 'start': 'beginning', 'ackWaitSeconds': 30, 'maxDeliveries': 5}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Consumer]
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
    body: ConsumerInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Consumer | None:
    """Make a consumer group, or change it

     The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1
    to 64 letters,
    digits, dots, hyphens and underscores.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (ConsumerInput): What a consumer group is to be Example: {'types':
            ['order:completed'], 'start': 'beginning', 'ackWaitSeconds': 30, 'maxDeliveries': 5}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Consumer
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
    body: ConsumerInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Consumer]:
    """Make a consumer group, or change it

     The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1
    to 64 letters,
    digits, dots, hyphens and underscores.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (ConsumerInput): What a consumer group is to be Example: {'types':
            ['order:completed'], 'start': 'beginning', 'ackWaitSeconds': 30, 'maxDeliveries': 5}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Consumer]
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
    body: ConsumerInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Consumer | None:
    """Make a consumer group, or change it

     The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1
    to 64 letters,
    digits, dots, hyphens and underscores.

    Args:
        group (str):
        consistency (ConsistencyLevel | Unset):
        body (ConsumerInput): What a consumer group is to be Example: {'types':
            ['order:completed'], 'start': 'beginning', 'ackWaitSeconds': 30, 'maxDeliveries': 5}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Consumer
    """

    return (
        await asyncio_detailed(
            group=group,
            client=client,
            body=body,
            consistency=consistency,
        )
    ).parsed
