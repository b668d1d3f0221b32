"""People who press at the same moment, group by group: each group is connected first and then let go.

`python -m tests.storms.crowd N` reads a JSON list of groups of requests from standard input, lets N groups go
beside each other, and writes what each got.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from tests.support.run import CHECKOUT, plain_environment

WAIT_SECONDS = 90


@dataclass(frozen=True)
class Press:
    """One press of a button, with the cookie of who presses and the address that a proxy would tell of."""

    port: int
    cookie: str
    fields: dict[str, str]
    path: str = "/appointments/schedule"
    address: str = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What came back; moments are seconds of one clock for all."""

    status: int
    location: str
    body: str
    sent_at: float
    answered_at: float


def let_go(groups: Sequence[Sequence[Press]], *, at_once: int = 1) -> list[list[Answer]]:
    """Press in a process of its own, `at_once` groups beside each other; answers stand in the same order."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.storms.crowd", str(at_once)],
        cwd=CHECKOUT,
        env=plain_environment(),
        input=json.dumps([[asdict(press) for press in group] for group in groups]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert not any(None in group for group in told), done.stderr
    return [[Answer(**each) for each in group] for group in told]


def main(at_once: int) -> None:
    groups = [[Press(**told) for told in group] for group in json.load(sys.stdin)]
    with ThreadPoolExecutor(at_once) as pool:
        answers = list(pool.map(_together, groups))
    json.dump([[asdict(one) if one else None for one in group] for group in answers], sys.stdout)


def _together(presses: list[Press]) -> list[Answer | None]:
    answers: list[Answer | None] = [None] * len(presses)
    together = threading.Barrier(len(presses))

    def press(number: int) -> None:
        answers[number] = _pressed(presses[number], together)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _pressed(press: Press, together: threading.Barrier) -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", press.port, timeout=WAIT_SECONDS)
    line.connect()
    together.wait(WAIT_SECONDS)
    sent_at = time.monotonic()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": press.cookie,
        "X-Forwarded-For": press.address,
    }
    line.request("POST", press.path, urlencode(press.fields), headers)
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return Answer(answer.status, answer.getheader("Location", ""), body, sent_at, time.monotonic())


if __name__ == "__main__":
    main(int(sys.argv[1]))
