"""People who press Schedule at the same moment: connects them all first, then lets them go.

Reads a JSON list of requests from standard input and writes what each got.
"""

import http.client
import json
import sys
import threading
import time
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

WAIT_SECONDS = 90
PATH = "/appointments/schedule"


@dataclass(frozen=True)
class Press:
    """One press of Schedule, with the cookie of who presses."""

    port: int
    cookie: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What came back; moments are seconds of one clock for all."""

    status: int
    location: str
    body: str
    sent_at: float
    answered_at: float


def main() -> None:
    presses = [Press(**told) for told in json.load(sys.stdin)]
    answers: list[Answer | None] = [None] * len(presses)
    together = threading.Barrier(len(presses))

    def press(number: int) -> None:
        answers[number] = _pressed(presses[number], together)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(len(presses))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump([asdict(answer) if answer else None for answer in answers], sys.stdout)


def _pressed(press: Press, together: threading.Barrier) -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", press.port, timeout=WAIT_SECONDS)
    line.connect()
    together.wait(WAIT_SECONDS)
    sent_at = time.monotonic()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": press.cookie}
    line.request("POST", PATH, urlencode(press.fields), headers)
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return Answer(answer.status, answer.getheader("Location", ""), body, sent_at, time.monotonic())


if __name__ == "__main__":
    main()
