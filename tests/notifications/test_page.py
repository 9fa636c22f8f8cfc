"""The page of notifications, and the bell in every header."""

import re

import pytest

from recognition.notifications.models import Notice, Topic

pytestmark = pytest.mark.django_db

PAGE = "/notifications/"


@pytest.fixture
def notice(official) -> Notice:
    return Notice.objects.create(person=official, topic=Topic.WORK_WAITING, count=3)


def bell(text: str) -> str:
    return re.search(r'<a class="bell".*?</a>', text, re.DOTALL)[0]


def test_the_bell_counts_what_is_not_read(client_of, official, notice):
    client = client_of(official)
    shown = bell(client.get("/history/").text)
    assert 'aria-label="Notifications, 1 not read"' in shown
    assert '<span class="badge">1</span>' in shown
    client.post(f"{PAGE}{notice.pk}/read/")
    shown = bell(client.get("/history/").text)
    assert 'aria-label="Notifications"' in shown
    assert "badge" not in shown


def test_the_bell_stops_counting_at_a_hundred(client_of, individual):
    many = [Notice(person=individual, topic=Topic.APPLICATION_REJECTED) for _ in range(101)]
    Notice.objects.bulk_create(many)
    assert "Notifications, 99+ not read" in client_of(individual).get("/").text


def test_the_bell_costs_one_query_a_page(client_of, individual, django_assert_max_num_queries):
    client = client_of(individual)
    with django_assert_max_num_queries(12) as asked:
        client.get("/history/")
    assert len([one for one in asked if "notifications_notice" in one["sql"]]) == 1


def test_the_list_says_what_and_where_and_which_are_new(client_of, official, notice):
    text = client_of(official).get(PAGE).text
    assert '<span class="badge">new</span> <a href="/desk/">3 items wait for you.</a>' in text
    assert "Mark as read" in text


def test_one_or_all_are_marked_as_read(client_of, official, notice):
    client = client_of(official)
    others = [
        Notice.objects.create(person=official, topic=Topic.APPLICATION_APPROVED) for _ in range(2)
    ]
    assert client.post(f"{PAGE}{notice.pk}/read/").headers["Location"] == PAGE
    assert set(Notice.objects.unread()) == set(others)
    assert "marked as read" in client.post(f"{PAGE}read/", follow=True).text
    assert not Notice.objects.unread().exists()
    assert '<span class="badge">new</span>' not in client.get(PAGE).text


@pytest.mark.parametrize("who", ["individual", "checker", "moderator"])
def test_another_persons_notice_does_not_exist(client_of, request, notice, who):
    client = client_of(request.getfixturevalue(who))
    assert client.post(f"{PAGE}{notice.pk}/read/").status_code == 404
    assert notice.text not in client.get(PAGE).text
    client.post(f"{PAGE}read/")
    assert Notice.objects.unread().get() == notice


def test_nothing_is_read_by_looking(client_of, official, notice):
    client = client_of(official)
    client.get(PAGE)
    assert client.get(f"{PAGE}{notice.pk}/read/").status_code == 405
    assert client.get(f"{PAGE}read/").status_code == 405
    assert Notice.objects.unread().exists()


def test_the_page_is_for_those_who_are_logged_in(client, notice):
    for path in (PAGE, f"{PAGE}read/", f"{PAGE}{notice.pk}/read/", f"{PAGE}mail/"):
        assert "/login/" in client.post(path).headers["Location"]
    assert 'class="bell"' not in client.get("/").text


def test_a_long_list_comes_in_pages_of_few_queries(
    client_of, individual, django_assert_max_num_queries
):
    many = [Notice(person=individual, topic=Topic.APPLICATION_REJECTED) for _ in range(30)]
    Notice.objects.bulk_create(many)
    client = client_of(individual)
    with django_assert_max_num_queries(10):
        first = client.get(PAGE)
    assert first.text.count('class="notice is-unread"') == 25
    assert client.get(PAGE, {"page": 2}).text.count('class="notice is-unread"') == 5


def test_a_wish_is_kept_and_nonsense_refused(client_of, individual):
    client = client_of(individual)
    assert re.search(r'value="each"[^>]*checked', client.get(PAGE).text)
    client.post(f"{PAGE}mail/", {"mail": "daily"})
    assert re.search(r'value="daily"[^>]*checked', client.get(PAGE).text)
    refused = client.post(f"{PAGE}mail/", {"mail": "hourly"})
    assert refused.status_code == 400
    individual.refresh_from_db()
    assert individual.notice_wish.mail == "daily"


def test_who_was_told_nothing_reads_what_for_it_is(client_of, individual, official):
    assert "when your application is decided" in client_of(individual).get(PAGE).text
    assert "when a batch is read" in client_of(official).get(PAGE).text
