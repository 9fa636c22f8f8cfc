"""Read a stored image once more under the conditions of an earlier run, and compare bit for bit."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from recognition import readers
from recognition.engine import types
from recognition.engine.serialise import lie_from_dict
from recognition.models import RecognitionRun, RunState
from recognition.services import duplicates, parts, storing

_FIELDS = (
    "value", "raw_text", "amount", "date", "confidence", "is_accepted", "box", "characters",
    "alternatives", "notes",
)  # fmt: skip
_FACTS = ("engine_version", "layout", "models_used", "quality")
_VERDICT = ("verdict", "reason", "return_code")


class CannotReplay(Exception):  # noqa: N818 - it says what is the case
    """The run can't be read again; the message says why."""


def differences(run: RecognitionRun) -> Iterator[str]:
    """Yield where a new reading of the same bytes, by the same networks, differs from the stored.

    Raises:
        CannotReplay: it never succeeded, was not sealed, or its image is not what was read.
        EngineError: a network is gone or altered, or the image can't be read.
    """
    if run.state != RunState.SUCCEEDED or not run.image_sha256:
        raise CannotReplay("it did not succeed, or is older than the sealing of readings")
    circumstances = run.circumstances
    reader = readers.build_reader(
        {network["name"]: network["version"] for network in run.models_used},
        {"words": circumstances["words"], "words_from": circumstances["words_from"]},
    )
    reading = reader.read(
        _sealed_bytes(run),
        types.Kind(run.submission.kind),
        today=dt.date.fromisoformat(circumstances["today"]),
        terms=readers.terms_of(circumstances),
        at=lie_from_dict(circumstances["at"]) if "at" in circumstances else None,
    )
    facts = storing.facts(reading)
    yield from _compare("run", {one: getattr(run, one) for one in _FACTS}, facts)
    stored = {one.name: _parts(one, _FIELDS) for one in run.readings.all()}
    again = {str(field.name): _parts(storing.row(run, field), _FIELDS) for field in reading.fields}
    yield from _compare_all("field", stored, again)
    # What was submitted before, and what became of others on the page, is no part of the image.
    judged = run.verdicts.exclude(rule__in=(duplicates.RULE, parts.RULE))
    verdicts = {one.rule: _parts(one, _VERDICT) for one in judged}
    yield from _compare_all("rule", verdicts, {c.rule: _parts(c, _VERDICT) for c in reading.checks})


def _sealed_bytes(run: RecognitionRun) -> bytes:
    """Return the bytes that were read: the image, or what it was before it was turned."""
    for file in filter(None, (run.submission.image, run.submission.original)):
        try:
            with file.open("rb") as stored:
                data: bytes = stored.read()
        except FileNotFoundError:
            continue
        if hashlib.sha256(data).hexdigest() == run.image_sha256:
            return data
    raise CannotReplay("no stored image has the SHA-256 of what was read")


def _parts(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _compare_all(
    what: str, stored: dict[str, dict[str, Any]], again: dict[str, dict[str, Any]]
) -> Iterator[str]:
    for name in sorted(stored.keys() | again.keys()):
        if name not in stored or name not in again:
            yield f"{what} {name}: {'stored' if name in stored else 'read now'} only"
        else:
            yield from _compare(f"{what} {name}", stored[name], again[name])


def _compare(what: str, stored: dict[str, Any], again: dict[str, Any]) -> Iterator[str]:
    for part, value in stored.items():
        before, now = _plain(value), _plain(again[part])
        if before != now:
            yield f"{what}, {part}: {before} was stored, {now} is read"


def _plain(value: object) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
