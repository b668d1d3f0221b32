"""Sets the checkout up; every Python can read this file, so that an old one is told what to do."""

import sys

OLDEST = (3, 11)
NEWEST = (3, 14)


def main():
    found = sys.version_info[:2]
    if found < OLDEST or found > NEWEST:
        sys.stderr.write(
            "Set-up stopped: this is Python %d.%d, but Vestibule needs 3.11 to 3.14. "
            "Install one and name it: make setup PYTHON=python3.11\n" % found
        )
        return 1
    from tools import installing

    return installing.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
