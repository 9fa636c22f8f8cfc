"""From the file to the reading, and what its owner does with it."""

from playwright.sync_api import expect

from recognition.engine.types import CHEQUE_FIELDS, FieldName
from tests.e2e.images import as_file, cheque, digit_png

INDIVIDUAL, OFFICIAL = "individual@demo.example", "official@demo.example"


def test_a_chosen_image_is_sent_and_read(visitor):
    person = visitor(INDIVIDUAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Single digit").check()
    page.get_by_label("Images").set_input_files([as_file("seven.png", digit_png())])
    expect(page.locator("[data-preview] img")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").click()
    expect(page.get_by_role("heading", name="seven.png")).to_be_visible()
    expect(page.locator("#field-digit")).to_be_visible()
    expect(page.locator(".viewer .box")).to_have_count(1)


def test_a_cheque_is_read_field_by_field(visitor):
    drawn, image = cheque()
    person = visitor(OFFICIAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Images").set_input_files([as_file("cheque.png", image)])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").click()
    for name in CHEQUE_FIELDS:
        expect(page.locator(f"#field-{name}")).to_be_visible()
    number = page.locator(f"#field-{FieldName.CHEQUE_NUMBER} .reading-value")
    expect(number).to_have_text(drawn.truth[FieldName.CHEQUE_NUMBER])
    expect(page.get_by_role("heading", name="What was checked")).to_be_visible()


def test_a_box_and_its_field_belong_together(visitor):
    person = visitor(INDIVIDUAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Single digit").check()
    page.get_by_label("Images").set_input_files([as_file("seven.png", digit_png())])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").click()
    page.locator(".viewer .box").hover()
    expect(page.locator("#field-digit")).to_have_class("reading reading-sure is-linked")
    page.locator(".viewer .box").click()
    expect(page.locator("#field-digit")).to_be_focused()


def test_a_correction_is_kept_without_leaving_the_page(visitor):
    person = visitor(INDIVIDUAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Single digit").check()
    page.get_by_label("Images").set_input_files([as_file("seven.png", digit_png())])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").click()
    field = page.locator("#field-digit")
    field.locator("summary").click()
    field.get_by_label("Correct it").fill("x")
    field.get_by_role("button", name="Save").click()
    expect(field.get_by_role("alert")).to_contain_text("digits only")
    field.get_by_label("Correct it").fill("4")
    field.get_by_role("button", name="Save").click()
    expect(field).to_contain_text("corrected by a person")
    expect(field.locator(".reading-value")).to_have_text("4")


def test_what_is_deleted_is_gone_from_the_history(visitor):
    person = visitor(INDIVIDUAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Images").set_input_files([as_file("unwanted.png", digit_png())])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").wait_for()
    person.open("/history/?q=unwanted")
    delete = page.get_by_role("button", name="Delete the chosen ones")
    expect(delete).to_be_disabled()
    page.get_by_label("Choose unwanted.png").check()
    delete.click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("1 item was deleted.")).to_be_visible()
    person.open("/history/?q=unwanted")
    expect(page.get_by_text("Nothing matches this search.")).to_be_visible()


def test_an_account_number_is_shown_on_request_and_its_story_says_to_whom(visitor):
    drawn, image = cheque()
    person = visitor(OFFICIAL)
    person.open("/submit/")
    page = person.page
    page.get_by_label("Images").set_input_files([as_file("masked.png", image)])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").click()
    account = page.locator(f"#field-{FieldName.ACCOUNT_NUMBER}")
    number = drawn.truth[FieldName.ACCOUNT_NUMBER]
    expect(account.locator(".reading-value")).to_contain_text(number[-4:])
    expect(account).not_to_contain_text(number)
    account.get_by_role("button", name="Show the account number").click()
    expect(account.locator(".reading-value")).to_have_text(number)
    page.get_by_text("What happened to it").click()
    story = page.locator(".timeline li")
    expect(story.first).to_contain_text(OFFICIAL)
    expect(story.last).to_contain_text("ccount number")


def test_a_search_is_kept_and_removed(visitor):
    person = visitor(INDIVIDUAL)
    person.open("/history/?q=kept-search")
    page = person.page
    page.get_by_label("Keep this search as").fill("My sevens")
    page.get_by_role("button", name="Keep").click()
    kept = page.get_by_role("navigation", name="Kept searches")
    person.open("/history/")
    kept.get_by_role("link", name="My sevens").click()
    expect(page.get_by_label("Keep this search as")).to_be_visible()
    kept.get_by_role("button", name="Remove the search My sevens").click()
    expect(page.get_by_role("link", name="My sevens")).to_have_count(0)
