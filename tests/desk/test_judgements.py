"""What two people settled is held against what the machine read."""

from importlib import import_module

import pytest
from django.apps import apps

from recognition.desk.models import Basis, Confusion, Found, Judgement, Key, Policy
from tests.desk.test_keys import key, other, reject

pytestmark = pytest.mark.django_db


def test_each_value_that_two_people_keyed_is_judged_once(official, checker, arrive):
    item = arrive(official)
    said = other(courtesy_amount="126000.50")
    key(item, official, said)
    assert not Judgement.objects.exists()  # one person alone says nothing of the machine
    key(item, checker, said)
    found = dict(Judgement.objects.values_list("field", "found"))
    assert found == {
        "courtesy_amount": Found.WRONG,
        "date": Found.RIGHT,
        "account_number": Found.RIGHT,
        "cheque_number": Found.RIGHT,
    }
    assert Confusion.objects.values_list("written", "read").get() == ("6", "5")
    one = Judgement.objects.get(field="courtesy_amount")
    assert (one.bank, one.basis, one.characters) == ("Harbour Bank", Basis.REQUIRED, 9)
    assert one.judged_at == one.run.submission.item.settled_at


def test_what_one_person_accepted_judges_nothing(official, arrive):
    Policy.objects.create(two_keys_from=1_000_000, two_keys_share=0)
    key(arrive(official), official)
    assert not Judgement.objects.exists()


def test_a_rejection_judges_nothing(official, checker, arrive):
    item = arrive(official)
    key(item, official, reject())
    key(item, checker, reject())
    assert not Judgement.objects.exists()


def test_it_says_why_the_item_was_keyed_twice(official, checker, arrive):
    Policy.objects.create(two_keys_from=1_000_000, two_keys_share=100)
    item = arrive(official)
    key(item, official)
    key(item, checker)
    assert set(Judgement.objects.values_list("basis", flat=True)) == {Basis.SAMPLE}


def test_a_key_tells_how_long_it_took(official, arrive):
    key(arrive(official), official)
    assert Key.objects.get().seconds == 0


def test_the_migration_judges_what_was_settled_before(official, checker, arrive):
    item = arrive(official)
    said = other(courtesy_amount="126000.50", date="")
    key(item, official, said)
    key(item, checker, said)
    columns = [one.attname for one in Judgement._meta.concrete_fields]
    kept = list(Judgement.objects.order_by("field").values_list(*columns))
    confused = list(Confusion.objects.order_by("pk").values_list("written", "read"))
    Judgement.objects.all().delete()
    import_module("recognition.desk.migrations.0003_judge_settled_items").judge(apps, None)
    assert list(Judgement.objects.order_by("field").values_list(*columns)) == kept
    assert list(Confusion.objects.order_by("pk").values_list("written", "read")) == confused
