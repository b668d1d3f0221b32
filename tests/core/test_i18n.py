"""Words, days, times and money as an American and a Spanish reader see them, also when clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import gevent
import jinja2
import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo

from core import clock, i18n
from core.settings.model import CHECKOUT

CHICAGO = "America/Chicago"
# 2:00 pm in Chicago, where it is winter time.
AFTERNOON = datetime(2026, 12, 3, 20, 0, tzinfo=UTC)
FIFTY = timedelta(minutes=50)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def american() -> Iterator[None]:
    i18n.bind([CHECKOUT / "translations"], clock.now)
    with i18n.reading("en", CHICAGO):
        yield


@pytest.fixture
def spanish() -> Iterator[None]:
    with i18n.reading("es", CHICAGO):
        yield


def translate(folder: Path, words: dict[str | tuple[str, str], str | tuple[str, str]]) -> Path:
    """A folder with these words in Spanish."""
    place = folder / "es" / "LC_MESSAGES"
    place.mkdir(parents=True)
    catalog = Catalog(locale="es")
    for message, translation in words.items():
        catalog.add(message, translation)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    return folder


@pytest.fixture
def words(tmp_path: Path) -> Iterator[None]:
    own = translate(
        tmp_path / "own",
        {
            "Inbox": "Bandeja",
            "Hello %(name)s": "Hola %(name)s",
            ("%(num)s hour", "%(num)s hours"): ("%(num)s hora", "%(num)s horas"),
        },
    )
    plugin = translate(tmp_path / "plugin", {"Inbox": "Otra cosa", "Pay": "Pagar"})
    i18n.bind([own, plugin, tmp_path / "absent"])
    yield
    i18n.bind([CHECKOUT / "translations"], clock.now)


def test_american_formats() -> None:
    assert i18n.format_day(AFTERNOON) == i18n.format_day(date(2026, 12, 3)) == "Thu, Dec 3"
    assert i18n.format_long_day(AFTERNOON) == "Thursday, December 3, 2026"
    assert i18n.format_date_alone(date(1986, 9, 10)) == "September 10, 1986"
    assert i18n.format_time(AFTERNOON) == "2:00 pm"
    assert i18n.format_span(AFTERNOON, AFTERNOON + FIFTY) == "Thu, Dec 3, 2:00-2:50 pm"
    assert i18n.zone_name(CHICAGO) == "Chicago time"


@pytest.mark.usefixtures("spanish")
def test_spanish_formats() -> None:
    assert i18n.format_day(AFTERNOON) == "jue, 3 dic"
    assert i18n.format_long_day(AFTERNOON) == "jueves, 3 de diciembre de 2026"
    assert i18n.format_time(AFTERNOON) == "14:00"
    assert i18n.format_span(AFTERNOON, AFTERNOON + FIFTY) == "jue, 3 dic, 14:00–14:50"
    assert i18n.format_money(24000, "USD") == "240,00\N{NO-BREAK SPACE}US$"
    assert i18n.zone_name("America/New_York") == "hora de Nueva York"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(6, 0, "12:00 am"), (6, 5, "12:05 am"), (17, 59, "11:59 am"), (18, 0, "12:00 pm"), (5, 59, "11:59 pm")],
)
def test_noon_and_midnight(hour: int, minute: int, words: str) -> None:
    assert i18n.format_time(datetime(2026, 12, 3, hour, minute, tzinfo=UTC)) == words


def test_spans_across_noon_and_midnight() -> None:
    noon = AFTERNOON - 2 * HOUR
    assert i18n.format_span(noon - HOUR / 2, noon + HOUR / 3) == "Thu, Dec 3, 11:30 am-12:20 pm"
    night = AFTERNOON + 9.5 * HOUR
    assert i18n.format_span(night, night + FIFTY) == "Thu, Dec 3, 11:30 pm - Fri, Dec 4, 12:20 am"


def test_the_day_is_the_readers() -> None:
    late = datetime(2026, 12, 4, 3, 0, tzinfo=UTC)
    assert i18n.format_day(late) == "Thu, Dec 3"
    with i18n.reading("en", "Asia/Tokyo"):
        assert i18n.format_day(late) == "Fri, Dec 4"
        assert i18n.format_day(date(2026, 12, 3)) == "Thu, Dec 3"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (AFTERNOON + HOUR, "2:00 pm"),
        (AFTERNOON - HOUR, "2:00 pm"),
        (AFTERNOON + timedelta(hours=10), "Thu"),
        (AFTERNOON + timedelta(days=6), "Thu"),
        (AFTERNOON + timedelta(days=7), "Dec 3"),
        (AFTERNOON + timedelta(days=100), "Dec 3"),
        (AFTERNOON - timedelta(days=2), "Dec 3"),
        (AFTERNOON + timedelta(days=200), "Dec 3, 2026"),
        (AFTERNOON - timedelta(days=200), "Dec 3, 2026"),
    ],
)
def test_moments_are_as_short_as_they_stay_clear(now: datetime, words: str) -> None:
    with clock.standing_at(now):
        assert i18n.format_moment(AFTERNOON) == words


def test_clocks_go_forward() -> None:
    # At 8:00 UTC on March 8th Chicago's clocks go from 2:00 to 3:00.
    change = datetime(2026, 3, 8, 8, 0, tzinfo=UTC)
    assert i18n.format_time(change - timedelta(minutes=1)) == "1:59 am"
    assert i18n.format_time(change) == "3:00 am"
    assert i18n.format_span(change - HOUR / 2, change + HOUR / 2) == "Sun, Mar 8, 1:30-3:30 am"
    # The same wall time a week apart is 167 hours apart.
    before = datetime(2026, 3, 2, 14, 0, tzinfo=ZoneInfo(CHICAGO))
    after = before + timedelta(days=7)
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=167)
    assert i18n.format_time(before) == i18n.format_time(after) == "2:00 pm"


def test_clocks_go_back() -> None:
    # At 7:00 UTC on November 1st Chicago's clocks go from 2:00 to 1:00.
    change = datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
    assert i18n.format_time(change - timedelta(minutes=1)) == "1:59 am"
    assert i18n.format_time(change) == i18n.format_time(change - HOUR) == "1:00 am"
    assert i18n.format_span(change - HOUR / 2, change + HOUR) == "Sun, Nov 1, 1:30-2:00 am"
    with i18n.reading("es", CHICAGO):
        assert i18n.format_span(change - HOUR / 2, change + HOUR) == "dom, 1 nov, 1:30–2:00"


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(1986, 12, 3), "December 3, 1986, 40 years"),
        (date(1986, 12, 4), "December 4, 1986, 39 years"),
        (date(2025, 12, 1), "December 1, 2025, 1 year"),
        (date(2004, 2, 29), "February 29, 2004, 22 years"),
    ],
)
def test_an_age_is_that_of_the_readers_day(born: date, words: str) -> None:
    # Past midnight in Greenwich, and still December 3 in Chicago.
    with clock.standing_at(datetime(2026, 12, 4, 2, 0, tzinfo=UTC)), i18n.reading("en", CHICAGO):
        assert i18n.format_birth(born) == words


@pytest.mark.parametrize("change", [date(2026, 3, 8), date(2026, 11, 1)])
def test_a_day_stays_that_day_when_clocks_change(change: date) -> None:
    midnight = datetime(change.year, change.month, change.day, tzinfo=ZoneInfo(CHICAGO))
    last = datetime(change.year, change.month, change.day, 23, 59, tzinfo=ZoneInfo(CHICAGO))
    assert i18n.format_day(midnight.astimezone(UTC)) == i18n.format_day(last.astimezone(UTC))
    with clock.standing_at(last):
        assert i18n.format_moment(midnight.astimezone(UTC)) == "12:00 am"


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (24000, "USD", "$240.00"),
        (0, "USD", "$0.00"),
        (5, "USD", "$0.05"),
        (-6000, "USD", "-$60.00"),
        (123456789, "USD", "$1,234,567.89"),
        (500, "JPY", "¥500"),
        (1500, "BHD", "BHD1.500"),
    ],
)
def test_money_counts_the_smallest_unit(minor: int, currency: str, words: str) -> None:
    assert i18n.format_money(minor, currency) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/Indiana/Indianapolis", "Indianapolis time"),
        ("America/New_York", "New York time"),
        ("UTC", "UTC"),
    ],
)
def test_zones_have_their_citys_name(zone: str, words: str) -> None:
    assert i18n.zone_name(zone) == words


def test_zones_to_choose_from() -> None:
    zones = i18n.zones()
    assert zones[:2] == [("America/New_York", "New York (America)"), ("America/Chicago", "Chicago (America)")]
    names = [name for name, _words in zones]
    assert len(names) == len(set(names)) > 300
    assert all(i18n.is_zone(name) for name in names)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "America", "a\0b"])
def test_no_zone(name: str) -> None:
    assert not i18n.is_zone(name)
    with i18n.reading("xx", name):
        assert (i18n.current_locale(), i18n.current_zone()) == ("en", "UTC")


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        i18n.format_time(datetime(2026, 12, 3))  # noqa: DTZ001


@pytest.mark.usefixtures("words")
def test_words_are_the_readers() -> None:
    assert i18n.gettext("Inbox") == "Inbox"
    assert i18n.ngettext("%(num)s hour", "%(num)s hours", 2) == "2 hours"
    with i18n.reading("es", CHICAGO):
        assert i18n.gettext("Inbox") == "Bandeja"
        assert i18n.gettext("Hello %(name)s", name="Zoë") == "Hola Zoë"
        assert i18n.gettext("Hello %(name)s") == "Hola %(name)s"
        assert i18n.ngettext("%(num)s hour", "%(num)s hours", 1) == "1 hora"
        assert i18n.ngettext("%(num)s hour", "%(num)s hours", 3) == "3 horas"
        assert i18n.gettext("Nobody translated 5%") == "Nobody translated 5%"


@pytest.mark.usefixtures("words", "spanish")
def test_a_plugins_words_are_added_and_never_replace_ours() -> None:
    assert (i18n.gettext("Pay"), i18n.gettext("Inbox")) == ("Pagar", "Bandeja")


@pytest.mark.usefixtures("words")
def test_lazy_words_are_translated_when_shown() -> None:
    label, hello = i18n.lazy("Inbox"), i18n.lazy("Hello %(name)s")
    labels = [label]
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        "{{ label }}|{{ label ~ '!' }}|{{ label|upper }}|{{ hello % {'name': '<b>'} }}"
    )
    assert str(label) == "Inbox"
    with i18n.reading("es", CHICAGO):
        assert page.render(label=label, hello=hello) == "Bandeja|Bandeja!|BANDEJA|Hola &lt;b&gt;"
        assert f"{label}" == "%s" % label == "Bandeja"  # noqa: UP031 -- the third way
        assert ("> " + label + " <") == "> Bandeja <"
        with pytest.raises(TypeError):
            ", ".join(labels)
    assert page.render(label=label, hello=hello) == "Inbox|Inbox!|INBOX|Hello &lt;b&gt;"


def test_each_request_reads_for_itself() -> None:
    seen = {}

    def request(locale: str, zone: str) -> None:
        i18n.begin(locale, zone)
        gevent.sleep(0)
        seen[zone] = i18n.format_time(AFTERNOON)

    gevent.joinall([gevent.spawn(request, "es", CHICAGO), gevent.spawn(request, "en", "Asia/Tokyo")])
    assert seen == {CHICAGO: "14:00", "Asia/Tokyo": "5:00 am"}
    assert i18n.format_time(AFTERNOON) == "2:00 pm"


def test_a_plugin_does_not_change_how_a_language_counts(tmp_path: Path) -> None:
    own = translate(tmp_path / "own", {("%(num)s hour", "%(num)s hours"): ("%(num)s hora", "%(num)s horas")})
    catalog = Catalog(locale="ja")
    catalog.add("Pay", "Pagar")
    place = tmp_path / "plugin" / "es" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalog)
    i18n.bind([own, tmp_path / "plugin"])
    with i18n.reading("es", CHICAGO):
        assert i18n.ngettext("%(num)s hour", "%(num)s hours", 2) == "2 horas"
        assert i18n.gettext("Pay") == "Pagar"
    i18n.bind([CHECKOUT / "translations"], clock.now)
