"""`make scan`: bandit reads our code, wapiti attacks a running demo; whatever isn't explained fails it.

The scanners live in an environment of their own under var/scan, from a lock with hashes.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tools.python_packages import SCAN_LOCK
from tools.stamps import Stamp, digest
from tools.telling import ROOT

FOLDER = ROOT / "var" / "scan"
VENV = FOLDER / "venv"
EXPLAINED = ROOT / "tools" / "scan_explained.toml"
CODE = ("core", "plugins", "vestibule", "rehearsal", "tools")
PORT = 8097
BASE = f"http://127.0.0.1:{PORT}"
PASSWORD = "open-the-door-2026"  # noqa: S105 -- of the demo's made-up people
PEOPLE = ("", "client@demo.test", "provider@demo.test", "operator@demo.test")
STARTS = {"client": "/inbox/", "provider": "/practice/", "operator": "/operator/", "": "/p/ortiz/"}
MODULES = "sql,xss,permanentxss,csp,http_headers,cookieflags,crlf,redirect,csrf,file,exec,ssrf,methods,backup"
READY_SECONDS = 180
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(frozen=True)
class Finding:
    """What a scanner said: its rule, and the file and line or the method and address."""

    tool: str
    rule: str
    where: str
    words: str


def main() -> int:
    """Scan, tell the counts, and return 1 if something is neither mended nor explained."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    _install()
    explained = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["explained"]
    found = list(_bandit())
    with _demo():
        for who in PEOPLE:
            found += _wapiti(who, seconds)
    left = [one for one in found if not any(_explains(each, one) for each in explained)]
    for (tool, rule), count in sorted(Counter((one.tool, one.rule) for one in found).items()):
        open_ones = sum((one.tool, one.rule) == (tool, rule) for one in left)
        print(f"{tool:<8} {rule:<50} {count:>4} found {open_ones:>4} not explained")
    for one in left:
        print(f"{one.tool}: {one.rule}: {one.where}: {one.words}")
    print(f"{len(found)} findings, {len(left)} of them not explained.")
    return 1 if left else 0


def _explains(told: dict[str, str], one: Finding) -> bool:
    return (
        told["tool"] == one.tool
        and told["rule"] == one.rule
        and re.match(told.get("where", ""), one.where) is not None
    )


def _install() -> None:
    """An environment that has exactly what the lock names."""
    stamp, facts = Stamp(FOLDER / "packages.json"), {"lock": digest([SCAN_LOCK]), "place": str(VENV)}
    if stamp.holds(**facts) and (VENV / "bin" / "wapiti").exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    pip: list[str | Path] = [VENV / "bin" / "python", "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check", "--no-deps", "--require-hashes", "--no-build-isolation", "-r"]
    # Two of wapiti's needs come as source alone, and are built by what the same lock names.
    builder = FOLDER / "builder.txt"
    builder.write_text(_lines_of("setuptools"), encoding="utf-8")
    subprocess.run([*pip, builder], check=True)
    subprocess.run([*pip, SCAN_LOCK], check=True)
    stamp.write(**facts)


def _lines_of(name: str) -> str:
    """One package of the lock, with its hashes."""
    found = re.search(
        rf"^{name}==.*?(?=^[a-z0-9]|\Z)", SCAN_LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found is not None, f"{name} isn't in {SCAN_LOCK.name}"
    return found[0]


def _bandit() -> Iterator[Finding]:
    command: list[str | Path] = [VENV / "bin" / "bandit", "--quiet", "--recursive", "--format", "json", *CODE]
    told = json.loads(subprocess.run(command, cwd=ROOT, check=False, capture_output=True).stdout)
    for one in told["results"]:
        yield Finding("bandit", one["test_id"], f"{one['filename']}:{one['line_number']}", one["issue_text"])
    print(f"bandit read {told['metrics']['_totals']['loc']} lines.")


@contextmanager
def _demo() -> Iterator[None]:
    """A demo of its own, made anew."""
    data = FOLDER / "demo"
    shutil.rmtree(data, ignore_errors=True)
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "vestibule",
        "demo",
        "--port",
        str(PORT),
        "--data",
        data,
    ]
    with (
        (FOLDER / "demo.log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_until_ready(process)
            yield
        finally:
            process.terminate()
    errors = [line for line in (FOLDER / "demo.log").read_text().splitlines() if "level=error" in line]
    print(f"The demo logged {len(errors)} errors under attack.", *errors[:20], sep="\n")


def _wait_until_ready(process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + READY_SECONDS
    while True:
        try:
            if _ask("GET", "/readyz")[0] == 200:
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > give_up_at:
            raise SystemExit(f"The demo did not start: look into {FOLDER / 'demo.log'}")
        time.sleep(0.5)


def _wapiti(who: str, seconds: int) -> list[Finding]:
    """What wapiti finds as somebody, from that person's first page on."""
    name = who.partition("@")[0]
    report, session = FOLDER / f"{name or 'visitor'}.json", FOLDER / "sessions" / (name or "visitor")
    shutil.rmtree(session, ignore_errors=True)
    command: list[str | Path] = [VENV / "bin" / "wapiti", "-u", f"{BASE}/", "-s", BASE + STARTS[name]]
    command += ["-m", MODULES, "--scope", "folder", "-f", "json", "-o", report, "--no-bugreport", "-v", "0"]
    command += ["--max-scan-time", str(seconds), "--max-attack-time", str(seconds // 4), "-t", "10"]
    command += ["--store-session", session, "--store-config", FOLDER / "sessions", "--flush-session"]
    command += ["-x", f"{BASE}/logout", "-x", f"{BASE}/static/*", "--tasks", "4"]
    # The demo's mail box is no part of the product; the login page leads to it.
    command += ["-x", "http://127.0.0.1:8025/*"]
    if who:
        command += ["-C", _cookie(who), "--drop-set-cookie"]
    subprocess.run(command, cwd=FOLDER, check=False, capture_output=True)
    told = json.loads(report.read_text(encoding="utf-8"))
    pages = told["infos"].get("crawled_pages_nbr", 0)
    print(f"wapiti as {who or 'a visitor'}: {pages} pages and forms.", flush=True)
    kinds = {**told["vulnerabilities"], **told["anomalies"]}
    return [
        Finding("wapiti", kind, f"{one['method']} {one['path']}", one["info"])
        for kind, ones in kinds.items()
        for one in ones
    ]


def _cookie(who: str) -> str:
    """A login's cookie, as a browser gets it."""
    _status, page, visitor = _ask("GET", "/login")
    token = TOKEN.search(page)
    assert token is not None, "The login page has no token."
    form = {"csrf_token": token[1], "email": who, "password": PASSWORD}
    status, _page, cookie = _ask("POST", "/login", form, visitor)
    if status != 303:
        raise SystemExit(f"{who} could not log in: {status}")
    return cookie


def _ask(
    method: str, path: str, form: dict[str, str] | None = None, cookie: str = ""
) -> tuple[int, str, str]:
    """Status, text, and the cookie that was set."""
    line = HTTPConnection("127.0.0.1", PORT, timeout=10)
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    line.request(method, path, urlencode(form) if form else None, headers)
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, text, (answer.getheader("Set-Cookie") or "").partition(";")[0]


if __name__ == "__main__":
    sys.exit(main())
