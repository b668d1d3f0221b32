"""`python -m tests.pictures`: a demo in a folder that goes away, and a picture of each of its pages."""

import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from core import app, db
from core.settings import load
from core.vault import make_keys
from rehearsal import demo_data
from tests.pictures.taking import take, take_acts
from tests.pictures.viewers import VIEWERS
from tests.support.browser import open_browser
from tests.support.place import Place
from tests.support.run import CHECKOUT
from tests.support.server import open_servers

FOLDER = CHECKOUT / "var" / "pictures"
SEED = 2026
# Letters wait in the outbox: nobody listens at this port.
DEMO = {
    "VESTIBULE_MODE": "demo",
    "VESTIBULE_SMTP_HOST": "127.0.0.1",
    "VESTIBULE_SMTP_PORT": "9",
    "VESTIBULE_SMTP_SECURITY": "none",
    "VESTIBULE_MAIL_FROM": "portal@demo.test",
}


def main(names: list[str]) -> None:
    """Take the pictures of all viewers, or of those named."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        place = Place("sqlite", Path(name) / "data")
        _fill(place)
        with open_servers(place, DEMO, Path(name)) as servers, open_browser() as browser:
            servers[0].is_trouble_expected = True
            base = servers[0].base_url
            for viewer in VIEWERS:
                if not names or viewer.name in names:
                    print(f"{viewer.name}: {take(browser, base, viewer, FOLDER)} pictures", flush=True)
            if not names:
                print(f"after acts: {take_acts(browser, base, FOLDER)} pictures")
    print(f"All are in {FOLDER.relative_to(CHECKOUT)}.")


def _fill(place: Place) -> None:
    settings = load(place.environment(DEMO))
    make_keys(settings.master_key_file)
    app.open_house(settings)
    app.bring_up_to_date(settings)
    demo_data.fill(SEED)
    db.close()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except pytest.skip.Exception as missing:
        sys.exit(str(missing))
