"""What moderators do in the admin: look before doing to many at once, and see what is stuck."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.images import as_file, digit_png
from tests.e2e.test_every_page import axe_source

INDIVIDUAL, MODERATOR = "individual@demo.example", "moderator@demo.example"
PAGES = [
    "/admin/",
    "/admin/recognition/submission/",
    "/admin/recognition/recognitionrun/?stuck=yes",
    "/admin/recognition/modelversion/",
    "/admin/webhooks/delivery/",
    "/admin/desk/policy/",
    "/admin/accounts/user/",
]
DJANGOS_OWN = {"link-in-text-block", "label-title-only"}  # breadcrumbs and the search of lists


def barriers(page: Page) -> list[str]:
    """Return what axe finds and what sticks out, but for what Django's own templates bring."""
    page.evaluate(axe_source())
    result = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    found = [
        f"{page.url}: {violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        if violation["id"] not in DJANGOS_OWN
        for node in violation["nodes"]
    ]
    excess = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*found, f"{page.url} is {excess} pixels too wide"] if excess > 0 else found


@pytest.mark.parametrize("width", [360, 1280])
def test_lists_hold_no_barrier(visitor, width):
    person = visitor(MODERATOR, viewport={"width": width, "height": 800})
    found = []
    for path in PAGES:
        person.open(path)
        found += barriers(person.page)
    assert not found, "\n".join(found)


def test_many_are_hidden_after_a_look_at_what_will_happen(visitor):
    owner = visitor(INDIVIDUAL)
    owner.open("/submit/")
    owner.page.get_by_label("Single digit").check()
    names = ["hidden-one.png", "hidden-two.png"]
    files = [as_file(name, digit_png()) for name in names]
    owner.page.get_by_label("Images").set_input_files(files)
    owner.page.get_by_role("button", name="Send").click()
    expect(owner.page.get_by_role("link", name="See the reading")).to_have_count(2)

    person = visitor(MODERATOR, viewport={"width": 360, "height": 740})
    person.open("/admin/recognition/submission/?q=hidden-")
    page = person.page
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("hide_with_reason")
    page.locator("button[name=index]").click()
    expect(page.locator("form.bulk li")).to_have_count(2)
    expect(page.locator("form.bulk")).to_contain_text("Only moderators see them")
    assert not barriers(page)
    page.locator("form.bulk textarea, form.bulk input[type=text]").fill("Somebody else's writing.")
    page.locator("form.bulk [name=confirmed]").click()
    expect(page.locator(".messagelist")).to_contain_text("2")

    owner.open("/history/")
    for name in names:
        expect(owner.page.get_by_text(name)).to_have_count(0)
