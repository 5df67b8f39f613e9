from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.webhook import Webhook
from ...models.webhook_resend import WebhookResend
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    *,
    body: WebhookResend,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/webhooks/{id}/resend".format(
            id=quote(str(id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Webhook | None:
    if response.status_code == 202:
        response_202 = Webhook.from_dict(response.json())

        return response_202

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
    body: WebhookResend,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Webhook]:
    """Send events to an endpoint once more

     One by its id, or all from a time or an event on, as far as they are kept. What is sent again has
    the id that it had.
    If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookResend): What to send once more: either `event` or `from` Example: {'from':
            '2030-04-03T00:00:00Z'}.

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
    body: WebhookResend,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Webhook | None:
    """Send events to an endpoint once more

     One by its id, or all from a time or an event on, as far as they are kept. What is sent again has
    the id that it had.
    If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookResend): What to send once more: either `event` or `from` Example: {'from':
            '2030-04-03T00:00:00Z'}.

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
    body: WebhookResend,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Webhook]:
    """Send events to an endpoint once more

     One by its id, or all from a time or an event on, as far as they are kept. What is sent again has
    the id that it had.
    If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookResend): What to send once more: either `event` or `from` Example: {'from':
            '2030-04-03T00:00:00Z'}.

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
    body: WebhookResend,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Webhook | None:
    """Send events to an endpoint once more

     One by its id, or all from a time or an event on, as far as they are kept. What is sent again has
    the id that it had.
    If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.

    Args:
        id (str):
        consistency (ConsistencyLevel | Unset):
        body (WebhookResend): What to send once more: either `event` or `from` Example: {'from':
            '2030-04-03T00:00:00Z'}.

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
