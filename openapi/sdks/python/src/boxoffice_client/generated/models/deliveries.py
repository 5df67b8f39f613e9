from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.delivery import Delivery
    from ..models.reset import Reset


T = TypeVar("T", bound="Deliveries")


@_attrs_define
class Deliveries:
    """Events that were given to a fetch

    Example:
        {'deliveries': [{'lease': 'AAAAAAAAACoAAAAAAAAAB1scDnc', 'attempt': 1, 'event': {'id': '4fd1b0c29a7e3d58-42',
            'source': 'urn:boxoffice:4fd1b0c29a7e3d580000000000000001', 'specversion': '1.0', 'type': 'ticket:updated',
            'subject': 'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'time': '2030-04-03T18:20:00.000Z', 'sequence':
            '00000000000000000042', 'datacontenttype': 'application/json', 'dataschema':
            'urn:boxoffice:openapi#/components/schemas/Ticket', 'data': {'id': 'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'title':
            'Tosca, row 5, seat 12', 'price': 19.99, 'currency': 'eur', 'venue': 'State Opera', 'startsAt':
            '2030-05-01T19:30:00.000Z', 'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d801', 'status': 'reserved', 'orderId':
            'order_01k4q8r3v5e0t9w7x2c6m1d804', 'version': 1, 'createdAt': '2030-04-02T09:00:00.000Z', 'updatedAt':
            '2030-04-03T18:20:00.000Z'}}}], 'leasedUntil': '2030-04-03T18:20:31.000Z'}

    """

    deliveries: list[Delivery]
    """ In the order in which they are to be dealt with """
    leased_until: datetime.datetime | Unset = UNSET
    """ Until when they are leased; absent if there are none """
    reset: Reset | Unset = UNSET
    """ Where a group goes on that fell behind what is kept """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        deliveries = []
        for deliveries_item_data in self.deliveries:
            deliveries_item = deliveries_item_data.to_dict()
            deliveries.append(deliveries_item)

        leased_until: str | Unset = UNSET
        if not isinstance(self.leased_until, Unset):
            leased_until = self.leased_until.isoformat()

        reset: dict[str, Any] | Unset = UNSET
        if not isinstance(self.reset, Unset):
            reset = self.reset.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "deliveries": deliveries,
            }
        )
        if leased_until is not UNSET:
            field_dict["leasedUntil"] = leased_until
        if reset is not UNSET:
            field_dict["reset"] = reset

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.delivery import Delivery  # noqa: PLC0415
        from ..models.reset import Reset  # noqa: PLC0415

        d = dict(src_dict)
        deliveries = []
        _deliveries = d.pop("deliveries")
        for deliveries_item_data in _deliveries:
            deliveries_item = Delivery.from_dict(deliveries_item_data)

            deliveries.append(deliveries_item)

        _leased_until = d.pop("leasedUntil", UNSET)
        leased_until: datetime.datetime | Unset
        if isinstance(_leased_until, Unset):
            leased_until = UNSET
        else:
            leased_until = datetime.datetime.fromisoformat(_leased_until)

        _reset = d.pop("reset", UNSET)
        reset: Reset | Unset
        if isinstance(_reset, Unset):
            reset = UNSET
        else:
            reset = Reset.from_dict(_reset)

        deliveries = cls(
            deliveries=deliveries,
            leased_until=leased_until,
            reset=reset,
        )

        deliveries.additional_properties = d
        return deliveries

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
