"""The numbers of reader.json, found on outputs for replies whose writers the network had not seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from bot.domain.library import PATTERN_IDS
from bot.hearing.judgement import ANYTHING, OUTPUTS, Judgement

Floats = NDArray[np.float64]

#: Of replies that show nothing, the most that may get chips; the bar is 0.25, writers differ.
CHIPS_ON_NOTHING = 0.20
#: A chip less likely than this helps nobody.
LEAST_CHIP = 0.06
#: How right a naming must be; the bar is 0.90, writers differ.
NAMING_PRECISION = 0.93
#: How strongly a label's own slope and intercept are held to those of all labels together.
HOLD = 20.0


def judge(raw: Floats, targets: Floats, asking: float) -> Judgement:
    """The judgement for raw outputs (replies, outputs) and 0/1 targets of the same shape."""
    lines = [platt(raw[:, i], targets[:, i], *_together(raw, targets)) for i in range(len(OUTPUTS))]
    slopes, intercepts = np.array(lines).T
    likely = expit(raw * slopes + intercepts)
    patterns = len(PATTERN_IDS)
    shown = targets[:, :patterns]
    anything = likely[:, OUTPUTS.index(ANYTHING)]
    naming = naming_from(likely[:, :patterns], shown)
    return Judgement(
        slopes=_rounded(OUTPUTS, slopes),
        intercepts=_rounded(OUTPUTS, intercepts),
        gate=round(gate_from(anything, shown), 4),
        chip=LEAST_CHIP,
        naming=dict.fromkeys(PATTERN_IDS, round(naming, 4)),
        asking=asking,
    )


def platt(raw: Floats, targets: Floats, slope: float, intercept: float) -> tuple[float, float]:
    """Slope and intercept of a logistic line, held to a given one as by HOLD replies."""
    given, inputs = np.array([slope, intercept]), np.stack([raw, np.ones_like(raw)], 1)

    def cost(line: Floats) -> float:
        scores = inputs @ line
        return float((np.logaddexp(0, scores) - targets * scores).sum() + HOLD / 8 * ((line - given) ** 2).sum())

    def slant(line: Floats) -> Floats:
        likely = expit(inputs @ line)
        towards: Floats = inputs.T @ (likely - targets) + HOLD / 4 * (line - given)
        return towards

    found = minimize(cost, given, jac=slant, method="BFGS").x
    return float(found[0]), float(found[1])


def gate_from(anything: Floats, shown: Floats) -> float:
    """The gate that CHIPS_ON_NOTHING of the replies that show nothing still pass."""
    silent = anything[shown.sum(1) == 0]
    return float(np.quantile(silent, 1 - CHIPS_ON_NOTHING))


def naming_from(likely: Floats, shown: Floats) -> float:
    """The lowest likelihood from which on NAMING_PRECISION of all namings are right; 1.0 if there is none."""
    order = np.argsort(-likely.ravel())
    right = np.cumsum(shown.ravel()[order]) / np.arange(1, order.size + 1)
    enough = np.flatnonzero(right >= NAMING_PRECISION)
    return float(likely.ravel()[order][enough[-1]]) if enough.size else 1.0


def _together(raw: Floats, targets: Floats) -> tuple[float, float]:
    line = (1.0, 0.0)
    return platt(raw[:, : len(PATTERN_IDS)].ravel(), targets[:, : len(PATTERN_IDS)].ravel(), *line)


def _rounded(names: Sequence[str], numbers: Floats) -> dict[str, float]:
    return {name: round(float(number), 4) for name, number in zip(names, numbers, strict=True)}
