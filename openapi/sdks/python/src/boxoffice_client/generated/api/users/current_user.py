from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.current_user import CurrentUser
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
        "url": "/api/users/currentuser",
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> CurrentUser | None:
    if response.status_code == 200:
        response_200 = CurrentUser.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[CurrentUser]:
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
) -> Response[CurrentUser]:
    """Who am I

     Nobody, without a credential or with one that is not good; an operator's key is nobody's account.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CurrentUser]
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
) -> CurrentUser | None:
    """Who am I

     Nobody, without a credential or with one that is not good; an operator's key is nobody's account.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CurrentUser
    """

    return sync_detailed(
        client=client,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[CurrentUser]:
    """Who am I

     Nobody, without a credential or with one that is not good; an operator's key is nobody's account.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CurrentUser]
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
) -> CurrentUser | None:
    """Who am I

     Nobody, without a credential or with one that is not good; an operator's key is nobody's account.

    Args:
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CurrentUser
    """

    return (
        await asyncio_detailed(
            client=client,
            consistency=consistency,
        )
    ).parsed
