"""What becomes of an item after another key: a pure function of what was said in this round.

Two people who say the same settle it, each without having seen the other's answer. Where they
differ a third person is asked, and each value must then be one that two of the three gave. Three
people who say three things send it back to the maker.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from recognition.desk.models import State, Verdict

TWO, THREE = 2, 3


@dataclass(frozen=True, slots=True)
class Said:
    """One person's key: canonical values by field, and a return code where it is a rejection."""

    verdict: Verdict
    values: Mapping[str, str] = field(default_factory=dict)
    return_code: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """Where the item goes; values and return code only where that settles it."""

    state: State
    values: Mapping[str, str] = field(default_factory=dict)
    return_code: str = ""


def move_after(said: Sequence[Said], *, needs_two_keys: bool) -> Move:
    """Return where an item goes after the last of these one to three keys of one round.

    >>> move_after([Said(Verdict.ACCEPT, {"date": ""})], needs_two_keys=True).state.value
    'second_key'
    """
    last = said[-1]
    if last.verdict is Verdict.RETURN:
        return Move(State.RETURNED)
    if len(said) == 1:
        if needs_two_keys:
            return Move(State.SECOND_KEY)
        return _settled(last.values, last.return_code)
    agreed = _agreed(said)
    if agreed is not None:
        return agreed
    return Move(State.THIRD_KEY if len(said) < THREE else State.RETURNED)


def _agreed(said: Sequence[Said]) -> Move | None:
    codes = Counter(one.return_code for one in said if one.verdict is Verdict.REJECT)
    for code, people in codes.items():
        if people >= TWO:
            return _settled({}, code)
    accepted = [one.values for one in said if one.verdict is Verdict.ACCEPT]
    if len(accepted) < TWO:
        return None
    values = {}
    for name in accepted[0]:
        value, people = Counter(one.get(name, "") for one in accepted).most_common(1)[0]
        if people < TWO:
            return None
        values[name] = value
    return _settled(values, "")


def _settled(values: Mapping[str, str], return_code: str) -> Move:
    if return_code:
        return Move(State.REJECTED, return_code=return_code)
    return Move(State.APPROVED, values=dict(values))
