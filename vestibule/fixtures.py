"""The fixtures of the authors' kit, known to pytest by the entry point `vestibule`.

The kit itself, `vestibule.testing`, is imported when a fixture is asked for: a plugin of pytest is
loaded before coverage is measured, and in runs that have nothing to do with us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from vestibule.testing import Browser, Clock, House, Person, PostOffice, Practice, Subscriptions
    from vestibule.testing.place import Place


@pytest.fixture(scope="session")
def plugin_folders() -> tuple[Path, ...]:
    """Folders with plugins that are not installed; override it in a `conftest.py` that has some."""
    return ()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say on which server the tests' databases are made; without it each is a SQLite file."""
    words = (
        "a PostgreSQL to test on, like postgresql://tester@127.0.0.1/postgres: databases are made beside it"
    )
    parser.getgroup("vestibule").addoption("--portal-database", default="", metavar="URL", help=words)


@pytest.fixture(scope="session")
def vestibule_world(
    pytestconfig: pytest.Config,
    tmp_path_factory: pytest.TempPathFactory,
    plugin_folders: tuple[Path, ...],
) -> Iterator[Place]:
    """A place with two practices in it, made once; each test gets a copy."""
    from vestibule.testing.place import new_world  # noqa: PLC0415 -- see the module's sentence
    from vestibule.testing.practice import two_practices  # noqa: PLC0415

    data = tmp_path_factory.mktemp("vestibule") / "data"
    server = pytestconfig.getoption("portal_database")
    with new_world(data, server, _told_of(plugin_folders)) as world:
        two_practices(world)
        yield world


@pytest.fixture
def place(vestibule_world: Place, tmp_path: Path) -> Iterator[Place]:
    """A data folder of the test's own, with its database and keys."""
    from vestibule.testing.place import copy_of  # noqa: PLC0415

    with copy_of(vestibule_world, tmp_path / "vestibule-data") as place:
        yield place


@pytest.fixture
def house(place: Place, mail_box: PostOffice) -> Iterator[House]:
    """The portal in this process; its mail goes to `mail_box`."""
    from vestibule.testing.house import open_app  # noqa: PLC0415

    with open_app(place, mail_box.environment) as house:
        yield house


@pytest.fixture
def practice(house: House) -> Practice:
    """Maple Room: an owner, a client, hours and a type; it holds all four subscriptions."""
    from vestibule.testing.practice import Practice  # noqa: PLC0415

    return Practice(house)


@pytest.fixture
def other_practice(house: House) -> Practice:
    """Birch Room, with people of its own, who must never see anything of Maple Room."""
    from vestibule.testing.practice import OTHER_SLUG, Practice  # noqa: PLC0415

    return Practice(house, OTHER_SLUG)


@pytest.fixture
def client(practice: Practice) -> Person:
    """Carl Cooper, client of Maple Room."""
    return practice.client


@pytest.fixture
def member(practice: Practice) -> Person:
    """Ida Maple, owner of Maple Room."""
    return practice.owner


@pytest.fixture
def browser(house: House) -> Callable[[Person | None], Browser]:
    """`browser(client)` is logged in as them, `browser(None)` is a visitor's."""

    def of(person: Person | None) -> Browser:
        return house.browser(person.email if person else "")

    return of


@pytest.fixture
def subscriptions(practice: Practice) -> Subscriptions:
    """What Maple Room holds: `subscriptions.off("CP")`."""
    from vestibule.testing.practice import Subscriptions  # noqa: PLC0415

    return Subscriptions(practice)


@pytest.fixture
def mail_box() -> Iterator[PostOffice]:
    """A real mail server; `house.deliver()` sends what waits for it."""
    from vestibule.testing.mail import open_post_office  # noqa: PLC0415

    with open_post_office() as office:
        yield office


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The product's clock: `clock.forward(days=2)`."""
    from vestibule.testing.clock import Clock  # noqa: PLC0415

    with ExitStack() as stack:
        yield Clock(stack)


def _told_of(folders: tuple[Path, ...]) -> tuple[tuple[str, str], ...]:
    return (("VESTIBULE_PLUGIN_FOLDERS", ",".join(map(str, folders))),) if folders else ()
