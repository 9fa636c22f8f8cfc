"""The whole product in its own processes, as ``make run`` starts it, and a browser's arguments."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
# As root there is no sandbox; the rest keeps Chromium from calling home.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Site:
    """A running site, its demo logins, its folder, and the cookies of those who came in."""

    address: str
    passwords: dict[str, str]
    folder: Path
    cookies: dict[str, Any] = field(default_factory=dict)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_site(folder: Path, **settings: str) -> Iterator[Site]:
    """Serve the product from a folder of its own until the block ends."""
    inherited = {k: v for k, v in os.environ.items() if k not in {"REDIS_URL", "DATABASE_URL"}}
    own = {
        "HDR_VAR_DIR": str(folder),
        "HDR_WORKERS": "1",
        "PORT": str(_free_port()),
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "hdr_site.serve"],
        cwd=ROOT,
        env=inherited | own | settings,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            said = []
            for line in process.stdout:
                said.append(line)
                if "Ctrl-C" in line:
                    break
            text = "".join(said)
            assert process.poll() is None, text
            logins = re.findall(r"^ +(\w+) +(\S+@\S+) +(\S+)$", text, re.MULTILINE)
            yield Site(
                address=re.search(r"http://\S+", text)[0].rstrip("/"),
                passwords={email: password for _role, email, password in logins},
                folder=folder,
            )
        finally:
            process.terminate()
            process.wait(60)
