"""The forms of appointments: the search's filters, booking, moving, hours, exceptions, types."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from core.appointments.hours import MINUTES_OF_DAY, Change
from core.appointments.service import TypeTerms
from core.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    HiddenField,
    IntegerField,
    LongTextField,
    TextField,
    TickField,
    TimeField,
)
from core.i18n import gettext as _
from core.i18n import lazy

PLACE_WORDS = (
    ("office", lazy("At the office")),
    ("phone", lazy("By phone")),
    ("video", lazy("By video")),
)
WEEKDAY_WORDS = (
    (0, lazy("Monday")),
    (1, lazy("Tuesday")),
    (2, lazy("Wednesday")),
    (3, lazy("Thursday")),
    (4, lazy("Friday")),
    (5, lazy("Saturday")),
    (6, lazy("Sunday")),
)
# Ten digits reach to the year 2286, far inside what dates can be.
LONGEST_SECONDS = 10
KIND_WORDS = (("closed", lazy("Closed")), ("open", lazy("Open besides the weekly hours")))


class ChosenTime(NamedTuple):
    """What the value of a Schedule button says."""

    type_id: UUID
    member_id: UUID
    from_at: datetime


def slot_value(type_id: UUID, member_id: UUID, from_at: datetime) -> str:
    """A free time as the value of a button."""
    return f"{type_id}_{member_id}_{int(from_at.timestamp())}"


def read_slot(value: str) -> ChosenTime | None:
    """The free time that a button's value names, None for anything else."""
    try:
        type_id, member_id, seconds = value.split("_")
        if not seconds.isdecimal() or len(seconds) > LONGEST_SECONDS:
            return None
        at = datetime.fromtimestamp(int(seconds), UTC)
        return ChosenTime(UUID(type_id), UUID(member_id), at)
    except ValueError:
        return None


class SearchForm(Form):
    """The filters, in the address; what is wrong in them is left out."""

    provider = ChoiceField(lazy("Provider"), as_list=True)
    type = ChoiceField(lazy("Type"), as_list=True)
    clinician = ChoiceField(lazy("With"), as_list=True)
    on = DayField(lazy("From"))


class ScheduleForm(Form):
    """One press of Schedule; `key` was made with the page and is the same when pressed twice."""

    key = HiddenField(required=True)
    slot = HiddenField(required=True)

    def chosen(self) -> ChosenTime | None:
        return read_slot(self.slot.data or "")


class WhenForm(Form):
    """A day and a time on the provider's wall, with a clinician."""

    clinician = ChoiceField(lazy("With"), as_list=True, required=lazy("Choose a clinician."))
    on = DayField(lazy("Day"), required=True)
    at = TimeField(lazy("Time"), required=True)
    anyway = HiddenField()

    def moment(self, zone: ZoneInfo) -> datetime:
        return datetime.combine(self.on.data, self.at.data, tzinfo=zone).astimezone(UTC)

    @property
    def is_anyway(self) -> bool:
        return bool(self.anyway.data == "yes")


class BookForm(WhenForm):
    """A member books for a client."""

    key = HiddenField(required=True)
    told = HiddenField(max_length=2000)
    type = ChoiceField(lazy("Type"), as_list=True, required=lazy("Choose a type."))


class FindClientForm(Form):
    """Looking for a client by name; posted, because names don't belong in addresses."""

    name = TextField(lazy("Name of the client"), max_length=80)


class HoursForm(Form):
    """The same hours on one weekday or several."""

    weekdays = ChoicesField(lazy("Days"), choices=WEEKDAY_WORDS, required=lazy("Choose at least one day."))
    opens = TimeField(lazy("From"), required=True)
    closes = TimeField(lazy("To"), required=True, hint=lazy("12:00 am is the end of the day."))

    @property
    def from_minute(self) -> int:
        return minute_of(self.opens.data)

    @property
    def to_minute(self) -> int:
        return minute_of(self.closes.data) or MINUTES_OF_DAY


class ExceptionForm(Form):
    """Days that differ from the week."""

    kind = ChoiceField(
        lazy("What is different"), choices=KIND_WORDS, required=lazy("Choose what is different.")
    )
    first_on = DayField(lazy("First day"), required=True)
    last_on = DayField(lazy("Last day"), hint=lazy("Leave it empty for one day."))
    opens = TimeField(lazy("From"), hint=lazy("Leave both times empty for the whole day."))
    closes = TimeField(lazy("To"))
    for_all = TickField(lazy("For all clinicians"))

    def change(self) -> Change:
        first: date = self.first_on.data
        return Change(
            first_on=first,
            last_on=self.last_on.data or first,
            is_open=self.kind.data == "open",
            from_minute=0 if self.opens.data is None else minute_of(self.opens.data),
            to_minute=(self.closes.data and minute_of(self.closes.data)) or MINUTES_OF_DAY,
        )


class TypeForm(Form):
    """Everything about one type of appointment."""

    title = TextField(
        lazy("Title"), max_length=80, required=True, hint=lazy("Clients read it when they search.")
    )
    minutes = IntegerField(lazy("Length in minutes"), minimum=5, maximum=720, required=True)
    place = ChoiceField(lazy("Place"), choices=PLACE_WORDS, required=lazy("Choose a place."))
    how_to_join = LongTextField(
        lazy("How to join"),
        hint=lazy(
            "What the client does when it begins: a link to your video room, or who calls whom."
            " Needed for video."
        ),
    )
    clinicians = ChoicesField(lazy("Who offers it"), required=lazy("Choose at least one."))
    minutes_before = IntegerField(
        lazy("Minutes kept free before"), maximum=240, hint=lazy("Clients don't see them.")
    )
    minutes_after = IntegerField(lazy("Minutes kept free after"), maximum=240)
    book_notice_hours = IntegerField(
        lazy("Notice to book, in hours"),
        maximum=24 * 60,
        hint=lazy("Clients can't book a time that is sooner than this."),
    )
    cancel_notice_hours = IntegerField(
        lazy("Notice to cancel, in hours"),
        maximum=24 * 60,
        hint=lazy("Until then clients can cancel here; later they are asked to call."),
    )
    late_note = TextField(
        lazy("What happens later than that"),
        max_length=120,
        hint=lazy("Shown before a client books, such as: later costs $60."),
    )
    is_first_visit = TickField(lazy("This is the first visit"))
    is_for_clients = TickField(lazy("Clients can book it themselves"))

    def terms(self) -> TypeTerms:
        return TypeTerms(
            title=self.title.data,
            minutes=self.minutes.data,
            place=self.place.data,
            how_to_join=self.how_to_join.data or "",
            minutes_before=self.minutes_before.data or 0,
            minutes_after=self.minutes_after.data or 0,
            book_notice_hours=self.book_notice_hours.data or 0,
            cancel_notice_hours=self.cancel_notice_hours.data or 0,
            late_note=self.late_note.data or "",
            is_first_visit=bool(self.is_first_visit.data),
            is_for_clients=bool(self.is_for_clients.data),
        )


class PressForm(Form):
    """A form of nothing but its button."""


def minute_of(at: time) -> int:
    """Minutes since midnight."""
    return at.hour * 60 + at.minute


def clock_time(minute: int) -> time:
    """The wall's time at a minute of the day; the end of the day is midnight."""
    return time(minute // 60 % 24, minute % 60)


def place_word(place: str) -> Any:
    return dict(PLACE_WORDS)[place]


def field_errors() -> dict[tuple[str, str], str]:
    """What the services' codes say at a field."""
    return {
        ("weekdays", "missing"): _("Choose at least one day."),
        ("to_minute", "not_after"): _("The end must be after the beginning."),
        ("from_minute", "overlaps"): _("These hours overlap with hours that are there already."),
        ("last_on", "before_first"): _("The last day can't be before the first."),
        ("title", "missing"): _("Enter a title."),
        ("minutes", "out_of_range"): _("Enter a length from 5 to 720 minutes."),
        ("place", "unknown"): _("Choose a place."),
        ("how_to_join", "missing_for_video"): _("Say how to join, such as a link to your room."),
        ("member_ids", "missing"): _("Choose at least one."),
    }
