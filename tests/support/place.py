"""Where one installation lives: its data folder and its database, copied from a template of the run."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgres import postgres_of
from tests.support.run import Facts, Run
from vestibule.testing.place import Place

__all__ = ["KINDS", "Place", "copied_place", "new_place"]

KINDS = ("sqlite", "postgresql")


@contextmanager
def new_place(run: Run, kind: str, data: Path) -> Iterator[Place]:
    """An empty place: nothing is migrated yet, no key is made."""
    data.mkdir(mode=0o700, parents=True)
    if kind == "sqlite":
        yield Place(kind, data)
        return
    with postgres_of(run).copy_of("template1") as url:
        yield Place(kind, data, url)


@contextmanager
def copied_place(
    run: Run, kind: str, world: str, fill: Callable[[Place], None], data: Path
) -> Iterator[Place]:
    """A copy of the world of this name; `fill` makes it at the first call of the run."""
    name = f"{world}_{kind}"
    made = run.once(name, lambda: _make(run, kind, name, fill))
    shutil.copytree(str(made["data"]), data)
    if kind == "sqlite":
        yield Place(kind, data)
        return
    with postgres_of(run).copy_of(name) as url:
        yield Place(kind, data, url)


def _make(run: Run, kind: str, name: str, fill: Callable[[Place], None]) -> Facts:
    data = run.folder / name
    data.mkdir(mode=0o700)
    url = postgres_of(run).create(name) if kind == "postgresql" else ""
    fill(Place(kind, data, url))
    left = [path.name for path in data.glob("*-wal")]
    if left:
        raise AssertionError(f"The database is still open after {name} was made: {left}")
    return {"data": str(data)}
