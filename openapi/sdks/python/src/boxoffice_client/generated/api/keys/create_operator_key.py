from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.key_input import KeyInput
from ...models.new_operator_key import NewOperatorKey
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: KeyInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/keys",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> NewOperatorKey | None:
    if response.status_code == 201:
        response_201 = NewOperatorKey.from_dict(response.json())

        return response_201

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[NewOperatorKey]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: KeyInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[NewOperatorKey]:
    """Make an operator's key

     With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this
    answer and
    nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes
    another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (KeyInput): The operator's key to make Example: {'label': 'Support desk', 'scopes':
            ['orders:read', 'payments:read'], 'expiresInSeconds': 7776000}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NewOperatorKey]
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
    body: KeyInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> NewOperatorKey | None:
    """Make an operator's key

     With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this
    answer and
    nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes
    another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (KeyInput): The operator's key to make Example: {'label': 'Support desk', 'scopes':
            ['orders:read', 'payments:read'], 'expiresInSeconds': 7776000}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NewOperatorKey
    """

    return sync_detailed(
        client=client,
        body=body,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: KeyInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[NewOperatorKey]:
    """Make an operator's key

     With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this
    answer and
    nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes
    another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (KeyInput): The operator's key to make Example: {'label': 'Support desk', 'scopes':
            ['orders:read', 'payments:read'], 'expiresInSeconds': 7776000}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[NewOperatorKey]
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
    body: KeyInput,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> NewOperatorKey | None:
    """Make an operator's key

     With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this
    answer and
    nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes
    another.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (KeyInput): The operator's key to make Example: {'label': 'Support desk', 'scopes':
            ['orders:read', 'payments:read'], 'expiresInSeconds': 7776000}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        NewOperatorKey
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            consistency=consistency,
        )
    ).parsed
