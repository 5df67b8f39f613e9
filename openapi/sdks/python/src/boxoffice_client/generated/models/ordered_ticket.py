from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="OrderedTicket")


@_attrs_define
class OrderedTicket:
    """The ticket as it was when it was reserved

    Example:
        {'id': 'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'title': 'Tosca, row 5, seat 12', 'price': 19.99, 'currency': 'eur',
            'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00.000Z', 'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d801',
            'version': 0}

    """

    id: str
    """ The ticket's id """
    title: str
    """ What it is for """
    price: float
    """ The price that was locked """
    currency: str
    """ ISO 4217 code in lower case """
    user_id: str
    """ Who offered it """
    version: int
    """ Which version of the ticket was reserved """
    venue: str | Unset = UNSET
    """ Where the show is """
    starts_at: datetime.datetime | Unset = UNSET
    """ When the show begins """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        title = self.title

        price = self.price

        currency = self.currency

        user_id = self.user_id

        version = self.version

        venue = self.venue

        starts_at: str | Unset = UNSET
        if not isinstance(self.starts_at, Unset):
            starts_at = self.starts_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "title": title,
                "price": price,
                "currency": currency,
                "userId": user_id,
                "version": version,
            }
        )
        if venue is not UNSET:
            field_dict["venue"] = venue
        if starts_at is not UNSET:
            field_dict["startsAt"] = starts_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        title = d.pop("title")

        price = d.pop("price")

        currency = d.pop("currency")

        user_id = d.pop("userId")

        version = d.pop("version")

        venue = d.pop("venue", UNSET)

        _starts_at = d.pop("startsAt", UNSET)
        starts_at: datetime.datetime | Unset
        if isinstance(_starts_at, Unset):
            starts_at = UNSET
        else:
            starts_at = datetime.datetime.fromisoformat(_starts_at)

        ordered_ticket = cls(
            id=id,
            title=title,
            price=price,
            currency=currency,
            user_id=user_id,
            version=version,
            venue=venue,
            starts_at=starts_at,
        )

        ordered_ticket.additional_properties = d
        return ordered_ticket

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
