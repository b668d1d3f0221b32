"""Words, days, times and money in the language and the zone of whoever reads them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_interval, format_skeleton, get_timezone_location
from babel.dates import format_time as format_clock_time
from babel.numbers import format_currency, get_currency_precision
from babel.support import LazyProxy, NullTranslations, Translations

from core.settings.model import CHECKOUT

LOCALES = {"en": "English", "es": "Español"}
DEFAULT_LOCALE, DEFAULT_ZONE = "en", "UTC"
# What most readers look for comes first in a list of zones.
FIRST_ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)
AREAS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
A_WEEK, HALF_A_YEAR = timedelta(days=7), timedelta(days=182)


@dataclass(frozen=True)
class _Reader:
    locale: str = DEFAULT_LOCALE
    zone: ZoneInfo = ZoneInfo(DEFAULT_ZONE)  # noqa: RUF009 -- as fixed as a number


def _now() -> datetime:
    return datetime.now(UTC)


class _Here:
    folders: tuple[Path, ...] = (CHECKOUT / "translations",)
    now: Callable[[], datetime] = staticmethod(_now)


_reader: ContextVar[_Reader] = ContextVar("i18n_reader", default=_Reader())  # noqa: B039 -- frozen


def bind(folders: Sequence[Path], now: Callable[[], datetime] = _now) -> None:
    """Say where translations lie, the earlier folder winning, and what clock `format_moment` asks."""
    _Here.folders = tuple(folders)
    _Here.now = staticmethod(now)
    _translations.cache_clear()


def begin(locale: str, zone: str) -> None:
    """Read with these from now on; for the start of a request. Unknown ones become en and UTC."""
    _reader.set(_made(locale, zone))


@contextmanager
def reading(locale: str, zone: str) -> Iterator[None]:
    """Read with these inside the block; for a letter to somebody else."""
    before = _reader.set(_made(locale, zone))
    try:
        yield
    finally:
        _reader.reset(before)


def current_locale() -> str:
    """The reader's language, a key of `LOCALES`; also right for the `lang` of a page."""
    return _reader.get().locale


def current_zone() -> str:
    """The reader's zone by its IANA name."""
    return _reader.get().zone.key


def local(at: datetime) -> datetime:
    """A moment on the reader's clock."""
    if at.tzinfo is None:
        raise ValueError("A moment needs a zone.")
    return at.astimezone(_reader.get().zone)


def is_zone(name: str) -> bool:
    """Whether there is such an IANA zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def gettext(message: str, **values: Any) -> str:
    """The words in the reader's language, with `%(name)s` filled in if there are values."""
    words: str = _translations(current_locale()).gettext(message)
    return words % values if values else words


def ngettext(singular: str, plural: str, num: int, **values: Any) -> str:
    """The words for a number of things; `%(num)s` and the values are filled in."""
    words: str = _translations(current_locale()).ngettext(singular, plural, num)
    return words % {"num": num, **values}


_, _n = gettext, ngettext


def lazy(message: str) -> str:
    """Words for labels and the like, written at import and read in each request's language.

    What comes back acts as a str wherever it is shown, but isn't one: a real one would slip through
    `str.join` and some of Jinja's filters with its first words.
    """
    return cast("str", LazyProxy(gettext, message, enable_cache=False))


def format_day(day: date) -> str:
    """Like `Thu, Dec 3`; a moment counts as the reader's day."""
    return format_skeleton("MMMEd", _day_of(day), locale=current_locale())


def format_long_day(day: date) -> str:
    """Like `Thursday, December 3, 2026`."""
    return format_date(_day_of(day), "full", locale=current_locale())


def format_date_alone(day: date) -> str:
    """Like `September 10, 1986`: the weekday of a birth helps nobody."""
    return format_date(day, "long", locale=current_locale())


def format_birth(day: date) -> str:
    """Like `September 10, 1986, 40 years`, by the reader's day."""
    today = local(_Here.now()).date()
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return _n("%(day)s, %(num)s year", "%(day)s, %(num)s years", years, day=format_date_alone(day))


def format_time(at: datetime) -> str:
    """Like `2:00 pm`, or `14:00` in Spanish."""
    if current_locale() == "en":
        return format_clock_time(local(at), "h:mm a", locale="en").lower()
    return format_clock_time(local(at), "short", locale=current_locale())


def format_span(from_at: datetime, to_at: datetime) -> str:
    """Like `Thu, Dec 3, 2:00-2:50 pm`; both days are named if there are two."""
    if local(from_at).date() != local(to_at).date():
        return " - ".join(f"{format_day(at)}, {format_time(at)}" for at in (from_at, to_at))
    return f"{format_day(from_at)}, {_hours(from_at, to_at)}"


def format_moment(at: datetime) -> str:
    """As short as it stays clear: `9:12 am` today, `Mon` in the last week, else `Nov 3`.

    What is more than half a year away has its year too.
    """
    now = local(_Here.now())
    age = now.date() - _day_of(at)
    if not age:
        return format_time(at)
    if timedelta(0) < age < A_WEEK:
        return format_skeleton("E", local(at), locale=current_locale())
    skeleton = "MMMd" if abs(age) < HALF_A_YEAR else "yMMMd"
    return format_skeleton(skeleton, local(at), locale=current_locale())


def format_money(minor: int, currency: str = "USD") -> str:
    """Like `$240.00` for 24000 cents; `minor` counts the currency's smallest unit (ISO 4217)."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return format_currency(amount, currency, locale=current_locale())


def zone_name(zone: str) -> str:
    """Like `Chicago time`."""
    if "/" not in zone:
        return zone
    city = _city(zone, current_locale())
    if current_locale() == "en":
        return f"{city} time"
    return str(Locale.parse(current_locale()).zone_formats["region"]) % city


def zones() -> list[tuple[str, str]]:
    """All zones as (IANA name, words), the usual ones first; for a list to choose from."""
    return list(_zones(current_locale()))


@lru_cache(maxsize=len(LOCALES))
def _zones(locale: str) -> tuple[tuple[str, str], ...]:
    aliases = get_global("zone_aliases")
    rest = [
        name
        for name in available_timezones() - set(FIRST_ZONES)
        if name.startswith(AREAS) and "/" in name and name not in aliases
    ]
    areas = {name: name.split("/")[0] for name in (*FIRST_ZONES, *rest)}
    words = {name: f"{_city(name, locale)} ({area})" for name, area in areas.items()}
    return tuple((name, words[name]) for name in (*FIRST_ZONES, *sorted(rest, key=lambda one: words[one])))


def _made(locale: str, zone: str) -> _Reader:
    return _Reader(
        locale if locale in LOCALES else DEFAULT_LOCALE,
        ZoneInfo(zone if is_zone(zone) else DEFAULT_ZONE),
    )


@lru_cache(maxsize=len(LOCALES))
def _translations(locale: str) -> NullTranslations:
    merged: NullTranslations = NullTranslations()
    for folder in reversed(_Here.folders):
        found = Translations.load(folder, [locale])
        if isinstance(found, Translations):
            # How a language counts is for the first folder to say, and not for the last plugin.
            counts = found.plural
            merged = merged.merge(found) if isinstance(merged, Translations) else found
            merged.plural = counts
    return merged


def _day_of(day: date) -> date:
    return local(day).date() if isinstance(day, datetime) else day


def _hours(from_at: datetime, to_at: datetime) -> str:
    if current_locale() != "en":
        return format_interval(local(from_at), local(to_at), "Hm", locale=current_locale())
    begin, end = format_time(from_at), format_time(to_at)
    # One "pm" is enough for both, as on a sign at a door.
    return f"{begin[:-3] if begin[-2:] == end[-2:] else begin}-{end}"


@lru_cache(maxsize=2000)
def _city(zone: str, locale: str) -> str:
    return get_timezone_location(zone, locale=locale, return_city=True).rsplit("/", 1)[-1]
