"""The API's schema and its documentation page."""

import re

import pytest
from django.contrib.staticfiles import finders
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

pytestmark = pytest.mark.django_db


def test_the_schema_is_valid_and_nothing_in_it_is_a_guess() -> None:
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    validate_schema(schema)
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache
    operations = {
        operation["operationId"] for path in schema["paths"].values() for operation in path.values()
    }
    assert operations >= {
        "submit", "list_submissions", "get_submission", "get_result", "rerun", "cancel",
        "delete_submission", "get_image", "get_snippet", "correct",
    }  # fmt: skip


def test_its_page_needs_nobody_elses_files_and_no_inline_code(client) -> None:
    page = client.get("/api/v1/docs")
    text = page.text
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*src=)", text)
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert address.startswith("/")
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/"))
        else:
            script = client.get(address.replace("&amp;", "&"))
            assert script.headers["Content-Type"].startswith("application/javascript")
    assert client.get("/api/v1/schema").status_code == 200
