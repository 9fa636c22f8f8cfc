"""Drawn cheques carry their own truth, and the commands that make and measure them agree on it."""

import csv
import json
import shutil
from datetime import date

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command

from recognition.engine.micr.grammar import Country, is_valid_routing_number, parse_line
from recognition.engine.types import CHEQUE_FIELDS, FieldName, Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.handwriting import SKELETONS, write
from recognition.training.cheques.items import indian_groups
from recognition.training.cheques.layouts import ALL_LAYOUTS, LAYOUTS, Part, layouts_of
from recognition.training.cheques.photos import Paper, Shot, photograph, scan_page
from recognition.training.cheques.truth import load_labelled

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    call_command("make_cheques", 3, out=folder, seed=7, today=TODAY)
    return folder


@pytest.mark.parametrize("kind", [Kind.CHEQUE, Kind.DEMAND_DRAFT])
@pytest.mark.parametrize("layout", ALL_LAYOUTS, ids=lambda layout: layout.name)
def test_truth_and_places_belong_to_the_picture(kind, layout):
    cheque = draw_cheque(kind, np.random.default_rng(3), today=TODAY, layout=layout)
    height, width = cheque.pixels.shape[:2]
    fields = parse_line(cheque.truth[FieldName.MICR_LINE])
    assert fields.cheque_number == cheque.item.cheque_number
    if fields.country is Country.INDIA:
        assert (fields.transaction_code == "16") == (kind is Kind.DEMAND_DRAFT)
    else:
        assert is_valid_routing_number(fields.bank)
    assert set(cheque.boxes) == set(cheque.truth)
    for box in cheque.boxes.values():
        assert 0 <= box.x < box.x + box.width <= width
        assert 0 <= box.y < box.y + box.height <= height
        part = cheque.pixels[box.y : box.y + box.height, box.x : box.x + box.width]
        assert part.min() < 120  # there is ink in it


def test_layouts_for_measuring_are_apart_from_those_for_tuning():
    tuning, test = layouts_of(Part.TUNING), layouts_of(Part.TEST)
    assert set(tuning) | set(test) == set(ALL_LAYOUTS)
    assert set(LAYOUTS) <= set(tuning)
    assert {one.bank for one in tuning}.isdisjoint(one.bank for one in test)
    for part in (tuning, test):
        assert {one.country for one in part} == set(Country)


def test_one_part_can_be_made_and_its_cents_come_back(tmp_path):
    call_command("make_cheques", 4, out=tmp_path, layout="prairie-personal", today=TODAY)
    truths = [cheque.truth for cheque in load_labelled(tmp_path)]
    assert any(not one[FieldName.COURTESY_AMOUNT].endswith(".00") for one in truths)
    assert {parse_line(one[FieldName.MICR_LINE]).country for one in truths} == {
        Country.UNITED_STATES
    }
    call_command("make_cheques", 2, out=tmp_path, part="test", today=TODAY)
    assert len(load_labelled(tmp_path)) == 2


def test_the_same_seed_draws_the_same_cheque():
    one, other = (
        draw_cheque(Kind.CHEQUE, np.random.default_rng(11), today=TODAY) for _ in range(2)
    )
    assert np.array_equal(one.pixels, other.pixels)
    assert one.truth == other.truth


def test_every_character_is_written_where_its_box_says():
    ink, boxes = write("".join(SKELETONS), 40, 4, np.random.default_rng(1))
    assert len(boxes) == len(SKELETONS)
    for left, top, right, bottom in boxes:
        assert ink[max(top, 0) : bottom, max(left, 0) : right].max() == 255


@pytest.mark.parametrize(
    ("amount", "text"), [(5, "5"), (100000, "1,00,000"), (1100000000, "1,10,00,00,000")]
)
def test_amounts_are_grouped_as_in_india(amount, text):
    assert indian_groups(amount) == text


def test_made_cheques_come_back_with_their_labels(made):
    labelled = load_labelled(made)
    assert len(labelled) == 3
    for cheque in labelled:
        assert cv2.imread(str(cheque.file)) is not None
        assert set(cheque.truth) == {*CHEQUE_FIELDS, FieldName.LEGAL_AMOUNT}


def test_evaluate_prints_a_rate_for_every_field_and_writes_its_section(made, tmp_path, capsys):
    document = tmp_path / "accuracy.md"
    document.write_text("# Accuracy\n\n<!-- begin:drawn -->old<!-- end:drawn -->\n\nThe end.\n")
    call_command("evaluate", data=made, section="drawn", document=document, title="Drawn")
    printed = capsys.readouterr().out
    assert "| micr line | 3 | 3 | 100.0 (43.9 to 100.0) | 3 | 0 |" in printed
    content = document.read_text()
    assert "old" not in content
    assert "| cheque number | 3 |" in content
    assert content.endswith("The end.\n")
    assert load_labelled(made)[0].truth[FieldName.CHEQUE_NUMBER] not in content


@pytest.mark.parametrize(("form", "words"), [("pages", "A4 scans"), ("photos", "Photographs")])
def test_evaluate_lays_scans_on_pages_and_photographs_them(made, capsys, form, words):
    call_command("evaluate", data=made, section="", **{f"as_{form}": 1})

    printed = capsys.readouterr().out
    assert f"### {words} of these cheques" in printed
    assert f"(evaluate --as-{form} 1 --words" in printed
    assert "| cheque number | 3 | 3 | 100.0" in printed


def test_evaluate_reads_single_fields_from_their_crops(made, tmp_path, capsys):
    boxes = {}
    for cheque in load_labelled(made):
        height, width = cv2.imread(str(cheque.file)).shape[:2]
        # Where Indian forms have their amount and date, as shares of the sheet.
        edges = {"Amt": (0.69, 0.98, 0.34, 0.5), "DateIss": (0.74, 0.98, 0.06, 0.17)}
        boxes[cheque.file.name] = {
            name: dict(
                zip(
                    ("x1", "x2", "y1", "y2"),
                    np.multiply(box, (width, width, height, height)),
                    strict=True,
                )
            )
            for name, box in edges.items()
        }
        shutil.copy(cheque.file, tmp_path)
    shutil.copy(made / "labels.csv", tmp_path)
    (tmp_path / "boxes.json").write_text(json.dumps(boxes), encoding="utf-8")
    call_command("evaluate", data=tmp_path, crops=True, section="")
    table = capsys.readouterr().out
    assert "| amount | 3 |" in table
    assert "| date | 3 |" in table


def test_evaluate_of_crops_needs_their_boxes(made):
    with pytest.raises(CommandError, match=r"boxes\.json"):
        call_command("evaluate", data=made, crops=True, section="")


def test_evaluate_says_what_is_missing(tmp_path):
    with pytest.raises(CommandError, match=r"labels\.csv"):
        call_command("evaluate", data=tmp_path, section="")


def test_read_cheque_prints_one_object_a_line_and_fails_at_the_end(made, tmp_path, capsys):
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no image")
    good = load_labelled(made)[0]
    with pytest.raises(SystemExit) as ended:
        call_command("read_cheque", str(bad), str(tmp_path / "none.png"), str(good.file))
    assert ended.value.code == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["file"] for line in lines] == [
        str(bad),
        str(tmp_path / "none.png"),
        str(good.file),
    ]
    assert lines[0]["error"]["code"] == "unreadable_image"
    assert lines[1]["error"]["message"].startswith("The file cannot be opened")
    reading = lines[2]
    assert set(reading["fields"]) == {name.value for name in good.truth}
    assert reading["fields"]["micr_line"]["value"] == good.truth[FieldName.MICR_LINE]
    first = reading["fields"]["micr_line"]["characters"][0]
    assert set(first) == {"value", "confidence", "alternatives", "box"}
    assert {check["rule"] for check in reading["checks"]} >= {"image_clear", "micr_line_form"}


def test_a_photograph_shows_the_cheque_within_the_corners_it_names():
    cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(3), today=TODAY, pixels_a_mm=4.0)
    shot = Shot(
        tilt_degrees=30, turn_degrees=200, table="dark", size=(800, 600), light=0.9, finger=False
    )
    picture = photograph(Paper(cheque.pixels, cheque.layout.size), np.random.default_rng(4), shot)
    assert picture.pixels.shape == (600, 800, 3)
    assert ((picture.corners >= 0) & (picture.corners <= (800, 600))).all()
    assert picture.corners[0][0] > picture.corners[1][0]  # it lies upside down
    middle = picture.pixels[tuple(picture.corners.mean(axis=0).astype(int)[::-1])]
    assert int(middle.max()) > 90  # paper, where the table is dark


def test_made_photographs_are_labelled_with_corners(tmp_path):
    call_command("make_cheques", 1, out=tmp_path, photo=True, today=TODAY)
    (row,) = csv.DictReader((tmp_path / "labels.csv").read_text("utf-8").splitlines())
    assert len(row["corners"].split()) == 8
    (cheque,) = load_labelled(tmp_path)
    assert cv2.imread(str(cheque.file)).size > 3 * 5_000_000  # as telephones take them


def test_a_page_of_cheques_shows_each_within_its_corners():
    cheque = draw_cheque(Kind.CHEQUE, np.random.default_rng(3), today=TODAY, pixels_a_mm=4.0)
    paper = Paper(cheque.pixels, cheque.layout.size)
    page, every = scan_page([paper, paper], np.random.default_rng(2))
    assert len(every) == 2
    for corners in every:
        assert ((corners >= 0) & (corners <= (page.shape[1], page.shape[0]))).all()
        x, y = corners.mean(axis=0).astype(int)
        assert int(page[y, x].max()) > 150
