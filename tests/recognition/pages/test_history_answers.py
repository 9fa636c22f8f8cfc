"""The history by people and banks, kept searches, and what happened to one item."""

import pytest
from django.urls import reverse

from recognition.models import FieldName, Kind, SavedSearch, Submission

pytestmark = pytest.mark.django_db

PAGE = "/history/"


@pytest.fixture
def cheque(submit, work, official) -> Submission:
    found = submit(official, Kind.CHEQUE, "mine.png")
    work()
    return found


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("bank=229", True),
        ("bank=560", False),
        ("bank=560229012", True),
        ("bank=560229013", False),
        ("person=official@bank", True),
        ("person=nobody", False),
    ],
)
def test_it_is_searched_by_bank_and_person(client_of, official, cheque, query, is_found):
    assert ("mine.png" in client_of(official).get(f"{PAGE}?{query}").text) is is_found


def test_a_bank_that_can_be_none_is_told_at_its_field(client_of, official, cheque):
    assert "3 or 9 digits" in client_of(official).get(f"{PAGE}?bank=12").text


def test_moderators_search_everybodys_items_and_nobody_else_does(
    client_of, official, moderator, individual, cheque
):
    everybody = f"{PAGE}?whose=everybody&person=official"
    assert "mine.png" in client_of(moderator).get(everybody).text
    assert "mine.png" not in client_of(moderator).get(PAGE).text
    assert "mine.png" not in client_of(individual).get(everybody).text


def test_a_search_is_kept_used_and_removed(client_of, official, individual, cheque):
    browser = client_of(official)
    save = {"query": "kind=cheque&amount_min=1&page=3&evil=1", "name": "large ones"}
    page = browser.post(reverse("search_save"), save, follow=True).text
    assert "kind=cheque" in page
    kept = SavedSearch.objects.get()
    assert (kept.owner, kept.query) == (official, "amount_min=1&kind=cheque")
    page = browser.get(PAGE).text
    assert "?amount_min=1&amp;kind=cheque" in page
    assert (
        "You have a search of this name"
        in browser.post(reverse("search_save"), save, follow=True).text
    )
    remove = reverse("search_delete", args=[kept.pk])
    assert client_of(individual).post(remove).status_code == 404
    browser.post(remove)
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"query": "kind=cheque", "name": " "}, "Give the search a name"),
        ({"query": "page=2", "name": "nothing"}, "nothing to keep"),
        ({}, "Give the search a name"),
    ],
)
def test_a_search_that_can_not_be_kept_is_told_why(client_of, official, fields, told):
    assert told in client_of(official).post(reverse("search_save"), fields, follow=True).text


def test_an_item_tells_what_happened_to_it(client_of, official, moderator, cheque):
    browser = client_of(official)
    browser.post(
        reverse("reading_correct", args=[cheque.pk, FieldName.ACCOUNT_NUMBER]),
        {"value": "998877665544"},
    )
    client_of(moderator).get(reverse("submission_image", args=[cheque.pk])).getvalue()
    page = browser.get(reverse("submission", args=[cheque.pk])).text
    story = page[page.index('class="timeline"') :]
    happened = (
        "Item submitted · official@bank.example",
        "Read by the machine",
        "Account number corrected · official@bank.example",
        "Image of another person&#x27;s item seen · moderator@example.org",
    )
    places = [story.index(one) for one in happened]
    assert places == sorted(places)
    assert "XXXXXXXX5544" in story
    assert "998877665544" not in page


def test_the_story_takes_as_many_queries_for_a_long_one(
    client_of, official, cheque, django_assert_max_num_queries
):
    browser = client_of(official)
    for value in range(10):
        browser.post(
            reverse("reading_correct", args=[cheque.pk, "cheque_number"]), {"value": str(value)}
        )
    with django_assert_max_num_queries(15):
        browser.get(reverse("submission", args=[cheque.pk]))
