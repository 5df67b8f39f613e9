from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.credentials import Credentials
from ...models.signed_in_user import SignedInUser
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: Credentials,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/users/signin",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> SignedInUser | None:
    if response.status_code == 200:
        response_200 = SignedInUser.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[SignedInUser]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Credentials,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[SignedInUser]:
    """Sign in

     Opens one more session. An unknown address and a wrong password get the same answer.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (Credentials): The address and password of an account Example: {'email':
            'ann@example.com', 'password': 'orange bicycle'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SignedInUser]
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
    client: AuthenticatedClient | Client,
    body: Credentials,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> SignedInUser | None:
    """Sign in

     Opens one more session. An unknown address and a wrong password get the same answer.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (Credentials): The address and password of an account Example: {'email':
            'ann@example.com', 'password': 'orange bicycle'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SignedInUser
    """

    return sync_detailed(
        client=client,
        body=body,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: Credentials,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[SignedInUser]:
    """Sign in

     Opens one more session. An unknown address and a wrong password get the same answer.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (Credentials): The address and password of an account Example: {'email':
            'ann@example.com', 'password': 'orange bicycle'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[SignedInUser]
    """

    kwargs = _get_kwargs(
        body=body,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: Credentials,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> SignedInUser | None:
    """Sign in

     Opens one more session. An unknown address and a wrong password get the same answer.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (Credentials): The address and password of an account Example: {'email':
            'ann@example.com', 'password': 'orange bicycle'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        SignedInUser
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            consistency=consistency,
        )
    ).parsed
