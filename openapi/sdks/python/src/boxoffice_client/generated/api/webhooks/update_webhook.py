from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.webhook import Webhook
from ...models.webhook_change import WebhookChange
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    body: WebhookChange,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "patch",
        "url": "/api/webhooks/{id}".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Webhook | None:
    if response.status_code == 200:
        response_200 = Webhook.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Webhook]:
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
    body: WebhookChange,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Webhook]:
    """Change one of my endpoints

     Whoever gives it another URL, or enables it, has what waits tried at once.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookChange): What is to change about an endpoint; what is absent stays Example:
            {'types': ['order:completed'], 'enabled': True}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Webhook]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
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
    body: WebhookChange,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Webhook | None:
    """Change one of my endpoints

     Whoever gives it another URL, or enables it, has what waits tried at once.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookChange): What is to change about an endpoint; what is absent stays Example:
            {'types': ['order:completed'], 'enabled': True}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Webhook
    """

    return sync_detailed(
        id=id,
        client=client,
        body=body,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    id: str,
    *,
    client: AuthenticatedClient,
    body: WebhookChange,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Webhook]:
    """Change one of my endpoints

     Whoever gives it another URL, or enables it, has what waits tried at once.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookChange): What is to change about an endpoint; what is absent stays Example:
            {'types': ['order:completed'], 'enabled': True}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Webhook]
    """

    kwargs = _get_kwargs(
        id=id,
        body=body,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    *,
    client: AuthenticatedClient,
    body: WebhookChange,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Webhook | None:
    """Change one of my endpoints

     Whoever gives it another URL, or enables it, has what waits tried at once.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookChange): What is to change about an endpoint; what is absent stays Example:
            {'types': ['order:completed'], 'enabled': True}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Webhook
    """

    return (
        await asyncio_detailed(
            id=id,
            client=client,
            body=body,
            consistency=consistency,
        )
    ).parsed
