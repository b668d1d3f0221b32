"""The vault: what is sealed opens in its own place only; keys are made once and kept close."""

import base64
import json
import stat
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from core.spec.errors import Unreadable
from core.vault import Keyring, KeysRefused, Vault, keys_from, make_keys

PROVIDER, OTHER, ROW = uuid4(), uuid4(), uuid4()
PLACE = ("inbox_message", "body", PROVIDER, ROW)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(make_keys(tmp_path / "master.key"))


@pytest.mark.parametrize("text", ["", "Grüße, Zoë 🌱", "x" * 100_000])
def test_what_was_sealed_opens_in_its_place(vault: Vault, text: str) -> None:
    sealed = vault.seal(text, *PLACE)
    assert vault.open(sealed, *PLACE) == text
    assert len(sealed) == 1 + 4 + 12 + len(text.encode()) + 16
    assert vault.seal(text, *PLACE) != sealed


@pytest.mark.parametrize(
    "place",
    [
        ("inbox_draft", "body", PROVIDER, ROW),
        ("inbox_message", "subject", PROVIDER, ROW),
        ("inbox_message", "body", OTHER, ROW),
        ("inbox_message", "body", None, ROW),
        ("inbox_message", "body", PROVIDER, uuid4()),
    ],
)
def test_a_moved_value_stays_shut(vault: Vault, place: tuple[str, str, UUID | None, UUID]) -> None:
    sealed = vault.seal("private", *PLACE)
    with pytest.raises(Unreadable) as refused:
        vault.open(sealed, *place)
    assert refused.value.code == "tampered"


def test_every_changed_byte_is_noticed(vault: Vault) -> None:
    sealed = vault.seal("private", *PLACE)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Unreadable) as refused:
            vault.open(changed, *PLACE)
        assert refused.value.code == ("malformed" if at == 0 else "unknown_key" if at < 5 else "tampered")


@pytest.mark.parametrize("cut", [0, 1, 16, 32])
def test_a_cut_value_is_malformed(vault: Vault, cut: int) -> None:
    with pytest.raises(Unreadable) as refused:
        vault.open(vault.seal("", *PLACE)[:cut], *PLACE)
    assert refused.value.code == "malformed"


def test_old_keys_open_and_the_current_one_seals(vault: Vault) -> None:
    old = vault._keyring
    sealed = vault.seal("from before", *PLACE)
    both = Vault(Keyring(b"new!", {**old.keys, b"new!": bytes(range(32))}, old.blind))
    assert both.open(sealed, *PLACE) == "from before"
    assert both.seal("now", *PLACE)[1:5] == b"new!"
    assert both.blind("a@b.test", "email", None) == vault.blind("a@b.test", "email", None)
    with pytest.raises(Unreadable) as refused:
        vault.open(both.seal("now", *PLACE), *PLACE)
    assert refused.value.code == "unknown_key"


def test_a_blind_value_finds_its_equal_within_purpose_and_provider(vault: Vault) -> None:
    blind = vault.blind("a@b.test", "email", PROVIDER)
    assert len(blind) == 16
    assert vault.blind("a@b.test", "email", PROVIDER) == blind
    others = [
        vault.blind("a@b.test", "email", OTHER),
        vault.blind("a@b.test", "email", None),
        vault.blind("a@b.test", "phone", PROVIDER),
        vault.blind("b@b.test", "email", PROVIDER),
    ]
    assert len({blind, *others}) == 5


def test_two_installations_share_nothing(vault: Vault, tmp_path: Path) -> None:
    other = Vault(make_keys(tmp_path / "other.key"))
    assert other.blind("a@b.test", "email", None) != vault.blind("a@b.test", "email", None)
    with pytest.raises(Unreadable):
        other.open(vault.seal("private", *PLACE), *PLACE)


def test_keys_are_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    made = make_keys(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys_from(path) == made
    with pytest.raises(FileExistsError):
        make_keys(path)
    assert keys_from(path) == made


def test_keys_stay_out_of_repr(tmp_path: Path) -> None:
    ring = make_keys(tmp_path / "master.key")
    for key in json.loads((tmp_path / "master.key").read_text())["keys"].values():
        assert repr(base64.b64decode(key)) not in repr(ring)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_keys_open_to_others_are_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "master.key"
    make_keys(path)
    path.chmod(mode)
    with pytest.raises(KeysRefused, match="chmod 600"):
        keys_from(path)


def test_missing_keys_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysRefused, match="no key file"):
        keys_from(tmp_path / "master.key")


DAMAGE: list[Callable[[str], str]] = [
    lambda _text: "",
    lambda _text: "[]",
    lambda text: text[: len(text) // 2],
    lambda text: text.replace('"keys"', '"locks"'),
    lambda text: text.replace("=", ""),
    lambda text: json.dumps({**json.loads(text), "current": "00112233"}),
    lambda text: json.dumps({**json.loads(text), "blind": "c2hvcnQ="}),
]


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_keys_are_refused_without_telling_them(tmp_path: Path, damage: Callable[[str], str]) -> None:
    path = tmp_path / "master.key"
    make_keys(path)
    key = json.loads(path.read_text())["blind"]
    path.write_text(damage(path.read_text()))
    with pytest.raises(KeysRefused) as refused:
        keys_from(path)
    assert key not in str(refused.value)
    assert refused.value.__cause__ is None
