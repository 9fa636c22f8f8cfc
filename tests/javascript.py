"""Check and test the JavaScript: ``python -m tests.javascript``."""

import subprocess
import sys
from pathlib import Path

from tests.programs import IN_CI, MissingProgramError, find_program

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Install the pinned tools where they are not, lint, test; return the exit status."""
    try:
        find_program("node")
    except MissingProgramError as error:
        print(error, file=sys.stderr)
        return 1 if IN_CI else 0
    steps = [["npm", "run", "lint"], ["npm", "test"]]
    if not (ROOT / "node_modules").is_dir():
        steps.insert(0, ["npm", "ci", "--no-audit", "--no-fund"])
    for step in steps:
        status = subprocess.run(step, cwd=ROOT, check=False).returncode
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
