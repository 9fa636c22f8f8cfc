"""``manage.py read_words``: words and figures of files, or words alone."""

import json
from datetime import date

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recognition.engine.types import FieldName, Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.layouts import LAYOUTS


def test_words_are_parsed_without_an_image(capsys):
    call_command("read_words", text=["Fourty Three lakh sixty thousands"])
    line = json.loads(capsys.readouterr().out)
    assert line["amounts"][0]["value"] == "4360000.00"


def test_a_cheque_shows_both_amounts_and_what_they_make(tmp_path, capsys):
    cheque = draw_cheque(
        Kind.CHEQUE, np.random.default_rng(1), layout=LAYOUTS[0], today=date(2026, 3, 1)
    )
    file = tmp_path / "cheque.png"
    cv2.imwrite(str(file), cheque.pixels)
    call_command("read_words", str(file))
    line = json.loads(capsys.readouterr().out)
    assert line["fields"]["legal_amount"]["value"] == cheque.truth[FieldName.LEGAL_AMOUNT]
    assert set(line["fields"]) == {"courtesy_amount", "legal_amount"}
    assert [check["rule"] for check in line["checks"]] == ["words_and_figures_agree"]


def test_a_file_that_is_no_image_is_said_to_be_none(tmp_path, capsys):
    file = tmp_path / "letter.txt"
    file.write_text("Dear bank")
    with pytest.raises(SystemExit):
        call_command("read_words", str(file))
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unreadable_image"


def test_nothing_to_read_is_a_mistake():
    with pytest.raises(CommandError):
        call_command("read_words")


def test_the_parser_is_measured(capsys):
    call_command("benchmark_words", lines=20)
    said = capsys.readouterr().out
    assert said.startswith("20 lines, 6% of the letters misread: median ")
