"""Fixtures and rules for every test: databases, places, mail, and what a failure tells."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from core import i18n
from core.settings import Settings
from tests.support.browser import open_browser
from tests.support.ground import lay_ground, open_ground
from tests.support.mail import PostOffice, open_post_office
from tests.support.memory import stand_in_memory
from tests.support.place import KINDS, Place, copied_place, new_place
from tests.support.run import Run, begin

if TYPE_CHECKING:
    from tests.support.house import House

pytest_plugins = ["pytester"]

RUN = pytest.StashKey[Run]()
STORIES = pytest.StashKey[list[tuple[str, Callable[[], str]]]]()
YOUNG_OBJECTS = 10_000
IS_ALL_REQUIRED = os.environ.get("VESTIBULE_REQUIRE_ALL") == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Begin the run, or join it as one of its workers."""
    stand_in_memory()
    told = getattr(config, "workerinput", None)
    config.stash[RUN] = Run(Path(told["run_folder"]), told["run_owner"]) if told else begin()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a new worker which run it belongs to."""
    run: Run = node.config.stash[RUN]  # type: ignore[attr-defined]
    node.workerinput |= {"run_folder": str(run.folder), "run_owner": run.owner}  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    """The process that began the run ends it."""
    run = config.stash.get(RUN, None)
    if run and run.owner == os.getpid():
        run.end()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What was given more time than usual begins first, so that none of it is left alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_collection_finish() -> None:
    """What is loaded by now stays; Python's collector need not go through it for each portal of a test."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Iterator[None]:
    """A skip fails where everything is required; a failure tells the stories of its parts."""
    report: pytest.TestReport = yield  # type: ignore[assignment]
    if report.skipped and IS_ALL_REQUIRED:
        _fail_for_skip(report)
    if report.failed:
        for title, story in item.stash.get(STORIES, []):
            report.sections.append((title, story()))
    return report  # type: ignore[return-value]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    """The same for a whole file that is skipped."""
    report: pytest.CollectReport = yield  # type: ignore[assignment]
    if report.skipped and IS_ALL_REQUIRED:
        _fail_for_skip(report)
    return report  # type: ignore[return-value]


def _fail_for_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{reason}\n(VESTIBULE_REQUIRE_ALL=1 makes every skip a failure.)"


@pytest.fixture(autouse=True)
def reader() -> None:
    """Each test begins as an English reader, whoever read last in this process."""
    i18n.begin("en", "UTC")


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """This test run, shared by all its workers."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """This worker's Chromium; Playwright can be started once in a process."""
    with open_browser() as browser:
        yield browser


@pytest.fixture
def tells(request: pytest.FixtureRequest) -> Callable[[str, Callable[[], str]], None]:
    """`tells(title, story)`: what to print, asked only if the test fails."""

    def add(title: str, story: Callable[[], str]) -> None:
        request.node.stash.setdefault(STORIES, []).append((title, story))

    return add


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> str:
    """Makes a test run on both databases."""
    return str(request.param)


@pytest.fixture
def new_ground(run: Run, database: str, tmp_path: Path) -> Iterator[Place]:
    """A place without tables or keys."""
    with new_place(run, database, tmp_path / "data") as place:
        yield place


@pytest.fixture
def ground(run: Run, database: str, tmp_path: Path) -> Iterator[Settings]:
    """The tables of the machinery and of tenancy, empty, models bound to them."""
    with (
        copied_place(run, database, "lower_rooms", lay_ground, tmp_path / "data") as place,
        open_ground(place) as settings,
    ):
        yield settings


@pytest.fixture
def booking_place(run: Run, database: str, tmp_path: Path) -> Iterator[Place]:
    """The tables that booking needs, empty."""
    with copied_place(run, database, "booking", _booking, tmp_path / "data") as place:
        yield place


@pytest.fixture
def place(run: Run, database: str, tmp_path: Path) -> Iterator[Place]:
    """A copy of the small practice."""
    with copied_place(run, database, "small_practice", _small_practice, tmp_path / "data") as place:
        yield place


@pytest.fixture
def house(place: Place) -> Iterator["House"]:
    """The small practice with its app, in this process."""
    from tests.support.house import open_app  # noqa: PLC0415 -- see _small_practice

    with open_app(place) as house:
        yield house


def _booking(place: Place) -> None:
    """The tables that booking needs."""
    from tests.support.booking import SOURCES  # noqa: PLC0415 -- see _small_practice

    lay_ground(place, SOURCES)


def _small_practice(place: Place) -> None:
    # Imported late: lower rooms' tests have to run while an upper room is broken.
    from tests.support.world import small_practice  # noqa: PLC0415

    small_practice(place)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A real SMTP server; give the product its `environment`."""
    with open_post_office() as office:
        yield office
