"""Which character was read as which: the cheapest alignment of two texts."""

from collections.abc import Iterator


def confusions(written: str, read: str) -> list[tuple[str, str]]:
    """Return what differs, from left to right: (written, read), ``""`` for no character.

    The texts are aligned with as few insertions, deletions and replacements as possible
    (Levenshtein 1966); among those, a replacement goes before a deletion, and that before an
    insertion.

    >>> confusions("1250.00", "1750.0")
    [('2', '7'), ('0', '')]
    """
    return [pair for pair in align(written, read) if pair[0] != pair[1]]


def align(written: str, read: str) -> list[tuple[str, str]]:
    """Return all pairs of an alignment; the first parts make ``written``, the others ``read``."""
    return list(_walk(written, read, _costs(written, read)))


def _costs(written: str, read: str) -> list[list[int]]:
    """Return for each pair of rests what it costs to turn one into the other."""
    rows, columns = len(written), len(read)
    costs = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows, -1, -1):
        for column in range(columns, -1, -1):
            if row == rows or column == columns:
                costs[row][column] = rows - row + columns - column
                continue
            costs[row][column] = min(
                costs[row + 1][column + 1] + (written[row] != read[column]),
                costs[row + 1][column] + 1,
                costs[row][column + 1] + 1,
            )
    return costs


def _walk(written: str, read: str, costs: list[list[int]]) -> Iterator[tuple[str, str]]:
    row = column = 0
    while row < len(written) or column < len(read):
        cost = costs[row][column]
        if row < len(written) and column < len(read):
            differs = written[row] != read[column]
            if cost == costs[row + 1][column + 1] + differs:
                yield written[row], read[column]
                row, column = row + 1, column + 1
                continue
        if row < len(written) and cost == costs[row + 1][column] + 1:
            yield written[row], ""
            row += 1
        else:
            yield "", read[column]
            column += 1
