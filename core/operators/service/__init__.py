"""What operators see and switch: no client's row is among it."""

from core.operators.service.failures import keep as keep_failures
from core.operators.service.forgetting import forget
from core.operators.service.health import Health, health, try_again
from core.operators.service.history import (
    Change,
    changes_of_plugin,
    changes_of_provider,
)
from core.operators.service.known import known_plugins, note_absent, note_seen
from core.operators.service.people import add_operator
from core.operators.service.plugins import PluginFacts, facts, facts_of
from core.operators.service.providers import provider, providers
from core.operators.service.switching import switch, switch_plugin

__all__ = [
    "Change",
    "Health",
    "PluginFacts",
    "add_operator",
    "changes_of_plugin",
    "changes_of_provider",
    "facts",
    "facts_of",
    "forget",
    "health",
    "keep_failures",
    "known_plugins",
    "note_absent",
    "note_seen",
    "provider",
    "providers",
    "switch",
    "switch_plugin",
    "try_again",
]
