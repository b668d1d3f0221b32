"""The operator's pages, a file each."""

from core.operators.views.access import access, end_access
from core.operators.views.audit import audit
from core.operators.views.health import health, try_again
from core.operators.views.plugins import forget, plugin, plugins, switch_plugin, switch_plugin_for
from core.operators.views.providers import provider, providers
from core.operators.views.subscriptions import subscription, subscriptions

__all__ = [
    "access",
    "audit",
    "end_access",
    "forget",
    "health",
    "plugin",
    "plugins",
    "provider",
    "providers",
    "subscription",
    "subscriptions",
    "switch_plugin",
    "switch_plugin_for",
    "try_again",
]
