"""Programs that some tests need from the system.

Without them a test says which one is missing and how to get it; in CI that is a failure.
"""

import os
import shutil
from pathlib import Path

PACKAGES = {"chromium": "chromium", "initdb": "postgresql", "node": "nodejs npm"}
IN_CI = bool(os.environ.get("CI"))


class MissingProgramError(Exception):
    """A program is not on this machine; the message says how to get it."""


def find_program(name: str) -> str:
    """Return the path of a program.

    Raises:
        MissingProgramError: it is not installed.
    """
    found = shutil.which(name)
    if found is None and name == "initdb":
        versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        found = str(versions[-1]) if versions else None
    if found is None:
        raise MissingProgramError(
            f"{name} is missing, so what needs it is not tested: apt-get install {PACKAGES[name]}"
        )
    return found
