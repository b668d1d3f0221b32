"""What reading an element of FHIR's JSON takes: whatever stands against it is gathered, not raised."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.forms import clean_text
from core.questionnaires import extensions as ext
from core.questionnaires.refusals import MOST_DISPLAY, Lesser, Note, Reason, Refusal
from core.questionnaires.values import Coding, ValueUnreadable, read_coding

EXPRESSION = frozenset("id extension description name language expression reference".split())


class Reader:
    """Reads the items of one resource; `refusals` and `notes` are full when it is done."""

    def __init__(self, raw: Mapping[str, Any], renames: dict[str, str]) -> None:
        self.raw = raw
        self.renames = renames
        self.refusals: list[Refusal] = []
        self.notes: list[Note] = []
        for old in renames:
            self.note("", "variable_renamed", old)

    def refuse(self, link_id: str, reason: Reason, detail: str = "") -> None:
        self.refusals.append(Refusal(link_id, reason, detail[:200]))

    def note(self, link_id: str, what: Lesser, detail: str = "") -> None:
        self.notes.append(Note(link_id, what, detail[:200]))

    def text(self, link_id: str, raw: Mapping[str, Any], name: str) -> str:
        """A text made uniform, empty when it is refused."""
        text = raw.get(name, "")
        if not isinstance(text, str):
            self.refuse(link_id, "malformed", name)
            return ""
        try:
            return clean_text(text, MOST_DISPLAY, lines=True)
        except ValueError:
            self.refuse(link_id, "text_wrong", name)
            return ""

    def field(self, link_id: str, raw: Mapping[str, Any], name: str, kind: type) -> Any:
        """A field of a JSON type, None when it is absent or refused."""
        value = raw.get(name)
        if value is not None and type(value) is not kind:
            self.refuse(link_id, "malformed", name)
            return None
        return value

    def is_kept(self, name: str, fields: frozenset[str]) -> bool:
        """Whether a field that we do not need is given back; `_x` are the extensions of a field x."""
        return name in fields or (name.startswith("_") and name[1:].isalpha())

    def note_unknown(self, link_id: str, raw: Mapping[str, Any], fields: frozenset[str]) -> None:
        """Say which fields R4 doesn't have."""
        for name in raw:
            if name not in fields and not (str(name).startswith("_") and str(name)[1:].isalpha()):
                self.note(link_id, "field_unknown", str(name))

    def kept_extensions(
        self, link_id: str, extensions: ext.Extensions, modelled: Iterable[str]
    ) -> list[dict[str, Any]]:
        """The extensions that we do not read, as they came, save for what R4 has no field for."""
        left = ext.without(extensions, modelled)
        for one in left:
            value = one.get("valueExpression")
            if not isinstance(value, Mapping):
                continue
            for name in set(value) - EXPRESSION:
                self.note(link_id, "field_unknown", str(name))
            one["valueExpression"] = {key: value[key] for key in value if key in EXPRESSION}
        return left

    def keep_written(self, kept: dict[str, Any], extensions: ext.Extensions, urls: Iterable[str]) -> None:
        """Keep how some extensions were written."""
        written = [dict(one) for one in extensions if one["url"] in urls and not is_ours(one)]
        if written:
            kept["written"] = written

    def codes(self, raw: Mapping[str, Any], kept: dict[str, Any]) -> tuple[Coding, ...]:
        """The concepts that an element stands for; more than we read of them is kept."""
        found: list[Coding] = []
        given = raw.get("code", [])
        for one in given if isinstance(given, list) else [given]:
            try:
                found.append(read_coding(one))
            except (ValueUnreadable, AttributeError):
                self.refuse(str(raw.get("linkId", "")), "malformed", "code")
                return ()
            if set(one) - {"system", "version", "code", "display"}:
                kept["code"] = given
        return tuple(found)

    def coding(self, link_id: str, raw: Any) -> Coding | None:
        """A coding, None when it is refused."""
        try:
            return read_coding(raw)
        except (ValueUnreadable, AttributeError):
            self.refuse(link_id, "malformed", "Coding")
            return None


def is_ours(one: Mapping[str, Any]) -> bool:
    """Whether an extension is written just as we would write it."""
    names = set(one) - {"url"}
    value = next((one[name] for name in names), None)
    if one["url"] == ext.CONTROL:
        return names == {"valueCodeableConcept"} and bool(value == ext.control(control_of(value)))
    if one["url"] == ext.SIGNATURE:
        return names == {"valueCodeableConcept"} and bool(value == ext.CONSENT)
    is_plain = isinstance(value, Mapping) and set(value) <= {"system", "version", "code", "display"}
    return names == {"valueCoding"} and is_plain


def control_of(raw: Any) -> str:
    """The code of an item control, whether we know it or not."""
    codings = raw.get("coding") if isinstance(raw, Mapping) else None
    first = codings[0] if isinstance(codings, list) and codings else None
    code = first.get("code") if isinstance(first, Mapping) else None
    return code[:40] if isinstance(code, str) else ""
