import gzip
import hashlib

import numpy as np
import pytest

from recognition.training.datasets import (
    REGISTRY,
    DataFolders,
    DataMissingError,
    read_unipen,
)

UNIPEN = """.INCLUDE dene.doc
.SEGMENT DIGIT 0 ? "8"
.COMMENT 8 12  224
.PEN_DOWN
 10 30
 12 34
.PEN_UP
.DT 100
.PEN_DOWN
 5 5
.PEN_UP
.SEGMENT DIGIT 1 ? "3"
.COMMENT 3 7  1
.PEN_DOWN
 1 2
.PEN_UP
"""


def test_every_registered_file_says_where_it_comes_from_and_how_to_get_it():
    for file in REGISTRY.values():
        assert file.licence
        assert file.source
        assert file.how_to_get
        assert len(file.sha256) == 64


def test_a_missing_file_is_described_with_the_way_to_get_it(tmp_path):
    folders = DataFolders([tmp_path])
    assert {file.name for file in folders.missing()} == set(REGISTRY)
    with pytest.raises(DataMissingError, match="Semeion"):
        folders.path("semeion.npz")


def test_a_file_of_other_content_counts_as_missing(tmp_path):
    (tmp_path / "mnist.pkl.gz").write_bytes(b"cos\nsystem\n")
    with pytest.raises(DataMissingError, match=r"mnist\.pkl\.gz"):
        DataFolders([tmp_path]).path("mnist.pkl.gz")


def test_a_file_without_a_source_is_not_fetched(tmp_path):
    with pytest.raises(DataMissingError, match="DIDA"):
        DataFolders([], tmp_path).fetch(REGISTRY["dida10k.zip"])


def test_pen_strokes_are_parsed_with_y_pointing_down(tmp_path):
    path = tmp_path / "pen.txt.gz"
    path.write_bytes(gzip.compress(UNIPEN.encode()))
    eight, three = read_unipen(path, writer_offset=100)
    assert (eight.label, eight.writer, three.label, three.writer) == (8, 112, 3, 107)
    assert [stroke.tolist() for stroke in eight.strokes] == [[[10, -30], [12, -34]], [[5, -5]]]


def test_a_set_is_found_in_the_digits_part_of_the_data_folder(tmp_path, monkeypatch):
    (tmp_path / "digits").mkdir()
    path = tmp_path / "digits" / "semeion.npz"
    np.savez(path, x=np.zeros((1, 16, 16), np.uint8), y=np.zeros(1, np.uint8))
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    file = REGISTRY["semeion.npz"]
    monkeypatch.setitem(
        REGISTRY,
        "semeion.npz",
        type(file)(file.name, file.title, file.source, file.licence, sha, file.how_to_get),
    )
    assert DataFolders([tmp_path]).path("semeion.npz") == path
