"""A database with some rooms' tables in it and nothing running, for tests of the lower rooms."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from core import db
from core.migrate import Source, migrate
from core.settings import Settings, load
from core.vault import Vault, keys_from, make_keys
from tests.support.place import Place
from tests.support.run import CHECKOUT

MACHINERY: Source = ("core", CHECKOUT / "core" / "migrations")
TENANCY: Source = ("tenancy", CHECKOUT / "core" / "tenancy" / "migrations")
LOWER_ROOMS = (TENANCY, MACHINERY)


@contextmanager
def open_ground(place: Place, sources: Sequence[Source] = LOWER_ROOMS) -> Iterator[Settings]:
    """Keys made, models bound, the tables of `sources` there, one connection open for the block."""
    settings = load(place.environment())
    if not settings.master_key_file.exists():
        make_keys(settings.master_key_file)
    db.bind(settings, Vault(keys_from(settings.master_key_file)))
    try:
        migrate(sources, settings.data / "migrate.lock")
        with db.connection():
            yield settings
    finally:
        db.close()


def lay_ground(place: Place, sources: Sequence[Source] = LOWER_ROOMS) -> None:
    """Leave a place with the tables of `sources`, for others to copy."""
    with open_ground(place, sources):
        pass
