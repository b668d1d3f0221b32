"""What comes with a request: its files are gone with it, whatever became of it."""

from __future__ import annotations

from typing import IO, Any

from flask import Request


class ClosesFiles(Request):
    """A request that closes every file that it began to read; goes before another class of requests.

    Flask closes those of a body that was read to its end; one that is refused midway, because it is
    too large or no form, would leave somebody's file on the disk until memory is tidied up.
    """

    def __init__(self, *told: Any, **options: Any) -> None:
        super().__init__(*told, **options)
        self._begun: list[IO[bytes]] = []

    def _get_file_stream(self, *told: Any, **options: Any) -> IO[bytes]:
        stream = super()._get_file_stream(*told, **options)
        self._begun.append(stream)
        return stream

    def close(self) -> None:
        super().close()
        for stream in self._begun:
            stream.close()
