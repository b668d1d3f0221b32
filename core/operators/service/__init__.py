"""What operators see and switch: no client's row is among it."""

from core.operators.service.access import begin_access, end_access, open_accesses, own_access
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
    "begin_access",
    "changes_of_plugin",
    "changes_of_provider",
    "end_access",
    "facts",
    "facts_of",
    "forget",
    "health",
    "keep_failures",
    "known_plugins",
    "note_absent",
    "note_seen",
    "open_accesses",
    "own_access",
    "provider",
    "providers",
    "switch",
    "switch_plugin",
    "try_again",
]
