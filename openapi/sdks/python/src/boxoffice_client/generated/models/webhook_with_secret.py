from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.event_type import EventType, check_event_type
from ..models.webhook_disabled_reason import WebhookDisabledReason, check_webhook_disabled_reason
from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookWithSecret")


@_attrs_define
class WebhookWithSecret:
    """An endpoint of webhooks that has a new secret

    Example:
        {'id': 'whk_01k4q8r3v5e0t9w7x2c6m1d810', 'url': 'https://shop.example/hooks/boxoffice', 'types':
            ['order:completed', 'order:cancelled'], 'enabled': True, 'createdAt': '2030-04-02T09:00:00.000Z',
            'secretCreatedAt': '2030-04-02T09:00:00.000Z', 'position': '4fd1b0c29a7e3d58-42', 'waiting': 0,
            'lastDeliveredAt': '2030-04-03T18:20:01.000Z', 'failures': 0, 'secret':
            'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'}

    """

    id: str
    """ The endpoint's id """
    url: str
    """ Where events are sent to """
    types: list[EventType]
    """ What it is told of; everything that its owner may see if there are none """
    enabled: bool
    """ Whether anything is sent to it """
    created_at: datetime.datetime
    """ When it was made """
    secret_created_at: datetime.datetime
    """ When its secret was made """
    position: str
    """ The last event that was dealt with, `<epoch>-<sequence>`: it was taken, waits to be sent again, was given
    up, or is of
    no concern. Recorded at intervals """
    waiting: int
    """ Events that wait to be sent again """
    failures: int
    """ Attempts that failed since then """
    secret: str
    """ What messages are signed with, after Standard Webhooks. It is shown here, and never again """
    disabled_reason: WebhookDisabledReason | Unset = UNSET
    """ Why nothing is sent to an endpoint """
    disabled_at: datetime.datetime | Unset = UNSET
    """ Since when not """
    previous_secret_expires_at: datetime.datetime | Unset = UNSET
    """ Until when messages are signed with the secret before as well """
    last_delivered_at: datetime.datetime | Unset = UNSET
    """ When something was taken last """
    failing_since: datetime.datetime | Unset = UNSET
    """ When the first of those was made """
    resting_until: datetime.datetime | Unset = UNSET
    """ Until when it wants to be left alone """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        url = self.url

        types = []
        for types_item_data in self.types:
            types_item: str = types_item_data
            types.append(types_item)

        enabled = self.enabled

        created_at = self.created_at.isoformat()

        secret_created_at = self.secret_created_at.isoformat()

        position = self.position

        waiting = self.waiting

        failures = self.failures

        secret = self.secret

        disabled_reason: str | Unset = UNSET
        if not isinstance(self.disabled_reason, Unset):
            disabled_reason = self.disabled_reason

        disabled_at: str | Unset = UNSET
        if not isinstance(self.disabled_at, Unset):
            disabled_at = self.disabled_at.isoformat()

        previous_secret_expires_at: str | Unset = UNSET
        if not isinstance(self.previous_secret_expires_at, Unset):
            previous_secret_expires_at = self.previous_secret_expires_at.isoformat()

        last_delivered_at: str | Unset = UNSET
        if not isinstance(self.last_delivered_at, Unset):
            last_delivered_at = self.last_delivered_at.isoformat()

        failing_since: str | Unset = UNSET
        if not isinstance(self.failing_since, Unset):
            failing_since = self.failing_since.isoformat()

        resting_until: str | Unset = UNSET
        if not isinstance(self.resting_until, Unset):
            resting_until = self.resting_until.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "url": url,
                "types": types,
                "enabled": enabled,
                "createdAt": created_at,
                "secretCreatedAt": secret_created_at,
                "position": position,
                "waiting": waiting,
                "failures": failures,
                "secret": secret,
            }
        )
        if disabled_reason is not UNSET:
            field_dict["disabledReason"] = disabled_reason
        if disabled_at is not UNSET:
            field_dict["disabledAt"] = disabled_at
        if previous_secret_expires_at is not UNSET:
            field_dict["previousSecretExpiresAt"] = previous_secret_expires_at
        if last_delivered_at is not UNSET:
            field_dict["lastDeliveredAt"] = last_delivered_at
        if failing_since is not UNSET:
            field_dict["failingSince"] = failing_since
        if resting_until is not UNSET:
            field_dict["restingUntil"] = resting_until

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        url = d.pop("url")

        types = []
        _types = d.pop("types")
        for types_item_data in _types:
            types_item = check_event_type(types_item_data)

            types.append(types_item)

        enabled = d.pop("enabled")

        created_at = datetime.datetime.fromisoformat(d.pop("createdAt"))

        secret_created_at = datetime.datetime.fromisoformat(d.pop("secretCreatedAt"))

        position = d.pop("position")

        waiting = d.pop("waiting")

        failures = d.pop("failures")

        secret = d.pop("secret")

        _disabled_reason = d.pop("disabledReason", UNSET)
        disabled_reason: WebhookDisabledReason | Unset
        if isinstance(_disabled_reason, Unset):
            disabled_reason = UNSET
        else:
            disabled_reason = check_webhook_disabled_reason(_disabled_reason)

        _disabled_at = d.pop("disabledAt", UNSET)
        disabled_at: datetime.datetime | Unset
        if isinstance(_disabled_at, Unset):
            disabled_at = UNSET
        else:
            disabled_at = datetime.datetime.fromisoformat(_disabled_at)

        _previous_secret_expires_at = d.pop("previousSecretExpiresAt", UNSET)
        previous_secret_expires_at: datetime.datetime | Unset
        if isinstance(_previous_secret_expires_at, Unset):
            previous_secret_expires_at = UNSET
        else:
            previous_secret_expires_at = datetime.datetime.fromisoformat(_previous_secret_expires_at)

        _last_delivered_at = d.pop("lastDeliveredAt", UNSET)
        last_delivered_at: datetime.datetime | Unset
        if isinstance(_last_delivered_at, Unset):
            last_delivered_at = UNSET
        else:
            last_delivered_at = datetime.datetime.fromisoformat(_last_delivered_at)

        _failing_since = d.pop("failingSince", UNSET)
        failing_since: datetime.datetime | Unset
        if isinstance(_failing_since, Unset):
            failing_since = UNSET
        else:
            failing_since = datetime.datetime.fromisoformat(_failing_since)

        _resting_until = d.pop("restingUntil", UNSET)
        resting_until: datetime.datetime | Unset
        if isinstance(_resting_until, Unset):
            resting_until = UNSET
        else:
            resting_until = datetime.datetime.fromisoformat(_resting_until)

        webhook_with_secret = cls(
            id=id,
            url=url,
            types=types,
            enabled=enabled,
            created_at=created_at,
            secret_created_at=secret_created_at,
            position=position,
            waiting=waiting,
            failures=failures,
            secret=secret,
            disabled_reason=disabled_reason,
            disabled_at=disabled_at,
            previous_secret_expires_at=previous_secret_expires_at,
            last_delivered_at=last_delivered_at,
            failing_since=failing_since,
            resting_until=resting_until,
        )

        webhook_with_secret.additional_properties = d
        return webhook_with_secret

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
