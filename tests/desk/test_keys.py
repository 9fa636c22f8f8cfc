"""Who decides what: one key, two keys, a third person, and back to the maker."""

import pytest
from django.db import IntegrityError, transaction

from accounts.audit.codes import EventCode
from accounts.audit.models import Event
from accounts.models import Role
from recognition.desk.errors import DeskError
from recognition.desk.models import Item, Key, Policy, State, Verdict
from recognition.desk.services import arrivals, claims
from recognition.desk.services.keys import Answer, give_key
from recognition.engine.types import Check
from recognition.engine.types import Verdict as CheckVerdict
from recognition.models import Correction, Kind
from recognition.services import intake, review
from tests.desk.conftest import READ

ACCEPT = Answer(Verdict.ACCEPT, READ)
PASSED = (Check("image_clear", CheckVerdict.PASSED, "Fine."),)


def other(**changed: str) -> Answer:
    return Answer(Verdict.ACCEPT, READ | changed)


def reject(code: str = "31") -> Answer:
    return Answer(Verdict.REJECT, return_code=code)


def key(item: Item, person, answer: Answer = ACCEPT) -> Item:
    item.refresh_from_db()
    claims.claim(item, person)
    return give_key(item_id=item.pk, person=person, version=item.version, answer=answer)


def test_a_cheque_that_was_read_is_an_item_and_a_digit_is_none(official, arrive, submit, work):
    item = arrive(official)
    assert (item.state, item.worth, item.needs_two_keys) == (State.WAITING, 125_000.5, True)
    submission = submit(official, Kind.DIGIT)
    work()
    assert not Item.objects.filter(submission=submission).exists()
    assert arrivals.open_item(item.run) == item
    assert Item.objects.count() == 1


def test_a_small_amount_is_decided_by_one(official, arrive):
    Policy.objects.create(two_keys_from=200_000, two_keys_share=0)
    item = key(arrive(official), official)
    assert (item.state, item.values) == (State.APPROVED, READ)
    assert Item.objects.settled().get() == item


def test_a_sample_of_the_small_ones_needs_two(official, arrive):
    Policy.objects.create(two_keys_from=200_000, two_keys_share=100)
    assert key(arrive(official), official).state == State.SECOND_KEY


def test_two_who_agree_settle_it(official, checker, arrive):
    item = arrive(official)
    assert key(item, official).state == State.SECOND_KEY
    assert key(item, checker).state == State.APPROVED
    item.refresh_from_db()
    assert (item.maker, item.checker, item.values) == (official, checker, READ)
    told = Event.objects.filter(subject_id=str(item.pk)).order_by("sequence")
    assert [(one.code, one.actor) for one in told if one.code.startswith("item.")] == [
        (EventCode.ITEM_CLAIMED, official.pk),
        (EventCode.ITEM_KEYED, official.pk),
        (EventCode.ITEM_CLAIMED, checker.pk),
        (EventCode.ITEM_KEYED, checker.pk),
        (EventCode.ITEM_APPROVED, checker.pk),
    ]


def test_two_who_reject_for_the_same_reason_settle_it(official, checker, arrive):
    item = arrive(official)
    key(item, official, reject())
    item = key(item, checker, reject())
    assert (item.state, item.return_code) == (State.REJECTED, "31")


def test_a_difference_goes_to_a_third_whose_values_two_must_share(
    official, checker, second_checker, arrive
):
    item = arrive(official)
    key(item, official, other(courtesy_amount="1,25,000.50", date="30/01/2026"))
    assert key(item, checker, other(cheque_number="4512")).state == State.THIRD_KEY
    item = key(item, second_checker)
    assert (item.state, item.values) == (State.APPROVED, READ)
    assert [one.value for one in Correction.objects.order_by("id")] == ["2026-01-30", "2026-01-31"]


def test_three_who_differ_send_it_back_to_the_maker(official, checker, second_checker, arrive):
    item = arrive(official)
    key(item, official, other(courtesy_amount="1"))
    key(item, checker, other(courtesy_amount="2"))
    item = key(item, second_checker, other(courtesy_amount="3"))
    assert (item.state, item.round, item.checker) == (State.RETURNED, 2, None)
    assert "three ways" in item.comment
    assert key(item, official).state == State.SECOND_KEY
    with pytest.raises(DeskError, match="not_for_you"):
        key(item, second_checker)
    assert key(item, checker).state == State.APPROVED


def test_the_checker_returns_it_with_a_comment(official, checker, arrive):
    item = arrive(official)
    key(item, official)
    with pytest.raises(DeskError, match="comment_missing"):
        key(item, checker, Answer(Verdict.RETURN))
    item = key(item, checker, Answer(Verdict.RETURN, comment="The date?"))
    assert (item.state, item.comment, item.maker) == (State.RETURNED, "The date?", official)


def test_the_maker_may_not_check(make_user, official, arrive):
    both = make_user("both@bank.example", Role.CHECKER)
    item = arrive(official)
    key(item, both)
    with pytest.raises(DeskError, match="not_for_you"):
        key(item, both)


def test_the_owner_may_not_check(checker, official, arrive):
    item = arrive(checker)
    key(item, official)
    with pytest.raises(DeskError, match="not_for_you"):
        key(item, checker)


def test_an_official_gives_no_second_key(official, make_user, arrive):
    item = arrive(official)
    key(item, official)
    with pytest.raises(DeskError, match="not_for_you"):
        key(item, make_user("other@bank.example", Role.OFFICIAL))


def test_a_smaller_amount_typed_by_the_maker_escapes_nobody(official, arrive):
    Policy.objects.create(two_keys_from=50_000, two_keys_share=0)
    item = key(arrive(official), official, other(courtesy_amount="5"))
    assert item.state == State.SECOND_KEY


def test_a_larger_amount_typed_by_the_maker_needs_two(official, arrive):
    Policy.objects.create(two_keys_from=200_000, two_keys_share=0)
    item = key(arrive(official), official, other(courtesy_amount="200000"))
    assert item.state == State.SECOND_KEY


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer(Verdict.REJECT), "return_code_missing"),
        (Answer(Verdict.REJECT, return_code="99"), "return_code_missing"),
        (Answer(Verdict.RETURN, comment="Why?"), "nobody_to_return_to"),
        (other(courtesy_amount=""), "amount_missing"),
        (other(date="tomorrow"), "invalid_value"),
        (Answer(Verdict.ACCEPT, {"courtesy_amount": "5"}), "value_missing"),
    ],
)
def test_what_is_wrong_is_refused_and_leaves_nothing(official, arrive, answer, code):
    item = arrive(official)
    with pytest.raises(DeskError, match=code):
        key(item, official, answer)
    assert not Key.objects.exists()
    assert not Correction.objects.exists()


def test_nobody_decides_on_what_another_has_open(official, make_user, arrive):
    item = arrive(official)
    second = make_user("other@bank.example", Role.OFFICIAL)
    claims.claim(item, official)
    with pytest.raises(DeskError, match="item_claimed"):
        claims.claim(item, second)
    with pytest.raises(DeskError, match="item_claimed"):
        give_key(item_id=item.pk, person=second, version=0, answer=ACCEPT)
    assert claims.claim_next(second) is None
    claims.release(item.pk, official)
    with pytest.raises(DeskError, match="not_claimed"):
        give_key(item_id=item.pk, person=second, version=0, answer=ACCEPT)
    assert claims.claim_next(second) == item


def test_a_claim_runs_out(official, make_user, arrive):
    item = arrive(official)
    claims.claim(item, official)
    Item.objects.update(claimed_until=item.created_at)
    assert claims.claim_next(make_user("other@bank.example", Role.OFFICIAL)) == item
    with pytest.raises(DeskError, match="not_claimed"):
        claims.renew(item.pk, official)


def test_an_answer_to_what_has_changed_is_refused(official, arrive):
    item = arrive(official)
    claims.claim(item, official)
    with pytest.raises(DeskError, match="item_changed"):
        give_key(item_id=item.pk, person=official, version=7, answer=ACCEPT)


def test_what_is_settled_changes_no_more(official, checker, second_checker, arrive):
    item = arrive(official)
    key(item, official)
    with pytest.raises(intake.WrongState):
        review.correct(item.run.readings.first(), "1", official)
    key(item, checker)
    with pytest.raises(DeskError, match="item_settled"):
        key(item, second_checker)
    for change in (intake.rerun, intake.delete):
        with pytest.raises(intake.WrongState, match="settled"):
            change(item.submission)


def test_the_machine_alone_approves_only_where_the_bank_says_so(official, arrive):
    sure = {name: {"confidence": 0.999} for name in (*READ, "micr_line")}
    policy = Policy.objects.create(two_keys_from=200_000, two_keys_share=0, audit_share=0)
    assert arrive(official, checks=PASSED, **sure).state == State.WAITING
    policy.auto_accept = True
    policy.save()
    item = arrive(official, checks=PASSED, **sure)
    assert (item.state, item.values, item.maker) == (State.APPROVED, READ, None)
    assert arrive(official, **sure).state == State.WAITING  # a rule has failed
    doubtful = sure | {"date": {"confidence": 0.98}}
    assert arrive(official, checks=PASSED, **doubtful).state == State.WAITING
    policy.audit_share = 100
    policy.save()
    audited = arrive(official, checks=PASSED, **sure)
    assert (audited.state, audited.is_audit, audited.needs_two_keys) == ("waiting", True, True)


@pytest.mark.parametrize(
    "changed",
    [
        {"state": State.APPROVED},
        {"state": State.REJECTED, "return_code": ""},
        {"state": State.WAITING, "return_code": "31"},
        {"state": State.SECOND_KEY},
        {"state": "lost"},
    ],
)
def test_the_database_refuses_what_no_code_may_store(official, arrive, changed):
    item = arrive(official)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**changed)


def test_the_database_refuses_one_person_in_two_parts(official, checker, arrive):
    item = arrive(official)
    key(item, official)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(checker=official)
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.create(item=item, round=1, person=official, role="checker", verdict="accept")
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.create(item=item, round=1, person=checker, role="maker", verdict="accept")
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.create(item=item, round=2, person=official, role="checker", verdict="accept")
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.update(person=checker)
    with pytest.raises(TypeError):
        Key.objects.get().save()


def test_the_database_refuses_the_owners_second_key(official, checker, arrive):
    item = arrive(checker)
    key(item, official)
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.create(item=item, round=1, person=checker, role="checker", verdict="accept")


def test_who_opened_it_as_maker_does_not_check_it(official, checker, second_checker, arrive):
    item = arrive(official)
    claims.claim(item, checker)  # and is shown what the machine read
    claims.release(item.pk, checker)
    key(item, official)
    with pytest.raises(DeskError, match="not_for_you"):
        claims.claim(item, checker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Key.objects.create(item=item, round=1, person=checker, role="checker", verdict="accept")
    assert key(item, second_checker).state == State.APPROVED


def test_who_opened_it_as_maker_may_still_make_it(official, checker, second_checker, arrive):
    item = arrive(official)
    claims.claim(item, checker)
    claims.release(item.pk, checker)
    key(item, checker)
    item = key(item, second_checker)
    assert (item.state, item.maker) == (State.APPROVED, checker)


def test_who_opened_it_blind_may_still_be_the_third(official, checker, second_checker, arrive):
    item = arrive(official)
    key(item, official)
    claims.claim(item, second_checker)
    claims.release(item.pk, second_checker)
    key(item, checker, other(courtesy_amount="2"))
    assert key(item, second_checker).state == State.APPROVED
