"""Several cheques on one page, seen on a phone and on a desk."""

import cv2
import numpy as np
from playwright.sync_api import expect

from recognition.engine.types import Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.photos import Paper, scan_page
from tests.e2e.images import TODAY, as_file

WIDTHS = (360, 1280)


def three_on_a_page() -> tuple[list[str], bytes]:
    """Return three cheque numbers, and the page they lie on as JPEG."""
    rng = np.random.default_rng(77)
    drawn = [draw_cheque(Kind.CHEQUE, rng, today=TODAY) for _ in range(3)]
    page, _corners = scan_page([Paper(one.pixels, one.layout.size) for one in drawn], rng)
    return [one.item.cheque_number for one in drawn], cv2.imencode(".jpg", page)[1].tobytes()


def test_each_cheque_of_a_page_has_its_own_and_leads_to_the_others(visitor) -> None:
    numbers, image = three_on_a_page()
    person = visitor("official@demo.example", viewport={"width": 360, "height": 740})
    person.open("/submit/")
    page = person.page
    page.get_by_label("Images").set_input_files([as_file("page.jpg", image)])
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See the reading").click()
    for part, number in enumerate(numbers, start=1):
        heading = page.get_by_role("heading", name=f"Cheque {part} of 3 on this page")
        expect(heading).to_be_visible()
        expect(page.locator("#field-cheque_number .reading-value")).to_have_text(number)
        expect(page.locator(".page-viewer .outline")).to_have_count(3)
        expect(page.locator(".page-viewer .outline.is-here")).to_have_count(1)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            excess = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert excess <= 0, width
        if part < len(numbers):
            link = page.locator(".part-links").get_by_role("link", name=f"Cheque {part + 1}")
            link.focus()
            page.keyboard.press("Enter")
    page.locator(".page-viewer").get_by_role("link", name="Cheque 1").click()
    expect(page.get_by_role("heading", name="Cheque 1 of 3 on this page")).to_be_visible()
    link = page.get_by_role("link", name="Open what was sent")
    sent = page.request.get(person.site.address + (link.get_attribute("href") or ""))
    assert (sent.status, sent.headers["content-type"]) == (200, "image/jpeg")
