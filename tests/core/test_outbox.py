"""The outbox: what was committed is delivered at least once, what was not never is."""

from contextlib import suppress
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID

import gevent
import pytest
from gevent.event import Event

from core import clock, db, hooks, outbox, subscriptions
from core.outbox import delivering
from core.outbox.rows import wakings
from core.settings import Settings
from core.spec.errors import NotFound, ScopeRequired
from core.tenancy import Scope
from tests.support.receiver import HOUSE, WORDS, Receiver, add_provider, put, row

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture
def receiver() -> Receiver:
    return Receiver.of_all()


def put_and_fail(n: int) -> None:
    with suppress(InterruptedError), db.transaction():
        outbox.put(HOUSE, "event", "room:it_happened", f"k{n}", {"n": n})
        raise InterruptedError


def test_law_06_a_row_needs_a_transaction_and_goes_with_it(receiver: Receiver) -> None:
    with pytest.raises(ScopeRequired):
        outbox.put(HOUSE, "event", "room:it_happened", "k1", {"n": 1})
    put_and_fail(2)
    put(3)
    assert outbox.drain() == 1
    assert outbox.drain() == 0
    assert receiver.got == [3]


def test_law_06_the_outbox_is_woken_after_the_commit_and_not_before(receiver: Receiver) -> None:
    woken = Event()
    wakings.add(woken)
    try:
        put_and_fail(1)
        assert not woken.is_set()
        with db.transaction():
            outbox.put(HOUSE, "event", "room:it_happened", "k1", {"n": 1})
            assert not woken.is_set()
        assert woken.is_set()
    finally:
        wakings.discard(woken)


def test_law_07_one_key_is_one_effect(receiver: Receiver) -> None:
    put(1, key="booked:17")
    put(2, key="booked:17")
    outbox.drain()
    put(3, key="booked:17")
    outbox.drain()
    assert receiver.got == [1]


def test_law_11_a_payload_is_sealed_and_gone_once_delivered(receiver: Receiver) -> None:
    put(1)
    (raw,) = db.database.execute_sql("SELECT payload FROM outbox").fetchone()
    assert WORDS.encode() not in bytes(raw)
    outbox.drain()
    assert row(1).payload is None
    assert row(1).done_at is not None


def test_a_row_for_a_provider_outside_the_scope_is_refused() -> None:
    stranger = Scope("client", providers=frozenset({db.new_id()}))
    with pytest.raises(NotFound), db.transaction():
        outbox.put(stranger, "event", "room:it_happened", "k1", {}, provider_id=db.new_id())


@pytest.mark.parametrize("failure", ["error", "exit", "timeout"])
def test_law_05_one_failure_is_tried_again_later_and_stops_no_other(receiver: Receiver, failure: str) -> None:
    put(1, **{"raise": failure})
    put(2)
    assert outbox.drain() == 2
    assert sorted(receiver.got) == [1, 2]
    failed = row(1)
    assert (failed.tries, failed.done_at, failed.parked_at) == (1, None, None)
    assert WORDS not in failed.error
    assert outbox.drain() == 0, "not at once"


def test_pauses_grow_until_the_row_is_parked_and_a_person_resumes_it(receiver: Receiver) -> None:
    put(1, **{"raise": "error"})
    now, pauses = clock.now(), []
    for _ in range(outbox.TRIES):
        with clock.standing_at(now):
            assert outbox.drain() == 1
            pauses.append(round((row(1).due_at - now).total_seconds()))
            now = row(1).due_at
    assert pauses == [1, 5, 30, 120, 600, *[3600] * (outbox.TRIES - 5)]
    with clock.standing_at(now + timedelta(days=30)):
        assert outbox.drain() == 0
        assert outbox.counts().parked == 1
        assert [parked.error for parked in outbox.parked()] == ["RuntimeError"]
        outbox.sweep(HOUSE)
        assert outbox.resume(row(1).id)
        assert outbox.drain() == 1
        assert not outbox.resume(row(1).id), "it isn't parked any more"


def test_what_can_never_arrive_is_parked_at_once(receiver: Receiver) -> None:
    put(1, **{"raise": "for good"})
    outbox.drain()
    assert row(1).parked_at is not None
    assert row(1).payload is not None, "a person may still resume it"


def test_A21_what_nobody_should_get_is_dropped_with_a_record(receiver: Receiver) -> None:
    put(1, **{"raise": "unwanted"})
    outbox.drain()
    dropped = row(1)
    assert (dropped.error, dropped.done_at, dropped.payload) == ("join_ended", None, None)
    assert dropped.dropped_at is not None


def test_A22_an_ended_subscription_drops_events_save_what_completes_something(receiver: Receiver) -> None:
    hooks.load({"room": ModuleType("room")}, [])
    provider_id = add_provider("CP")
    put(1, provider_id=provider_id)
    outbox.drain()
    with db.transaction():
        subscriptions.switch(HOUSE, provider_id, "CP", is_on=False)
    put(2, provider_id=provider_id)
    put(3, provider_id=provider_id, completes=True)
    outbox.drain()
    assert receiver.got == [1, 3]
    assert row(2).error == "subscription_ended"


def test_an_event_for_a_plugin_that_is_gone_waits(receiver: Receiver) -> None:
    hooks.load({}, [])
    put(1, provider_id=add_provider("CP"), target="gone:it_happened")
    outbox.drain()
    assert receiver.got == []
    assert row(1).tries == 1
    assert row(1).dropped_at is None


def test_A63_a_killed_process_loses_nothing_once_its_lease_lapsed(receiver: Receiver) -> None:
    put(1)
    assert len(delivering._claim(20, ["event"], outbox.LEASE_SECONDS)) == 1  # and then it died
    assert outbox.drain() == 0
    with clock.standing_at(clock.now() + timedelta(seconds=outbox.LEASE_SECONDS + 1)):
        assert outbox.drain() == 1
    assert receiver.got == [1]


def test_a_late_failure_does_not_touch_another_process_s_claim(receiver: Receiver) -> None:
    put(1)
    (late,) = delivering._claim(20, ["event"], outbox.LEASE_SECONDS)
    with clock.standing_at(clock.now() + timedelta(seconds=outbox.LEASE_SECONDS + 1)):
        (newer,) = delivering._claim(20, ["event"], outbox.LEASE_SECONDS)
        due_at = row(1).due_at
        delivering._postpone(late, RuntimeError(), is_final=True)
        assert row(1).parked_at is None
        assert row(1).due_at == due_at
        assert row(1).tries == newer.tries == 2


def test_what_does_not_fit_into_the_lease_is_given_back_untried(receiver: Receiver) -> None:
    def dawdle(_scope: Scope, _target: str, payload: Any, _provider_id: UUID | None) -> None:
        receiver.got.append(payload["n"])
        gevent.sleep(0.06)

    outbox.deliver("event", dawdle)
    for n in range(3):
        put(n)
    assert outbox.drain(lease_seconds=0.1) == 3
    assert receiver.got == [0], "the delivery that took too long was ended, the others were not begun"
    assert [row(n).tries for n in range(3)] == [1, 0, 0]


def test_a_slow_kind_delays_no_other(receiver: Receiver) -> None:
    stop, let_go, arrived = Event(), Event(), Event()

    def wait_long(*_told: object) -> None:
        let_go.wait()

    outbox.deliver("mail", wait_long)
    outbox.deliver("event", lambda *_: arrived.set())
    put(1, kind="mail")
    running = gevent.spawn(outbox.run, stop)
    try:
        gevent.sleep(0.3)
        put(2)
        assert arrived.wait(5)
        assert row(1).done_at is None
    finally:
        stop.set()
        let_go.set()
        running.join(5)
    assert row(1).done_at is not None


def test_settled_rows_are_swept_after_their_time(receiver: Receiver, ground: Settings) -> None:
    put(1)
    put(2, **{"raise": "error"})
    outbox.drain()
    assert outbox.sweep(HOUSE) == 0
    with clock.standing_at(clock.now() + outbox.KEPT + timedelta(days=1)):
        assert outbox.sweep(HOUSE) == 1
    assert outbox.counts().waiting == 1
