"""Repeated work: once among all processes, again after a failure, never doubled by a second look."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import gevent
import pytest
from gevent.event import Event

from core import clock, db, hooks, jobs, subscriptions
from core.hooks.plugin import House
from core.spec.types import Job
from core.tenancy import Provider, Scope

pytestmark = pytest.mark.usefixtures("ground")
HOUSE = Scope.system("test")
HOUR = 3600


@pytest.fixture(autouse=True)
def no_plugins() -> None:
    hooks.load({}, [])


def plan(function: Callable[[Any], Any], owner: str = "core", every_seconds: int = HOUR) -> str:
    jobs.declare([(owner, Job("tick", every_seconds, function))])
    return f"{owner}.tick"


def row() -> Any:
    return HOUSE.rows(jobs.JobPeriodic).get()


def add_provider(slug: str, *features: str) -> UUID:
    with db.transaction():
        provider = HOUSE.add(Provider, slug=slug, name=slug, zone="UTC", created_at=clock.now())
        for feature in features:
            subscriptions.switch(HOUSE, provider.id, feature, is_on=True)
    found: UUID = provider.id
    return found


def test_A69_a_job_runs_once_a_period_whoever_asks() -> None:
    ran: list[Scope] = []
    name = plan(ran.append)
    gevent.joinall([gevent.spawn(jobs.run_claimed, name) for _ in range(8)], raise_error=True)
    assert len(ran) == 1
    assert ran[0].is_unlimited
    start = clock.now()
    for hours, times in ((0.5, 1), (1.1, 2), (1.2, 2), (2.1, 3)):
        with clock.standing_at(start + timedelta(hours=hours)):
            jobs.run_claimed(name)
        assert len(ran) == times, hours


def test_what_was_missed_is_not_made_up_for() -> None:
    ran: list[Scope] = []
    name = plan(ran.append)
    jobs.run_claimed(name)
    with clock.standing_at(clock.now() + timedelta(days=3)):
        assert jobs.run_claimed(name)
        assert not jobs.run_claimed(name)
    assert len(ran) == 2


@pytest.mark.parametrize("failure", [RuntimeError("words"), SystemExit(1), gevent.Timeout()])
def test_law_05_a_failed_job_is_tried_again_soon_and_told_by_type(failure: BaseException) -> None:
    def fail(_scope: Scope) -> None:
        raise failure

    name = plan(fail)
    assert jobs.run_claimed(name)
    first = row()
    assert (first.error, first.done_at) == (type(failure).__name__, None)
    assert not jobs.run_claimed(name)
    with clock.standing_at(first.due_at):
        assert jobs.run_claimed(name)
    assert row().due_at - first.due_at == timedelta(seconds=jobs.PAUSES[1])


def test_A63_a_killed_job_runs_again_when_its_lease_lapsed() -> None:
    ran: list[Scope] = []
    name = plan(ran.append)
    jobs._claim(jobs._plans[name])  # and then the process died
    assert not jobs.run_claimed(name)
    with clock.standing_at(clock.now() + timedelta(seconds=jobs.LEASE_SECONDS + 1)):
        assert jobs.run_claimed(name)
    assert len(ran) == 1


def test_A68_a_clock_that_was_ahead_silences_no_job() -> None:
    ran: list[Scope] = []
    name = plan(ran.append)
    with clock.standing_at(clock.now() + timedelta(days=400)):
        jobs.run_claimed(name)
    assert jobs.run_claimed(name)
    assert len(ran) == 2


def test_law_02_a_plugin_s_job_runs_for_each_provider_that_is_on() -> None:
    House.plugins["bell"] = hooks.Plugin("bell", "Bell", "1", frozenset({"RS"}))
    off, first, second = add_provider("a", "CP"), add_provider("b", "RS"), add_provider("c", "CP", "RS")
    ran: list[UUID] = []

    def ring(scope: Scope) -> None:
        ran.append(scope.provider_id)
        if scope.provider_id == first:
            raise RuntimeError

    assert jobs.run_claimed(plan(ring, owner="bell"))
    assert sorted(ran) == [first, second], "one provider's failure costs no other its turn"
    assert off not in ran
    assert row().error == "SomeFailed"


def test_a_room_s_job_is_not_a_plugin_s() -> None:
    hooks.load({"room": ModuleType("room")}, [])
    add_provider("a", "CP")
    ran: list[Scope] = []
    jobs.run_claimed(plan(ran.append, owner="room"))
    assert [scope.is_unlimited for scope in ran] == [True]


def test_running_ends_when_told_and_lets_a_job_finish() -> None:
    stop, begun, done = Event(), Event(), Event()

    def slow(_scope: Scope) -> None:
        begun.set()
        gevent.sleep(0.2)
        done.set()

    plan(slow)
    running = gevent.spawn(jobs.run, stop)
    assert begun.wait(5)
    stop.set()
    running.join(5)
    assert done.is_set()
    assert running.ready()


def test_law_02_a_provider_that_is_switched_off_during_a_run_has_no_turn_in_it() -> None:
    House.plugins["bell"] = hooks.Plugin("bell", "Bell", "1", frozenset({"RS"}))
    first, second = add_provider("ash", "RS"), add_provider("birch", "RS")
    ran: list[UUID] = []

    def ring(scope: Scope) -> None:
        ran.append(scope.provider_id)
        other = second if scope.provider_id == first else first
        subscriptions.switch_plugin(HOUSE, "bell", other, is_on=False)

    assert jobs.run_claimed(plan(ring, "bell"))
    assert len(ran) == 1
    assert row().error == ""
