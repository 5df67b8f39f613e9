from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.webhook_input import WebhookInput
from ...models.webhook_with_secret import WebhookWithSecret
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: WebhookInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/webhooks",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> WebhookWithSecret | None:
    if response.status_code == 201:
        response_201 = WebhookWithSecret.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[WebhookWithSecret]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: WebhookInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[WebhookWithSecret]:
    """Be told of events

     Of those that you may see: of tickets, and of your own orders and payments; of all with an
    operator's key that has
    the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is
    answered 2xx
    within 10 seconds: at least once, and for three days at most. The secret is in this answer and
    nowhere else, so that
    there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (WebhookInput): Where to send events to, and which Example: {'url':
            'https://shop.example/hooks/boxoffice', 'types': ['order:completed', 'order:cancelled']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[WebhookWithSecret]
    """

    kwargs = _get_kwargs(
        body=body,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: WebhookInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> WebhookWithSecret | None:
    """Be told of events

     Of those that you may see: of tickets, and of your own orders and payments; of all with an
    operator's key that has
    the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is
    answered 2xx
    within 10 seconds: at least once, and for three days at most. The secret is in this answer and
    nowhere else, so that
    there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (WebhookInput): Where to send events to, and which Example: {'url':
            'https://shop.example/hooks/boxoffice', 'types': ['order:completed', 'order:cancelled']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        WebhookWithSecret
    """

    return sync_detailed(
        client=client,
        body=body,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: WebhookInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[WebhookWithSecret]:
    """Be told of events

     Of those that you may see: of tickets, and of your own orders and payments; of all with an
    operator's key that has
    the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is
    answered 2xx
    within 10 seconds: at least once, and for three days at most. The secret is in this answer and
    nowhere else, so that
    there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (WebhookInput): Where to send events to, and which Example: {'url':
            'https://shop.example/hooks/boxoffice', 'types': ['order:completed', 'order:cancelled']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[WebhookWithSecret]
    """

    kwargs = _get_kwargs(
        body=body,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: WebhookInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> WebhookWithSecret | None:
    """Be told of events

     Of those that you may see: of tickets, and of your own orders and payments; of all with an
    operator's key that has
    the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is
    answered 2xx
    within 10 seconds: at least once, and for three days at most. The secret is in this answer and
    nowhere else, so that
    there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (WebhookInput): Where to send events to, and which Example: {'url':
            'https://shop.example/hooks/boxoffice', 'types': ['order:completed', 'order:cancelled']}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        WebhookWithSecret
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            consistency=consistency,
        )
    ).parsed
