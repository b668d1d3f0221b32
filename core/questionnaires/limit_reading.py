"""What an item says of its answers: duties, lengths, counts, bounds, units, and how it is shown."""

from collections.abc import Mapping
from typing import Any

from core.questionnaires import extensions as ext
from core.questionnaires.gathering import Reader, control_of
from core.questionnaires.items import BOUNDED, COUNTED, WORDED, Kind
from core.questionnaires.values import Value, ValueUnreadable, number_of, read_number, read_value


class LimitReader(Reader):
    """Reads what an item says by flags and extensions."""

    def duties(self, link_id: str, kind: Kind, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What flags say; a text that is only shown has none."""
        flags = {}
        for name, ours in (("required", "required"), ("repeats", "repeats"), ("readOnly", "read_only")):
            flag = bool(self.field(link_id, raw, name, bool))
            if flag and kind == "display":
                self.note(link_id, "field_unknown", name)
                flag = False
            flags[ours] = flag
        return flags

    def limits(
        self, link_id: str, kind: Kind, raw: Mapping[str, Any], extensions: ext.Extensions
    ) -> dict[str, Any]:
        """Lengths, sizes, counts and bounds, each where it can mean something."""
        found: dict[str, Any] = {}
        max_length = self.field(link_id, raw, "maxLength", int)
        if kind in WORDED:
            found["max_length"] = max_length
        elif max_length is not None:
            self.note(link_id, "field_unknown", "maxLength")
        counts = (
            (ext.MIN_OCCURS, "min_occurs", kind != "display"),
            (ext.MAX_OCCURS, "max_occurs", kind != "display"),
            (ext.MIN_LENGTH, "min_length", kind in WORDED),
            (ext.MAX_DECIMALS, "max_decimals", kind in {"decimal", "quantity"}),
        )
        for url, ours, is_meant in counts:
            value = ext.value_of(extensions, url)
            if value is not None and type(value) is not int:
                self.refuse(link_id, "malformed", url.rsplit("/", 1)[-1])
            elif value is not None and not is_meant:
                self.note(link_id, "field_unknown", url.rsplit("/", 1)[-1])
            elif value is not None:
                found[ours] = value
        size = ext.value_of(extensions, ext.MAX_SIZE)
        number = read_number(size) if size is not None else None
        found["max_bytes"] = int(number) if number is not None else None
        for url, ours in ((ext.MIN_VALUE, "least"), (ext.MAX_VALUE, "most")):
            found[ours] = self.bound(link_id, kind, extensions, url)
        types = [value for value in ext.values_of(extensions, ext.MIME_TYPE) if isinstance(value, str)]
        return found | {"media_types": tuple(types)}

    def bound(self, link_id: str, kind: Kind, extensions: ext.Extensions, url: str) -> Value | None:
        """A least or most value of the item's own kind."""
        raw = next((one for one in extensions if one["url"] == url), None)
        if raw is None:
            return None
        try:
            value = read_value({name: raw[name] for name in raw if name.startswith("value")})
        except ValueUnreadable:
            self.refuse(link_id, "bounds_wrong", url.rsplit("/", 1)[-1])
            return None
        number = number_of(value)
        if kind in COUNTED and number is not None:
            return int(number) if kind == "integer" and number == int(number) else number
        if kind not in BOUNDED or number is not None:
            self.refuse(link_id, "bounds_wrong", url.rsplit("/", 1)[-1])
            return None
        return value

    def looks(self, link_id: str, extensions: ext.Extensions) -> dict[str, Any]:
        """How it is shown, and with which units."""
        units = [self.coding(link_id, value) for value in ext.values_of(extensions, ext.UNIT_OPTION)]
        unit = ext.value_of(extensions, ext.UNIT)
        entry_format = ext.value_of(extensions, ext.ENTRY_FORMAT)
        return {
            "control": control_of(ext.value_of(extensions, ext.CONTROL)),
            "hidden": ext.value_of(extensions, ext.HIDDEN) is True,
            "signature": ext.value_of(extensions, ext.SIGNATURE) is not None,
            "unit": self.coding(link_id, unit) if unit is not None else None,
            "units": tuple(one for one in units if one is not None),
            "entry_format": entry_format[:80] if isinstance(entry_format, str) else "",
        }
