"""A batch from hand to hand: taken in, read, reviewed, keyed blind, settled by a third, closed.

On a site of its own, which does not read amounts in words: they take longer than all the rest. What
is sure and small is approved without a person; what is doubtful, large or disputed is not.
"""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from time import monotonic, sleep

import cv2
import numpy as np
import pytest
from playwright.sync_api import APIRequestContext, Browser, Page, expect

from recognition.engine.types import FieldName, Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.items import indian_groups, random_item
from recognition.training.cheques.layouts import LAYOUTS
from tests.e2e.conftest import Visitor
from tests.e2e.images import TODAY, as_file
from tests.e2e.running import Site, running_site
from tests.e2e.test_desk import CHECKER, MAKER, THIRD, accept, as_keyed, key_all, opened

BOTH_KEY = 50_000  # rupees, from which on two people must agree
MISREAD = "50001.00"
READ_WITHIN = 180  # seconds; a busy machine needs a third of it
Truth = dict[FieldName, str]


@dataclass(frozen=True)
class Stack:
    """Cheques as a ZIP, and what stands on each, by file name."""

    archive: bytes
    truths: dict[str, Truth]

    @property
    def total(self) -> Decimal:
        return sum((_amount(truth) for truth in self.truths.values()), Decimal(0))

    @property
    def large(self) -> list[str]:
        return [name for name, truth in self.truths.items() if _amount(truth) >= BOTH_KEY]


def _amount(truth: Truth) -> Decimal:
    return Decimal(truth[FieldName.COURTESY_AMOUNT])


def stack(first: int, count: int, large: int) -> Stack:
    """Draw so many cheques, each from its own seed; the last of them are ``large``.

    All bear the first of the month, so that they are drawn alike for a month.
    """
    truths, stream = {}, io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for n in range(count):
            rng = np.random.default_rng(first + n)
            layout = LAYOUTS[rng.integers(len(LAYOUTS))]
            least, most = (100, BOTH_KEY) if n < count - large else (BOTH_KEY, 100 * BOTH_KEY)
            amount = int(rng.integers(least, most))
            ending = "/-"
            if n % 5:  # most people pay round sums
                amount, ending = max(amount // 1000, 1) * 1000, ""
            item = replace(
                random_item(Kind.CHEQUE, layout, rng, TODAY),
                amount=amount,
                amount_text=indian_groups(amount) + ending,
                issued=TODAY.replace(day=1),
            )
            drawn = draw_cheque(Kind.CHEQUE, rng, today=TODAY, layout=layout, item=item)
            name = f"cheque-{n + 1:02d}.jpg"
            archive.writestr(name, cv2.imencode(".jpg", drawn.pixels)[1].tobytes())
            truths[name] = drawn.truth
    return Stack(stream.getvalue(), truths)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("batches")
    with running_site(folder, READ_WORDS="never") as site:
        yield site


@pytest.fixture
def policy(visitor) -> None:
    """A moderator has set what the machine decides alone, and from where on two people key."""
    moderator = visitor(THIRD)
    page = moderator.page
    moderator.open("/admin/desk/policy/")
    if page.locator("#result_list tbody tr").count():
        return
    moderator.open("/admin/desk/policy/add/")
    page.locator("#id_two_keys_from").fill(str(BOTH_KEY))
    page.locator("#id_two_keys_share").fill("0")
    page.locator("#id_audit_share").fill("0")
    page.locator("#id_auto_accept").check()
    page.locator("[name=_save]").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


def tab_to(page: Page, target: str) -> None:
    """Reach an element as people without a mouse do."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.locator(f"{target}:focus").count():
            return
    raise AssertionError(f"Tab never reaches {target}.")


def review(page: Page, truth: Truth) -> None:
    """Look at each doubtful field, then at the others, and type over what is wrong."""
    doubtful = page.locator("[data-doubtful]")
    names = [one.get_attribute("data-field") for one in doubtful.all()]
    if names:
        worst = page.locator("[data-worst]").get_attribute("data-field")
        for _ in range(names.index(worst)):
            page.keyboard.press("Shift+Tab")
        for number, name in enumerate(names):
            if number:
                page.keyboard.press("Tab")
            expect(page.locator(f"[data-field={name}]")).to_be_focused()
            correct(page, name, truth)
    for _ in page.locator("[data-field]").all():
        page.keyboard.press("Alt+ArrowDown")
        correct(page, page.locator("[data-field]:focus").get_attribute("data-field"), truth)


def correct(page: Page, name: str, truth: Truth) -> None:
    right = as_keyed(truth, name)
    if page.locator(f"[data-field={name}]").input_value() != right:
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(right)


def hand_in(maker: Visitor, name: str, archive: Path, cheques: Stack) -> str:
    """Return the address of the batch, which has been read."""
    page = maker.page
    maker.open("/batches/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Files").set_input_files(archive)
    page.get_by_label("Control total").fill(str(cheques.total))
    page.get_by_label("Number of items").fill(str(len(cheques.truths)))
    page.get_by_role("button", name="Hand in").click()
    count = len(cheques.truths)
    expect(page.get_by_text(f"{count} of {count} done")).to_be_visible(timeout=READ_WITHIN * 1000)
    return page.url


def decide_all(page: Page, key: Callable[[str], None]) -> list[str]:
    """Take one item after the other from the queue that is shown; return the names of all."""
    expect(page.get_by_role("button", name="Begin with the first")).to_be_focused()
    page.keyboard.press("Enter")
    names = []
    while is_left(page):
        names.append(opened(page))
        key(names[-1])
        accept(page, names[-1])
    return sorted(names)


def is_left(page: Page) -> bool:
    """Tell whether another item came; else the queue is there, and empty."""
    expect(page.locator("[data-worst], .empty").first).to_be_visible()
    return bool(page.locator("[data-worst]").count())


def close(page: Page) -> None:
    tab_to(page, "#close")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Close the batch")).to_be_visible()
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The batch is closed.")).to_be_visible()


def test_fifty_cheques_are_read_reviewed_keyed_blind_and_closed(visitor, policy, tmp_path):
    fifty = stack(first=5_000, count=50, large=4)
    archive = tmp_path / "fifty.zip"
    archive.write_bytes(fifty.archive)
    maker, checker, third = visitor(MAKER), visitor(CHECKER), visitor(THIRD)
    batch = hand_in(maker, "Monday's clearing", archive, fifty)

    tab_to(maker.page, "#desk")
    maker.page.keyboard.press("Enter")
    reviewed = decide_all(maker.page, lambda name: review(maker.page, fifty.truths[name]))
    assert set(fifty.large) < set(reviewed)
    assert len(reviewed) == len(set(reviewed)) <= 30  # the rest was sure

    disputed = fifty.large[0]

    def key_blind(name: str) -> None:
        assert all(one.input_value() == "" for one in checker.page.locator("[data-field]").all())
        misread = {"courtesy_amount": MISREAD} if name == disputed else {}
        key_all(checker.page, fifty.truths[name], **misread)

    checker.open("/desk/")
    keyed = decide_all(checker.page, key_blind)
    assert [name for name in keyed if name in fifty.large] == fifty.large
    # What the machine took for a large amount, and was not sure of, needs two people as well.
    assert set(keyed) < set(reviewed)
    assert len(keyed) <= len(fifty.large) + 2

    third.open("/desk/")
    expect(third.page.locator(".desk-row")).to_contain_text("waiting for a third person")
    keyed = decide_all(third.page, lambda name: key_all(third.page, fifty.truths[name]))
    assert keyed == [disputed]

    page = maker.page
    page.goto(batch)
    expect(page.get_by_text("Not settled yet")).to_have_count(0)
    close(page)
    expect(page.locator(".totals")).to_contain_text("The sum is the control total.")
    expect(page.get_by_text("Take out")).to_have_count(0)


@pytest.fixture
def api_of(browser: Browser, visitor) -> Iterator[Callable[[str], APIRequestContext]]:
    """Return what sends requests with a token that this person made."""
    contexts = []

    def make(email: str) -> APIRequestContext:
        person = visitor(email)
        person.open("/account/reauthenticate/?next=/account/tokens/")
        person.page.get_by_label("Password", exact=True).fill(person.site.passwords[email])
        person.page.get_by_role("button", name="Confirm").click()
        person.page.get_by_label("Name").fill("counter")
        person.page.get_by_role("button", name="Make the token").click()
        token = person.page.get_by_label("The new token").input_value()
        contexts.append(
            browser.new_context(
                base_url=person.site.address,
                extra_http_headers={"Authorization": f"Bearer {token}"},
            )
        )
        return contexts[-1].request

    yield make
    for context in contexts:
        context.close()


def key_through(api: APIRequestContext, cheques: Stack, misread: str = "") -> dict[str, str]:
    """Key every item that waits for this person; return by file name where each then stands."""
    states = {}
    while (answer := api.post("/api/v1/desk/next", data={})).status == 200:
        held = answer.json()
        item, fields = held["item"], held["fields"]
        name = item["file_name"]
        assert not held["is_blind"] or {one["value"] for one in fields.values()} == {None}
        values = {field: cheques.truths[name][field] for field in fields}
        if name == misread:
            values["courtesy_amount"] = MISREAD
        given = api.post(
            f"/api/v1/desk/items/{item['id']}/key",
            data={"version": item["version"], "verdict": "accept", "values": values},
        )
        assert given.status == 201, given.text()
        states[name] = given.json()["state"]
    assert answer.status == 204
    return states


def test_the_same_through_the_api(api_of, policy):
    ten = stack(first=6_000, count=10, large=2)
    maker, checker, third = (api_of(email) for email in (MAKER, CHECKER, THIRD))
    answer = maker.post(
        "/api/v1/batches",
        multipart={
            "name": "From the counter",
            "kind": "cheque",
            "control_total": str(ten.total),
            "control_count": "10",
            "file": as_file("ten.zip", ten.archive),
        },
    )
    assert answer.status == 202, answer.text()
    batch = answer.json()["links"]["self"]
    deadline = monotonic() + READ_WITHIN
    while maker.get(batch).json()["state"] != "in_review" and monotonic() < deadline:
        sleep(0.5)
    unsettled = maker.get(batch).json()["totals"]["unsettled"]
    refused = maker.post(f"{batch}/close")
    assert (refused.status, refused.json()["error"]["code"]) == (409, "not_settled")

    reviewed = key_through(maker, ten)
    assert len(reviewed) == unsettled
    waiting = sorted(name for name, state in reviewed.items() if state == "second_key")
    assert waiting == ten.large
    assert set(reviewed.values()) <= {"second_key", "approved"}
    disputed, agreed = ten.large
    keyed = key_through(checker, ten, misread=disputed)
    assert keyed == {disputed: "third_key", agreed: "approved"}
    for had_a_part in (maker, checker):
        assert key_through(had_a_part, ten) == {}
    assert key_through(third, ten) == {disputed: "approved"}

    closed = maker.post(f"{batch}/close")
    assert closed.status == 200, closed.text()
    body = closed.json()
    assert (body["state"], body["closing_note"]) == ("closed", "")
    assert (body["totals"]["total"], body["totals"]["difference"]) == (f"{ten.total}", "0.00")
    assert (body["totals"]["unsettled"], body["totals"]["count_difference"]) == (0, 0)
