"""`make run` on embedded defaults: it serves, it stops, and it says why when it can't."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from hdr_site import serve

ROOT = Path(__file__).parent.parent.parent


def _start(var: Path, **environment: str) -> subprocess.Popen[str]:
    inherited = {k: v for k, v in os.environ.items() if k not in {"REDIS_URL", "DATABASE_URL"}}
    return subprocess.Popen(
        [sys.executable, "-m", "hdr_site.serve"],
        cwd=ROOT,
        env=inherited | {"HDR_VAR_DIR": str(var), "HDR_WORKERS": "1"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _parent_of(pid: str) -> int | None:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except FileNotFoundError:
        return None


def _descendants_of(pid: int) -> set[int]:
    processes = [entry.name for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    parents = {int(process): _parent_of(process) for process in processes}
    found, frontier = set(), {pid}
    while frontier:
        frontier = {child for child, parent in parents.items() if parent in frontier}
        found |= frontier
    return found


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def port() -> int:
    return _free_port()


@pytest.fixture
def site(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = _start(tmp_path / "var", PORT=str(port))
    yield process
    process.kill()
    process.communicate()


def _words_until_ready(process: subprocess.Popen[str]) -> str:
    words = ""
    assert process.stdout is not None
    for line in process.stdout:
        words += line
        if "Ctrl-C stops it" in line:
            return words
    assert process.stderr is not None
    pytest.fail(f"It did not start:\n{words}\n{process.stderr.read()}")


def test_it_serves_and_prints_the_address_and_logins_and_stops_all_of_itself(site, port) -> None:
    words = _words_until_ready(site)
    assert f"http://localhost:{port}/" in words
    for role in ("individual", "official", "checker", "moderator"):
        assert re.search(rf"{role}\s+{role}@demo\.example\s+\S+", words)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as page:
        assert page.status == 200
    children = _descendants_of(site.pid)
    assert len(children) >= 4

    site.send_signal(signal.SIGINT)
    site.wait(30)

    assert site.returncode == 0
    deadline = time.monotonic() + 5
    while any(map(_is_running, children)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not [pid for pid in children if _is_running(pid)]


def test_a_port_in_use_is_one_sentence(tmp_path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        process = _start(tmp_path / "var", PORT=str(taken))
        _, words = process.communicate(timeout=60)
    assert process.returncode == 1
    assert len(words.strip().splitlines()) == 1
    assert f"Port {taken}" in words


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, port) -> None:
    (tmp_path / "file").write_text("not a folder")
    process = _start(tmp_path / "file" / "var", PORT=str(port))
    _, words = process.communicate(timeout=60)
    assert process.returncode == 1
    assert len(words.strip().splitlines()) == 1
    assert "can't be written" in words


def test_a_full_disk_is_one_sentence(tmp_path, port, monkeypatch, capsys) -> None:
    monkeypatch.setenv("HDR_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setattr(serve, "MIN_FREE_BYTES", 2**80)
    assert serve.main() == 1
    words = capsys.readouterr().err
    assert len(words.strip().splitlines()) == 1
    assert "free" in words
