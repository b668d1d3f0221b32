"""What the installation was told: read once at start from the environment or one TOML file."""

from core.settings.model import CHECKOUT, Settings, SettingsError
from core.settings.reading import load, make_secret_key
from core.settings.safety import is_loopback, unsafe

__all__ = [
    "CHECKOUT",
    "Settings",
    "SettingsError",
    "is_loopback",
    "load",
    "make_secret_key",
    "unsafe",
]
