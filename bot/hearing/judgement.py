"""From the network's raw outputs to what is heard: likelihoods, chips to offer, patterns sure enough to name.

Pure arithmetic over numbers found in training; it knows nothing of models or files.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp
from typing import Any

from bot.domain.library import PATTERN_IDS

#: The outputs of the network beside the fifteen patterns: a veiled crisis, and whether anything shows at all.
VEILED, ANYTHING = "crisis", "anything"
OUTPUTS = (*PATTERN_IDS, VEILED, ANYTHING)
#: Chips under one reply.
MOST_CHIPS = 3


@dataclass(frozen=True, slots=True)
class Heard:
    """What one reply may show.

    `likelihoods` has all fifteen patterns, each 0 to 1. `offered` has at most three, the likeliest first.
    `named` are sure enough to count without a tap. `veiled` is the likelihood of a crisis, said in a veil or not;
    where it is `alarming`, care answers.
    """

    likelihoods: Mapping[str, float]
    offered: tuple[str, ...]
    named: frozenset[str]
    veiled: float
    alarming: bool = False


#: What is heard where there is nothing to hear.
NOTHING = Heard(dict.fromkeys(PATTERN_IDS, 0.0), (), frozenset(), 0.0)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The numbers that training found on replies by writers the network had not seen.

    The log-odds of an output are its raw output times its slope, and that of ANYTHING times its lift, and
    its intercept. Chips are offered where ANYTHING and half the likeliest pattern, in log-odds, reach
    `gate`, for patterns that reach `chip`; a pattern is named from `naming` on. `asking` is added to the
    log-odds of the patterns that the question asked about. From `alarm` on a veiled crisis asks for care.
    """

    slopes: Mapping[str, float]
    lifts: Mapping[str, float]
    intercepts: Mapping[str, float]
    gate: float
    chip: float
    naming: float
    asking: float
    alarm: float

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> "Judgement":
        """The judgement in a parsed reader.json; KeyError names what is missing."""
        return cls(
            slopes=found["slopes"],
            lifts=found["lifts"],
            intercepts=found["intercepts"],
            gate=found["gate"],
            chip=found["chip"],
            naming=found["naming"],
            asking=found["asking"],
            alarm=found["alarm"],
        )

    def hear(
        self,
        raw: Mapping[str, float],
        asked: Collection[str] = (),
        leaning: Mapping[str, float] | None = None,
    ) -> Heard:
        """What raw outputs mean, given the patterns asked about and the person's own leaning (log-odds)."""
        sober = self.log_odds(raw)
        own = {name: sober[name] + (leaning or {}).get(name, 0.0) for name in PATTERN_IDS}
        shifted = {name: _likely(own[name] + self.asking * (name in asked)) for name in PATTERN_IDS}
        ranked = sorted(PATTERN_IDS, key=lambda name: -shifted[name])
        open_gate = sober[ANYTHING] + max(sober[name] for name in PATTERN_IDS) / 2 >= self.gate
        offered = tuple(name for name in ranked[:MOST_CHIPS] if open_gate and shifted[name] >= self.chip)
        named = frozenset(name for name in offered if _likely(own[name]) >= self.naming)
        veiled = _likely(sober[VEILED])
        return Heard(shifted, offered, named, veiled, veiled >= self.alarm)

    def log_odds(self, raw: Mapping[str, float]) -> dict[str, float]:
        """The calibrated log-odds of every output."""
        anything = raw[ANYTHING]
        return {
            name: self.slopes[name] * raw[name] + self.lifts[name] * anything + self.intercepts[name]
            for name in OUTPUTS
        }


def _likely(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-60.0, min(60.0, log_odds))))
