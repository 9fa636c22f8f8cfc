"""The pages that say how well the machine reads, and who may see them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from recognition.desk.learning.figures import NO_CHARACTER, Figures, Rate, selected
from recognition.desk.models import Basis, Confusion, Found, Judgement
from recognition.models import RecognitionRun, RuleVerdict
from tests.desk.judged import judge_many

pytestmark = pytest.mark.django_db
PAGES = ("desk:accuracy", "desk:errors")


@pytest.fixture
def judged(official):
    judge_many(official, 60)


@pytest.fixture
def judged_elsewhere(official):
    judge_many(official, 20, bank="Hill Bank", seed=3)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.INDIVIDUAL, 404),
        (Role.OFFICIAL, 404),
        (Role.CHECKER, 200),
        (Role.MODERATOR, 200),
    ],
)
def test_checkers_and_moderators_alone_see_them(client, make_user, page, role, status):
    client.force_login(make_user("one@bank.example", role))
    assert client.get(reverse(page)).status_code == status


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_log_in(client, page):
    assert client.get(reverse(page)).status_code == 302


@pytest.mark.usefixtures("judged", "judged_elsewhere")
@pytest.mark.parametrize("page", PAGES)
def test_a_checker_sees_their_own_bank_alone(client, checker, moderator, page):
    client.force_login(checker)
    answer = client.get(reverse(page), {"bank": "Hill Bank"})
    assert answer.context["figures"].total == 240
    assert "Hill Bank" not in answer.text
    client.force_login(moderator)
    assert client.get(reverse(page)).context["figures"].total == 320
    chosen = client.get(reverse(page), {"bank": "Hill Bank"})
    assert chosen.context["figures"].total == 80


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize("page", PAGES)
def test_days_and_reasons_narrow_them_down(client, checker, page):
    client.force_login(checker)
    ask = lambda **query: client.get(reverse(page), query)  # noqa: E731 - it is one line
    assert ask(since="2999-01-01").context["figures"].total == 0
    assert ask(until="2999-01-01").context["figures"].total == 240
    audited = ask(basis="audit").context["figures"]
    assert audited.total == Judgement.objects.filter(basis=Basis.AUDIT).count() > 0
    wrong = ask(since="tomorrow")
    assert "Enter a valid date." in wrong.text


@pytest.mark.usefixtures("judged")
def test_each_plot_says_in_words_and_in_a_table_what_it_shows(client, checker):
    client.force_login(checker)
    text = client.get(reverse("desk:accuracy")).text
    assert text.count('<svg class="plot"') == text.count("<desc id=") == 2
    assert text.count("<table>") == 2
    for number in re.findall(r"<circle[^>]* cy=\"([^\"]*)\"", text):
        assert 14 <= float(number) <= 258
    assert "style=" not in text


@pytest.mark.usefixtures("judged")
@pytest.mark.parametrize(("page", "most"), [("desk:accuracy", 8), ("desk:errors", 12)])
def test_the_number_of_judgements_asks_for_no_more_queries(client, checker, page, most):
    client.force_login(checker)
    client.get(reverse(page))
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse(page))
    assert len(seen) <= most


@pytest.mark.usefixtures("judged")
def test_figures_are_those_counted_one_by_one():
    figures = selected(Judgement.objects.all())
    rows = list(Judgement.objects.all())
    read = [one for one in rows if one.found != Found.UNREAD]
    assert figures.total == len(rows)
    assert sum(one.right.total for one in figures.levels) == len(read)
    others = [one for one in rows if one.basis != Basis.AUDIT]  # all of which had been read
    for threshold in figures.thresholds:
        sure = [one for one in others if one.confidence >= threshold.at and one.found != "unread"]
        assert threshold.read.total == len(others)
        assert threshold.read.count == len(sure)
        assert threshold.wrong.count == sum(one.found == Found.WRONG for one in sure)
    audited = [one for one in rows if one.basis == Basis.AUDIT]
    assert figures.audited.total == len(audited)
    alone = [one for one in others if one.was_accepted and one.confidence >= 0.995]
    assert figures.at(0.005).read.count == len(alone)
    assert sum(one.wrong.total for one in figures.by_field()) == len(read)
    alone = selected(Judgement.objects.all(), basis=Basis.AUDIT).thresholds
    assert {one.read.total for one in alone} == {len(audited)}


@pytest.mark.usefixtures("judged")
def test_a_rule_is_held_against_the_values_of_items_it_spoke_against():
    figures = selected(Judgement.objects.all())
    assert figures.by_rule() == []
    runs = RecognitionRun.objects.order_by("pk")[:3]
    for number, run in enumerate(runs):
        RuleVerdict.objects.create(run=run, rule="stale", verdict="failed", reason="so")
        verdict = "failed" if number == 0 else "passed"
        RuleVerdict.objects.create(run=run, rule="future", verdict=verdict, reason="so")
    wrong = [Judgement.objects.filter(run=run, found=Found.WRONG).count() for run in runs]
    assert figures.by_rule() == [
        ("future", Rate(wrong[0], 4)),
        ("stale", Rate(sum(wrong), 12)),
    ]


@pytest.mark.usefixtures("judged")
def test_confusions_are_counted_among_all_characters_keyed():
    figures = selected(Judgement.objects.all())
    assert sum(figures.confused.values()) == Confusion.objects.count() > 0
    head = figures.confusion_head()
    for row in figures.confusion_rows():
        for read, count in zip(head, row.counts, strict=True):
            kept = Confusion.objects.filter(
                written="" if row.written == NO_CHARACTER else row.written,
                read="" if read == NO_CHARACTER else read,
            )
            assert kept.count() == count
    read = Judgement.objects.exclude(found=Found.UNREAD)
    assert figures.worst_confusions()[0][2].total == sum(one.characters for one in read)


def test_nothing_judged_is_said_in_words(client, checker):
    client.force_login(checker)
    for page in PAGES:
        assert "Nothing that matches was keyed by two people yet." in client.get(reverse(page)).text
    assert Figures(Judgement.objects.all()).levels == []
