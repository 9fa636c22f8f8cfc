"""Three people decide on cheques at the desk, by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from recognition.engine.types import FieldName
from recognition.masking import masked
from tests.e2e.conftest import Visitor
from tests.e2e.images import as_file, cheque
from tests.e2e.running import Site, running_site

MAKER, CHECKER, THIRD = (f"{role}@demo.example" for role in ("official", "checker", "moderator"))
BOTH_KEY = 50_000  # rupees, from which on two people must agree where no policy says otherwise


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start a site of its own, at whose desk no other test has left anything."""
    with running_site(tmp_path_factory.mktemp("desk")) as site:
        yield site


def large_cheque():
    while True:
        drawn, image = cheque()
        if float(drawn.truth[FieldName.COURTESY_AMOUNT]) >= BOTH_KEY:
            return drawn.truth, image


def as_keyed(truth, name: str) -> str:
    value = truth.get(name) or ""
    return "/".join(reversed(value.split("-"))) if name == FieldName.DATE else value


def key_all(page: Page, truth, **changed: str) -> None:
    """Type every value over what stands there, going from field to field by keyboard."""
    names = [one.get_attribute("data-field") for one in page.locator("[data-field]").all()]
    focused = page.locator("[data-field]:focus").get_attribute("data-field")
    start = names.index(focused)
    for name in names[start:] + names[:start]:
        expect(page.locator(f"[data-field={name}]")).to_be_focused()
        if name in changed or truth.get(name) is not None:
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(changed.get(name) or as_keyed(truth, name))
        page.keyboard.press("Alt+ArrowDown")


def begin(page: Page) -> None:
    """Press Enter at the head of the queue, once the browser has put the focus there."""
    expect(page.get_by_role("button", name="Begin with the first")).to_be_focused()
    page.keyboard.press("Enter")


def opened(page: Page) -> str:
    """Wait until the item is there with its script, and return its file's name."""
    expect(page.get_by_role("button", name="Keys")).to_be_visible()
    expect(page.locator("[data-worst]")).to_be_focused()
    return page.locator("h1 .muted").inner_text()


# Notes whether the next item came with its image, fetched ahead.
WATCH = """() => {
    const look = () => {
        window.wasAhead ??= document.querySelector(".desk-image img").complete;
    };
    new MutationObserver(() => requestAnimationFrame(look))
        .observe(document.querySelector("[data-desk]"), { childList: true });
}"""


def accept(page: Page, name: str) -> None:
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name)).to_have_count(0)


def submit(maker: Visitor, name: str, image: bytes) -> None:
    maker.open("/submit/")
    maker.page.get_by_label("Images").set_input_files([as_file(name, image)])
    maker.page.get_by_role("button", name="Send").click()
    maker.page.get_by_role("link", name="See the reading").click()
    expect(maker.page.locator("#field-micr_line")).to_be_visible(timeout=60_000)


def test_a_maker_a_checker_and_a_third_person_settle_two_cheques(visitor):
    cheques = {f"{name}.png": large_cheque() for name in ("agreed", "disputed")}
    maker = visitor(MAKER)
    page = maker.page
    for name, (_truth, image) in cheques.items():
        submit(maker, name, image)
    for _ in range(30):  # the amount in words takes longest
        maker.open("/desk/")
        if page.locator(".desk-row").count() == len(cheques):
            break
        page.wait_for_timeout(1000)
    begin(page)
    addresses = {}
    for _ in cheques:
        name = opened(page)
        addresses[name] = page.url
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        key_all(page, cheques[name][0])
        if len(addresses) == 1:
            page.wait_for_load_state("networkidle")
            page.evaluate(WATCH)
        accept(page, name)
        if len(addresses) == 1:
            assert page.evaluate("window.wasAhead")
    expect(page.get_by_text("Nothing waits for you.")).to_be_visible()

    checker = visitor(CHECKER)
    page = checker.page
    checker.open("/desk/")
    begin(page)
    for _ in cheques:
        name = opened(page)
        truth = cheques[name][0]
        assert all(one.input_value() == "" for one in page.locator("[data-field]").all())
        assert truth[FieldName.ACCOUNT_NUMBER] not in page.content()
        changed = {"cheque_number": "999999"} if name == "disputed.png" else {}
        key_all(page, truth, **changed)
        accept(page, name)
    expect(page.get_by_text("Nothing waits for you.")).to_be_visible()

    third = visitor(THIRD)
    page = third.page
    third.open("/desk/")
    expect(page.locator(".desk-row")).to_contain_text("waiting for a third person")
    begin(page)
    key_all(page, cheques[opened(page)][0])
    accept(page, "disputed.png")
    expect(page.get_by_text("Nothing waits for you.")).to_be_visible()

    for name, (truth, _image) in cheques.items():
        item_id = addresses[name].rstrip("/").rpartition("/")[2]
        item = page.request.get(f"{third.site.address}/api/v1/desk/items/{item_id}").json()
        assert item["state"] == "approved"
        assert item["values"] == {
            field: masked(field, truth.get(field) or "") for field in item["values"]
        }
