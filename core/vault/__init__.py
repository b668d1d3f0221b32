"""Field encryption: sealing for one place, the keys behind it, their rotation, and sealed files."""

from core.vault.keys import (
    Keyring,
    KeysRefused,
    change_keys,
    keys_from,
    make_keys,
    with_current_only,
    with_new_key,
    with_next_current,
)
from core.vault.sealing import LOOK_SECONDS, Vault, bind, current

__all__ = [
    "LOOK_SECONDS",
    "Keyring",
    "KeysRefused",
    "Vault",
    "bind",
    "change_keys",
    "current",
    "keys_from",
    "make_keys",
    "with_current_only",
    "with_new_key",
    "with_next_current",
]
