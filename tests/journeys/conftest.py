"""The journeys' ground: a server of its own for each, and the people who use it in their way."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Browser

from tests.support.browser import KEYBOARD, MOUSE, WAYS, Way
from tests.support.mail import PostOffice
from tests.support.person import Person
from tests.support.place import Place
from tests.support.run import Run
from tests.support.server import Server, open_servers

Setting = tuple[Way, str]


class People(Protocol):
    """`people("client@demo.test")` logs somebody in; without an address a visitor comes.

    `profile` is a folder in which this browser keeps what browsers keep.
    """

    def __call__(self, email: str = "", *, way: Way | None = None, profile: Path | None = None) -> Person: ...


def pytest_configure(config: pytest.Config) -> None:
    """The marks that say in which ways a journey is made."""
    config.addinivalue_line("markers", "also(*names): the journey in these ways too: no-script, phone")
    config.addinivalue_line("markers", "both_databases: the journey on PostgreSQL too")
    config.addinivalue_line("markers", "mouse_alone: a long journey whose pages others walk by keyboard")
    config.addinivalue_line(
        "markers", "keyboard_alone: a journey whose kinds of controls others work by mouse"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each journey is made with a mouse and without one; marks add to that."""
    if "setting" not in metafunc.fixturenames:
        return
    settings = [(MOUSE, "sqlite"), (KEYBOARD, "sqlite")]
    if metafunc.definition.get_closest_marker("mouse_alone"):
        settings.remove((KEYBOARD, "sqlite"))
    if metafunc.definition.get_closest_marker("keyboard_alone"):
        settings.remove((MOUSE, "sqlite"))
    for mark in metafunc.definition.iter_markers("also"):
        settings += [(WAYS[name], "sqlite") for name in mark.args]
    if metafunc.definition.get_closest_marker("both_databases"):
        settings.append((MOUSE, "postgresql"))
    names = [way.name if kind == "sqlite" else f"{way.name}-{kind}" for way, kind in settings]
    metafunc.parametrize("setting", settings, ids=names)


@pytest.fixture
def database(setting: Setting) -> str:
    return setting[1]


@pytest.fixture
def way(setting: Setting) -> Way:
    return setting[0]


@pytest.fixture
def settings() -> dict[str, str]:
    """Further settings of the server; override it in a file or a class."""
    return {}


@pytest.fixture
def server(
    place: Place,
    post_office: PostOffice,
    settings: dict[str, str],
    tmp_path: Path,
    tells: Callable[[str, Callable[[], str]], None],
) -> Iterator[Server]:
    """A real server of that place, ready to serve."""
    with open_servers(place, post_office.environment | settings, tmp_path) as (server,):
        tells("the server said", lambda: server.last_words)
        yield server


@pytest.fixture
def people(
    browser: Browser,
    run: Run,
    server: Server,
    way: Way,
    tells: Callable[[str, Callable[[], str]], None],
) -> Iterator[People]:
    """Brings people to the server, in the journey's way; afterwards no browser may have complained."""
    came: list[Person] = []
    asked_way = way

    def come(email: str = "", *, way: Way | None = None, profile: Path | None = None) -> Person:
        person = Person(browser, run, server.base_url, way or asked_way, profile=profile)
        came.append(person)
        tells("a person's page", person.story)
        if email:
            person.log_in(email)
        return person

    yield come
    for person in came:
        person.context.close()
    for person in came:
        person.watch.check()


@pytest.fixture
def visitor(people: People) -> Person:
    """Somebody who isn't logged in."""
    return people()
