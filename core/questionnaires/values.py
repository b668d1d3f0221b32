"""The values of answers, and FHIR's names for their types (value[x], answer[x], initial[x])."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from core.forms import clean_text

MOST_WORDS = 20_000
UNMEANT = 10**18


@dataclass(frozen=True, slots=True)
class Coding:
    """A concept: its code in a system, with the words that are shown."""

    display: str
    code: str = ""
    system: str = ""
    version: str = ""

    @property
    def key(self) -> str:
        """What tells it from others; its words count only where it has no code."""
        return f"{self.system}|{self.code or self.display}"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit; `code` is the unit's in its system, usually UCUM."""

    value: Decimal
    unit: str = ""
    code: str = ""
    system: str = ""

    @property
    def key(self) -> str:
        """What tells it from others."""
        return f"{self.value.normalize():f} {self.code or self.unit}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file: `data` is base64, as it stands in the response; `size` counts its bytes."""

    content_type: str
    title: str
    size: int
    data: str

    @property
    def key(self) -> str:
        """What tells it from others."""
        return f"{self.title} {self.size}"


@dataclass(frozen=True, slots=True)
class Url:
    """An address on the web."""

    address: str


Value: TypeAlias = str | int | Decimal | date | datetime | time | bool | Coding | Quantity | Attachment | Url


class ValueUnreadable(Exception):
    """A value that is not as FHIR has it; the argument names its fields."""


def key_of(value: Value) -> str:
    """What a page sends for an answer to a choice, and what makes two answers the same."""
    match value:
        case Coding() | Quantity() | Attachment():
            return value.key
        case Url():
            return value.address
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def words_of(value: Value) -> str:
    """A value offered as an answer, in plain words that no language changes."""
    match value:
        case Coding():
            return value.display or value.code
        case _:
            return key_of(value)


# The types of nearly all answers, which are as they are kept.
PLAIN = frozenset({str, bool, int, Coding})


def plain(value: Value) -> Value:
    """Numbers without idle zeros, as JSON can't keep them; all else as it is."""
    if type(value) in PLAIN:
        return value
    match value:
        case Decimal() if value.is_finite():
            return Decimal(0) if value == 0 else Decimal(f"{value.normalize():f}")
        case Quantity() if value.value.is_finite():
            number = plain(value.value)
            assert isinstance(number, Decimal)
            return Quantity(number, value.unit, value.code, value.system)
        case _:
            return value


def number_of(value: Value | None) -> Decimal | None:
    """A value as a number, None if it is none."""
    match value:
        case bool():
            return None
        case int() | Decimal():
            return Decimal(value)
        case Quantity():
            return value.value
        case _:
            return None


def write_number(number: Decimal) -> int | float:
    """A number for JSON; what is kept has at most 15 digits, so a float holds it exactly."""
    return int(number) if number == int(number) else float(number)


def write_value(value: Value, prefix: str = "value") -> dict[str, Any]:  # noqa: C901, PLR0911 -- a line a type
    """One value under the name of its type, such as valueCoding or answerDate."""
    match value:
        case bool():
            return {f"{prefix}Boolean": value}
        case int():
            return {f"{prefix}Integer": value}
        case Decimal():
            return {f"{prefix}Decimal": write_number(value)}
        case datetime():
            return {f"{prefix}DateTime": write_moment(value)}
        case date():
            return {f"{prefix}Date": value.isoformat()}
        case time():
            return {f"{prefix}Time": value.isoformat("seconds")}
        case Coding():
            return {f"{prefix}Coding": write_coding(value)}
        case Quantity():
            return {f"{prefix}Quantity": write_quantity(value)}
        case Attachment():
            return {f"{prefix}Attachment": write_attachment(value)}
        case Url():
            return {f"{prefix}Uri": value.address}
        case _:
            return {f"{prefix}String": value}


def write_moment(at: datetime) -> str:
    """An aware moment, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def write_coding(coding: Coding) -> dict[str, str]:
    """A coding with the words that were shown."""
    written = {}
    if coding.system:
        written["system"] = coding.system
    if coding.version:
        written["version"] = coding.version
    if coding.code:
        written["code"] = coding.code
    if coding.display:
        written["display"] = coding.display
    return written


def write_quantity(quantity: Quantity) -> dict[str, Any]:
    """A quantity, its unit in words and by code."""
    written = {"unit": quantity.unit, "system": quantity.system, "code": quantity.code}
    return {"value": write_number(quantity.value)} | {name: text for name, text in written.items() if text}


def write_attachment(file: Attachment) -> dict[str, Any]:
    """A file with its bytes in it."""
    return {"contentType": file.content_type, "data": file.data, "size": file.size, "title": file.title}


def read_value(raw: Any, prefix: str = "value") -> Value:  # noqa: C901, PLR0911 -- a line a type
    """One value by the name of its type; ValueUnreadable when there is none or it is malformed."""
    found = [name for name in raw if name.startswith(prefix)] if isinstance(raw, dict) else []
    if len(found) != 1:
        raise ValueUnreadable(", ".join(sorted(map(str, raw)))[:80] if isinstance(raw, dict) else prefix)
    name = found[0]
    match name.removeprefix(prefix), raw[name]:
        case "Boolean", bool(value):
            return value
        case "Integer", int(value) if not isinstance(value, bool) and abs(value) < UNMEANT:
            return value
        case "Decimal", value if (number := read_number(value)) is not None:
            return number
        case "Date", str(text) if (day := read_date(text)) is not None:
            return day
        case "DateTime", str(text) if (moment := read_moment(text)) is not None:
            return moment
        case "Time", str(text) if (hour := read_hour(text)) is not None:
            return hour
        case "String", str(text):
            return read_words(text, name)
        case "Uri", str(text):
            return Url(read_words(text, name))
        case "Coding", dict(coding):
            return read_coding(coding)
        case "Quantity", dict(quantity) if (number := read_number(quantity.get("value"))) is not None:
            return Quantity(number, *(_part(quantity, part) for part in ("unit", "code", "system")))
        case "Attachment", {"contentType": str(), "data": str(), "size": int(size)} as file:
            return Attachment(file["contentType"], _part(file, "title"), size, file["data"])
    raise ValueUnreadable(name[:80])


def read_number(raw: Any) -> Decimal | None:
    """A JSON number, None for one that is endless, of a size that nobody means, or none at all."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        return None
    try:
        number = Decimal(str(raw))
    except (InvalidOperation, ValueError):
        return None
    if not number.is_finite() or abs(number) >= UNMEANT:
        return None
    found = plain(number)
    return found if isinstance(found, Decimal) else None


def read_coding(raw: Mapping[str, Any]) -> Coding:
    """A coding; ValueUnreadable for one with neither code nor words."""
    display, code, system, version = (_part(raw, name) for name in ("display", "code", "system", "version"))
    if not code and not display:
        raise ValueUnreadable("Coding")
    return Coding(display, code, system, version)


def _part(raw: Mapping[str, Any], name: str) -> str:
    text = raw.get(name, "")
    if not isinstance(text, str):
        raise ValueUnreadable(name)
    return read_words(text, name)


def read_words(text: str, name: str) -> str:
    """A text made uniform."""
    if text.isascii() and text.isprintable() and len(text) <= MOST_WORDS:
        return text.strip()
    try:
        return clean_text(text, MOST_WORDS, lines=True)
    except ValueError:
        raise ValueUnreadable(name) from None


def read_date(text: str) -> date | None:
    """A full FHIR date; a year or month alone is no answer to a date question of ours."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def read_moment(text: str) -> datetime | None:
    """A FHIR dateTime with its zone, in UTC to the second."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) < len("2026-01-01T00:00Z") or moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        return None


def read_hour(text: str) -> time | None:
    """A FHIR time of day, without a zone."""
    try:
        hour = time.fromisoformat(text)
    except ValueError:
        return None
    return hour.replace(microsecond=0) if hour.tzinfo is None and text.count(":") == 2 else None
