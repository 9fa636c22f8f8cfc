"""What docs/api.md says of codes and addresses is so."""

import re
from pathlib import Path

from django.urls import get_resolver

from recognition.engine.errors import ErrorCode
from recognition.messages import FAILURES

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
CODE = re.compile(r'(?:RefusedUpload|ApiError|WrongState)\(\s*(?:status\.\w+,\s*)?"(\w+)"')


def test_every_code_is_listed() -> None:
    sources = [*ROOT.glob("recognition/services/*.py"), *ROOT.glob("recognition/api/*.py")]
    codes = {code for source in sources for code in CODE.findall(source.read_text("utf-8"))}
    assert len(codes) > 15
    codes |= set(FAILURES) | {code.value for code in ErrorCode}
    assert not [code for code in sorted(codes) if f"`{code}`" not in PAGE]


def test_every_address_is_listed() -> None:
    resolver = get_resolver("recognition.api.urls")
    named = {
        pattern.name: str(pattern.pattern) for pattern in resolver.url_patterns if pattern.name
    }
    for name, route in named.items():
        last = route.replace("<uuid:submission_id>", "{id}").rpartition("{id}/")[2]
        last = last.replace("<slug:name>", "{field}")
        assert last in PAGE, f"{name}: {last}"


def test_every_failure_of_the_engine_has_words() -> None:
    assert not {code.value for code in ErrorCode} - set(FAILURES)
