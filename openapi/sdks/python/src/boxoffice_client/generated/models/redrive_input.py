from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="RedriveInput")


@_attrs_define
class RedriveInput:
    """Parked events to give again

    Example:
        {'sequences': ['42']}

    """

    sequences: list[str] | None | Unset = UNSET
    """ Their sequences; all that are parked if this is absent """
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        sequences: list[str] | None | Unset
        if isinstance(self.sequences, Unset):
            sequences = UNSET
        elif isinstance(self.sequences, list):
            sequences = self.sequences

        else:
            sequences = self.sequences

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if sequences is not UNSET:
            field_dict["sequences"] = sequences

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_sequences(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                sequences_type_0 = cast(list[str], data)

                return sequences_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        sequences = _parse_sequences(d.pop("sequences", UNSET))

        redrive_input = cls(
            sequences=sequences,
        )

        redrive_input.additional_properties = d
        return redrive_input

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
