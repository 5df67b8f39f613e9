from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

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

    types: list[EventType] | None | Unset = UNSET
    """ What it is told of; all that its owner sees if this is absent """
    start: None | str | Unset = UNSET
    """ Where it starts: `beginning`, `now`, or the sequence of the first event. `beginning` if this is absent. It
    cannot be
    changed """
    ack_wait_seconds: int | None | Unset = UNSET
    """ How long a fetch has to acknowledge what it was given; 30 unless said otherwise """
    max_deliveries: int | None | Unset = UNSET
    """ How often an event is given before it is parked; 5 unless said otherwise """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        types: list[str] | None | Unset
        if isinstance(self.types, Unset):
            types = UNSET
        elif isinstance(self.types, list):
            types = []
            for types_type_0_item_data in self.types:
                types_type_0_item: str = types_type_0_item_data
                types.append(types_type_0_item)

        else:
            types = self.types

        start: None | str | Unset
        if isinstance(self.start, Unset):
            start = UNSET
        else:
            start = self.start

        ack_wait_seconds: int | None | Unset
        if isinstance(self.ack_wait_seconds, Unset):
            ack_wait_seconds = UNSET
        else:
            ack_wait_seconds = self.ack_wait_seconds

        max_deliveries: int | None | Unset
        if isinstance(self.max_deliveries, Unset):
            max_deliveries = UNSET
        else:
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

        def _parse_types(data: object) -> list[EventType] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                types_type_0 = []
                _types_type_0 = data
                for types_type_0_item_data in _types_type_0:
                    types_type_0_item = check_event_type(types_type_0_item_data)

                    types_type_0.append(types_type_0_item)

                return types_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[EventType] | None | Unset, data)

        types = _parse_types(d.pop("types", UNSET))

        def _parse_start(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        start = _parse_start(d.pop("start", UNSET))

        def _parse_ack_wait_seconds(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        ack_wait_seconds = _parse_ack_wait_seconds(d.pop("ackWaitSeconds", UNSET))

        def _parse_max_deliveries(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_deliveries = _parse_max_deliveries(d.pop("maxDeliveries", UNSET))

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
