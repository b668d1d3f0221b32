"""Several people reach for one thing at the same moment, and one gets it.

Each race runs once more with its guard taken away in the database, where more than one do.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.storms import racing
from tests.storms.crew import open_crew
from tests.storms.crowd import Press, let_go
from tests.storms.letters import open_letter_box
from tests.storms.racing import Wish
from tests.storms.row import Row, Told
from tests.storms.unguarding import drop_overlap, forget_claims, share_addresses
from tests.support.house import House, open_app
from tests.support.place import KINDS, Place, copied_place
from tests.support.run import Run, begin
from tests.support.world import small_practice

# Without its guard a race is shown to fail by so many of the attempts, and by this many at least.
UNGUARDED, LEAST = 0.1, 200
AT_ONCE = 2


@dataclass(frozen=True)
class Race:
    """A kind of race: its share of all attempts, what is pressed, how doubles are counted, and its guard."""

    name: str
    share: float
    furnish: Callable[[House, int], list[list[Wish]]]
    doubles: Callable[[Place], int]
    guard: str
    unguard: Callable[[Place], None]


def _forget_invitations(place: Place) -> None:
    forget_claims(place, "accounts_invitation", "accepted_at", "IS NOT NULL", "NULL")


def _forget_submissions(place: Place) -> None:
    forget_claims(place, "intake_intake", "status", "= 'submitted'", "'begun'")


RACES = (
    Race(
        "times that overlap, 25 people for each",
        0.4,
        racing.bookings,
        racing.overlaps,
        "overlap constraint",
        drop_overlap,
    ),
    Race(
        "an invitation accepted twice",
        0.2,
        racing.invitations,
        racing.accepted_again,
        "claim on the invitation",
        _forget_invitations,
    ),
    Race(
        "an intake submitted from two devices",
        0.2,
        racing.intakes,
        racing.submitted_again,
        "claim on the intake",
        _forget_submissions,
    ),
    Race(
        "an address taken by two",
        0.2,
        racing.addresses,
        racing.shared_addresses,
        "unique address",
        share_addresses,
    ),
)


def found(told: Told, folder: Path) -> Iterator[Row]:
    """On each database all races with their guards, then without."""
    run = begin()
    try:
        for kind in (told.database,) if told.database else KINDS:
            for race in RACES:
                count = max(int(told.attempts * race.share), 2)
                yield _guarded(run, kind, race, count, folder, told.dice)
                count = min(count, max(LEAST, int(count * UNGUARDED)))
                yield _unguarded(run, kind, race, count, folder, told.dice)
    finally:
        run.end()


def _guarded(run: Run, kind: str, race: Race, count: int, folder: Path, dice: random.Random) -> Row:
    statuses, doubles = raced(run, kind, race, count, folder, dice)
    # The database is there, so 503 is a fault too: a deadlock not tried again, a turn that never came.
    faults = sum(number for status, number in statuses.items() if status >= 500)
    words = f"{statuses.total()} attempts ({_counted(statuses)}), {doubles} doubles"
    return Row(f"{kind}: {race.name}", words, "0 doubles, no 500 or 503", not doubles and not faults)


def _unguarded(run: Run, kind: str, race: Race, count: int, folder: Path, dice: random.Random) -> Row:
    statuses, doubles = raced(run, kind, race, count, folder, dice, is_guarded=False)
    words = f"{statuses.total()} attempts ({_counted(statuses)}), {doubles} doubles"
    return Row(f"{kind}: without its {race.guard}", words, "> 0 doubles", doubles > 0)


def raced(
    run: Run,
    kind: str,
    race: Race,
    count: int,
    folder: Path,
    dice: random.Random,
    *,
    is_guarded: bool = True,
) -> tuple[Counter[int], int]:
    """Run one race at a place of its own; returns how often each status came, and the doubles afterwards."""
    own = folder / f"{kind}-{len(list(folder.iterdir()))}"
    own.mkdir()
    with copied_place(run, kind, "small_practice", small_practice, own / "data") as place:
        with open_app(place) as house:
            groups = race.furnish(house, count)
        is_early = race.unguard is share_addresses
        if not is_guarded and is_early:
            race.unguard(place)
        with open_letter_box() as box, open_crew(place, box.environment, own) as crew:
            if not is_guarded and not is_early:
                race.unguard(place)
            statuses = _pressed(groups, crew.ports, dice)
            crew.stop()
            for line in crew.lines("level=error"):
                sys.stderr.write(f"  {kind}, {race.name}: {line}\n")
        return statuses, race.doubles(place)


def _pressed(groups: Sequence[Sequence[Wish]], ports: Sequence[int], dice: random.Random) -> Counter[int]:
    first = dice.randrange(len(ports))
    presses = [
        [
            Press(ports[(first + number) % len(ports)], wish.cookie, wish.fields, wish.path, wish.address)
            for number, wish in enumerate(group)
        ]
        for group in groups
    ]
    answers = let_go(presses, at_once=AT_ONCE)
    for group in answers:
        for answer in group:
            if answer.status >= 500:
                sys.stderr.write(f"  {answer.status} {answer.body[:200]!r}\n")
    return Counter(answer.status for group in answers for answer in group)


def _counted(counter: Counter[int]) -> str:
    return ", ".join(f"{key}: {count}" for key, count in sorted(counter.items()))
