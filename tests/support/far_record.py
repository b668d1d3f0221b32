"""A practice's record far away, for a test: where the plugin lies, what it holds, and how it fails next."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from core import plugin_settings
from core.tenancy import Scope
from tests.support.far.keeping import Keeper
from tests.support.house import House

PLUGIN = Path(__file__).with_name("far")


class FarRecord:
    """The stand-in of one test. It keeps its own file, so that no kill of the portal's harms it.

    How it fails: `down` (nothing was done), `lost` (done, and the answer never came), `never` (no answer),
    `late_done` (done after the caller gave up), `refuses`, `forgets` (done, and an answer that says nothing).
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder / "plugins", folder / "far"
        self.data.mkdir(parents=True)
        shutil.copytree(PLUGIN, self.folder / "farrecord", ignore=shutil.ignore_patterns("__pycache__"))
        (self.folder / "farrecord" / "where.txt").write_text(str(self.data), encoding="utf-8")

    @property
    def environment(self) -> dict[str, str]:
        return {"VESTIBULE_PLUGIN_FOLDERS": str(self.folder)}

    def take_over(self, house: House, slug: str = "ortiz") -> None:
        """Let a provider's record be kept far away from now on."""
        scope = Scope.system("test", house.provider_id(slug))
        plugin_settings.put(scope, "myclientsplus.kept_here", value=False)

    def fail(self, how: str, *, call: str = "", times: int = 0) -> None:
        """Fail at each call, or at one such as `notes.file`; with `times` only so often."""
        self._write({"how": how, "call": call, "times": times})

    def fail_at_random(self, **chances: float) -> None:
        """Fail in these ways, each with its chance between 0 and 1."""
        self._write({"call": "", "chances": chances})

    def mend(self) -> None:
        (self.data / "faults.json").unlink(missing_ok=True)

    def held(self, house: House, kind: str, slug: str = "ortiz") -> list[Any]:
        """The bodies of what it holds of a kind, such as `person` or `note`."""
        keeper = Keeper(self.data / f"{house.provider_id(slug)}.sqlite3")
        return [body for _ref, _version, body in keeper.all(kind)]

    def held_by_client(self, house: House, kind: str, slug: str = "ortiz") -> list[tuple[str, Any]]:
        """The same, each with the id of its client; oldest first."""
        keeper = Keeper(self.data / f"{house.provider_id(slug)}.sqlite3")
        return keeper.by_client(kind)

    def kept(self, kind: str) -> list[Any]:
        """The bodies of a kind, where one provider alone has come to it."""
        (file,) = self.data.glob("*.sqlite3")
        return [body for _ref, _version, body in Keeper(file).all(kind)]

    def _write(self, told: dict[str, Any]) -> None:
        (self.data / "faults.json").write_text(json.dumps(told), encoding="utf-8")
