"""The pages that say how well the machine reads, in a browser: every size, axe, keyboard."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SIZES
from tests.e2e.running import ROOT, Site, running_site
from tests.e2e.test_every_page import AXE

CHECKER = "checker@demo.example"
PAGES = ("/desk/accuracy/", "/desk/accuracy/errors/")
FILL = """
import django
django.setup()
from accounts.models import User
from recognition.desk import access
from tests.desk.judged import judge_many
checker = User.objects.get(email="checker@demo.example")
judge_many(checker, 400, bank=access.bank_of(checker))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start a site of its own: the items that are written below have no images to show."""
    with running_site(tmp_path_factory.mktemp("accuracy"), READ_WORDS="never") as site:
        yield site


@pytest.fixture(scope="module", autouse=True)
def judged(site: Site) -> None:
    """Let people have keyed 400 items."""
    environment = os.environ | {
        "HDR_VAR_DIR": str(site.folder),
        "DJANGO_SETTINGS_MODULE": "hdr_site.settings",
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", FILL], cwd=ROOT, env=environment, check=True)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_plots_fit_and_their_words_can_be_read(visitor, size):
    person = visitor(CHECKER, viewport={"width": size[0], "height": size[1]})
    for path in PAGES:
        person.open(path)
        assert person.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    person.open(PAGES[0])
    plots = person.page.locator("svg.plot")
    expect(plots).to_have_count(2)
    for plot in plots.all():
        box = plot.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        smallest = plot.evaluate(
            "(plot) => Math.min(...[...plot.querySelectorAll('text')]"
            ".map((text) => text.getBoundingClientRect().height))"
        )
        assert smallest >= 9  # CSS pixels


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_barrier(visitor, scheme):
    if not AXE.is_file():
        pytest.skip("axe-core is missing: npm ci")
    person = visitor(CHECKER, color_scheme=scheme)
    for path in PAGES:
        person.open(path)
        person.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = person.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        assert result["violations"] == [], path


def test_days_are_chosen_and_kept_from_page_to_page(visitor):
    person = visitor(CHECKER)
    person.open("/desk/")
    person.page.get_by_role("link", name="How well it reads").click()
    person.page.get_by_label("Why they were keyed twice").select_option(
        label="drawn at random for two keys"
    )
    person.page.get_by_label("Judged from").fill("2020-01-01")
    person.page.get_by_role("button", name="Show").click()
    before = person.page.get_by_text("values that two people keyed").inner_text()
    person.page.get_by_role("link", name="Where it errs").click()
    expect(person.page.get_by_role("heading", name="Where it errs")).to_be_visible()
    expect(person.page.get_by_text("values that two people keyed")).to_have_text(before)
    expect(person.page.get_by_label("Judged from")).to_have_value("2020-01-01")
