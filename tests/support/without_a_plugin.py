"""Run in a copy of the tree that lacks a plugin's folder: every page left, opened as everybody.

`python without_a_plugin.py DATA NAME` prints how many pages it opened, and a line for each that failed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from core import db, hooks
from core.appointments.models import AppointmentType
from core.inbox import service as inbox
from core.tenancy import Scope
from rehearsal import demo_data
from vestibule.testing.house import Browser, House, open_app
from vestibule.testing.place import Place
from vestibule.testing.practice import CLIENT, OPERATOR, OWNER, SLUG, Practice, two_practices

VIEWERS = {"client": CLIENT, "member": OWNER, "operator": OPERATOR, "anyone": "", "token": "", "signed": ""}
# A page about a thing that this world lacks is not here; a list of one leads on; a closed door says so.
FINE = frozenset({200, 302, 303, 404, 410})
MUST_OPEN = ("inbox.home", "appointments.search", "practice.today", "practice.record", "operators.plugins")


def main(data: Path, gone: str) -> int:
    """Open everything; the number of failures."""
    place = Place("sqlite", data)
    data.mkdir(mode=0o700)
    two_practices(place)
    with open_app(place) as house:
        assert gone not in {plugin.name for plugin in hooks.plugins()}
        assert not [plugin.refused for plugin in hooks.plugins() if plugin.refused]
        failures, count = visit(house, gone)
    sys.stdout.write("\n".join([str(count), *failures]) + "\n")
    return len(failures)


def visit(house: House, gone: str) -> tuple[list[str], int]:
    """Every GET Route as each of its viewers and as a stranger to it."""
    ids, failures, count = ids_of(house), [], 0
    browsers = {email: house.browser(email) for email in VIEWERS.values()}
    for endpoint, bound in house.app.extensions["routes"].items():
        if "GET" not in bound.route.methods:
            continue
        path = address(house, endpoint, ids)
        for email, browser in browsers.items():
            count += 1
            failures += judged(
                browser, path, endpoint, gone, email in {VIEWERS[k] for k in bound.route.kinds}
            )
    return failures, count


def judged(browser: Browser, path: str, endpoint: str, gone: str, may_open: bool) -> list[str]:  # noqa: FBT001
    """What is wrong with one answer."""
    answer = browser.get(path)
    text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
    answer.close()
    wrong = []
    if answer.status_code not in FINE or (may_open and endpoint in MUST_OPEN and answer.status_code != 200):
        wrong.append(f"{path}: {answer.status_code}")
    if f'href="/{gone}/' in text:
        wrong.append(f"{path} still leads to {gone}")
    return wrong


def ids_of(house: House) -> dict[str, Any]:
    """What stands in for the parts of a rule."""
    practice = Practice(house)
    booked = practice.book(practice.client)
    owner = practice.owner
    thread = inbox.send_new(owner.scope, practice.client.id, subject="", body="Hello", key="k")
    return {
        "slug": SLUG,
        "client_id": practice.client.id,
        "member_id": owner.id,
        "appointment_id": booked.id,
        "type_id": Scope.system("test", practice.id).rows(AppointmentType).first().id,
        "thread_id": thread.id,
        "provider_id": practice.id,
        "plugin": "intake",
        "feature": "CP",
        "filename": "icon.svg",
        "number": 1,
    }


def address(house: House, endpoint: str, ids: dict[str, Any]) -> str:
    """The path of an endpoint; a part that nothing is known for is some id or word."""
    rule = next(house.app.url_map.iter_rules(endpoint))
    converters = rule._converters
    others = {
        name: db.new_id() if type(converter).__name__ == "_Version7" else "w" * 43
        for name, converter in converters.items()
    }
    with house.app.test_request_context():
        return str(
            house.app.url_for(endpoint, **{name: ids.get(name, others[name]) for name in rule.arguments})
        )


if __name__ == "__main__":
    assert demo_data, "the demo's people can be imported too"
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
