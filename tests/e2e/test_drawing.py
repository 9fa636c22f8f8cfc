"""Draw on the sheet with a mouse, and be answered."""

import itertools
import statistics
import time

import pytest
from playwright.sync_api import Page, expect

INDIVIDUAL = "individual@demo.example"
SEVEN = [(0.25, 0.25), (0.70, 0.25), (0.58, 0.50), (0.43, 0.82)]
TYPICAL_SECONDS = 0.25  # draw to answer, median, with everything on one machine
_numbers = itertools.count()


def draw(page: Page, line: list[tuple[float, float]], *, left: float = 0, width: float = 1) -> None:
    """Draw one stroke; points are shares of the sheet, of which ``width`` is used.

    No two are at the same place: the same drawing again would lead to the first one's answer.
    """
    left += next(_numbers) / 400
    frame = page.locator("[data-canvas]").bounding_box()
    points = [
        (frame["x"] + (left + x * width) * frame["width"], frame["y"] + y * frame["height"])
        for x, y in line
    ]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=8)
    page.mouse.up()


@pytest.fixture
def page(visitor) -> Page:
    person = visitor(INDIVIDUAL)
    person.open("/draw/")
    return person.page


def test_an_empty_sheet_is_not_sent(page):
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("[data-answer]")).to_contain_text("The sheet is empty")
    assert "POST" not in sent


def test_a_digit_is_read_with_its_candidates_and_shape(page):
    draw(page, SEVEN)
    page.get_by_role("button", name="Read it").click()
    answer = page.locator("[data-answer]")
    expect(answer.locator(".drawing-value .value")).to_have_text("7")
    expect(answer.locator(".bars .is-chosen")).to_have_count(1)
    expect(answer.locator(".shape-drawing")).to_be_visible()


def test_a_wrong_answer_is_corrected_in_one_tap(page):
    draw(page, SEVEN)
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("button", name="1", exact=True).click()
    answer = page.locator("[data-answer]")
    expect(answer).to_contain_text("corrected by a person")
    expect(answer.locator(".drawing-value .value")).to_have_text("1")


def test_a_number_is_read(page):
    page.get_by_label("A number").check()
    draw(page, [(0.3, 0.2), (0.3, 0.8)], left=0.1, width=0.2)
    draw(page, SEVEN, left=0.35, width=0.25)
    page.set_viewport_size({"width": 360, "height": 740})  # all of it stays on the sheet
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("[data-answer] .drawing-value .value")).to_have_text("17")


def test_strokes_are_undone_one_by_one_and_cleared_together(page):
    undo, clear = page.get_by_role("button", name="Undo"), page.get_by_role("button", name="Clear")
    expect(undo).to_be_disabled()
    draw(page, SEVEN)
    draw(page, [(0.2, 0.5), (0.8, 0.5)])
    inked = "() => { const c = document.querySelector('[data-canvas]');"
    inked += "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean); }"
    undo.click()
    assert page.evaluate(inked)
    page.keyboard.press("Control+z")
    assert not page.evaluate(inked)
    expect(undo).to_be_disabled()
    draw(page, SEVEN)
    clear.click()
    assert not page.evaluate(inked)


def test_a_drawing_survives_a_turn_of_the_screen(page):
    draw(page, SEVEN)
    page.set_viewport_size({"width": 500, "height": 800})
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("[data-answer] .drawing-value .value")).to_have_text("7")


def test_a_finger_draws_without_scrolling_the_page(visitor):
    person = visitor(
        INDIVIDUAL, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740}
    )
    person.open("/draw/")
    page = person.page
    sheet = page.locator("[data-canvas]")
    sheet.scroll_into_view_if_needed()
    frame = sheet.bounding_box()
    before = page.evaluate("scrollY")
    touch = page.context.new_cdp_session(page)
    points = [(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"]) for x, y in SEVEN]
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert page.evaluate("scrollY") == before
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()


def test_the_answer_comes_within_a_blink(page):
    took = []
    for _ in range(9):
        if took:
            page.get_by_role("button", name="Clear").click()
        draw(page, SEVEN)
        page.evaluate("document.querySelector('[data-answer]').replaceChildren()")
        begin = time.perf_counter()
        page.get_by_role("button", name="Read it").click()
        page.locator("[data-answer] .drawing-value").wait_for()
        took.append(time.perf_counter() - begin)
    assert statistics.median(took) < 4 * TYPICAL_SECONDS  # machines that test are busy
