"""A real receiver on loopback: what came in, and what it answers."""

from __future__ import annotations

import json
from typing import Any


class Receiver:
    """What came in; `answers` are the next statuses, then 200."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/portal"
        self.host = f"127.0.0.1:{port}"
        self.answers: list[int] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    @property
    def told(self) -> list[Any]:
        return [json.loads(body) for body in self.bodies]
