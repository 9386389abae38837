"""The numbers of reader.json, found on outputs for replies whose writers the model had not seen."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from bot.domain.library import PATTERN_IDS
from bot.hearing.judgement import ANYTHING, MOST_CHIPS, OUTPUTS, VEILED, Judgement

Floats = NDArray[np.float64]

#: Of replies that show nothing, the most that may get chips; the bar is 0.25, writers differ.
CHIPS_ON_NOTHING = 0.21
#: A chip less likely than this helps nobody.
LEAST_CHIP = 0.03
#: How right a naming must be; the bar is 0.90, writers differ.
NAMING_PRECISION = 0.92
#: Of lines without a crisis, half of them near misses, the most that the learned reader may alarm by itself. A missed
#: crisis is worse than a false alarm.
ALARMS_ON_BENIGN = 0.02
#: With fewer crisis lines than this nothing was learned of them.
ENOUGH = 100
#: How strongly a label's own line is held to that of all patterns together, as by so many replies.
HOLD = 20.0
PATTERNS = len(PATTERN_IDS)


def judge(raw: Floats, targets: Floats, asking: float) -> Judgement:
    """The judgement for raw outputs (replies, outputs) and targets of the same shape: 0, 1, or NaN."""
    lines = lines_of(raw, targets)
    odds = np.einsum("ion,on->io", inputs_of(raw), lines)
    alarm = alarm_from(expit(odds[:, OUTPUTS.index(VEILED)]), targets[:, OUTPUTS.index(VEILED)])
    looked = ~np.isnan(targets[:, 0])
    odds, shown = odds[looked], targets[looked, :PATTERNS]
    opening = odds[:, OUTPUTS.index(ANYTHING)] + odds[:, :PATTERNS].max(1) / 2
    gate = float(np.quantile(opening[shown.sum(1) == 0], 1 - CHIPS_ON_NOTHING))
    likely = expit(odds[:, :PATTERNS])
    naming = naming_from(np.where(_offered(likely, opening >= gate), likely, 0.0), shown)
    slopes, lifts, intercepts = (_named(column) for column in lines.T)
    return Judgement(
        slopes=slopes,
        lifts=lifts,
        intercepts=intercepts,
        gate=round(gate, 4),
        chip=LEAST_CHIP,
        naming=round(naming, 4),
        asking=asking,
        alarm=round(alarm, 4),
    )


def inputs_of(raw: Floats) -> Floats:
    """(replies, outputs, 3): what each output's line is drawn through: itself, ANYTHING and one."""
    anything = np.broadcast_to(raw[:, [OUTPUTS.index(ANYTHING)]], raw.shape).copy()
    anything[:, PATTERNS:] = 0.0
    return np.stack([raw, anything, np.ones_like(raw)], -1)


def lines_of(raw: Floats, targets: Floats) -> Floats:
    """(outputs, 3): slope, lift and intercept of each output, held to those of all patterns together."""
    inputs, start, known = inputs_of(raw), np.array([1.0, 0.0, 0.0]), ~np.isnan(targets)
    looked = known[:, 0]
    together = line(inputs[looked, :PATTERNS].reshape(-1, 3), targets[looked, :PATTERNS].ravel(), start)
    found = [line(inputs[known[:, i], i], targets[known[:, i], i], together) for i in range(len(OUTPUTS))]
    return np.stack(found)


def line(inputs: Floats, targets: Floats, given: Floats) -> Floats:
    """The logistic line for inputs (replies, n) and 0/1 targets, held to a given one as by HOLD replies."""

    def cost(found: Floats) -> float:
        scores = inputs @ found
        return float((np.logaddexp(0, scores) - targets * scores).sum() + HOLD / 8 * ((found - given) ** 2).sum())

    def slant(found: Floats) -> Floats:
        towards: Floats = inputs.T @ (expit(inputs @ found) - targets) + HOLD / 4 * (found - given)
        return towards

    fitted: Floats = minimize(cost, given, jac=slant, method="BFGS").x
    return fitted


def alarm_from(likely: Floats, crisis: Floats) -> float:
    """The alarm that ALARMS_ON_BENIGN of the lines without a crisis reach; 1.0 without ENOUGH crisis lines."""
    if crisis.sum() < ENOUGH:
        return 1.0
    return float(np.quantile(likely[crisis == 0], 1 - ALARMS_ON_BENIGN))


def naming_from(likely: Floats, shown: Floats) -> float:
    """The lowest likelihood from which on NAMING_PRECISION of all namings are right; 1.0 if there is none."""
    order = np.argsort(-likely.ravel())
    right = np.cumsum(shown.ravel()[order]) / np.arange(1, order.size + 1)
    enough = np.flatnonzero(right >= NAMING_PRECISION)
    return float(likely.ravel()[order][enough[-1]]) if enough.size else 1.0


def _offered(likely: Floats, open_gate: NDArray[np.bool_]) -> NDArray[np.bool_]:
    third = np.sort(likely, 1)[:, -MOST_CHIPS][:, None]
    offered: NDArray[np.bool_] = (likely >= third) & open_gate[:, None]
    return offered


def _named(numbers: Floats) -> dict[str, float]:
    return {name: round(float(number), 4) for name, number in zip(OUTPUTS, numbers, strict=True)}
