"""Settings: where they come from, what is refused at once, what is unsafe in production."""

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from core.settings import Settings, SettingsError, load, make_secret_key, unsafe
from core.settings.model import CHECKOUT
from core.settings.secret_files import write_once


def faults(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load(environ)
    return refused.value.lines


@pytest.fixture
def safe(tmp_path: Path) -> Settings:
    """An installation in production with nothing to complain about."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    write_once(data / "master.key", "{}")
    told = {
        "DATA": str(data),
        "BASE_URL": "https://portal.example.org/",
        "TRUSTED_PROXIES": "1",
        "SMTP_HOST": "mail.example.org",
        "MAIL_FROM": "portal@example.org",
    }
    return make_secret_key(load({f"VESTIBULE_{name}": value for name, value in told.items()}))


def test_the_environment_is_read_into_types(tmp_path: Path) -> None:
    settings = load(
        {
            "VESTIBULE_DATA": str(tmp_path),
            "VESTIBULE_PORT": "8123",
            "VESTIBULE_REQUIRED_PLUGINS": "intake, billing,",
            "VESTIBULE_PLUGIN_FOLDERS": f"{tmp_path / 'one'},{tmp_path / 'two'}",
            "VESTIBULE_REQUIRE_ALL": "1",
            "HOME": "/nowhere",
        }
    )
    assert settings.port == 8123
    assert settings.required_plugins == ("intake", "billing")
    assert settings.plugin_folders == (tmp_path / "one", tmp_path / "two")
    assert settings.is_production
    assert settings.master_key_file == tmp_path / "master.key"
    assert settings.sqlite_file == tmp_path / "vestibule.sqlite3"


def test_a_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("hush\n")
    config = tmp_path / "vestibule.toml"
    config.write_text(
        'data = "var"\nport = 9000\nsmtp_host = "a.example"\n'
        'smtp_password_file = "password"\nrequired_plugins = ["intake"]\n'
    )
    settings = load({"VESTIBULE_CONFIG": str(config), "VESTIBULE_PORT": "9001"})
    assert settings.data == tmp_path / "var"
    assert (settings.port, settings.smtp_host, settings.smtp_password) == (9001, "a.example", "hush")
    assert settings.required_plugins == ("intake",)


def test_all_faults_are_told_at_once() -> None:
    lines = faults(
        {
            "VESTIBULE_DATAS": "x",
            "VESTIBULE_PORT": "eighty",
            "VESTIBULE_SMTP_PORT": "0",
            "VESTIBULE_MODE": "prod",
            "VESTIBULE_BASE_URL": "portal.example.org",
            "VESTIBULE_DATABASE_URL": "mysql://x",
            "VESTIBULE_SMTP_PASSWORD": "a",
            "VESTIBULE_SMTP_PASSWORD_FILE": "b",
            "VESTIBULE_SECRET_KEY_FILE": "/no/such/file",
            "VESTIBULE_SMTP_USER_FILE": "c",
        }
    )
    assert lines == [
        "VESTIBULE_DATAS is no setting; perhaps VESTIBULE_DATA is meant.",
        "VESTIBULE_PORT must be a whole number.",
        "VESTIBULE_SMTP_PORT must be from 1 to 65535.",
        "VESTIBULE_MODE must be one of production, demo, test.",
        "VESTIBULE_BASE_URL must be scheme and host like https://portal.example.org.",
        "VESTIBULE_DATABASE_URL must begin with postgresql:// (leave it out for SQLite).",
        "VESTIBULE_SMTP_PASSWORD_FILE is given together with VESTIBULE_SMTP_PASSWORD: keep one of them.",
        "VESTIBULE_SECRET_KEY_FILE can't be read: No such file or directory.",
        "VESTIBULE_SMTP_USER_FILE is no setting; perhaps VESTIBULE_SMTP_USER is meant.",
        "VESTIBULE_DATA is missing: name the folder for the database and the keys.",
    ]


def test_a_file_has_types_of_its_own(tmp_path: Path) -> None:
    config = tmp_path / "vestibule.toml"
    config.write_text("data = 3\nport = true\nrequired_plugins = 5\nsmtp_hots = 'x'\n")
    assert faults({"VESTIBULE_CONFIG": str(config)})[:4] == [
        "data must be text.",
        "port must be a whole number.",
        "required_plugins must be a list.",
        "smtp_hots is no setting; perhaps smtp_host is meant.",
    ]


@pytest.mark.parametrize("text", [None, "data = ", b"\xff"])
def test_a_file_that_cant_be_read_is_named(tmp_path: Path, text: str | bytes | None) -> None:
    config = tmp_path / "vestibule.toml"
    if text is not None:
        config.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert faults({"VESTIBULE_CONFIG": str(config)})[0].startswith(f"VESTIBULE_CONFIG: {config} can't be")


def test_secrets_stay_out_of_repr(tmp_path: Path) -> None:
    settings = load(
        {
            "VESTIBULE_DATA": str(tmp_path),
            "VESTIBULE_SECRET_KEY": "hush-1",
            "VESTIBULE_SMTP_PASSWORD": "hush-2",
            "VESTIBULE_DATABASE_URL": "postgresql://u:hush-3@localhost/x",
        }
    )
    assert "hush" not in repr(settings)


def test_the_demo_makes_its_own_secret_key_and_keeps_it(tmp_path: Path) -> None:
    environ = {"VESTIBULE_DATA": str(tmp_path / "new"), "VESTIBULE_MODE": "demo"}
    first = load(environ)
    assert len(first.secret_key) >= 32
    assert load(environ).secret_key == first.secret_key
    assert first.base_url == "http://127.0.0.1:8000"
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_production_makes_a_secret_key_only_when_told(tmp_path: Path) -> None:
    settings = load({"VESTIBULE_DATA": str(tmp_path)})
    assert settings.secret_key == ""
    assert not list(tmp_path.iterdir())
    made = make_secret_key(settings)
    assert load({"VESTIBULE_DATA": str(tmp_path)}).secret_key == made.secret_key != ""


def test_processes_that_start_at_once_share_one_secret_key(tmp_path: Path) -> None:
    environ = {"VESTIBULE_DATA": str(tmp_path), "VESTIBULE_MODE": "test"}
    with ThreadPoolExecutor(16) as pool:
        keys = {settings.secret_key for settings in pool.map(load, [environ] * 64)}
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_a_secret_file_is_never_replaced(tmp_path: Path) -> None:
    write_once(tmp_path / "key", "first")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "key", "second")
    assert (tmp_path / "key").read_text() == "first"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_careful_installation_is_safe(safe: Settings) -> None:
    assert unsafe(safe) == []
    assert safe.base_url == "https://portal.example.org"


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"base_url": ""}, "BASE_URL"),
        ({"base_url": "http://portal.example.org"}, "BASE_URL"),
        ({"trusted_proxies": 0}, "TRUSTED_PROXIES"),
        ({"mailbox_url": "http://127.0.0.1:8025"}, "MAILBOX_URL"),
        ({"smtp_host": ""}, "SMTP_HOST"),
        ({"smtp_security": "none"}, "SMTP_SECURITY"),
        ({"mail_from": ""}, "MAIL_FROM"),
        ({"secret_key": ""}, "SECRET_KEY"),
        ({"secret_key": "short"}, "SECRET_KEY"),
        ({"master_key_file": Path("/no/such/key")}, "MASTER_KEY_FILE"),
        ({"master_key_file": CHECKOUT / "static" / "master.key"}, "MASTER_KEY_FILE"),
        ({"database_url": "postgresql://u@db.example.org/x"}, "DATABASE_URL"),
        ({"database_url": "postgresql:///x?host=db.example.org"}, "DATABASE_URL"),
    ],
)
def test_what_is_unsafe_is_named(safe: Settings, change: dict[str, object], setting: str) -> None:
    lines = unsafe(replace(safe, **change))  # type: ignore[arg-type]
    assert lines
    assert all(line.startswith(f"VESTIBULE_{setting}") for line in lines)


@pytest.mark.parametrize(
    "change",
    [
        {"smtp_security": "none", "smtp_host": "127.0.0.1"},
        {"smtp_security": "none", "smtp_host": "localhost"},
        {"database_url": "postgresql://u@127.0.0.1:5432/x"},
        {"database_url": "postgresql:///x?host=/run/postgresql"},
        {"database_url": "postgresql://u@db.example.org/x?sslmode=verify-full"},
    ],
)
def test_what_stays_on_the_machine_or_is_encrypted_is_safe(safe: Settings, change: dict[str, object]) -> None:
    assert unsafe(replace(safe, **change)) == []  # type: ignore[arg-type]


def test_files_that_others_may_read_are_named_with_the_mend(safe: Settings) -> None:
    safe.master_key_file.chmod(0o640)
    (safe.data / "secret.key").chmod(0o604)
    safe.data.chmod(0o755)
    lines = unsafe(safe)
    assert [line.split(":")[0] for line in lines] == [
        "VESTIBULE_MASTER_KEY_FILE",
        "VESTIBULE_SECRET_KEY",
        "VESTIBULE_DATA",
    ]
    assert all("chmod" in line for line in lines)


def test_data_in_a_plugin_folder_is_unsafe(safe: Settings) -> None:
    lines = unsafe(replace(safe, plugin_folders=(safe.data.parent,)))
    assert [line.split()[0] for line in lines] == ["VESTIBULE_DATA", "VESTIBULE_MASTER_KEY_FILE"]
