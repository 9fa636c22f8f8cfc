"""Run tests on PostgreSQL: ``python -m tests.postgres [pytest arguments]``.

Starts a server of its own in a folder of its own and removes both; with ``DATABASE_URL`` given,
uses that one. PostgreSQL refuses to run as root, so root lends it the account of its package.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import IN_CI, MissingProgramError, find_program


def _as_owner() -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid}


@contextmanager
def postgres_server() -> Iterator[str]:
    """Yield the URL of a throw-away server."""
    programs = Path(find_program("initdb")).parent
    folder = Path(tempfile.mkdtemp(prefix="hdr-postgres-"))
    owner = _as_owner()
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    data = folder / "data"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    control = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log"]

    def run(*command: str | Path) -> None:
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **owner)

    try:
        run(programs / "initdb", "-D", data, "-U", "hdr", "-A", "trust", "-E", "UTF8", "--no-sync")
        run(*control, "-o", options, "start")
        try:
            yield f"postgres://hdr@127.0.0.1:{port}/postgres"
        finally:
            run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Run pytest with these arguments on PostgreSQL; return its exit status."""

    def run_tests(url: str) -> int:
        command = [sys.executable, "-m", "pytest", *arguments]
        environment = os.environ | {"DATABASE_URL": url}
        return subprocess.run(command, env=environment, check=False).returncode

    if url := os.environ.get("DATABASE_URL"):
        return run_tests(url)
    try:
        with postgres_server() as url:
            return run_tests(url)
    except MissingProgramError as error:
        print(error, file=sys.stderr)
        return 1 if IN_CI else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
