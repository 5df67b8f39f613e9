from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.password_reset import PasswordReset
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: PasswordReset,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/users/password/reset",
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
    client: AuthenticatedClient | Client,
    body: PasswordReset,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Any]:
    """Reset a forgotten password

     With the one-time token that an operator gave out. Ends all sessions.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (PasswordReset): A password in place of one that was forgotten Example: {'token':
            'pwr_Xo8Kq1Vn5Tz2Jd7Lb4Rg9Wc3Hs6Fy0Ma', 'new': 'violet tramway'}.

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
    client: AuthenticatedClient | Client,
    body: PasswordReset,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Any]:
    """Reset a forgotten password

     With the one-time token that an operator gave out. Ends all sessions.

    Args:
        consistency (ConsistencyLevel | Unset):
        body (PasswordReset): A password in place of one that was forgotten Example: {'token':
            'pwr_Xo8Kq1Vn5Tz2Jd7Lb4Rg9Wc3Hs6Fy0Ma', 'new': 'violet tramway'}.

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
