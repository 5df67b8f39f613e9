from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Reset")


@_attrs_define
class Reset:
    """Where a group goes on that fell behind what is kept

    Example:
        {'oldest': '4fd1b0c29a7e3d58-17', 'lease': 'AAAAAAAAACoAAAAAAAAAB1scDnc'}

    """

    oldest: str
    """ The id of the event at which it went on """
    lease: str
    """ To acknowledge it, as with events. Whoever acknowledges an event of the same answer has done so """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        oldest = self.oldest

        lease = self.lease

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "oldest": oldest,
                "lease": lease,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        oldest = d.pop("oldest")

        lease = d.pop("lease")

        reset = cls(
            oldest=oldest,
            lease=lease,
        )

        reset.additional_properties = d
        return reset

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
