"""The whole product in its own processes, and a real browser in front of it.

``hdr_site.serve`` starts Redis, web server, worker and beat as ``make run`` does; tests come in by
the front door alone. A page fails its test when the browser's console holds an error, which is also
how a breach of the content security policy is told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.e2e.running import CHROMIUM_ARGUMENTS, Site, running_site
from tests.programs import IN_CI, MissingProgramError, find_program

PATIENCE_MS = 15_000  # machines that test are busy
SIZES = [(360, 740), (768, 630), (1280, 800), (2560, 1801)]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        chromium = find_program("chromium")
    except MissingProgramError as error:
        if IN_CI:
            raise
        pytest.skip(str(error))
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield launched
        launched.close()


@dataclass
class Visitor:
    """One person's browser window."""

    page: Page
    site: Site

    def open(self, path: str) -> None:
        self.page.goto(self.site.address + path)

    def log_in(self, email: str) -> None:
        self.open("/account/login/")
        self.page.locator("input[type=email]").fill(email)
        self.page.locator("input[type=password]").fill(self.site.passwords[email])
        self.page.locator("main form button[type=submit]").first.click()
        self.page.wait_for_url(f"{self.site.address}/")


@pytest.fixture
def complaints() -> list[str]:
    """What browsers complained of; whatever is left at the end fails the test."""
    return []


@pytest.fixture
def visitor(
    browser: Browser, site: Site, complaints: list[str]
) -> Iterator[Callable[..., Visitor]]:
    """Open windows for people."""
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def come_in(email: str | None = None, **options: Any) -> Visitor:
        known = site.cookies.get(email)
        context = browser.new_context(storage_state=known, **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        person = Visitor(page, site)
        if email and not known:
            person.log_in(email)
            site.cookies[email] = context.storage_state()
        return person

    yield come_in
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)
