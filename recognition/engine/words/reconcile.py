"""Hold the amount in figures against the amount in words.

The words bind (Negotiable Instruments Act, 1881, § 18), and two readings that are made from other
ink with other means seldom err alike: agreement of the likeliest of both is the strongest evidence
there is. That one of several readings agrees is no such evidence and accepts nothing.
"""

from dataclasses import replace

from recognition.engine.amount import IRREGULAR_GROUPS
from recognition.engine.types import Candidate, Check, FieldName, FieldReading, Verdict
from recognition.engine.words.reading import WordsReading

RULE = "words_and_figures_agree"
_DIFFER = "34"  # return reason: amount in words and figures differs

_COINCIDENCE = 0.05
"""Of two wrong readings, how often they are wrong alike; a cautious guess, not measured."""

_LIKELY = 0.6
"""Confidence from which words are believed enough to accept by, to choose by, to object by."""

_POSSIBLE = 0.25
"""Confidence of figures from which likely words that say otherwise are called a difference: to
call one wrongly costs a look at the cheque, to miss one costs money."""


def reconcile(
    figures: FieldReading, words: WordsReading, accept_at: float
) -> tuple[FieldReading, FieldReading, Check]:
    """Return the amount in figures decided anew, the amount in words, and the verdict on both."""
    legal = _legal(words)
    if words.breaks_grammar:
        reason = f"“{words.text}” is no amount."
        return _doubted(figures), legal, Check(RULE, Verdict.FAILED, reason, _DIFFER)
    if legal.value is None:
        return figures, legal, Check(RULE, Verdict.UNKNOWN, "The amount in words was not read.")
    if figures.value == legal.value:
        return _agreeing(figures, legal, accept_at)
    is_likely = legal.confidence >= _LIKELY
    is_candidate = any(other.value == legal.value for other in figures.alternatives)
    if is_likely and is_candidate and _may_be(figures, legal.value):
        return _chosen(figures, legal)
    if figures.value is None:
        reason = f"The words read {legal.value}; the figures were not read."
        return figures, legal, Check(RULE, Verdict.UNKNOWN, reason)
    reason = f"The figures read {figures.value}, the words {legal.value}."
    differ = is_likely and figures.confidence >= _POSSIBLE
    verdict = Verdict.FAILED if differ else Verdict.UNKNOWN
    return _doubted(figures), legal, Check(RULE, verdict, reason, _DIFFER if differ else "")


def _may_be(figures: FieldReading, said: str) -> bool:
    """Tell whether figures may be those that the words say, and only have been misread."""
    if figures.value is None:
        return True
    # A digit more or less is no misreading of a digit, but what a real difference looks like;
    # unless the figures' own commas say that one of them was taken for a digit, or lost.
    is_alike = len(said) == len(figures.value) or IRREGULAR_GROUPS in figures.notes
    return is_alike and figures.confidence < _LIKELY


def _legal(words: WordsReading) -> FieldReading:
    best = words.candidates[0] if words.candidates else None
    return FieldReading(
        FieldName.LEGAL_AMOUNT,
        best.value if best else None,
        words.text,
        best.confidence if best else 0.0,
        accepted=False,
        box=words.box,
        alternatives=words.candidates[1:],
        notes=() if best else ("not_read",),
    )


def _agreeing(
    figures: FieldReading, legal: FieldReading, accept_at: float
) -> tuple[FieldReading, FieldReading, Check]:
    both = figures.confidence * legal.confidence
    neither = (1 - figures.confidence) * (1 - legal.confidence) * _COINCIDENCE
    confidence = both / (both + neither) if both else 0.0
    is_accepted = figures.accepted or (confidence >= accept_at and legal.confidence >= _LIKELY)
    figures = replace(figures, confidence=confidence, accepted=is_accepted)
    legal = replace(legal, confidence=confidence, accepted=is_accepted)
    return figures, legal, Check(RULE, Verdict.PASSED, "The words and the figures agree.")


def _chosen(figures: FieldReading, legal: FieldReading) -> tuple[FieldReading, FieldReading, Check]:
    """Let the words choose among the figures' candidates, and say so; a person decides."""
    chosen = next(other for other in figures.alternatives if other.value == legal.value)
    others = tuple(other for other in figures.alternatives if other is not chosen)
    if figures.value is None:
        reason = f"The figures were hardly legible; the words, {legal.value}, chose among them."
    else:
        reason = f"The figures read {figures.value} first; the words, {legal.value}, chose another."
        others = (Candidate(figures.value, figures.confidence), *others)
    figures = replace(
        figures,
        value=chosen.value,
        confidence=chosen.confidence,
        accepted=False,
        alternatives=others,
        notes=(*figures.notes, "chosen_by_words"),
    )
    return figures, legal, Check(RULE, Verdict.UNKNOWN, reason)


def _doubted(figures: FieldReading) -> FieldReading:
    return replace(figures, accepted=False)
