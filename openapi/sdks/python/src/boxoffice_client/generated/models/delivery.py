from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.event import Event


T = TypeVar("T", bound="Delivery")


@_attrs_define
class Delivery:
    """An event that was given to a fetch

    Example:
        {'lease': 'AAAAAAAAACoAAAAAAAAAB1scDnc', 'attempt': 1, 'event': {'id': '4fd1b0c29a7e3d58-42', 'source':
            'urn:boxoffice:4fd1b0c29a7e3d580000000000000001', 'specversion': '1.0', 'type': 'ticket:updated', 'subject':
            'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'time': '2030-04-03T18:20:00.000Z', 'sequence': '00000000000000000042',
            'datacontenttype': 'application/json', 'dataschema': 'urn:boxoffice:openapi#/components/schemas/Ticket', 'data':
            {'id': 'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'title': 'Tosca, row 5, seat 12', 'price': 19.99, 'currency': 'eur',
            'venue': 'State Opera', 'startsAt': '2030-05-01T19:30:00.000Z', 'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d801',
            'status': 'reserved', 'orderId': 'order_01k4q8r3v5e0t9w7x2c6m1d804', 'version': 1, 'createdAt':
            '2030-04-02T09:00:00.000Z', 'updatedAt': '2030-04-03T18:20:00.000Z'}}}

    """

    lease: str
    """ To acknowledge it, give it back, or keep it for longer """
    attempt: int
    """ The how manyth delivery this is. One that ended because of an earlier event about the same thing does not
    count """
    event: Event
    """ Something that happened, as CloudEvents 1.0 has it """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        lease = self.lease

        attempt = self.attempt

        event = self.event.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "lease": lease,
                "attempt": attempt,
                "event": event,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.event import Event  # noqa: PLC0415

        d = dict(src_dict)
        lease = d.pop("lease")

        attempt = d.pop("attempt")

        event = Event.from_dict(d.pop("event"))

        delivery = cls(
            lease=lease,
            attempt=attempt,
            event=event,
        )

        delivery.additional_properties = d
        return delivery

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
