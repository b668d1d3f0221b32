"""Environments of their own with the wheel in them, as an author has: no network, none of our tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.support.run import Facts, Run, plain_environment
from tools.wheel import build

SITE = Path(sysconfig.get_path("purelib"))


@dataclass(frozen=True)
class Environment:
    """A virtual environment without pip; wheels are unpacked into it, which is what pip does too."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site(self) -> Path:
        """Where its packages lie."""
        return self.folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"

    def install(self, wheel: Path) -> None:
        with zipfile.ZipFile(wheel) as packed:
            packed.extractall(self.site)

    def remove(self, name: str) -> None:
        """Remove what was unpacked from a wheel, by its own list of files."""
        (told,) = self.site.glob(f"{name}-*.dist-info")
        files = [self.site / line.split(",")[0] for line in (told / "RECORD").read_text().splitlines()]
        for file in files:
            file.unlink(missing_ok=True)
        for folder in sorted({parent for file in files for parent in file.parents}, reverse=True):
            if self.site in folder.parents:
                _remove_if_left(folder)

    def digest(self, *packages: str) -> str:
        """One number for all files of these packages, to show that none of them changed."""
        made = sha256()
        for package in packages:
            for file in sorted((self.site / package).rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    made.update(f"{file.relative_to(self.site)}\n".encode() + file.read_bytes())
        return made.hexdigest()

    def run(
        self, *arguments: str, cwd: Path, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run its Python."""
        return subprocess.run(
            [str(self.python), *arguments],
            cwd=cwd,
            env=plain_environment(environment),
            capture_output=True,
            text=True,
            check=False,
        )


def _remove_if_left(folder: Path) -> None:
    left = list(folder.iterdir()) if folder.is_dir() else []
    if folder.is_dir() and not [path for path in left if path.name != "__pycache__"]:
        for path in (*folder.rglob("*.pyc"), *left):
            path.unlink() if path.is_file() else path.rmdir()
        folder.rmdir()


def new_environment(folder: Path) -> Environment:
    """An empty environment that finds what is installed here, and of ours only what is put into it."""
    venv.create(folder, with_pip=False, symlinks=True)
    made = Environment(folder)
    lend_packages(made.site, folder / "lent")
    return made


def lend_packages(site: Path, lent: Path) -> None:
    """Let an environment find the packages of this one, save our own.

    A plain path in a .pth file: Python reads no .pth files of a folder that it comes by that way, so
    that the line that leads to this checkout is not followed.
    """
    lent.mkdir()
    for path in SITE.iterdir():
        if path.suffix != ".pth" and not path.name.startswith(("vestibule", "__pycache__", "pip")):
            (lent / path.name).symlink_to(path)
    (site / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")


def portal_environment(run: Run, folder: Path) -> Environment:
    """An environment with the wheel of this checkout in it, compiled once in a run."""
    made = run.once("environment", lambda: _furnished(run))
    shutil.copytree(str(made["environment"]), folder, symlinks=True)
    return Environment(folder)


def _furnished(run: Run) -> Facts:
    environment = new_environment(run.folder / "environment")
    environment.install(wheel_of(run))
    environment.run("-m", "compileall", "-q", str(environment.site), cwd=run.folder)
    return {"environment": str(environment.folder)}


def wheel_of(run: Run) -> Path:
    """The wheel of this checkout, built once in a run."""
    return Path(str(run.once("wheel", lambda: _built(run))["wheel"]))


def _built(run: Run) -> Facts:
    return {"wheel": str(build(run.folder / "wheel"))}


def build_plugin(folder: Path, into: Path) -> Path:
    """The wheel of a plugin's own distribution."""
    into.mkdir(parents=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=folder, capture_output=True, check=True)
    (made,) = into.glob("*.whl")
    return made
