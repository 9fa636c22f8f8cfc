"""Fit how much each piece of evidence counts: logistic regression, held near a plain prior."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recognition.engine.confidence import Evidence, calibrated

_PRIOR = np.array([-1.0, 0.5, 0.1, 0.2, 1.0, 0.5, 0.1, 1.0, 0.5])
_PRIOR_OF_THREE = np.array([0.0, 0.5, 0.5, 0.5])
"""Where the third reader was asked."""
_STRENGTH = 1.0
"""Of the pull towards the prior: a few hundred crops would not hold the weights down."""
_STEPS = 100


def fit(evidence: Sequence[Evidence], is_right: NDArray[np.bool_]) -> tuple[float, ...]:
    """Return the weights of ``Evidence.features``, by Newton's method with a quadratic prior.

    Only the constant may be below nought: no evidence may count against its own sense, as it
    does when it repeats another and the crops are few.
    """
    features = np.array([each.features() for each in evidence])
    prior = _PRIOR if features.shape[1] == len(_PRIOR) else _PRIOR_OF_THREE
    weights = prior.copy()
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-np.clip(features @ weights, -30, 30)))
        gradient = features.T @ (is_right - p) - _STRENGTH * (weights - prior)
        curvature = (features * (p * (1 - p))[:, None]).T @ features
        curvature += _STRENGTH * np.eye(len(weights))
        moves = (weights > 0) | (gradient > 0)
        moves[0] = True
        step = np.zeros(len(weights))
        step[moves] = np.linalg.solve(curvature[np.ix_(moves, moves)], gradient[moves])
        stepped = weights + np.clip(step, -1, 1)
        stepped[1:] = np.maximum(stepped[1:], 0)
        change, weights = np.abs(stepped - weights).max(), stepped
        if change < 1e-6:
            break
    return tuple(float(round(weight, 4)) for weight in weights)


def cross_fitted(
    evidence: Sequence[Evidence], is_right: NDArray[np.bool_], folds: int = 5
) -> list[float]:
    """Return each crop's confidence by weights that were fitted without its fold."""
    fold = np.random.default_rng(0).permutation(len(evidence)) % folds
    confidence = np.zeros(len(evidence))
    for number in range(folds):
        others = np.flatnonzero(fold != number)
        weights = fit([evidence[int(i)] for i in others], is_right[others])
        for i in np.flatnonzero(fold == number):
            confidence[i] = calibrated(evidence[int(i)], weights)
    return confidence.tolist()
