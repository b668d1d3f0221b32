"""What nobody should get any more: dropped with a record, or waiting until the operator says so."""

from datetime import timedelta
from types import ModuleType

import pytest

from core import clock, db, hooks, outbox, subscriptions
from tests.support.receiver import HOUSE, Receiver, add_provider, put

pytestmark = pytest.mark.usefixtures("ground")


@pytest.fixture
def receiver() -> Receiver:
    return Receiver.of_all()


def test_A22_a_plugin_that_the_operator_switched_off_gets_nothing(receiver: Receiver) -> None:
    hooks.load({"room": ModuleType("room")}, [])
    provider_id = add_provider("CP")
    put(1, provider_id=provider_id)
    put(2, provider_id=provider_id, completes=True)
    subscriptions.switch_plugin(HOUSE, "room", provider_id, is_on=False)
    outbox.drain()
    assert receiver.got == []
    assert [(each.target, each.provider_id, each.error) for each in outbox.dropped()] == [
        ("room:it_happened", provider_id, "plugin_off")
    ]
    assert [each.error for each in outbox.parked()] == ["plugin_off"], "what completes something waits"
    assert outbox.counts().dropped == 1
    subscriptions.switch_plugin(HOUSE, "room", provider_id, is_on=True)
    assert outbox.resume_all("roo") == 0
    assert outbox.resume_all("room", db.new_id()) == 0
    assert outbox.resume_all("room", provider_id) == 1
    outbox.drain()
    assert receiver.got == [2]


def test_law_14_what_waits_for_a_forgotten_plugin_is_dropped_with_a_record(receiver: Receiver) -> None:
    hooks.load({}, [])
    put(1, provider_id=add_provider("CP"), target="gone:it_happened")
    put(2, target="gone_too:it_happened")
    put(3, "mail", target="gone/letter")
    outbox.drain()
    assert outbox.drop_all("gone", "plugin_forgotten") == 1, "the letter had been sent"
    (record,) = outbox.dropped()
    assert (record.error, record.payload, record.parked_at) == ("plugin_forgotten", None, None)
    assert receiver.got == [2, 3]


def test_records_of_dropped_work_stay_for_the_operator_longer_than_what_was_done(receiver: Receiver) -> None:
    put(1, **{"raise": "unwanted"})
    outbox.drain()
    with clock.standing_at(clock.now() + outbox.KEPT + timedelta(days=1)):
        assert outbox.sweep(HOUSE) == 0
    with clock.standing_at(clock.now() + outbox.DROPPED_KEPT + timedelta(days=1)):
        assert outbox.sweep(HOUSE) == 1
