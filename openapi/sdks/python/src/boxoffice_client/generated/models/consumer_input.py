from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_type import EventType, check_event_type
from ..types import UNSET, Unset

T = TypeVar("T", bound="ConsumerInput")


@_attrs_define
class ConsumerInput:
    """What a consumer group is to be

    Example:
        {'types': ['order:completed'], 'start': 'beginning', 'ackWaitSeconds': 30, 'maxDeliveries': 5}

    """

    types: list[EventType] | Unset = UNSET
    """ What it is told of; all that its owner sees if this is absent """
    start: str | Unset = UNSET
    """ Where it starts: `beginning`, `now`, or the sequence of the first event. `beginning` if this is absent. It
    cannot be
    changed """
    ack_wait_seconds: int | Unset = UNSET
    """ How long a fetch has to acknowledge what it was given; 30 unless said otherwise """
    max_deliveries: int | Unset = UNSET
    """ How often an event is given before it is parked; 5 unless said otherwise """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        types: list[str] | Unset = UNSET
        if not isinstance(self.types, Unset):
            types = []
            for types_item_data in self.types:
                types_item: str = types_item_data
                types.append(types_item)

        start = self.start

        ack_wait_seconds = self.ack_wait_seconds

        max_deliveries = self.max_deliveries

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if types is not UNSET:
            field_dict["types"] = types
        if start is not UNSET:
            field_dict["start"] = start
        if ack_wait_seconds is not UNSET:
            field_dict["ackWaitSeconds"] = ack_wait_seconds
        if max_deliveries is not UNSET:
            field_dict["maxDeliveries"] = max_deliveries

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        _types = d.pop("types", UNSET)
        types: list[EventType] | Unset = UNSET
        if _types is not UNSET:
            types = []
            for types_item_data in _types:
                types_item = check_event_type(types_item_data)

                types.append(types_item)

        start = d.pop("start", UNSET)

        ack_wait_seconds = d.pop("ackWaitSeconds", UNSET)

        max_deliveries = d.pop("maxDeliveries", UNSET)

        consumer_input = cls(
            types=types,
            start=start,
            ack_wait_seconds=ack_wait_seconds,
            max_deliveries=max_deliveries,
        )

        consumer_input.additional_properties = d
        return consumer_input

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
