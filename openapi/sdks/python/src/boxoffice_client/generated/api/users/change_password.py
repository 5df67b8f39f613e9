from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.new_password import NewPassword
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: NewPassword,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/users/password",
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
    *,
    client: AuthenticatedClient,
    body: NewPassword,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Any]:
    """Change my password

     Ends all other sessions.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (NewPassword): A password in place of another Example: {'current': 'orange bicycle',
            'new': 'violet tramway'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        body=body,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: NewPassword,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Any]:
    """Change my password

     Ends all other sessions.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (NewPassword): A password in place of another Example: {'current': 'orange bicycle',
            'new': 'violet tramway'}.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any]
    """

    kwargs = _get_kwargs(
        body=body,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)
