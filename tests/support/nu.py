"""The Nu HTML checker as a local server of the run, asked about each page's source."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from tests.support.ports import held_port
from tests.support.run import CHECKOUT, Facts, Run, last_words

JAR = CHECKOUT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
START_SECONDS = 60
_direct = build_opener(ProxyHandler({}))


def nu_faults(run: Run, html: str) -> list[str]:
    """One sentence for each error and warning in a whole document."""
    port = run.once("nu", lambda: _start(run))["port"]
    asked = Request(
        f"http://127.0.0.1:{port}/?out=json",
        html.encode(),
        {"Content-Type": "text/html; charset=utf-8"},
    )
    with _direct.open(asked, timeout=30) as answer:
        messages: list[dict[str, Any]] = json.load(answer)["messages"]
    return [
        f"Nu: line {message.get('lastLine', '?')}: {message['message']} {message.get('extract', '')}"
        for message in messages
        if message["type"] == "error" or message.get("subType") == "warning"
    ]


def _start(run: Run) -> Facts:
    java = shutil.which("java")
    if java is None:
        pytest.skip("Java is not installed: apt-get install default-jre-headless")
    if not JAR.exists():
        pytest.skip("The Nu HTML checker is not installed: npm ci")
    with held_port() as port:
        # The simple compiler costs less than it saves here; its frames need a larger stack.
        command = [java, "-Xmx384m", "-Xss16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        command += ["-Dnu.validator.servlet.bind-address=127.0.0.1", "-cp", str(JAR)]
        command += ["nu.validator.servlet.Main", str(port)]
        log = run.folder / "nu.log"
        _wait_until_ready(run.keep(command, log), port, log)
    return {"port": port}


def _wait_until_ready(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            _direct.open(f"http://127.0.0.1:{port}/", timeout=5).close()
        except OSError as error:
            if time.monotonic() > give_up_at or server.poll() is not None:
                raise AssertionError(f"The Nu checker did not start: {last_words(log)}") from error
            time.sleep(0.1)
        else:
            return
