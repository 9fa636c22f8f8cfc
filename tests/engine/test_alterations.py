"""Altered amounts are suspected more often than not, and unaltered ones hardly ever."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recognition.engine.alterations import check_alterations
from recognition.engine.amount_place import AmountCut, cut_amount
from recognition.engine.image import split_planes
from recognition.engine.layouts.library import CTS_2010, US_BUSINESS, built_in
from recognition.engine.sheet import sheet_by_edges
from recognition.engine.types import Kind, Verdict
from recognition.training.cheques.alterations import WAYS, cover, overwrite, strike
from recognition.training.cheques.draw import DrawnCheque, draw_cheque
from recognition.training.cheques.layouts import LAYOUTS, OTHER_LAYOUTS, AmountStyle

TODAY = date(2026, 3, 1)


def cut_of(cheque: DrawnCheque) -> AmountCut:
    planes = split_planes(cheque.pixels)
    return cut_amount(planes, sheet_by_edges(*planes.size), built_in(CTS_2010))


def reasons(alter, count: int) -> list[str]:
    """Return why the amounts of so many cheques were flagged."""
    found = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        cheque = draw_cheque(Kind.CHEQUE, rng, today=TODAY, layout=LAYOUTS[seed % len(LAYOUTS)])
        (check,) = check_alterations(cut_of(alter(cheque, rng)))
        if check.verdict is Verdict.FAILED:
            assert check.return_code == "17"
            found.append(check.reason)
    return found


def test_amounts_as_they_were_written_are_not_suspected():
    assert reasons(lambda cheque, _rng: cheque, 24) == []


@pytest.mark.parametrize(
    ("way", "said"), [(overwrite, "inks"), (cover, "patch"), (strike, "A line goes through")]
)
def test_each_way_to_alter_an_amount_is_told_by_its_cue(way, said):
    found = reasons(way, 12)
    assert len(found) >= 6
    assert sum(said in reason for reason in found) >= 5


def test_a_printed_sign_in_the_box_is_no_second_ink():
    form = next(one for one in OTHER_LAYOUTS if one.name == "prairie-business")
    form = replace(form, amount_style=AmountStyle.SIGN_INSIDE)
    standard = built_in(US_BUSINESS)
    for seed in range(12):
        cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(seed), today=TODAY, layout=form)
        planes = split_planes(cheque.pixels)
        sheet = sheet_by_edges(*planes.size, (standard.width_mm, standard.height_mm))
        (check,) = check_alterations(cut_amount(planes, sheet, standard))
        assert check.verdict is Verdict.PASSED


def test_an_empty_box_tells_nothing():
    cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(1), today=TODAY, layout=LAYOUTS[0])
    box = LAYOUTS[0].amount
    inside = (slice(round((box.top + 1) * 8), round((box.bottom - 1) * 8)),
              slice(round((box.left + 9.5) * 8), round((box.right - 1) * 8)))  # fmt: skip
    cheque.pixels[inside] = cheque.layout.tint
    assert check_alterations(cut_of(cheque)) == ()


def test_the_benchmark_has_a_row_for_each_way(capsys, tmp_path):
    call_command("benchmark_alterations", 1, part="tuning")
    printed = capsys.readouterr().out
    for way in ("unaltered", *WAYS):
        assert f"| drawn, {way} | 1 |" in printed
    with pytest.raises(CommandError, match=r"labels\.csv"):
        call_command("benchmark_alterations", 0, data=tmp_path)
