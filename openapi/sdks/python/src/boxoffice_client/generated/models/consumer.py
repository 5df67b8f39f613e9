from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_type import EventType, check_event_type

T = TypeVar("T", bound="Consumer")


@_attrs_define
class Consumer:
    """A consumer group

    Example:
        {'name': 'mailer', 'types': ['order:completed'], 'start': 'beginning', 'ackWaitSeconds': 30, 'maxDeliveries': 5,
            'createdAt': '2030-04-02T09:00:00.000Z', 'position': '4fd1b0c29a7e3d58-42', 'lag': 3, 'inFlight': 2, 'waiting':
            0, 'parked': 1}

    """

    name: str
    """ The group's name """
    types: list[EventType]
    """ What it is told of; all that its owner sees if there are none """
    start: str
    """ Where it started: `beginning`, `now`, or a sequence """
    ack_wait_seconds: int
    """ How long a fetch has to acknowledge what it was given """
    max_deliveries: int
    """ How often an event is given before it is parked """
    created_at: datetime.datetime
    """ When it was made """
    position: str
    """ The last event that it has looked at """
    lag: int
    """ How many events came after that one, whether they concern it or not """
    in_flight: int
    """ Events that are leased; also those whose time is over, until the next fetch finds that out """
    waiting: int
    """ Events that wait to be given again, or for earlier ones of what they are about """
    parked: int
    """ Events that it has given up. One whose last lease is over is among them once the next fetch finds that out
    """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        types = []
        for types_item_data in self.types:
            types_item: str = types_item_data
            types.append(types_item)

        start = self.start

        ack_wait_seconds = self.ack_wait_seconds

        max_deliveries = self.max_deliveries

        created_at = self.created_at.isoformat()

        position = self.position

        lag = self.lag

        in_flight = self.in_flight

        waiting = self.waiting

        parked = self.parked

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "types": types,
                "start": start,
                "ackWaitSeconds": ack_wait_seconds,
                "maxDeliveries": max_deliveries,
                "createdAt": created_at,
                "position": position,
                "lag": lag,
                "inFlight": in_flight,
                "waiting": waiting,
                "parked": parked,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        types = []
        _types = d.pop("types")
        for types_item_data in _types:
            types_item = check_event_type(types_item_data)

            types.append(types_item)

        start = d.pop("start")

        ack_wait_seconds = d.pop("ackWaitSeconds")

        max_deliveries = d.pop("maxDeliveries")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        position = d.pop("position")

        lag = d.pop("lag")

        in_flight = d.pop("inFlight")

        waiting = d.pop("waiting")

        parked = d.pop("parked")

        consumer = cls(
            name=name,
            types=types,
            start=start,
            ack_wait_seconds=ack_wait_seconds,
            max_deliveries=max_deliveries,
            created_at=created_at,
            position=position,
            lag=lag,
            in_flight=in_flight,
            waiting=waiting,
            parked=parked,
        )

        consumer.additional_properties = d
        return consumer

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
