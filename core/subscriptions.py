"""What each provider holds: data, asked at each request and again inside transactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import peewee

from core import clock, db
from core.db import Flag, HouseModel, Id, Json, Moment, Sealed, TenantModel, Words
from core.spec.errors import Invalid, ScopeRequired
from core.spec.types import FEATURES
from core.tenancy import Scope
from core.tenancy.changes import announce

Needs = Iterable[str]
ChangeKind = Literal["subscription", "plugin"]
State = Literal["off", "on", "later", "ended"]

# Each page asks this: as text it costs a fifth of what building it anew does.
SWITCHED = """
    SELECT provider_id, feature, 0 FROM subscription
     WHERE provider_id IN ({ids}) AND is_on
       AND (from_at IS NULL OR from_at <= {now}) AND (until_at IS NULL OR until_at > {now})
     UNION ALL
    SELECT provider_id, plugin, 1 FROM plugin_switch WHERE provider_id IN ({ids}) OR provider_id IS NULL
     UNION ALL
    SELECT NULL, name, 1 FROM known_plugin WHERE forgotten_at IS NOT NULL
"""


class Held(frozenset[str]):
    """The features that a provider holds now, and `off`: the plugins that the operator switched off."""

    off: frozenset[str]

    @classmethod
    def of(cls, features: Iterable[str], off: Iterable[str]) -> Held:
        made = cls(features)
        made.off = frozenset(off)
        return made

    def covers(self, needs: Needs, plugin: str = "") -> bool:
        """Whether all of `needs` are held and the plugin, where one is named, is not switched off."""
        return self.issuperset(needs) and plugin not in self.off


class Subscription(TenantModel):
    """What a provider was given: on or off, from and until when; what was before stands in SwitchChange.

    `changed_at` is when it was last switched on or off: another end leaves it as it was.
    """

    feature = Words()
    is_on = Flag()
    from_at = Moment(null=True)
    until_at = Moment(null=True)
    changed_at = Moment()
    changed_by = Id(null=True)

    class Meta:
        table_name = "subscription"


class PluginSwitch(HouseModel):
    """A plugin that is off: for one provider, or everywhere where none is named."""

    provider_id = Id(null=True)
    plugin = Words()
    changed_at = Moment()
    changed_by = Id(null=True)

    class Meta:
        table_name = "plugin_switch"


class KnownPlugin(HouseModel):
    """A plugin that was here once: it may be gone, and its data with nobody to read it."""

    name = Words()
    title = Words()
    version = Words()
    needs = Json()
    gates = Json()
    first_seen_at = Moment()
    last_seen_at = Moment()
    forgotten_at = Moment(null=True)

    class Meta:
        table_name = "known_plugin"


class SwitchChange(HouseModel):
    """Who switched what, when and why; never changed."""

    provider_id = Id(null=True)
    kind = Words()
    name = Words()
    is_on = Flag()
    from_at = Moment(null=True)
    until_at = Moment(null=True)
    reason = Sealed(null=True)
    changed_at = Moment()
    changed_by = Id(null=True)

    class Meta:
        table_name = "switch_change"

    @classmethod
    def within(cls, scope: Any) -> peewee.Expression | None:
        """Operators read all; members what concerns their provider; nobody else anything."""
        if scope.is_unlimited or scope.kind == "operator":
            return None
        if scope.kind not in ("member", "system"):
            raise ScopeRequired("only operators, members and the house read what was switched")
        return cls.provider_id.in_(sorted(scope.providers))


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when, both moments in UTC; None is open."""

    from_at: datetime | None = None
    until_at: datetime | None = None


ALWAYS = Period()


@dataclass(frozen=True, slots=True)
class Standing:
    """How one subscription of one provider stands: `since_at` is when it came on, if it is on."""

    state: State = "off"
    period: Period = ALWAYS
    since_at: datetime | None = None

    @property
    def is_on(self) -> bool:
        return self.state == "on"


OFF = Standing()


def of(providers: Iterable[UUID]) -> Mapping[UUID, Held]:
    """What each of these providers holds at this moment, by one query."""
    wanted = list(providers)
    features: dict[UUID, set[str]] = {provider_id: set() for provider_id in wanted}
    off: dict[UUID, set[str]] = {provider_id: set() for provider_id in wanted}
    for provider_id, name, is_off in _switched(wanted) if wanted else ():
        found = off if is_off else features
        for key in wanted if provider_id is None else (provider_id,):
            found[key].add(name)
    return {key: Held.of(features[key], off[key]) for key in wanted}


def _switched(wanted: list[UUID]) -> Iterable[tuple[UUID | None, str, bool]]:
    """Rows of provider (None: all), name, and whether it is a plugin that is off."""
    ids = [Subscription.provider_id.db_value(provider_id) for provider_id in wanted]
    now = Subscription.from_at.db_value(clock.now())
    mark = db.database.param
    text = SWITCHED.format(ids=", ".join([mark] * len(ids)), now=mark)
    for key, name, is_off in db.database.execute_sql(text, (*ids, now, now, *ids)).fetchall():
        yield Subscription.provider_id.python_value(key), name, bool(is_off)


def on(provider_id: UUID, needs: Needs, plugin: str = "") -> bool:
    """Whether the provider holds all of `needs` at this moment, and the plugin is not switched off."""
    return of([provider_id])[provider_id].covers(needs, plugin)


def where_on(scope: Scope, needs: Needs, plugin: str = "") -> frozenset[UUID]:
    """Those of the scope's providers that hold `needs` and for which the plugin is not switched off."""
    held = scope.features if scope.features.keys() >= scope.providers else of(scope.providers)
    wanted = frozenset(needs)
    return frozenset(key for key in scope.providers if _covers(held[key], wanted, plugin))


def _covers(features: frozenset[str], needs: frozenset[str], plugin: str) -> bool:
    # A scope made by hand may carry plain features.
    return features.covers(needs, plugin) if isinstance(features, Held) else needs <= features


def narrowed(scope: Scope, needs: Needs, plugin: str = "") -> Scope | None:
    """The scope for those of its providers where this is on; None when there is none."""
    kept = where_on(scope, needs, plugin)
    if kept == scope.providers and not scope.is_unlimited:
        return scope if kept else None
    return scope.within(kept) if kept else None


def is_off_everywhere(plugin: str) -> bool:
    """Whether the operator switched the plugin off for all; for doors that know no provider."""
    everywhere = PluginSwitch.provider_id.is_null() & (PluginSwitch.plugin == plugin)
    return bool(db.house_rows(PluginSwitch, PluginSwitch.id).where(everywhere).exists())


def providers_without(plugin: str) -> frozenset[UUID]:
    """The providers for which, one by one, the operator switched the plugin off."""
    theirs = (PluginSwitch.plugin == plugin) & PluginSwitch.provider_id.is_null(False)
    return frozenset(row.provider_id for row in db.house_rows(PluginSwitch).where(theirs))


def switch(
    scope: Scope,
    provider_id: UUID,
    feature: str,
    *,
    is_on: bool,
    period: Period = ALWAYS,
    reason: str = "",
) -> None:
    """Switch a feature for a provider; acts at everybody's next click, or at the period's minutes.

    Raises Invalid for a feature that does not exist and for a period that ends before it begins.
    """
    if feature not in FEATURES:
        raise Invalid({"feature": "unknown"})
    if period.from_at and period.until_at and period.until_at <= period.from_at:
        raise Invalid({"until_at": "before_from"})
    system = Scope.system("subscriptions", provider_id)
    told = {"is_on": is_on, "from_at": period.from_at, "until_at": period.until_at}
    values = {**told, "changed_at": clock.now(), "changed_by": scope.account_id}
    with db.transaction():
        mine = Subscription.feature == feature
        if is_on and period.from_at is None:
            values["changed_at"] = _on_since(system, feature) or values["changed_at"]
        if system.update(Subscription, **values).where(mine).execute() == 0:
            system.add(Subscription, feature=feature, **values)
        _keep(scope, "subscription", feature, provider_id, reason, **told)


def _on_since(system: Scope, feature: str) -> datetime | None:
    """Since when it has been on without a break: another end does not begin it anew."""
    row = system.rows(Subscription).where(Subscription.feature == feature).first()
    return None if row is None else _standing(row, clock.now()).since_at


def switch_plugin(
    scope: Scope, plugin: str, provider_id: UUID | None, *, is_on: bool, reason: str = ""
) -> None:
    """Switch a plugin off or on again, for one provider or with None everywhere.

    On means that nothing of the operator's stands against it: what it needs still decides.
    """
    where = (
        PluginSwitch.provider_id.is_null() if provider_id is None else PluginSwitch.provider_id == provider_id
    )
    with db.transaction():
        db.house_delete(PluginSwitch).where(where, PluginSwitch.plugin == plugin).execute()
        if not is_on:
            now, who = clock.now(), scope.account_id
            db.house_add(PluginSwitch, provider_id=provider_id, plugin=plugin, changed_at=now, changed_by=who)
        _keep(scope, "plugin", plugin, provider_id, reason, is_on=is_on)


def _keep(
    scope: Scope, kind: ChangeKind, name: str, provider_id: UUID | None, reason: str, **told: Any
) -> None:
    now, who = clock.now(), scope.account_id
    values = {"kind": kind, "name": name, "provider_id": provider_id, "reason": reason or None}
    announce("provider", provider_id)
    db.house_add(SwitchChange, changed_at=now, changed_by=who, **values, **told)


def standings(providers: Iterable[UUID]) -> Mapping[UUID, Mapping[str, Standing]]:
    """How every feature stands for each of these providers; for pages that tell of it."""
    found = {provider_id: dict.fromkeys(FEATURES, OFF) for provider_id in providers}
    if found:
        now = clock.now()
        rows = db.house_rows(Subscription).where(Subscription.provider_id.in_(sorted(found)))
        for row in rows:
            found[row.provider_id][row.feature] = _standing(row, now)
    return found


def _standing(row: Any, now: datetime) -> Standing:
    period = Period(row.from_at, row.until_at)
    if not row.is_on:
        return OFF
    if row.until_at is not None and row.until_at <= now:
        return Standing("ended", period)
    if row.from_at is not None and row.from_at > now:
        return Standing("later", period)
    return Standing("on", period, row.from_at or row.changed_at)


def changes(scope: Scope, *conditions: peewee.Expression, limit: int = 100) -> list[SwitchChange]:
    """What was switched, newest first, as far as the scope may read it."""
    rows = scope.rows(SwitchChange).where(*conditions) if conditions else scope.rows(SwitchChange)
    return list(rows.order_by(SwitchChange.changed_at.desc(), SwitchChange.id.desc()).limit(limit))
