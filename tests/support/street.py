"""Harbor Street with something of everything, and all its forms: made once in a run and copied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException

from core.spec.types import Route
from tests.support import harbor
from tests.support.house import House, open_app
from tests.support.mail import PostOffice, open_post_office
from tests.support.place import Place, copied_place
from tests.support.run import Run
from tests.support.world import small_practice
from vestibule.testing.page import read_page
from vestibule.testing.people import PASSWORD

OPERATOR = "operator@demo.test"
PEOPLE = ("", harbor.CLIENT, harbor.OWNER, harbor.CLINICIAN, OPERATOR)
ADMITTED = {"client": harbor.CLIENT, "member": harbor.OWNER, "operator": OPERATOR}
WORDS = "Some words"
# What people type into a field whose name has this in it.
LIKELY = {
    "password": PASSWORD,
    "email": "somebody@demo.test",
    "code": "123456",
    "phone": "(312) 555-0142",
    "birth": "1980-05-17",
    "_on": "2026-12-03",
    "until": "",
    "postal": "60601",
    "minutes": "50",
}
HOST = "localhost"
NOTES = "street.json"
Ids = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Door:
    """An endpoint's address with good parts, who may open it, and the forms that are sent to it, if any."""

    endpoint: str
    methods: tuple[str, ...]
    path: str
    admitted: tuple[str, ...]
    forms: tuple[Mapping[str, Sequence[str]], ...] = ()


@dataclass(frozen=True)
class Street:
    """The house, what stands in for the parts of each address, and every Route with its forms."""

    house: House
    ids: Ids
    doors: list[Door]
    office: PostOffice

    def posts(self) -> list[Door]:
        """Every Route that takes a form."""
        return [door for door in self.doors if "POST" in door.methods]


@contextmanager
def furnished(run: Run, kind: str, data: Path, more: Mapping[str, str] | None = None) -> Iterator[Street]:
    """A copy of its own, in this process, for the block."""
    with (
        copied_place(run, kind, "street", _furnish, data) as place,
        open_post_office() as office,
        open_app(place, office.environment | dict(more or {})) as house,
    ):
        told = json.loads((place.data / NOTES).read_text(encoding="utf-8"))
        doors = [Door(**door) for door in told["doors"]]
        yield Street(house, told["ids"], doors, office)


def _furnish(place: Place) -> None:
    small_practice(place)
    with open_post_office() as office, open_app(place, office.environment) as house:
        ids = harbor.furnish(house, office)
        told = {"ids": ids, "doors": [asdict(door) for door in doors_of(house, ids)]}
    (place.data / NOTES).write_text(json.dumps(told), encoding="utf-8")


def doors_of(house: House, ids: Ids) -> list[Door]:
    """Every Route, with the forms that its pages have for it, as people would send them."""
    seen: dict[str, list[dict[str, Sequence[str]]]] = {}
    routes = house.app.extensions["routes"]
    adapter = house.app.url_map.bind(HOST)
    paths = {endpoint: harbor.address(house, ids, endpoint) for endpoint in routes}
    for who in PEOPLE:
        browser = house.browser(who)
        for endpoint, bound in routes.items():
            if who not in _admitted(bound.route) or "GET" not in bound.route.methods:
                continue
            for form in read_page(browser.get(paths[endpoint]), paths[endpoint]).forms:
                with suppress(HTTPException):
                    path = urlsplit(urljoin(paths[endpoint], form.action)).path
                    name, _values = adapter.match(path, method=form.method.upper())
                    buttons = {named: [value] for _words, named, value in form.buttons if named}
                    seen.setdefault(name, []).append(_typed(form.values) | buttons)
    known = {name: [{n: [v] for n, v in form.items()}] for name, form in harbor.fields(ids[""]).items()}
    return [
        Door(
            endpoint,
            bound.route.methods,
            paths[endpoint],
            _admitted(bound.route),
            (*seen.get(endpoint, []), *known.get(endpoint, [])),
        )
        for endpoint, bound in sorted(routes.items())
    ]


def _admitted(route: Route) -> tuple[str, ...]:
    return tuple(ADMITTED.get(kind, "") for kind in route.kinds)


def _typed(values: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """A form as a person would send it, so that what stands behind its checks is reached too."""
    return {name: [value or _likely(name) for value in told] for name, told in values.items()}


def _likely(name: str) -> str:
    return next((text for part, text in LIKELY.items() if part in name), WORDS)
