"""Runs pytest on the whole suite or the part named, and tells the wall time of all of it."""

import subprocess
import sys
import time

from tools.telling import ROOT


def main() -> int:
    start = time.monotonic()
    code = subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], cwd=ROOT, check=False).returncode
    seconds = round(time.monotonic() - start)
    print(f"Wall time: {seconds // 60} min {seconds % 60} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
