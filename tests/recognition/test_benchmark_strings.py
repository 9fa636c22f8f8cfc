"""``manage.py benchmark_strings``: a table of every reader, in the document where wanted."""

import cv2
import numpy as np
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from recognition.engine.backends.litert import LiteRtSession
from recognition.engine.digits import DigitReader
from recognition.engine.weights import find_weights
from recognition.training.strings.nothing import KINDS, crops
from recognition.training.strings.peers import available


@pytest.fixture
def labelled(tmp_path):
    """A folder of printed numbers with their labels, as the real crops are laid out."""
    lines = ["file\tdigits"]
    for number in ("40917", "1200", "365", "88", "71520", "904"):
        page = np.full((60, 300), 235, np.uint8)
        cv2.putText(page, number, (40, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 4, cv2.LINE_AA)
        cv2.imwrite(str(tmp_path / f"{number}.png"), page)
        lines.append(f"{number}.png\t{number}")
    (tmp_path / "labels.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def test_it_prints_a_table_and_writes_its_section(labelled, tmp_path, capsys):
    document = tmp_path / "accuracy.md"
    call_command(
        "benchmark_strings", "--data", str(labelled), "--document", str(document), "--cross-fit"
    )
    printed = capsys.readouterr().out
    assert "n = 6" in printed
    text = document.read_text(encoding="utf-8")
    assert text.startswith("<!-- begin:strings -->")
    assert "| ours, strings/" in text


def test_figures_and_rows_for_each_part_and_peer(labelled, tmp_path, capsys):
    document = tmp_path / "accuracy.md"
    call_command(
        "benchmark_strings", "--data", str(labelled), "--document", str(document),
        "--ablate", "--figures",
    )  # fmt: skip
    printed = capsys.readouterr().out
    assert "without the second reader" in printed
    assert "ms for a line of 256 pixels" in printed
    for name in ("strings-risk.svg", "strings-reliability.svg"):
        assert f"({name})" in document.read_text(encoding="utf-8")
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("<?xml")


def test_digits_apart_are_read_by_their_components(labelled):
    digits = DigitReader(LiteRtSession(find_weights(settings.MODELS_DIR, "digits").path))
    (read,) = (peer for name, peer in available(digits).items() if "components" in name)
    text, confidence = read(cv2.imread(str(labelled / "365.png"), cv2.IMREAD_GRAYSCALE))
    assert text == "365"
    assert 0 < confidence <= 1


def test_crops_of_nothing_have_their_own_table(tmp_path):
    document = tmp_path / "accuracy.md"
    call_command(
        "benchmark_strings", "--data", str(tmp_path), "--nothing", "4", "--document",
        str(document), "--section", "nothing",
    )  # fmt: skip
    text = document.read_text(encoding="utf-8")
    for kind in (*KINDS, "all"):
        assert f"| {kind} |" in text


def test_crops_of_nothing_are_always_the_same():
    for kind in KINDS:
        for one, other in zip(crops(kind, 3), crops(kind, 3), strict=True):
            assert one.dtype == np.uint8
            assert np.array_equal(one, other)


def test_no_section_no_document(labelled, tmp_path):
    document = tmp_path / "accuracy.md"
    call_command(
        "benchmark_strings", "--data", str(labelled), "--section", "", "--document", str(document)
    )
    assert not document.exists()


def test_a_folder_without_labels_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"labels\.tsv"):
        call_command("benchmark_strings", "--data", str(tmp_path))


def test_a_missing_crop_is_refused(labelled):
    (labelled / "88.png").unlink()
    with pytest.raises(CommandError, match=r"88\.png"):
        call_command("benchmark_strings", "--data", str(labelled))
