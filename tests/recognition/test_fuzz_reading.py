"""Files made to hurt, through the engine and the upload, by the command that tries many."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from recognition.engine.pipeline import Reader
from recognition.training.hostile import hostile_files


def test_two_hundred_hostile_files_all_end_with_a_reading_or_a_code() -> None:
    # In a process of its own: the memory it takes is one of the things that are looked at.
    command = [sys.executable, "manage.py", "fuzz_reading", "--count=200", "--seed=7"]

    ran = subprocess.run(
        command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )

    assert ran.returncode == 0, ran.stderr
    counts = re.findall(r"\| (\w+) \| (\d+) \|", ran.stdout)
    assert sum(int(count) for _, count in counts) == 200
    assert {"read", "unreadable_image", "image_too_large"} <= {name for name, _ in counts}


def test_a_seed_makes_the_same_files() -> None:
    first, second = ([file.data for file in hostile_files(8, 5)] for _ in range(2))

    assert first == second


def test_an_error_without_a_code_fails_and_the_file_is_kept(tmp_path: Path) -> None:
    broken = patch.object(Reader, "read", side_effect=ZeroDivisionError("oh"))

    with broken, pytest.raises(CommandError, match="ZeroDivisionError: oh"):
        call_command("fuzz_reading", count=5, seed=7, keep=tmp_path, stdout=StringIO())

    assert list(tmp_path.glob("*.bin"))


def test_too_much_memory_fails() -> None:
    with pytest.raises(CommandError, match="MiB"):
        call_command("fuzz_reading", count=1, seed=7, memory=1, stdout=StringIO())


def test_a_file_that_takes_too_long_fails() -> None:
    with pytest.raises(CommandError, match="took"):
        call_command("fuzz_reading", count=3, seed=7, seconds=1e-3, stdout=StringIO())
