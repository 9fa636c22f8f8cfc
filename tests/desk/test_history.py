"""The history by where an item stands at the desk: in the page, the API and kept searches."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from recognition.desk.models import Item, State
from recognition.models import SavedSearch

pytestmark = pytest.mark.django_db

PAGE, API = "/history/", "/api/v1/submissions"


@pytest.fixture
def standing(arrive, official, make_user):
    """Return one item in each state, by state."""
    other = make_user("maker@bank.example")
    found = {}
    for state in State:
        item = arrive(official)
        is_settled = state in {State.APPROVED, State.REJECTED}
        checker = official if state == State.THIRD_KEY else None
        Item.objects.filter(pk=item.pk).update(
            state=state,
            needs_two_keys=False,
            maker=other,
            checker=checker,
            settled_at=timezone.now() if is_settled else None,
            comment="Which year?" if state == State.RETURNED else "",
            return_code="33" if state == State.REJECTED else "",
        )
        found[state] = str(item.pk)
    return found


@pytest.mark.parametrize("state", State)
def test_page_and_api_find_what_stands_so(client_of, api_of, official, standing, state):
    page = client_of(official).get(f"{PAGE}?desk={state}")
    assert [str(one.pk) for one in page.context["page"]] == [standing[state]]
    assert f'<option value="{state}" selected>' in page.text
    answer = api_of(official).get(f"{API}?desk={state}").json()
    assert [one["id"] for one in answer["results"]] == [standing[state]]


def test_what_is_no_state_is_told_at_its_field(client_of, api_of, official, standing):
    assert "not one of the available choices" in client_of(official).get(f"{PAGE}?desk=lost").text
    refused = api_of(official).get(f"{API}?desk=lost")
    assert refused.status_code == 400
    assert "desk" in refused.text


def test_another_persons_items_are_not_found_by_it(client_of, api_of, checker, standing):
    assert not client_of(checker).get(f"{PAGE}?desk=approved").context["page"].paginator.count
    assert not api_of(checker).get(f"{API}?desk=approved").json()["results"]


def test_whoever_submits_no_cheques_is_not_asked(client_of, submit, individual):
    submit(individual)
    assert 'name="desk"' not in client_of(individual).get(PAGE).text


def test_a_search_by_it_is_kept(client_of, official, standing):
    query = "desk=returned&kind=cheque"
    fields = {"query": query, "name": "to be looked at again"}
    client_of(official).post(reverse("search_save"), fields)
    assert SavedSearch.objects.get().query == query
    assert "?desk=returned&amp;kind=cheque" in client_of(official).get(PAGE).text


@pytest.mark.parametrize("address", [PAGE, API])
def test_its_queries_do_not_grow(client_of, api_of, official, standing, arrive, address):
    client = client_of(official) if address == PAGE else api_of(official)
    client.get(f"{address}?desk=waiting")
    with CaptureQueriesContext(connection) as one:
        client.get(f"{address}?desk=waiting")
    for _more in range(2):
        Item.objects.filter(pk=arrive(official).pk).update(state=State.WAITING, settled_at=None)
    with CaptureQueriesContext(connection) as three:
        client.get(f"{address}?desk=waiting")
    assert len(one) == len(three) <= 12
