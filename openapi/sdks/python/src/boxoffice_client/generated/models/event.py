from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_type import EventType, check_event_type

if TYPE_CHECKING:
    from ..models.expiration import Expiration
    from ..models.order import Order
    from ..models.other_event_data import OtherEventData
    from ..models.payment import Payment
    from ..models.ticket import Ticket


T = TypeVar("T", bound="Event")


@_attrs_define
class Event:
    """Something that happened, as CloudEvents 1.0 has it

    Example:
        {'id': '4fd1b0c29a7e3d58-42', 'source': 'urn:boxoffice:4fd1b0c29a7e3d580000000000000001', 'specversion': '1.0',
            'type': 'ticket:updated', 'subject': 'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'time': '2030-04-03T18:20:00.000Z',
            'sequence': '00000000000000000042', 'datacontenttype': 'application/json', 'dataschema':
            'urn:boxoffice:openapi#/components/schemas/Ticket', 'data': {'id': 'ticket_01k4q8r3v5e0t9w7x2c6m1d803', 'title':
            'Tosca, row 5, seat 12', 'price': 19.99, 'currency': 'eur', 'venue': 'State Opera', 'startsAt':
            '2030-05-01T19:30:00.000Z', 'userId': 'user_01k4q8r3v5e0t9w7x2c6m1d801', 'status': 'reserved', 'orderId':
            'order_01k4q8r3v5e0t9w7x2c6m1d804', 'version': 1, 'createdAt': '2030-04-02T09:00:00.000Z', 'updatedAt':
            '2030-04-03T18:20:00.000Z'}}

    """

    id: str
    """ The event's position, `<epoch>-<sequence>`: the epoch is that of the `Consistency-Token`. Together with
    `source` it
    is the only one of its kind """
    source: str
    """ `urn:boxoffice:` and the cluster's id """
    specversion: str
    """ `1.0` """
    type_: EventType
    """ What happened """
    subject: str
    """ The id of the ticket, order or payment; of an expiration, that of the order """
    time: datetime.datetime
    """ When it was committed """
    sequence: str
    """ Its place among all events, one more than that of the event before: 20 digits, sorted as text """
    datacontenttype: str
    """ `application/json` """
    dataschema: str
    """ Where the schema of `data` is: `urn:boxoffice:openapi` stands for `/openapi.json`, and a JSON pointer
    follows """
    data: Expiration | Order | OtherEventData | Payment | Ticket
    """ What an event is about, as it was right after. Times that count down are those of the event

    The `version` of one and the same thing rises by one from event to event, starting at 0. Who is shown all types
    and
    finds another one than that has missed an event. Expirations have no version. """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.expiration import Expiration  # noqa: PLC0415
        from ..models.order import Order  # noqa: PLC0415
        from ..models.payment import Payment  # noqa: PLC0415
        from ..models.ticket import Ticket  # noqa: PLC0415

        id = self.id

        source = self.source

        specversion = self.specversion

        type_: str = self.type_

        subject = self.subject

        time = self.time.isoformat()

        sequence = self.sequence

        datacontenttype = self.datacontenttype

        dataschema = self.dataschema

        data: dict[str, Any]
        if isinstance(self.data, Ticket):
            data = self.data.to_dict()
        elif isinstance(self.data, Order):
            data = self.data.to_dict()
        elif isinstance(self.data, Payment):
            data = self.data.to_dict()
        elif isinstance(self.data, Expiration):
            data = self.data.to_dict()
        else:
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "source": source,
                "specversion": specversion,
                "type": type_,
                "subject": subject,
                "time": time,
                "sequence": sequence,
                "datacontenttype": datacontenttype,
                "dataschema": dataschema,
                "data": data,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.expiration import Expiration  # noqa: PLC0415
        from ..models.order import Order  # noqa: PLC0415
        from ..models.other_event_data import OtherEventData  # noqa: PLC0415
        from ..models.payment import Payment  # noqa: PLC0415
        from ..models.ticket import Ticket  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        source = d.pop("source")

        specversion = d.pop("specversion")

        type_ = check_event_type(d.pop("type"))

        subject = d.pop("subject")

        time = datetime.datetime.fromisoformat(d.pop("time"))

        sequence = d.pop("sequence")

        datacontenttype = d.pop("datacontenttype")

        dataschema = d.pop("dataschema")

        def _parse_data(data: object) -> Expiration | Order | OtherEventData | Payment | Ticket:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_event_data_type_0 = Ticket.from_dict(data)

                return componentsschemas_event_data_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_event_data_type_1 = Order.from_dict(data)

                return componentsschemas_event_data_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_event_data_type_2 = Payment.from_dict(data)

                return componentsschemas_event_data_type_2
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                componentsschemas_event_data_type_3 = Expiration.from_dict(data)

                return componentsschemas_event_data_type_3
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            componentsschemas_event_data_type_4 = OtherEventData.from_dict(data)

            return componentsschemas_event_data_type_4

        data = _parse_data(d.pop("data"))

        event = cls(
            id=id,
            source=source,
            specversion=specversion,
            type_=type_,
            subject=subject,
            time=time,
            sequence=sequence,
            datacontenttype=datacontenttype,
            dataschema=dataschema,
            data=data,
        )

        event.additional_properties = d
        return event

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
