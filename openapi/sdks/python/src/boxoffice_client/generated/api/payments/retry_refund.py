from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.consistency_level import ConsistencyLevel
from ...models.refund import Refund
from ...types import UNSET, Response, Unset


def _get_kwargs(
    id: str,
    refund_id: str,
    *,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(consistency, Unset):
        headers["Consistency"] = str(consistency)

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/payments/{id}/refunds/{refund_id}/retry".format(
            id=quote(str(id), safe=""),
            refund_id=quote(str(refund_id), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Refund | None:
    if response.status_code == 200:
        response_200 = Refund.from_dict(response.json())

        return response_200

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(*, client: AuthenticatedClient | Client, response: httpx.Response) -> Response[Refund]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    id: str,
    refund_id: str,
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Refund]:
    """Have a refund that failed tried again

     With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays
    as it is.

    Args:
        id (str):
        refund_id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Refund]
    """

    kwargs = _get_kwargs(
        id=id,
        refund_id=refund_id,
        consistency=consistency,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    id: str,
    refund_id: str,
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Refund | None:
    """Have a refund that failed tried again

     With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays
    as it is.

    Args:
        id (str):
        refund_id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Refund
    """

    return sync_detailed(
        id=id,
        refund_id=refund_id,
        client=client,
        consistency=consistency,
    ).parsed


async def asyncio_detailed(
    id: str,
    refund_id: str,
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Response[Refund]:
    """Have a refund that failed tried again

     With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays
    as it is.

    Args:
        id (str):
        refund_id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Refund]
    """

    kwargs = _get_kwargs(
        id=id,
        refund_id=refund_id,
        consistency=consistency,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    id: str,
    refund_id: str,
    *,
    client: AuthenticatedClient,
    consistency: ConsistencyLevel | Unset = UNSET,
) -> Refund | None:
    """Have a refund that failed tried again

     With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays
    as it is.

    Args:
        id (str):
        refund_id (str):
        consistency (ConsistencyLevel | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Refund
    """

    return (
        await asyncio_detailed(
            id=id,
            refund_id=refund_id,
            client=client,
            consistency=consistency,
        )
    ).parsed
