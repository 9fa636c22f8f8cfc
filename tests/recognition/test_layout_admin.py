"""Layouts that moderators draw: added, tested by the workers, live, sealed into what they read."""

import datetime as dt

import cv2
import numpy as np
import pytest
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.urls import reverse
from kombu.exceptions import OperationalError

from accounts.audit.models import Event
from recognition import readers, tasks
from recognition.engine.types import Kind as EngineKind
from recognition.layouts import services
from recognition.layouts.models import CountryRule, PaperLayout, SealedLayout
from recognition.models import Kind, RunState, Source
from recognition.services import intake, processing, replaying
from recognition.training.cheques.draw import draw_cheque
from recognition.training.cheques.layouts import OTHER_LAYOUTS
from tests.recognition.drawings import upload

pytestmark = pytest.mark.django_db

FORM = next(layout for layout in OTHER_LAYOUTS if layout.name == "coastal-trade")
ADD = reverse("admin:layouts_paperlayout_add")
LIST = reverse("admin:layouts_paperlayout_changelist")
PLACES = {"courtesy_amount": FORM.amount, "date": FORM.date, "account_number": FORM.account_box}


def scan(seed: int = 1) -> bytes:
    """Draw a cheque dated a few days ago."""
    rng = np.random.default_rng(seed)
    today = dt.date.today()  # noqa: DTZ011 - the machine's own, as the workers'
    drawn = draw_cheque(EngineKind.CHEQUE, rng, today=today, layout=FORM)
    return cv2.imencode(".png", drawn.pixels)[1].tobytes()


SCAN = scan()


def facts(**changed: object) -> dict[str, object]:
    return {
        "title": "Coastal Trade", "country": "IN", "banks": "???906, 5609", "date_order": "DMY",
        "width_mm": "202", "height_mm": "92",
    } | changed  # fmt: skip


def places(**changed: object) -> dict[str, object]:
    edges = {
        f"{name}-{edge}": str(getattr(region, edge))
        for name, region in PLACES.items()
        for edge in ("left", "top", "right", "bottom")
    }
    return edges | changed


@pytest.fixture
def admin(client_of, moderator):
    return client_of(moderator)


@pytest.fixture
def asked(monkeypatch) -> list[list[object]]:
    """What workers were asked to test; one was just heard of."""
    given: list[list[object]] = []

    def send_task(name: str, args: list[object], **_options: object) -> None:
        if name == tasks.try_layout.name:
            given.append(args)

    monkeypatch.setattr(current_app, "send_task", send_task)
    monkeypatch.setattr(readers, "_loaded", None)
    processing.give_sign("test")
    return given


def add(admin, data: bytes = SCAN, **changed: object):
    file = SimpleUploadedFile("sample.png", data)
    return admin.post(ADD, facts(sample_file=file) | changed, follow=True)


@pytest.fixture
def layout(admin) -> PaperLayout:
    add(admin)
    return PaperLayout.objects.get()


def change(admin, layout: PaperLayout, button: str = "_continue", **changed: object):
    address = reverse("admin:layouts_paperlayout_change", args=[layout.pk])
    with TestCase.captureOnCommitCallbacks(execute=True):
        return admin.post(address, facts() | places() | {button: "1"} | changed, follow=True)


@pytest.fixture
def live(admin, layout, asked) -> PaperLayout:
    change(admin, layout, "_test")
    tasks.try_layout(*asked.pop())
    change(admin, layout, "_activate")
    layout.refresh_from_db()
    return layout


def test_a_sample_is_taken_and_the_page_asks_where_its_fields_stand(admin):
    page = add(admin)
    layout = PaperLayout.objects.get()
    assert page.redirect_chain[-1][0].endswith(f"{layout.pk}/change/")
    for shown in ("data-boxes", "courtesy_amount-left", "signature-bottom", "not tested yet"):
        assert shown in page.text
    sample = admin.get(reverse("admin:layouts_paperlayout_sample", args=[layout.pk]))
    assert sample["Content-Type"] == "image/png"
    assert "sandbox" in sample["Content-Security-Policy"]
    assert sample.getvalue().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"banks": "50-09"}, "Two to nine digits"),
        ({"width_mm": "20"}, "greater than or equal to 40"),
        ({"width_mm": "150"}, "other proportions"),
        ({"sample_file": SimpleUploadedFile("a.png", b"no image")}, "no image that can be read"),
        ({"sample_file": ""}, "This field is required"),
        ({"country": "XX"}, "not one of the available choices"),
    ],
)
def test_what_can_be_no_layout_is_told_at_its_field(admin, changed, told):
    assert told in add(admin, **changed).text
    assert not PaperLayout.objects.exists()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"date-left": ""}, "Give all four edges"),
        ({f"date-{edge}": "" for edge in ("left", "top", "right", "bottom")}, "Say where"),
        ({"date-left": "195"}, "left edge before its right"),
        ({"date-right": "210"}, "lies on the sheet"),
        ({"date-left": "-1"}, "greater than or equal to 0"),
    ],
)
def test_places_that_can_not_be_are_told(admin, layout, changed, told):
    assert told in change(admin, layout, **changed).text
    layout.refresh_from_db()
    assert layout.places == {}


def test_it_is_tested_goes_live_and_reads(admin, layout, asked, individual, official):
    page = change(admin, layout, "_test")
    assert "being read" in page.text
    address = reverse("admin:layouts_paperlayout_tested", args=[layout.pk])
    assert admin.get(address).json() == {"awaited": True}
    tasks.try_layout(*asked.pop())
    assert admin.get(address).json() == {"awaited": False}
    page = admin.get(reverse("admin:layouts_paperlayout_change", args=[layout.pk]))
    layout.refresh_from_db()
    assert layout.findings["failure"] == ""
    account = next(one for one in layout.findings["fields"] if one["name"] == "account_number")
    assert account["value"].startswith("XXXX")
    for one in layout.findings["fields"]:
        snippet = reverse("admin:layouts_paperlayout_snippet", args=[layout.pk, one["name"]])
        assert snippet in page.text
        assert admin.get(snippet)["Content-Type"] == "image/png"
    page = change(admin, layout, "_activate")
    assert "reads now" in page.text
    assert SealedLayout.objects.get().data["name"] == f"own-{layout.pk}-2"
    assert Event.objects.filter(code="layout.activated").exists()


def test_what_it_reads_says_so_and_is_replayed_after_it_is_gone(admin, live, official):
    (outcome,) = intake.submit(
        owner=official, uploads=[upload(scan(2), "c.png")], kind=Kind.CHEQUE, source=Source.UPLOAD
    )
    run = outcome.submission.latest_run
    processing.execute_run(run.pk, worker="test")
    run.refresh_from_db()
    assert run.state == RunState.SUCCEEDED
    assert run.circumstances["layouts"] == [live.name]
    assert run.layout == live.name
    change(admin, live, "_continue", title="Another title", **{"date-left": "140"})
    live.refresh_from_db()
    assert (live.is_active, live.revision) == (False, 3)
    assert Event.objects.filter(code="layout.retired").exists()
    admin.post(reverse("admin:layouts_paperlayout_delete", args=[live.pk]), {"post": "yes"})
    assert not PaperLayout.objects.exists()
    assert list(replaying.differences(run)) == []


def test_a_layout_goes_live_only_as_it_was_tested(admin, layout, live, asked):
    page = change(admin, live, "_activate", **{"date-left": "141"})
    assert "Only what was tested" in page.text
    live.refresh_from_db()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperLayout.objects.update(is_active=True)
    change(admin, live, "_test", **{"date-left": "141"})
    stale = asked.pop()
    change(admin, live, "_continue", **{"date-left": "142"})
    tasks.try_layout(*stale)  # of a revision that is no more
    live.refresh_from_db()
    assert not live.is_tested


def test_it_is_taken_back(admin, live):
    assert "reads no longer" in change(admin, live, "_retire").text
    assert readers.current_circumstances("Some Bank")["layouts"] == []


@pytest.mark.parametrize(
    ("changed", "data", "told"),
    [
        ({"banks": "123"}, SCAN, "does not begin with any of these"),
        ({"width_mm": "150", "height_mm": "68.3"}, SCAN, "has another size"),
        ({}, cv2.imencode(".png", np.full((736, 1616), 230, np.uint8))[1].tobytes(), "No MICR"),
    ],
)
def test_a_sample_that_does_not_bear_it_out_is_told(admin, asked, changed, data, told):
    add(admin, data, **changed)
    layout = PaperLayout.objects.get()
    small = {"courtesy_amount": (90, 30, 140, 40), "date": (100, 6, 140, 13)}
    edges = {
        f"{name}-{edge}": str(value)
        for name, values in small.items()
        for edge, value in zip(("left", "top", "right", "bottom"), values, strict=True)
    }
    account = {f"account_number-{edge}": "" for edge in ("left", "top", "right", "bottom")}
    change(admin, layout, "_test", **(changed | edges | account))
    tasks.try_layout(*asked.pop())
    page = admin.get(reverse("admin:layouts_paperlayout_change", args=[layout.pk]))
    layout.refresh_from_db()
    assert told in page.text, layout.findings
    assert 'name="_activate"' not in page.text


def test_without_workers_nothing_is_tested(admin, layout):
    assert "No worker is answering" in change(admin, layout, "_test").text
    with pytest.raises(services.CannotTest):
        services.ask_for_test(layout)


def test_a_broker_that_is_away_leaves_nothing_awaited(admin, layout, asked, monkeypatch):
    def send_task(*_given: object, **_named: object) -> None:
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", send_task)
    change(admin, layout, "_test")
    layout.refresh_from_db()
    assert not services.awaits_test(layout)


def test_only_moderators_come_near(client_of, official, layout):
    browser = client_of(official)
    for address in (LIST, ADD, reverse("admin:layouts_paperlayout_sample", args=[layout.pk])):
        assert browser.get(address).status_code in {302, 403}


def test_a_banks_rule_for_a_country_stands_before_everybodys(
    admin, submit, work, reader, official, monkeypatch
):
    add_rule = reverse("admin:layouts_countryrule_add")
    everybody = {"bank": "", "country": "IN", "valid_months": "6", "date_order": ""}
    admin.post(add_rule, everybody)
    admin.post(add_rule, everybody | {"bank": "Some Bank", "valid_months": "1"})
    assert CountryRule.objects.count() == 2
    assert Event.objects.filter(code="layout.country_rule_changed").count() == 2
    for bank, months in (("Some Bank", 1), ("Another", 6)):
        terms = readers.terms_of(readers.current_circumstances(bank))
        assert [one.valid_months for one in terms.countries.values()] == [months]
    submit(official, Kind.CHEQUE)
    work()
    assert reader.terms.countries
    submit(official, Kind.DIGIT)
    work()
    assert not reader.terms.countries
