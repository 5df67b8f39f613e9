from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.webhook import Webhook
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/webhooks",
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> list[Webhook] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = Webhook.from_dict(response_200_item_data)

            response_200.append(response_200_item)

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[list[Webhook]]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[list[Webhook]]:
    """List my endpoints

     Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all
    that is about
    endpoints.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[Webhook]]
    """

    kwargs = _get_kwargs(
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> list[Webhook] | None:
    """List my endpoints

     Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all
    that is about
    endpoints.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[Webhook]
    """

    return sync_detailed(
        client=client,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[list[Webhook]]:
    """List my endpoints

     Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all
    that is about
    endpoints.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[list[Webhook]]
    """

    kwargs = _get_kwargs(
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> list[Webhook] | None:
    """List my endpoints

     Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all
    that is about
    endpoints.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        list[Webhook]
    """

    return (
        await asyncio_detailed(
            client=client,
            consistency=consistency,
        )
    ).parsed
