"""A moderator has two versions of a network read the same drawings."""

from playwright.sync_api import expect

from tests.e2e.images import as_file, digit_png

MODERATOR = "moderator@demo.example"


def test_two_versions_stand_beside_each_other(visitor):
    person = visitor(MODERATOR, viewport={"width": 360, "height": 740})
    page = person.page
    person.open("/submit/")
    page.get_by_label("Single digit").check()
    page.get_by_label("Images").set_input_files([as_file("seven.png", digit_png())])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").click()
    page.locator("#field-digit").wait_for()

    person.open("/models/")
    page.get_by_role("link", name="Compare two versions").click()
    page.get_by_role("button", name="Compare").click()

    expect(page.get_by_role("heading", name="How often they agree")).to_be_visible()
    row = page.locator("tbody tr").first
    expect(row.locator("img")).to_be_visible()
    for version in range(2):
        expect(row.locator("td .value").nth(version)).to_be_visible()
    expect(page.get_by_text("reads now")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
