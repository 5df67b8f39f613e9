from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.ticket_status import TicketStatus, check_ticket_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="Ticket")


@_attrs_define
class Ticket:
    """What is offered

    Example:
        {'id': 'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'title': 'Tosca, row 5, seat 12', 'price': 19.99, 'currency': 'eur',
            'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00.000Z', 'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d801',
            'status': 'reserved', 'orderId': 'order_01k4q8r3v5e0t9w7x2c6m1d804', 'version': 1, 'createdAt':
            '2030-04-02T09:00:00.000Z', 'updatedAt': '2030-04-03T18:20:00.000Z'}

    """

    id: str
    """ The ticket's id """
    title: str
    """ What it is for """
    price: float
    """ Major units, with at most two decimals """
    currency: str
    """ ISO 4217 code in lower case """
    user_id: str
    """ Who offers it """
    status: TicketStatus
    """ Where a ticket stands """
    version: int
    """ Starts at 0 and rises by one with each change; also the ETag """
    created_at: datetime.datetime
    """ When it was posted """
    updated_at: datetime.datetime
    """ When it became what it is """
    venue: str | Unset = UNSET
    """ Where the show is """
    starts_at: datetime.datetime | Unset = UNSET
    """ When the show begins """
    order_id: str | Unset = UNSET
    """ The order that holds or bought it """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        title = self.title

        price = self.price

        currency = self.currency

        user_id = self.user_id

        status: str = self.status

        version = self.version

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        venue = self.venue

        starts_at: str | Unset = UNSET
        if not isinstance(self.starts_at, Unset):
            starts_at = self.starts_at.isoformat()

        order_id = self.order_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "title": title,
                "price": price,
                "currency": currency,
                "userId": user_id,
                "status": status,
                "version": version,
                "createdAt": created_at,
                "updatedAt": updated_at,
            }
        )
        if venue is not UNSET:
            field_dict["venue"] = venue
        if starts_at is not UNSET:
            field_dict["startsAt"] = starts_at
        if order_id is not UNSET:
            field_dict["orderId"] = order_id

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        title = d.pop("title")

        price = d.pop("price")

        currency = d.pop("currency")

        user_id = d.pop("userId")

        status = check_ticket_status(d.pop("status"))

        version = d.pop("version")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updatedAt"))

        venue = d.pop("venue", UNSET)

        _starts_at = d.pop("startsAt", UNSET)
        starts_at: datetime.datetime | Unset
        if isinstance(_starts_at, Unset):
            starts_at = UNSET
        else:
            starts_at = datetime.datetime.fromisoformat(_starts_at)

        order_id = d.pop("orderId", UNSET)

        ticket = cls(
            id=id,
            title=title,
            price=price,
            currency=currency,
            user_id=user_id,
            status=status,
            version=version,
            created_at=created_at,
            updated_at=updated_at,
            venue=venue,
            starts_at=starts_at,
            order_id=order_id,
        )

        ticket.additional_properties = d
        return ticket

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
