"""Typed errors that services raise; views and mail turn them into words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.spec.types import Obstacle


class VestibuleError(Exception):
    """The root of every error that our services raise on purpose."""


class ScopeRequired(VestibuleError):
    """A model was reached without a scope: a mistake in code, never in use."""


class NotFound(VestibuleError):
    """Missing, foreign and switched off are one: the asker learns no more."""


class Refused(VestibuleError):
    """An act that the rules do not allow; `code` names the rule, `values` fill the sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class SlotTaken(Refused):
    """Somebody else holds the time; nothing was booked."""

    def __init__(self, **values: object) -> None:
        super().__init__("slot_taken", **values)


class Obstructed(Refused):
    """Gates stand before the act; each obstacle says why and where to go."""

    def __init__(self, obstacles: Sequence[Obstacle]) -> None:
        super().__init__("obstructed")
        self.obstacles = tuple(obstacles)


class Invalid(Refused):
    """Input that a service refuses; `fields` maps field name to an error code."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("invalid")
        self.fields = dict(fields)


class TooManyTries(Refused):
    """A limit on tries was met; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too_many_tries", retry_after=retry_after)
        self.retry_after = retry_after


class NotConnected(VestibuleError):
    """No plugin answers for the provider: nothing is kept elsewhere, and nothing was tried."""

    def __init__(self, connector: str) -> None:
        super().__init__(connector)
        self.connector = connector


class ConnectorFailed(VestibuleError):
    """The one that answers did not do what was asked; nothing else was tried in its place.

    `code` is `unreachable` or `late` (a write may have happened: repeat it with its key), `refused`,
    `unsupported`, `unknown_client`, `broken` (it failed in itself or is quarantined), or `two_answer`.
    """

    def __init__(self, code: str, plugin: str = "", *, retry_after: int = 0) -> None:
        super().__init__(f"{plugin}: {code}" if plugin else code)
        self.code = code
        self.plugin = plugin
        self.retry_after = retry_after

    @property
    def is_away(self) -> bool:
        """Whether it may answer later: what waits for it is never given up."""
        return self.code in ("unreachable", "late")


class RecordConflict(VestibuleError):
    """The record holds something else than the change was made on; `current` is what stands there now.

    `code` is `changed`, or `key_reused` for another content under a used key.
    """

    def __init__(self, code: str, current: object = None) -> None:
        super().__init__(code)
        self.code = code
        self.current = current


class Unreadable(VestibuleError):
    """Sealed bytes could not be opened; `code` is `tampered`, `unknown_key` or `malformed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PluginRefused(VestibuleError):
    """A plugin that breaks the contract; the sentence names the plugin and the mend."""

    def __init__(self, plugin: str, sentence: str) -> None:
        super().__init__(f"{plugin}: {sentence}")
        self.plugin = plugin
        self.sentence = sentence
