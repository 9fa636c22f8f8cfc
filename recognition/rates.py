"""How sure a rate is that was counted."""

import math


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a rate (Wilson 1927, score interval).

    >>> tuple(round(bound, 3) for bound in wilson(19, 20))
    (0.764, 0.991)
    """
    if count == 0:
        return 0.0, 1.0
    z = 1.959964
    rate = right / count
    centre = rate + z * z / (2 * count)
    spread = z * math.sqrt(rate * (1 - rate) / count + z * z / (4 * count * count))
    scale = 1 + z * z / count
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
