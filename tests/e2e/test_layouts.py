"""A moderator draws a layout on a sample; real workers test it; it goes live."""

import datetime as dt

import cv2
import numpy as np
from playwright.sync_api import Page, expect

from recognition.engine.types import Kind
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.layouts import OTHER_LAYOUTS
from tests.e2e.conftest import SIZES
from tests.e2e.images import as_file
from tests.e2e.test_every_page import MODERATOR, axe_source

FORM = next(layout for layout in OTHER_LAYOUTS if layout.name == "coastal-trade")
TEST_MS = 60_000


def sample() -> bytes:
    rng = np.random.default_rng(1)
    today = dt.date.today()  # noqa: DTZ011 - the machine's own, as the workers'
    drawn = draw_cheque(Kind.CHEQUE, rng, today=today, layout=FORM)
    return cv2.imencode(".png", drawn.pixels)[1].tobytes()


def barriers(page: Page) -> list[str]:
    page.evaluate(axe_source())
    result = page.evaluate("axe.run('#content', { resultTypes: ['violations'] })")
    return [
        f"{violation['id']}: {node['html'][:160]} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def test_a_layout_is_drawn_tested_and_let_read(visitor, complaints):
    person = visitor(MODERATOR, viewport={"width": 1280, "height": 1000})
    page = person.page
    person.open("/admin/layouts/paperlayout/add/")
    page.get_by_label("Title").fill("Coastal Trade")
    page.get_by_label("Country").select_option("IN")
    page.get_by_label("Sort codes begin with").fill("???906")
    page.get_by_label("Width in mm").fill("202")
    page.get_by_label("Height in mm").fill("92")
    page.get_by_label("Date order").select_option("DMY")
    page.get_by_label("Sample", exact=False).set_input_files([as_file("sample.png", sample())])
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_label("Amount in figures", exact=True).check()
    canvas = page.locator("[data-boxes]")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    mm = box["width"] / 202
    page.mouse.move(box["x"] + FORM.amount.left * mm, box["y"] + FORM.amount.top * mm)
    page.mouse.down()
    page.mouse.move(box["x"] + FORM.amount.right * mm, box["y"] + FORM.amount.bottom * mm, steps=4)
    page.mouse.up()
    left = float(page.get_by_label("amount in figures: left").input_value())
    assert abs(left - FORM.amount.left) < 0.5

    # All the same by the keyboard.
    for edge in ("left", "top", "right", "bottom"):
        page.get_by_label(f"date: {edge}").fill(str(getattr(FORM.date, edge)))
        account = page.get_by_label(f"account number: {edge}")
        account.fill(str(getattr(FORM.account_box, edge)))
    page.get_by_role("button", name="Save and test").click()
    expect(page.get_by_role("button", name="Let it read")).to_be_visible(timeout=TEST_MS)
    expect(page.locator(".layout-found img").nth(4)).to_be_visible()
    before = len(complaints)
    assert not barriers(page)
    del complaints[before:]  # axe itself sets a style here, which the policy refuses
    page.get_by_role("button", name="Let it read").click()
    expect(page.get_by_text("This layout reads now")).to_be_visible()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        excess = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert excess <= 0, f"{excess} pixels too wide at {width}"
