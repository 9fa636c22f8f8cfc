"""Notes of the engine are codes; pages say them in sentences."""

import re
from pathlib import Path

import recognition
from recognition.templatetags.notes import SENTENCES, in_words

HERE = Path(recognition.__file__).parent
MAKERS = [*(HERE / "engine").rglob("*.py"), HERE / "services" / "storing.py"]


def test_every_sentence_is_for_a_note_that_is_made():
    code = "\n".join(path.read_text(encoding="utf-8") for path in MAKERS)
    assert [note for note in SENTENCES if f'"{note}"' not in code] == []


def test_a_note_without_a_sentence_is_still_words():
    assert in_words("some_new_note") == "Some new note."
    assert not re.search(r"_", in_words("read_as_12_but_made_a_date"))
