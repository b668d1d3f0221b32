"""The settings of plugins: one table for all, a value for each provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core import clock, db
from core.db import Json, Moment, Sealed, TenantModel, Words
from core.spec.errors import Invalid
from core.spec.scope import Scope
from core.spec.types import Setting


class PluginSetting(TenantModel):
    """A value that a provider set; a secret one is sealed, and `value` empty."""

    key = Words()
    value = Json()
    sealed = Sealed(null=True)
    changed_at = Moment()

    class Meta:
        table_name = "plugin_setting"


class _Declared:
    settings: Mapping[str, Setting] = {}


def declare(settings: Mapping[str, Setting]) -> None:
    """Take the settings that loaded plugins declared, keyed `plugin.key`."""
    _Declared.settings = dict(settings)


def declared() -> Mapping[str, Setting]:
    return _Declared.settings


def get(scope: Scope, key: str) -> Any:
    """The provider's value of `plugin.key`, or its declared default."""
    setting = _known(key)
    row = scope.rows(PluginSetting).where(PluginSetting.key == key).first()
    if row is None:
        return setting.default
    return row.sealed if setting.secret else row.value


def put(scope: Scope, key: str, value: Any) -> None:
    """Keep a value. Raises Invalid for a key or value that was not declared."""
    setting = _known(key)
    kinds = {"flag": bool, "text": str, "number": int, "choice": str}
    if not isinstance(value, kinds[setting.kind]):
        raise Invalid({key: "wrong_kind"})
    if setting.kind == "choice" and value not in dict(setting.choices):
        raise Invalid({key: "not_a_choice"})
    with db.transaction():
        values = {"value": value, "sealed": None, "changed_at": clock.now()}
        if setting.secret:
            values |= {"value": "", "sealed": value}
        row = scope.rows(PluginSetting).where(PluginSetting.key == key).first()
        if row is None:
            scope.add(PluginSetting, key=key, **values)
        else:
            scope.change(row, **values)


def _known(key: str) -> Setting:
    if key not in _Declared.settings:
        raise Invalid({key: "unknown"})
    return _Declared.settings[key]
