"""How long, how much and how many: what one visitor may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts; a test may ask for smaller ones."""

    header_seconds: float = 10
    idle_seconds: float = 75
    body_seconds: float = 60
    write_seconds: float = 60
    # What the application allows is less; this only ends what would go on for ever.
    body_bytes: int = 16 * 1024 * 1024
    per_address: int = 256
    finish_seconds: float = 10
