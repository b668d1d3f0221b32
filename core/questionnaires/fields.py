"""Fields for kinds of answers that need more than one control, or a file."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import widgets
from wtforms.utils import unset_value

from core import forms
from core.forms.clean import presentable
from core.forms.field import Field, Words
from core.forms.numbers import NUMBER
from core.forms.times import EARLIEST, LATEST, read_day, read_time
from core.i18n import current_zone, lazy, local
from core.i18n import gettext as _
from core.questionnaires.files import MOST_FILE, attach, judge_file, taken, without_traces
from core.questionnaires.items import Item
from core.questionnaires.pictures import SpoiledPicture
from core.questionnaires.values import Coding, Quantity, Url


@dataclass(frozen=True, slots=True)
class Control:
    """One of the controls of a field: `kind` is an input's type, or `select` with `choices`."""

    id: str
    name: str
    label: str
    value: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()


class Together:
    """A request's data as a field of several controls reads it: each control's first value."""

    def __init__(self, sent: Any, names: tuple[str, ...]) -> None:
        self.sent, self.names = sent, names

    def __contains__(self, _name: object) -> bool:
        return any(name in self.sent for name in self.names)

    def getlist(self, _name: str) -> list[Any]:
        return [self.sent.get(name, "") for name in self.names]


class FieldOfControls(Field):
    """A field that is typed in several controls, each called after it: `name.day`."""

    own: tuple[str, ...] = ()

    def process(self, formdata: Any, *rest: Any, **more: Any) -> None:
        names = tuple(f"{self.name}.{one}" for one in self.own)
        together: Any = None if formdata is None else Together(formdata, names)
        super().process(together, *rest, **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        texts = [one.strip() if isinstance(one, str) else "" for one in valuelist]
        self.data = self.together(texts) if any(texts) else None

    def together(self, texts: list[str]) -> Any:
        """The value that was typed; ValueError says what to mend."""
        raise NotImplementedError

    def apart(self, value: Any) -> list[str]:
        """A value as the texts of the controls."""
        raise NotImplementedError

    @property
    def texts(self) -> list[str]:
        """What stands in the controls."""
        if self.raw_data:
            return [presentable(str(one)) for one in self.raw_data]
        return [""] * len(self.own) if self.data is None else self.apart(self.data)


class MomentField(FieldOfControls):
    """A day and a time on the reader's clock; `data` is an aware datetime in UTC, or None."""

    own = ("day", "time")
    missing = lazy("Enter a date and a time for “%(label)s”.")
    draws_as = "controls"

    def together(self, texts: list[str]) -> datetime:
        day, hour = read_day(texts[0]), read_time(texts[1].lower())
        if day is None:
            raise ValueError(_("Enter a date as month, day and year with four digits, such as 12/31/1990."))
        if hour is None:
            raise ValueError(_("Enter a time, such as 2:00 pm."))
        if not EARLIEST < day < LATEST:
            raise ValueError(_("Enter a date that can be meant."))
        at = datetime.combine(day, hour, ZoneInfo(current_zone()))
        # An hour that the clock jumps over comes back as another one.
        if (at.astimezone(UTC) + timedelta(0)).astimezone(at.tzinfo).replace(fold=0) != at.replace(fold=0):
            raise ValueError(_("The clock skips this time on that day. Enter another time."))
        return at.astimezone(UTC)

    def apart(self, value: datetime) -> list[str]:
        here = local(value)
        return [here.date().isoformat(), f"{here:%H:%M}"]

    @property
    def parts(self) -> list[Control]:
        """A date and a time input."""
        day, hour = self.texts
        is_day = not day or str(read_day(day)) == day
        return [
            Control(self.id, f"{self.name}.day", _("Date"), day, "date" if is_day else "text"),
            Control(
                f"{self.id}.time", f"{self.name}.time", _("Time"), hour, "time" if _is_hour(hour) else "text"
            ),
        ]


def _is_hour(text: str) -> bool:
    found = read_time(text.lower())
    return not text or (found is not None and f"{found:%H:%M}" == text)


class QuantityField(FieldOfControls):
    """A number with a unit to choose; `data` is a Quantity or None."""

    own = ("number", "unit")
    missing = lazy("Enter a number for “%(label)s”.")
    draws_as = "controls"

    def __init__(
        self, label: Words = None, validators: Any = None, *, units: tuple[Coding, ...] = (), **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.units = {unit.key: unit for unit in units}

    def together(self, texts: list[str]) -> Quantity | None:
        number, key = texts
        if not number:
            return None
        if not NUMBER.fullmatch(number):
            raise ValueError(_("Enter a number in digits, such as 12 or 2.5."))
        unit = self.units.get(key) if len(self.units) > 1 else next(iter(self.units.values()), Coding(""))
        if unit is None:
            raise ValueError(_("Choose a unit."))
        value = Decimal(number.replace(",", "."))
        return Quantity(value, unit.display or unit.code, unit.code, unit.system)

    def apart(self, value: Quantity) -> list[str]:
        key = Coding(value.unit, value.code, value.system).key
        return [f"{value.value:f}", key]

    @property
    def parts(self) -> list[Control]:
        """A number, and a list of units where there is a choice."""
        number, key = self.texts
        found = [Control(self.id, f"{self.name}.number", _("Number"), number, "text")]
        if len(self.units) > 1:
            choices = (("", _("Choose")), *((k, unit.display or unit.code) for k, unit in self.units.items()))
            found.append(Control(f"{self.id}.unit", f"{self.name}.unit", _("Unit"), key, "select", choices))
        return found


class UrlField(forms.TextField):
    """An address on the web; `data` is a Url or None."""

    widget: Any = widgets.URLInput()
    blank: Any = None

    def read(self, typed: str) -> Any:
        text = super().read(typed)
        return Url(text if ":" in text else f"https://{text}") if text else None

    def show(self, value: Any) -> str:
        return str(value.address)


class ScaleField(forms.ChoiceField):
    """A few whole numbers as buttons: unlike a slider it can be left blank."""

    def __init__(
        self, label: Words = None, validators: Any = None, *, least: int, most: int, **options: Any
    ) -> None:
        choices = tuple((number, str(number)) for number in range(least, most + 1))
        super().__init__(label, validators, choices=choices, **options)

    draws_as = "scale"


class Own:
    """Beside the answers offered, a line for one's own: `name.own`."""

    draws_as = "open"
    own_text = ""

    def process(self, formdata: Any, data: Any = unset_value, **more: Any) -> None:
        field: Any = self
        keys, text = data if isinstance(data, tuple) else (data, "")
        self.own_text = text
        given = keys if isinstance(data, tuple) else data
        super().process(formdata, given, **more)  # type: ignore[misc] # the field is the other parent
        if formdata is None:
            return
        typed = formdata.get(f"{field.name}.own", "")
        try:
            self.own_text = forms.clean_text(typed if isinstance(typed, str) else "", 1000)
        except ValueError as error:
            self.own_text = presentable(str(typed))[:1000]
            field.process_errors = [*field.process_errors, str(error)]

    def is_blank(self) -> bool:
        """Whether nothing was given, one's own neither."""
        field: Any = self
        return field.data in (None, "", []) and not self.own_text


class OpenChoiceField(Own, forms.ChoiceField):  # type: ignore[misc] # Own passes all on
    """One of the answers offered, or one's own, which then counts alone."""


class OpenChoicesField(Own, forms.ChoicesField):  # type: ignore[misc] # Own passes all on
    """Any of the answers offered, and one's own."""


class FileField(Field):
    """A file; `data` is an Attachment. One that was kept before stays unless it is taken away."""

    widget: Any = widgets.FileInput()
    missing = lazy("Choose a file for “%(label)s”.")
    draws_as = "file"

    def __init__(
        self, label: Words = None, validators: Any = None, *, item: Item | None = None, **options: Any
    ) -> None:
        super().__init__(label, validators, **options)
        self.media_types = item.media_types if item else ()
        self.max_bytes = min((item and item.max_bytes) or MOST_FILE, MOST_FILE)

    @property
    def takes(self) -> str:
        """What is taken, in words."""
        kinds = taken(self.media_types)
        kilobytes = self.max_bytes // 1024
        most = f"{self.max_bytes / 2**20:.0f} MB" if kilobytes >= 1024 else f"{kilobytes} kB"
        if "application/pdf" not in kinds:
            return str(_("A picture of at most %(most)s.")) % {"most": most}
        if len(kinds) == 1:
            return str(_("A PDF of at most %(most)s.")) % {"most": most}
        return str(_("A picture or a PDF of at most %(most)s.")) % {"most": most}

    @property
    def is_picture(self) -> bool:
        """Whether nothing but a picture is taken, so that the camera can give it."""
        return "application/pdf" not in taken(self.media_types)

    @property
    def accept(self) -> str:
        """What a browser is to offer."""
        return ",".join(taken(self.media_types))

    def process(self, formdata: Any, *rest: Any, **more: Any) -> None:
        super().process(formdata, *rest, **more)
        if formdata is not None and f"{self.name}.remove" in formdata and self.data is self.object_data:
            self.data = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what came; nothing came from a page where no file was chosen."""
        # From a phone there are two: one that takes a picture, and one for what is there already.
        sent: Any = next((one for one in valuelist if getattr(one, "filename", "")), None)
        if sent is None:
            return
        name = sent.filename
        content = sent.stream.read(self.max_bytes + 1)
        found = attach(name, content)
        fault = judge_file(found, self.media_types, self.max_bytes) if content else "file_kind"
        if fault == "file_large":
            raise ValueError(_("This file is too large.") + " " + self.takes)
        if fault:
            raise ValueError(_("Choose a picture or a PDF."))
        try:
            self.data = without_traces(found)
        except SpoiledPicture:
            raise ValueError(_("This picture is damaged. Take it again, or choose another.")) from None

    def _value(self) -> str:
        return ""
