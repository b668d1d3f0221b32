"""The small site, and people who visit it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import MOUSE, WAYS, Way
from tests.support.person import Person
from tests.support.run import Run
from tests.tools.small_site import served

Visit = Callable[..., Person]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(params=WAYS.values(), ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    """Every way to use a page."""
    chosen: Way = request.param
    return chosen


@pytest.fixture
def visit(browser: Browser, site: str, run: Run) -> Iterator[Callable[[Way], Person]]:
    """`visit(way)` brings a person to the small site."""
    people: list[Person] = []

    def come(way: Way = MOUSE) -> Person:
        people.append(Person(browser, run, site, way))
        return people[-1]

    yield come
    for person in people:
        person.context.close()
