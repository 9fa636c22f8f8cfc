"""``manage.py read_string``: one JSON object a file, and a bad file does not stop the others."""

import json

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def crop(tmp_path):
    """A printed number, as an image file."""
    page = np.full((60, 300), 235, np.uint8)
    cv2.putText(page, "40917", (40, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 4, cv2.LINE_AA)
    path = tmp_path / "crop.png"
    cv2.imwrite(str(path), page)
    return path


def _lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_crop_has_a_value_characters_and_alternatives(crop, capsys):
    call_command("read_string", "--as", "number", str(crop))
    (line,) = _lines(capsys.readouterr().out)
    assert line["value"] == "40917"
    assert [c["value"] for c in line["characters"]] == list("40917")
    assert all(0 <= c["box"]["x"] < 300 for c in line["characters"])
    assert set(line) >= {"file", "raw_text", "confidence", "accepted", "alternatives"}


def test_blank_paper_is_nothing_to_read(tmp_path, capsys):
    path = tmp_path / "blank.png"
    cv2.imwrite(str(path), np.full((50, 240), 230, np.uint8))
    call_command("read_string", "--as", "amount", str(path))
    (line,) = _lines(capsys.readouterr().out)
    assert line["value"] is None
    assert line["accepted"] is False


def test_a_bad_file_is_an_error_and_the_others_are_read(crop, tmp_path, capsys):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no image")
    with pytest.raises(SystemExit):
        call_command("read_string", str(bad), str(tmp_path / "missing.png"), str(crop))
    first, second, third = _lines(capsys.readouterr().out)
    assert first["error"]["code"] == second["error"]["code"] == "unreadable_image"
    assert third["value"] == "40917"


def test_without_the_network_it_says_so(crop, tmp_path):
    with pytest.raises(CommandError, match="strings"):
        call_command("read_string", "--models", str(tmp_path), str(crop))
