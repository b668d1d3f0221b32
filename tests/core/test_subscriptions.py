"""What a provider holds: now, from and until their minutes, and what the operator switched off."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core import clock, db, subscriptions
from core.spec.errors import Invalid, ScopeRequired
from core.subscriptions import KnownPlugin, Period, SwitchChange
from core.tenancy import Provider, Scope

pytestmark = pytest.mark.usefixtures("ground")
HOUSE = Scope.system("test")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def add_provider(slug: str, *features: str) -> UUID:
    with db.transaction():
        provider = HOUSE.add(Provider, slug=slug, name=slug, zone="UTC", created_at=NOON)
        for feature in features:
            subscriptions.switch(HOUSE, provider.id, feature, is_on=True)
    found: UUID = provider.id
    return found


def is_on_at(moment: datetime, provider_id: UUID, *needs: str, plugin: str = "") -> bool:
    with clock.standing_at(moment):
        return subscriptions.on(provider_id, needs, plugin)


def test_law_02_a_subscription_is_on_from_its_minute_until_its_minute() -> None:
    ortiz = add_provider("ortiz", "CP")
    period = Period(NOON, NOON + 10 * MINUTE)
    subscriptions.switch(HOUSE, ortiz, "RS", is_on=True, period=period)
    told = [
        is_on_at(NOON + minutes * MINUTE - rest, ortiz, "RS")
        for minutes, rest in ((0, MINUTE / 600), (0, 0 * MINUTE), (10, MINUTE / 600), (10, 0 * MINUTE))
    ]
    assert told == [False, True, True, False]
    assert is_on_at(NOON - MINUTE, ortiz, "CP"), "the other one has no period"


def test_switched_off_outlasts_its_period() -> None:
    ortiz = add_provider("ortiz")
    subscriptions.switch(HOUSE, ortiz, "RS", is_on=False, period=Period(NOON))
    assert not is_on_at(NOON + MINUTE, ortiz, "RS")


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    ortiz = add_provider("ortiz")
    for until_at in (NOON, NOON - MINUTE):
        with pytest.raises(Invalid) as refused:
            subscriptions.switch(HOUSE, ortiz, "RS", is_on=True, period=Period(NOON, until_at))
        assert refused.value.fields == {"until_at": "before_from"}
    with pytest.raises(Invalid):
        subscriptions.switch(HOUSE, ortiz, "XX", is_on=True)
    assert not HOUSE.rows(SwitchChange).exists()


def test_a_plugin_is_off_for_one_provider_and_on_again() -> None:
    ortiz, harbor = add_provider("ortiz", "CP"), add_provider("harbor", "CP")
    subscriptions.switch_plugin(HOUSE, "intake", ortiz, is_on=False, reason="It loops")
    assert not subscriptions.on(ortiz, {"CP"}, "intake")
    assert subscriptions.on(ortiz, {"CP"}, "billing")
    assert subscriptions.on(harbor, {"CP"}, "intake")
    subscriptions.switch_plugin(HOUSE, "intake", ortiz, is_on=True)
    assert subscriptions.on(ortiz, {"CP"}, "intake")


def test_a_plugin_is_off_everywhere_beside_what_is_off_for_one() -> None:
    ortiz, harbor = add_provider("ortiz", "CP"), add_provider("harbor", "CP")
    subscriptions.switch_plugin(HOUSE, "intake", ortiz, is_on=False)
    subscriptions.switch_plugin(HOUSE, "intake", None, is_on=False)
    subscriptions.switch_plugin(HOUSE, "intake", None, is_on=False)
    assert subscriptions.is_off_everywhere("intake")
    assert not subscriptions.on(harbor, (), "intake")
    subscriptions.switch_plugin(HOUSE, "intake", None, is_on=True)
    assert not subscriptions.is_off_everywhere("intake")
    assert subscriptions.on(harbor, (), "intake")
    assert not subscriptions.on(ortiz, (), "intake"), "for one provider it stays off"


def test_a_forgotten_plugin_is_off() -> None:
    ortiz = add_provider("ortiz", "CP")
    with db.transaction():
        seen = {"title": "Old", "version": "1", "needs": ["CP"], "gates": []}
        HOUSE.add(KnownPlugin, name="old", first_seen_at=NOON, last_seen_at=NOON, forgotten_at=NOON, **seen)
        HOUSE.add(KnownPlugin, name="kept", first_seen_at=NOON, last_seen_at=NOON, **seen)
    assert not subscriptions.on(ortiz, {"CP"}, "old")
    assert subscriptions.on(ortiz, {"CP"}, "kept")


def test_a_scope_is_narrowed_to_where_the_plugin_is_on() -> None:
    ortiz, harbor = add_provider("ortiz", "CP", "MA"), add_provider("harbor", "CP")
    subscriptions.switch_plugin(HOUSE, "intake", ortiz, is_on=False)
    both = frozenset({ortiz, harbor})
    fresh = Scope("client", providers=both)
    carried = Scope("client", providers=both, features=subscriptions.of(both))
    for scope in (fresh, carried):
        assert subscriptions.where_on(scope, {"CP"}) == both
        assert subscriptions.where_on(scope, {"CP"}, "intake") == {harbor}
        assert subscriptions.narrowed(scope, {"MA"}, "intake") is None


def test_who_changed_what_and_why_is_kept() -> None:
    ortiz, harbor = add_provider("ortiz"), add_provider("harbor")
    with clock.standing_at(NOON):
        period = Period(NOON, NOON + MINUTE)
        subscriptions.switch(HOUSE, ortiz, "RS", is_on=True, period=period, reason="A trial")
    with clock.standing_at(NOON + MINUTE):
        subscriptions.switch(HOUSE, ortiz, "RS", is_on=False, reason="It ended")
    with clock.standing_at(NOON + 2 * MINUTE):
        subscriptions.switch(HOUSE, harbor, "RS", is_on=True, reason="Theirs")
    with clock.standing_at(NOON + 3 * MINUTE):
        subscriptions.switch_plugin(HOUSE, "intake", None, is_on=False, reason="It loops")
    told = [(each.reason, each.is_on, each.changed_at) for each in subscriptions.changes(of_member(ortiz))]
    assert told == [("It ended", False, NOON + MINUTE), ("A trial", True, NOON)]
    assert [each.reason for each in subscriptions.changes(Scope("operator"))] == [
        "It loops",
        "Theirs",
        "It ended",
        "A trial",
    ]
    assert subscriptions.changes(of_member(ortiz))[1].until_at == NOON + MINUTE


def of_member(provider_id: UUID) -> Scope:
    return Scope("member", providers=frozenset({provider_id}))


@pytest.mark.parametrize("kind", ["client", "anyone", "token"])
def test_law_04_nobody_else_reads_what_was_switched(kind: str) -> None:
    with pytest.raises(ScopeRequired):
        subscriptions.changes(Scope(kind))


def test_law_11_the_reason_is_sealed() -> None:
    ortiz = add_provider("ortiz")
    subscriptions.switch(HOUSE, ortiz, "RS", is_on=True, reason="Asked by phone")
    (raw,) = db.database.execute_sql("SELECT reason FROM switch_change").fetchone()
    assert b"Asked" not in bytes(raw)
