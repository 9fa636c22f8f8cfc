"""Submit through the page as people do: choose, drop, paste; see what became of each file."""

import pytest
from playwright.sync_api import expect

from tests.e2e.images import as_file, digit_png, document_pdf

OFFICIAL, INDIVIDUAL = "official@demo.example", "individual@demo.example"

PUT_ON_PAGE = """([type, files]) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of files) {
        transfer.items.add(new File([Uint8Array.from(bytes)], name));
    }
    const event = type === "paste"
        ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true })
        : new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(event);
}"""


def test_each_file_has_its_own_outcome(visitor, complaints):
    person = visitor(INDIVIDUAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Number").check()
    good = digit_png()
    page.get_by_label("Images").set_input_files(
        [
            as_file("good.png", good),
            as_file("page.png", b"<html>no image</html>"),
            as_file("nothing.png", b""),
            as_file("cut.png", good[: len(good) // 2]),
            as_file("two pages.pdf", document_pdf(2)),
        ]
    )
    rows = page.locator("[data-files] > li")
    expect(rows.nth(1)).to_contain_text("This is no image")
    expect(rows.nth(2)).to_contain_text("The file is empty")
    page.get_by_role("button", name="Send").click()
    expect(rows.nth(0)).to_contain_text("Taken")
    expect(rows.nth(3)).to_contain_text("damaged or incomplete")
    expect(rows.nth(4).get_by_role("link", name="See the reading")).to_have_count(2)
    expect(page.get_by_role("link", name="See all in the history")).to_be_visible()
    complaints.clear()  # the browser itself tells of the file that the API refused


def test_a_file_sent_twice_leads_to_the_first(visitor):
    person = visitor(INDIVIDUAL)
    page = person.page
    data = digit_png()
    for said in ("See the reading", "See the first one"):
        person.open("/submit/")
        page.get_by_label("Images").set_input_files([as_file("same.png", data)])
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("link", name=said)).to_be_visible()


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_files_can_be_dropped_and_pasted(visitor, way):
    person = visitor(INDIVIDUAL)
    person.open("/submit/")
    page = person.page
    page.evaluate(PUT_ON_PAGE, [way, [["a.png", list(digit_png())], ["b.gif", list(b"GIF89a")]]])
    rows = page.locator("[data-files] > li")
    expect(rows.nth(0)).to_contain_text("Ready to send")
    expect(rows.nth(1)).to_contain_text("This is no image")
    rows.nth(1).get_by_role("button", name="Remove").click()
    expect(rows).to_have_count(1)


def test_it_works_without_javascript(visitor):
    person = visitor(OFFICIAL, java_script_enabled=False)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Single digit").check()
    page.get_by_label("Images").set_input_files([as_file("plain.png", digit_png())])
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="plain.png")).to_be_visible()


def test_a_site_out_of_reach_is_told_and_the_file_can_be_sent_again(visitor, complaints):
    person = visitor(INDIVIDUAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Images").set_input_files([as_file("late.png", digit_png())])
    person.page.context.set_offline(True)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-files] > li")).to_contain_text("can't be reached")
    person.page.context.set_offline(False)
    complaints.clear()  # the browser itself tells of the connection that failed
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("link", name="See the reading")).to_be_visible()
