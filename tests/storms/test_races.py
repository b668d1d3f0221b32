"""Pairs at the same moment, small: an invitation, an intake and an e-mail address, each for one of two."""

from pathlib import Path

from tests.storms import racing
from tests.storms.crew import open_crew
from tests.storms.crowd import Press, let_go
from tests.support.house import open_app
from tests.support.place import Place

ATTEMPTS = 4
RACES = (
    (racing.invitations, racing.accepted_again),
    (racing.intakes, racing.submitted_again),
    (racing.addresses, racing.shared_addresses),
)


def test_A69_A13_A15_of_two_at_once_one_gets_it(place: Place, tmp_path: Path) -> None:
    with open_app(place) as house:
        groups = [group for furnish, _doubles in RACES for group in furnish(house, ATTEMPTS)]
    with open_crew(place, {}, tmp_path) as crew:
        ports = crew.ports
        presses = [
            [
                Press(ports[number % len(ports)], wish.cookie, wish.fields, wish.path, wish.address)
                for number, wish in enumerate(group)
            ]
            for group in groups
        ]
        answers = [answer for group in let_go(presses) for answer in group]
    assert len(answers) == ATTEMPTS * len(RACES)
    assert max(answer.status for answer in answers) < 500
    assert [doubles(place) for _furnish, doubles in RACES] == [0, 0, 0]
