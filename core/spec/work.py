"""Work that a plugin puts off until after the commit, as its event carries it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done: `kind` begins with the plugin's name, `subject_id` is the row that it is about."""

    kind: str
    provider_id: UUID
    subject_id: UUID
