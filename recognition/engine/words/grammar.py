"""Parse an amount in English words, Indian or western, however it was spelled, joined or misread.

The grammar is a machine over words. A group counts below a thousand; a scale (thousand, lakh,
million, crore, arab, billion) multiplies the group before it; scales come in falling order, and
what stands before crore may itself hold thousands and lakhs ("one lakh crore"). After the currency,
"paise" or "cents", or as ``50/100``, follow hundredths.
"""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from recognition.engine.words.lexicon import ADDED, Part, Word
from recognition.engine.words.spotting import Spotted, spot_words

_LONGEST_LINE = 160
_TOO_LARGE = 10**15  # "nine lakh arab"; no field of an amount holds it
_CRORE = 10_000_000
_HUNDREDTHS = re.compile(r"(?:\band\b|&)?\s*\b(\d{1,2}|xx|no|oo)\s*/\s*(?:\d{2,3}|xx|1oo)\b")
_LABEL = re.compile(r"^\W*(rupees|upees|pees|ees|es|s)(?:\b|_)\W*")
_WORD_CUT = 0.2  # a word that begins inside what stands as one word
_IMPLIED_ONE = 0.25  # "hundred five crores"
_BARE_SCALE = 1.5  # "thousand only"; more often the word before it was not read
_UNMARKED_FRACTION = 0.4  # "and fifty paise" with no currency before it
_MOST_STATES = 10
_WINDOW = 3.0
"""How much dearer than the best a hypothesis may be and still be followed."""

_MOST_NODES = 20_000  # remembered from line to line

_BROKEN = 1.0
"""What it costs to follow words that break the grammar; else every such line would be bent."""

_STEEPNESS = 2.2
"""Turns a difference of costs into odds: one letter that can't be mistaken weighs 9 to 1."""


@dataclass(frozen=True, slots=True)
class AmountInWords:
    """One value that a line may mean, a plain decimal string with two places.

    ``value`` is ``None`` where the line is made of an amount's words and yet is no amount, as "two
    thousand thirty thousand". ``cost`` is what had to be forgiven, in letters; ``score`` the share
    of this among all values found, in [0, 1], not calibrated; ``words`` the dictionary words it
    was read as.
    """

    value: str | None
    score: float
    cost: float
    words: str


def parse_words(text: str, most: int = 5) -> tuple[AmountInWords, ...]:
    """Return the values that a line of words may mean, the likeliest first; none if no amount.

    >>> [a.value for a in parse_words("Fourty Three lakh sixty thousands only", 1)]
    ['4360000.00']
    >>> parse_words("Rupees one hundred five and 50/100", 1)[0].value
    '105.50'
    """
    _, line = split_label(text[:_LONGEST_LINE].lower())
    given: int | None = None
    if match := _HUNDREDTHS.search(line):
        given = int(match[1]) if match[1].isdigit() else 0
        line = line[: match.start()] + " " + line[match.end() :]
    letters, cuts = _letters(line)
    if not letters:
        return ()
    ends = _search(letters, cuts)
    found: dict[str | None, tuple[float, tuple[str, ...]]] = {}
    for state, (cost, words) in sorted(ends.items(), key=lambda item: item[1][0]):
        value = state.value(given)
        if value is not None or state.is_broken:
            found.setdefault(value, (cost, words))
        elif not found:
            return ()  # what stands there says least wrongly that there is no amount
    if not found:
        return ()
    least = next(iter(found.values()))[0]
    odds = {value: math.exp(_STEEPNESS * (least - cost)) for value, (cost, _) in found.items()}
    total = sum(odds.values())
    return tuple(
        AmountInWords(value, odds[value] / total, cost, " ".join(words))
        for value, (cost, words) in list(found.items())[:most]
    )


def split_label(line: str) -> tuple[str, str]:
    """Return what is left of the label "Rupees" printed before a lower-case line, and the rest.

    >>> split_label("pees two lakh"), split_label("rupees: ten"), split_label("seven")
    (('pees', 'two lakh'), ('rupees', 'ten'), ('', 'seven'))
    """
    label = _LABEL.match(line)
    return (label[1], line[label.end() :]) if label else ("", line)


class _State(NamedTuple):
    """What the words so far count.

    ``crores`` is done, in rupees; ``scaled`` the groups since, above ``scale``; ``group`` the one
    being counted, of which ``last`` was the last word. ``rupees`` is set once the currency closed
    the whole part, after which groups count hundredths.
    """

    crores: int = 0
    scaled: int = 0
    scale: int = 0
    group: int = 0
    last: Part | None = None
    rupees: int | None = None
    hundredths: int | None = None
    fraction_first: bool = False  # "paise fifty"
    crore_scale: int = 0
    is_broken: bool = False

    @property
    def whole(self) -> int:
        return self.crores + self.scaled + self.group

    def value(self, given: int | None) -> str | None:
        """Return the amount if the words may end here; ``given`` hundredths stood in figures."""
        if self.is_broken:
            return None
        rupees, hundredths = self.rupees, self.hundredths
        if rupees is None:
            rupees = self.whole
        elif self.group or self.fraction_first:
            if not self.fraction_first or not self.group:
                return None  # a number after the currency that counts nothing
            hundredths = self.group
        if given is not None:
            if hundredths is not None:
                return None
            hundredths = given
        if not 0 < rupees + (hundredths or 0) < _TOO_LARGE:
            return None
        return str(Decimal(rupees) + Decimal(hundredths or 0) / 100 + Decimal("0.00"))


def _letters(line: str) -> tuple[str, frozenset[int]]:
    """Return the letters alone, and the places where a word stands apart from the one before."""
    letters: list[str] = []
    cuts = {0}
    for character in line.replace("&", " and "):
        if "a" <= character <= "z":
            letters.append(character)
        else:
            cuts.add(len(letters))
    return "".join(letters), frozenset(cuts)


class _Node:
    """A state and where it was seen to lead: a search meets the same states again and again.

    There is one node a state, so that nodes may be told apart without looking inside.
    """

    __slots__ = ("_moves", "state")

    def __init__(self, state: _State) -> None:
        self.state = state
        self._moves: dict[int, list[tuple[_Node, float]]] = {}

    def moves(self, way: Spotted) -> "list[tuple[_Node, float]]":
        """Return where a word leads, and what it costs beside its letters."""
        known = self._moves.get(way.meaning)
        if known is None:
            known = [(_node(state), toll) for state, toll in _following(self.state, way.word)]
            self._moves[way.meaning] = known
        return known


_nodes: dict[_State, _Node] = {}


def _node(state: _State) -> _Node:
    node = _nodes.get(state)
    if node is None:
        node = _nodes[state] = _Node(state)
    return node


_Words = tuple[Any, ...]  # () or (the words before, the last one)
_Path = tuple[float, _Words]


def _search(letters: str, cuts: frozenset[int]) -> dict[_State, tuple[float, tuple[str, ...]]]:
    """Follow the cheapest hypotheses through the line; return those that reach its end."""
    if len(_nodes) > _MOST_NODES:
        _nodes.clear()
    end_of_line = len(letters)
    at: list[dict[_Node, _Path]] = [{} for _ in range(end_of_line + 1)]
    best = [math.inf] * (end_of_line + 1)
    at[0][_node(_State())] = (0.0, ())
    for place, found in enumerate(spot_words(letters)):
        ranked = sorted(at[place].items(), key=_cost_of)[:_MOST_STATES]
        apart = 0.0 if place in cuts else _WORD_CUT
        for node, (cost, words) in ranked:
            if cost > ranked[0][1][0] + _WINDOW:
                break
            _offer(at[place + 1], node, cost + ADDED, words)
            best[place + 1] = min(best[place + 1], cost + ADDED)
            begun = cost + apart
            for way in found:
                end = way.end
                total = begun + way.cost
                if total > best[end] + _WINDOW and end < end_of_line:
                    continue  # it would not be followed
                for after, toll in node.moves(way):
                    _offer(at[end], after, total + toll, (words, way.word.spelling))
                    best[end] = min(best[end], total + toll)
    return {node.state: (cost, _in_order(words)) for node, (cost, words) in at[-1].items()}


def _cost_of(item: tuple[_Node, _Path]) -> float:
    return item[1][0]


def _offer(there: dict[_Node, _Path], node: _Node, cost: float, words: _Words) -> None:
    known = there.get(node)
    if known is None or cost < known[0]:
        there[node] = (cost, words)


def _in_order(words: _Words) -> tuple[str, ...]:
    spelled: list[str] = []
    while words:
        words, last = words
        spelled.append(last)
    return tuple(reversed(spelled))


def _following(state: _State, word: Word) -> tuple[tuple[_State, float], ...]:
    """Return where a word leads from a state, and what it costs beside its letters."""
    if state.is_broken or state.last is Part.ONLY:
        return ((state, 0.0),) if state.is_broken else ()
    match word.part:
        case Part.ONLY:
            return ((state._replace(last=Part.ONLY), 0.0),)
        case Part.AND:
            return _and(state)
        case Part.CURRENCY:
            return _currency(state)
        case Part.FRACTION:
            return _fraction(state)
        case _:
            return (_number(state, word),)


def _and(state: _State) -> tuple[tuple[_State, float], ...]:
    going_on = (state, 0.0)
    if state.rupees is None and state.whole:
        return (going_on, (_closed(state), _UNMARKED_FRACTION))
    return (going_on,)


def _number(state: _State, word: Word) -> tuple[_State, float]:
    is_over = state.rupees is not None and state.hundredths is not None
    counted = None if is_over else _counted(state, word)
    return counted or (_State(is_broken=True), _BROKEN)


def _closed(state: _State) -> _State:
    return _State(rupees=state.whole)


def _currency(state: _State) -> tuple[tuple[_State, float], ...]:
    if state.rupees is not None:
        return ()
    if not state.whole:
        return ((state, 0.0),) if state.last is None else ()
    return ((_closed(state), 0.0),)


def _fraction(state: _State) -> tuple[tuple[_State, float], ...]:
    if state.hundredths is not None or state.fraction_first:
        return ()
    if state.rupees is None:
        if 0 < state.whole < 100:  # noqa: PLR2004 - "fifty paise only"
            return ((_State(rupees=0, hundredths=state.whole), 0.0),)
        return ((_closed(state)._replace(fraction_first=True), _UNMARKED_FRACTION),)
    if state.group:
        return ((_State(rupees=state.rupees, hundredths=state.group), 0.0),)
    return ((state._replace(fraction_first=True), 0.0),)


def _counted(state: _State, word: Word) -> tuple[_State, float] | None:
    last, group = state.last, state.group
    fraction = state.rupees is not None
    if word.part in {Part.UNIT, Part.TEEN, Part.TENS}:
        fits = last in {None, Part.HUNDRED, Part.SCALE}
        if word.part is Part.UNIT:
            fits = fits or last is Part.TENS
        return (state._replace(group=group + word.number, last=word.part), 0.0) if fits else None
    if fraction:
        return None
    if word.part is Part.HUNDRED:
        if last in {None, Part.SCALE}:
            return (state._replace(group=100, last=word.part), _IMPLIED_ONE)
        if last in {Part.UNIT, Part.TEEN, Part.TENS} and group < 100 and group % 10:  # noqa: PLR2004
            return (state._replace(group=group * 100, last=word.part), 0.0)
        return None
    return _scaled(state, word.number)


def _scaled(state: _State, scale: int) -> tuple[_State, float] | None:
    """Multiply by a scale: the group before it, or, for crore and above, all that came since."""
    toll = 0.0
    group = state.group
    if not group and (state.last is None or scale < _CRORE):
        group, toll = 1, _BARE_SCALE
    if scale < _CRORE:
        if state.scale and scale >= state.scale:
            return None
        scaled = state.scaled + group * scale
        return (state._replace(scaled=scaled, scale=scale, group=0, last=Part.SCALE), toll)
    if state.crore_scale and scale >= state.crore_scale:
        return None
    before = state.scaled + group
    after = _State(crores=state.crores + before * scale, crore_scale=scale, last=Part.SCALE)
    return (after, toll)
