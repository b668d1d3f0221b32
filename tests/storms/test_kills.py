"""A server is killed at two named steps under people at work; a reckoning has to notice what is lost."""

import random
from collections import Counter
from pathlib import Path

import pytest

from core import db
from core.inbox.models import Message
from core.tenancy import Scope
from tests.storms import points
from tests.storms.crew import Crew, open_crew
from tests.storms.day import crowd_of
from tests.storms.kill_storm import end_at
from tests.storms.ledger import Ledger, Reckoning, reckon
from tests.storms.people import add_people
from tests.support.house import open_app
from tests.support.place import Place

STEPS = ("booking: after it, before the answer", "message: before the commit")


def storm(place: Place, folder: Path) -> Crew:
    """Four people's days, a kill at each of STEPS; returns the processes, which are stopped."""
    someones, ledger = add_people(place, 4), Ledger(folder / "ledger")
    with open_crew(place, {}, folder) as crew:
        with crowd_of(someones, crew.ports, ledger, random.randrange(10_000), 2) as crowd:
            assert all(end_at(crew, name, seconds=60) for name in STEPS), crowd.troubles
        assert crowd.troubles + crowd.put_off == []
        crew.stop()
    return crew


def reckoned(place: Place, folder: Path) -> Reckoning:
    return reckon(place, Ledger(folder / "ledger"), Counter(), "")


@pytest.mark.parametrize("database", ["sqlite"])
def test_A63_killed_at_named_steps_what_was_acknowledged_is_there_once(place: Place, tmp_path: Path) -> None:
    assert set(STEPS) < set(points.NAMES)
    crew = storm(place, tmp_path)
    found = reckoned(place, tmp_path)
    assert found.acknowledged == found.found
    assert (found.doubled.total(), found.wrong, crew.troubles()) == (0, [], [])
    assert crew.deaths == len(STEPS)
    _lose_one_and_double_one(place)
    spoilt = reckoned(place, tmp_path)
    assert spoilt.found["message"] == found.found["message"] - 1
    assert spoilt.doubled["message"] == 1


def _lose_one_and_double_one(place: Place) -> None:
    with open_app(place) as house, db.transaction():
        system = Scope.system("a storm", house.provider_id("ortiz"))
        mine = (Message.kind == "person") & (Message.author_name.startswith("Storm"))
        lost, kept = list(system.rows(Message).where(mine))[:2]
        told = {name: getattr(kept, name) for name in ("client_id", "thread_id", "author_kind", "body")}
        told |= {"author_account_id": kept.author_account_id, "author_name": kept.author_name}
        system.add(Message, kind="person", sent_at=kept.sent_at, key="again", **told)
        system.delete(Message).where(Message.id == lost.id).execute()
