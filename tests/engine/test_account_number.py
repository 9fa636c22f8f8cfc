"""Account numbers that do not keep to their box, read through the engine's front door."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import patch

import cv2
import numpy as np
import pytest

from recognition.engine.pipeline import Reader
from recognition.engine.print_reader import PrintReader
from recognition.engine.region import Region
from recognition.engine.types import FieldName, FieldReading, Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.items import random_item
from recognition.training.cheques.layouts import LAYOUTS

MODELS = Path(__file__).parents[2] / "models"
TODAY = date(2026, 3, 1)
STAMPED = LAYOUTS[0]
PIXELS_A_MM = 300 / 25.4


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(MODELS)


def read_account(reader: Reader, number: str, box: Region, seed: int = 4) -> FieldReading:
    rng = np.random.default_rng(seed)
    layout = replace(STAMPED, account_box=box)
    item = replace(random_item(Kind.CHEQUE, layout, rng, TODAY), account_number=number)
    cheque = draw_cheque(
        Kind.CHEQUE, rng, today=TODAY, layout=layout, item=item, pixels_a_mm=PIXELS_A_MM
    )
    data = cv2.imencode(".jpg", cheque.pixels)[1].tobytes()
    return reader.read(data, Kind.CHEQUE, today=TODAY).field(FieldName.ACCOUNT_NUMBER)


def test_a_number_within_its_box_is_accepted(reader):
    account = read_account(reader, "62874286915606", Region(10.0, 43.5, 90.0, 51.5))
    assert (account.value, account.accepted) == ("62874286915606", True)


@pytest.mark.parametrize("last", ["1", "6"])
def test_a_rule_through_the_last_figure_never_makes_a_shorter_number_sure(reader, last):
    number = "6287428691560" + last
    notes = set()
    for right in np.arange(66.0, 84.0, 1.2):
        account = read_account(reader, number, Region(10.0, 43.5, float(right), 51.5))
        assert account.value == number or not account.accepted
        notes.update(account.notes)
    assert notes & {"a_rule_runs_through_a_figure", "ink_past_its_ends"}


def test_a_number_at_the_end_of_its_place_is_not_cut_off(reader):
    number = "628742869156"
    for left in (60.0, 64.0):
        account = read_account(reader, number, Region(left, 43.5, left + 68.0, 51.5))
        assert account.value == number or not account.accepted


def test_where_one_look_leaves_doubt_two_more_are_asked_and_a_person_decides(reader):
    box, number = Region(10.0, 43.5, 90.0, 51.5), "62874286915606"
    looks = []

    def misread_at_first(self, grey):
        seen = read(self, grey)
        if "".join(c.value for c in seen if c.value.isdigit()) != number:
            return seen  # of another row
        looks.append(grey.shape[1])
        if len(looks) > 1:
            return seen
        at = next(i for i, c in enumerate(seen) if c.value == "8")
        return (*seen[:at], replace(seen[at], value="3", confidence=0.6), *seen[at + 1 :])

    read = PrintReader.read
    with patch.object(PrintReader, "read", misread_at_first):
        account = read_account(reader, number, box)

    assert len(set(looks)) == 3  # at three sizes
    assert (account.value, account.accepted) == (number, False)
    assert 0.5 < account.confidence < 0.7  # two of three
