"""What figures and words that agree, differ or are missing make of an amount."""

import pytest

from recognition.engine.types import Candidate, FieldName, FieldReading, Verdict
from recognition.engine.words.reading import WordsReading
from recognition.engine.words.reconcile import reconcile

ACCEPT_AT = 0.99


def figures(value, confidence, *others, accepted=False, notes=()):
    return FieldReading(
        FieldName.COURTESY_AMOUNT,
        value,
        "",
        confidence,
        accepted,
        alternatives=tuple(Candidate(other, 0.1) for other in others),
        notes=notes,
    )


def words(*candidates, breaks_grammar=False):
    found = tuple(Candidate(value, confidence) for value, confidence in candidates)
    return WordsReading("as read", found, breaks_grammar)


def test_agreement_accepts_what_figures_alone_would_not():
    amount, legal, check = reconcile(figures("20.00", 0.9), words(("20.00", 0.9)), ACCEPT_AT)
    assert check.verdict is Verdict.PASSED
    assert amount.accepted
    assert legal.accepted
    assert amount.confidence == legal.confidence > ACCEPT_AT


def test_agreement_of_two_doubtful_readings_is_for_a_person():
    amount, _, check = reconcile(figures("20.00", 0.3), words(("20.00", 0.4)), ACCEPT_AT)
    assert check.verdict is Verdict.PASSED
    assert not amount.accepted


def test_a_difference_is_never_accepted_however_sure_the_figures_are():
    sure = figures("36000000.00", 1.0, accepted=True)
    amount, legal, check = reconcile(sure, words(("3600000.00", 0.99)), ACCEPT_AT)
    assert (check.verdict, check.return_code) == (Verdict.FAILED, "34")
    assert not amount.accepted
    assert (amount.value, legal.value) == ("36000000.00", "3600000.00")


def test_a_difference_from_unlikely_words_is_unknown_and_not_accepted():
    sure = figures("20.00", 1.0, accepted=True)
    amount, _, check = reconcile(sure, words(("90.00", 0.4)), ACCEPT_AT)
    assert (check.verdict, check.return_code) == (Verdict.UNKNOWN, "")
    assert not amount.accepted


def test_words_choose_among_the_candidates_of_doubtful_figures_and_say_so():
    doubtful = figures("24.00", 0.2, "21.00", "27.00")
    amount, _, check = reconcile(doubtful, words(("21.00", 0.95)), ACCEPT_AT)
    assert amount.value == "21.00"
    assert [other.value for other in amount.alternatives] == ["24.00", "27.00"]
    assert "chosen_by_words" in amount.notes
    assert not amount.accepted
    assert check.verdict is Verdict.UNKNOWN


def test_words_never_choose_a_candidate_of_other_length():
    doubtful = figures("36000000.00", 0.3, "3600000.00")
    amount, _, check = reconcile(doubtful, words(("3600000.00", 0.95)), ACCEPT_AT)
    assert amount.value == "36000000.00"
    assert check.return_code == "34"


def test_words_choose_another_length_where_the_commas_stand_wrong():
    doubtful = figures("15000001.00", 0.3, "1500000.00", notes=("irregular_groups",))
    amount, _, _ = reconcile(doubtful, words(("1500000.00", 0.95)), ACCEPT_AT)
    assert amount.value == "1500000.00"
    assert not amount.accepted


def test_words_choose_what_hardly_legible_figures_may_mean():
    unclear = figures(None, 0.0, "24.00", "21.00", notes=("illegible",))
    amount, _, check = reconcile(unclear, words(("21.00", 0.95)), ACCEPT_AT)
    assert (amount.value, amount.accepted) == ("21.00", False)
    assert [other.value for other in amount.alternatives] == ["24.00"]
    assert "chosen_by_words" in amount.notes
    assert check.verdict is Verdict.UNKNOWN


def test_words_do_not_choose_against_figures_that_are_sure():
    sure = figures("24.00", 0.9, "21.00")
    amount, _, check = reconcile(sure, words(("21.00", 0.95)), ACCEPT_AT)
    assert amount.value == "24.00"
    assert check.verdict is Verdict.FAILED


def test_words_that_make_no_amount_fail():
    sure = figures("150000.00", 1.0, accepted=True)
    amount, legal, check = reconcile(sure, words(breaks_grammar=True), ACCEPT_AT)
    assert (check.verdict, check.return_code) == (Verdict.FAILED, "34")
    assert not amount.accepted
    assert legal.value is None


@pytest.mark.parametrize("accepted", [True, False])
def test_unread_words_leave_the_figures_as_they_are(accepted):
    alone = figures("20.00", 0.9, accepted=accepted)
    amount, legal, check = reconcile(alone, words(), ACCEPT_AT)
    assert amount == alone
    assert legal.value is None
    assert check.verdict is Verdict.UNKNOWN


def test_words_alone_are_shown_and_not_accepted():
    amount, legal, check = reconcile(figures(None, 0.0), words(("20.00", 1.0)), ACCEPT_AT)
    assert (amount.value, legal.value) == (None, "20.00")
    assert not legal.accepted
    assert check.verdict is Verdict.UNKNOWN
