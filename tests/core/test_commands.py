"""The command line: what it says, what it refuses, and what it leaves undone."""

import logging
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import click
import pytest

from tests.support import nursery
from tests.support.mail import PostOffice
from tests.support.place import Place
from tests.support.ports import held_port
from tests.support.run import CHECKOUT, plain_environment
from tests.support.server import SERVE, Server, run_command
from vestibule.__main__ import stranger
from vestibule.commands import cli, logs

ADD_ORTIZ = (
    *("providers", "add", "--slug", "ortiz", "--name", "Dr Lena Ortiz", "--zone", "America/Chicago"),
    *("--owner-email", "lena@demo.test", "--owner-name", "Dr Lena Ortiz"),
)


def refusal(environment: dict[str, str], *words: str) -> str:
    """What a command says when it refuses; fails if it doesn't, or if it shows a traceback."""
    done = nursery.run(words, plain_environment(environment))
    said = done.stdout + done.stderr
    assert done.returncode != 0, said
    assert "Traceback" not in said, said
    return said


def production(post_office: PostOffice, port: int) -> dict[str, str]:
    return post_office.environment | {
        "VESTIBULE_MODE": "production",
        "VESTIBULE_BASE_URL": "https://portal.test",
        "VESTIBULE_TRUSTED_PROXIES": "1",
        "VESTIBULE_PORT": str(port),
    }


@pytest.fixture
def port() -> Iterator[int]:
    with held_port() as number:
        yield number


@contextmanager
def serving(place: Place, settings: dict[str, str], folder: Path, *words: str) -> Iterator[Server]:
    """A server that is stopped, whatever becomes of the test."""
    made = Server(int(settings["VESTIBULE_PORT"]), place.environment(settings), folder / "server.log")
    made.launch((*SERVE, *words))
    try:
        yield made
        made.check_output()
    finally:
        if made.is_running():
            made.kill()


def status(port: int, path: str, host: str) -> int:
    """As a proxy asks for somebody who typed `host`."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        headers = {"Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status


def all_commands(group: click.Group, name: str = "vestibule") -> Iterator[tuple[str, click.Command]]:
    for word, command in group.commands.items():
        yield f"{name} {word}", command
        if isinstance(command, click.Group):
            yield from all_commands(command, f"{name} {word}")


COMMANDS = dict(all_commands(cli))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_says_what_it_does_with_an_example(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    assert (command.epilog or "").startswith("Example: ")
    assert name in (command.epilog or "")


def test_strangers_of_the_same_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "__init__.py").touch()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "vestibule", "check"],
        env=plain_environment({"PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"`core` would be taken from {tmp_path / 'core'}" in done.stderr
    assert stranger("core", CHECKOUT) == ""
    assert "nowhere" in stranger("no_such_package", CHECKOUT)


def test_a_production_start_from_nothing(
    new_ground: Place, post_office: PostOffice, port: int, tmp_path: Path
) -> None:
    settings = production(post_office, port)
    place = new_ground.environment(settings)
    assert "vestibule migrate" in refusal(place, "serve")
    assert "Made the master key" in run_command(new_ground, "migrate", settings=settings)
    for key in ("master.key", "secret.key"):
        assert stat.S_IMODE((new_ground.data / key).stat().st_mode) == 0o600
    assert run_command(new_ground, "migrate", settings=settings) == "Nothing to do.\n"
    check_health(new_ground, settings)
    assert "https://portal.test/p/ortiz/" in run_command(new_ground, *ADD_ORTIZ, settings=settings)
    assert "another provider has this one" in refusal(place, *ADD_ORTIZ)

    with serving(new_ground, settings, tmp_path) as server:
        letter = post_office.wait_for("lena@demo.test", seconds=30)
        assert all(link.startswith("https://portal.test/") for link in letter.links), "A17"
        assert status(port, letter.link(), "portal.test") == 200
        assert status(port, "/login", "evil.test") == 400, "A17"
        assert run_command(new_ground, "providers", "list", settings=settings).startswith("ortiz\t")
        on = ("subscriptions", "on", "ortiz", "RS", "--reason", "They asked for it")
        run_command(new_ground, *on, settings=settings)
        assert run_command(new_ground, "subscriptions", "list", settings=settings).startswith(
            "ortiz\tCP RS\n"
        )
        check_backup(new_ground, settings, tmp_path / "backup")
        assert server.stop() == 0
        assert letter.link() not in server.output, "one-time links stand in no log"


def check_health(place: Place, settings: dict[str, str]) -> None:
    if not place.database_url:
        assert "problem" not in run_command(place, "check", settings=settings)
        return
    # The tests' PostgreSQL keeps nothing through a power cut, and the doctor sees it.
    said = refusal(place.environment(settings), "check").splitlines()
    problems = [line.split()[1] for line in said if line.startswith("problem")]
    assert problems == ["fsync", "full_page_writes", "synchronous_commit"]


def check_backup(place: Place, settings: dict[str, str], target: Path) -> None:
    """Restoring it is shown in test_backup.py."""
    environment = place.environment(settings)
    assert "vestibule keys backup" in refusal(environment, "backup", str(target))
    run_command(place, "keys", "backup", str(target.with_name("private.key")), settings=settings)
    said = run_command(place, "backup", str(target), settings=settings)
    assert str(place.data / "master.key") in said
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(target.parent.glob(".*.part")) == []
    assert "exists already" in refusal(environment, "backup", str(target))
    assert b"Lena Ortiz" not in target.read_bytes()


@pytest.mark.parametrize("database", ["sqlite"])
def test_A84_production_refuses_what_is_unsafe_and_says_which(
    new_ground: Place, post_office: PostOffice, port: int
) -> None:
    good = production(post_office, port)
    run_command(new_ground, "migrate", settings=good)
    bad = good | {"VESTIBULE_BASE_URL": "http://portal.test", "VESTIBULE_SMTP_HOST": ""}
    said = refusal(new_ground.environment(bad), "serve")
    assert "VESTIBULE_BASE_URL" in said
    assert "VESTIBULE_SMTP_HOST" in said
    said = refusal(new_ground.environment(bad), "check")
    assert "problem  VESTIBULE_BASE_URL" in said
    (new_ground.data / "master.key").chmod(0o644)
    assert "chmod 600" in refusal(new_ground.environment(good), "serve")
    assert "is no setting" in refusal(new_ground.environment({"VESTIBULE_DEBUGG": "1"}), "serve")


@pytest.mark.parametrize("database", ["sqlite"])
def test_A84_production_refuses_the_demo_s_accounts(place: Place, post_office: PostOffice, port: int) -> None:
    said = refusal(place.environment(production(post_office, port)), "serve")
    assert "operator@demo.test" in said


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_lost_key_is_not_replaced(new_ground: Place) -> None:
    run_command(new_ground, "migrate")
    (new_ground.data / "master.key").unlink()
    assert "Restore it" in refusal(new_ground.environment(), "migrate")
    assert not (new_ground.data / "master.key").exists()


@pytest.mark.parametrize("database", ["sqlite"])
def test_a_sqlite_file_has_one_server_even_after_a_crash(place: Place, port: int, tmp_path: Path) -> None:
    settings = {"VESTIBULE_PORT": str(port)}
    with serving(place, settings, tmp_path) as server:
        server.wait_until_ready()
        assert "Another server already serves" in refusal(place.environment(), "serve")
        assert "the server delivers" in refusal(place.environment(), "worker")
        server.kill()
    with serving(place, settings, tmp_path) as again:
        again.wait_until_ready()


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_taken_port_is_one_clear_line_and_a_worker_works_beside_servers(
    place: Place, post_office: PostOffice, port: int, tmp_path: Path
) -> None:
    settings = post_office.environment | {"VESTIBULE_PORT": str(port)}
    with serving(place, settings, tmp_path, "--without-worker") as server:
        server.wait_until_ready()
        said = refusal(place.environment(settings), "serve")
        assert f"Port {port} is taken" in said
        assert f"PORT={port + 1}" in said
        run_command(place, *ADD_ORTIZ[:2], "--slug", "ash", *ADD_ORTIZ[4:], settings=settings)
        worker = Server(port, place.environment(settings), tmp_path / "worker.log")
        worker.launch((*SERVE[:-1], "worker"))
        post_office.wait_for("lena@demo.test", seconds=30)
        assert worker.stop() == 0
        assert server.stop() == 0
        worker.check_output()


@pytest.mark.parametrize("database", ["sqlite"])
def test_mistakes_on_the_command_line_are_told_by_what_to_do(place: Place) -> None:
    told = place.environment()
    said = refusal(
        told, "providers", "add", "--slug", "A B", "--name", " ", "--zone", "Chicago", "--locale", "xx",
        "--owner-email", "lena", "--owner-name", "Lena",
    )  # fmt: skip
    for option in ("--slug", "--name", "--zone", "--locale", "--owner-email"):
        assert option in said
    assert "no provider 'nobody'" in refusal(told, "subscriptions", "on", "nobody", "RS", "--reason", "x")
    assert "no folder" in refusal(told, "backup", str(place.data / "nowhere" / "x"))


def test_the_demo_starts_ends_and_starts_again_with_its_data(tmp_path: Path, port: int) -> None:
    data = tmp_path / "demo"
    command = (*SERVE[:-1], "demo", "--port", str(port), "--data", str(data))
    for is_first in (True, False):
        demo = Server(port, {}, tmp_path / f"demo-{is_first}.log")
        demo.launch(command)
        demo.wait_until_ready()
        assert demo.status("/login") == 200
        assert ("Making the demo's people" in demo.output) == is_first
        for words in (f"http://127.0.0.1:{port}/login", "open-the-door-2026", "operator@demo.test"):
            assert words in demo.output
        os.kill(demo.pid, signal.SIGINT)
        assert demo.wait() == 0
        demo.check_output()
    (data / "mine.txt").touch()
    with closing(sqlite3.connect(data / "vestibule.sqlite3")) as database:
        before = database.execute("SELECT id FROM account").fetchall()
    demo.launch((*command, "--reset"))
    demo.wait_until_ready()
    demo.kill()
    with closing(sqlite3.connect(data / "vestibule.sqlite3")) as database:
        after = database.execute("SELECT id FROM account").fetchall()
    assert not set(before) & set(after)
    assert (data / "mine.txt").exists(), "a reset removes nothing that isn't the demo's"


def test_A76_a_log_line_is_one_line_without_words_of_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    try:
        logs.configure("info")
        logging.getLogger("vestibule.test").info("a\nlevel=error \x1b[31m")
        try:
            raise ValueError("secret words")
        except ValueError:
            logging.getLogger("vestibule.test").exception("failed")
    finally:
        root.handlers, root.level = handlers, level
    first, second = capsys.readouterr().err.splitlines()
    assert r'event="a\\nlevel=error \\x1b[31m"' in first
    assert "error=ValueError" in second
    assert "test_commands.py:" in second
    assert "secret" not in second
