"""Settings without which a plugin that the practice has on can't work."""

from __future__ import annotations

from core import hooks, plugin_settings, subscriptions
from core.hooks import Plugin
from core.tenancy import Scope


def plugins_to_set_up(scope: Scope) -> list[tuple[Plugin, bool]]:
    """Each plugin that is on and requires settings, and whether all of them are filled in."""
    return [
        (plugin, all(_is_filled(scope, f"{plugin.name}.{key}") for key in plugin.required_settings))
        for plugin in hooks.plugins()
        if plugin.required_settings
        and not plugin.refused
        and subscriptions.on(scope.provider_id, plugin.needs, plugin.name)
    ]


def _is_filled(scope: Scope, key: str) -> bool:
    """A flag or a number always is: its default is a value."""
    return plugin_settings.get(scope, key) not in ("", None)
