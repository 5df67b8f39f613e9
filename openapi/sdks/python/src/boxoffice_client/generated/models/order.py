from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.cancel_reason import CancelReason, check_cancel_reason
from ..models.order_status import OrderStatus, check_order_status
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.ordered_ticket import OrderedTicket


T = TypeVar("T", bound="Order")


@_attrs_define
class Order:
    """A buyer's claim on a ticket

    Example:
        {'id': 'order_01k4q8r3v5e0t9w7x2c6m1d804', 'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d802', 'status': 'created',
            'expiresAt': '2030-04-03T18:35:00.000Z', 'expiresInSeconds': 900, 'version': 0, 'ticket': {'id':
            'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'title': 'Tosca, row 5, seat 12', 'price': 19.99, 'currency': 'eur',
            'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00.000Z', 'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d801',
            'version': 0}, 'createdAt': '2030-04-03T18:20:00.000Z', 'updatedAt': '2030-04-03T18:20:00.000Z'}

    """

    id: str
    """ The order's id """
    user_id: str
    """ Who made it """
    status: OrderStatus
    """ Where an order stands """
    expires_at: datetime.datetime
    """ Until when it may be paid """
    expires_in_seconds: int
    """ The same as seconds from now, for clients whose clocks differ; 0 once it is over """
    version: int
    """ Starts at 0 and rises by one with each change; also the ETag """
    ticket: OrderedTicket
    """ The ticket as it was when it was reserved """
    created_at: datetime.datetime
    """ When the ticket was reserved """
    updated_at: datetime.datetime
    """ When it became what it is """
    cancel_reason: CancelReason | Unset = UNSET
    """ Why an order was cancelled """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        user_id = self.user_id

        status: str = self.status

        expires_at = self.expires_at.isoformat()

        expires_in_seconds = self.expires_in_seconds

        version = self.version

        ticket = self.ticket.to_dict()

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        cancel_reason: str | Unset = UNSET
        if not isinstance(self.cancel_reason, Unset):
            cancel_reason = self.cancel_reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "userId": user_id,
                "status": status,
                "expiresAt": expires_at,
                "expiresInSeconds": expires_in_seconds,
                "version": version,
                "ticket": ticket,
                "createdAt": created_at,
                "updatedAt": updated_at,
            }
        )
        if cancel_reason is not UNSET:
            field_dict["cancelReason"] = cancel_reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.ordered_ticket import OrderedTicket  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        user_id = d.pop("userId")

        status = check_order_status(d.pop("status"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expiresAt"))

        expires_in_seconds = d.pop("expiresInSeconds")

        version = d.pop("version")

        ticket = OrderedTicket.from_dict(d.pop("ticket"))

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))

        _cancel_reason = d.pop("cancelReason", UNSET)
        cancel_reason: CancelReason | Unset
        if isinstance(_cancel_reason, Unset):
            cancel_reason = UNSET
        else:
            cancel_reason = check_cancel_reason(_cancel_reason)

        order = cls(
            id=id,
            user_id=user_id,
            status=status,
            expires_at=expires_at,
            expires_in_seconds=expires_in_seconds,
            version=version,
            ticket=ticket,
            created_at=created_at,
            updated_at=updated_at,
            cancel_reason=cancel_reason,
        )

        order.additional_properties = d
        return order

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
