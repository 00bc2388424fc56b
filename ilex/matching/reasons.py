"""What a comparison found, field by field, in codes and in weights; the sentences for people stand here in English."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ilex.words.identifiers.wrong import N_
from ilex.words.scripts import to_latin


class PartPair(NamedTuple):
    """One word of the asked name beside the word of the held name that answers it; one of them can be empty."""

    asked: str
    held: str
    code: str  # of PARTS
    weight: float = 0.0  # its share of the name's weight before calibration: only for the order and the colour


class Reason(NamedTuple):
    """What one field says. Removing the field from what was asked changes the logit by exactly `weight`."""

    field: str  # name, born, country, sex, place, kind, identifier:<type>
    code: str
    asked: str
    held: str
    weight: float  # log odds; negative speaks against
    parts: tuple[PartPair, ...] = ()

    @property
    def asked_latin(self) -> str:
        """As asked, in readable Latin letters; the same text where it has them."""
        return to_latin(self.asked)

    @property
    def held_latin(self) -> str:
        return to_latin(self.held)

    @property
    def against(self) -> bool:
        return self.weight < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """How likely both are the same: `logit` is `base` and the weights of the reasons, `score` its share of 1."""

    base: float
    reasons: tuple[Reason, ...]
    logit: float = field(init=False)
    score: float = field(init=False)

    def __post_init__(self) -> None:
        logit = self.base + sum(reason.weight for reason in self.reasons)
        object.__setattr__(self, "logit", logit)
        object.__setattr__(self, "score", sigmoid(logit))

    @property
    def decisive(self) -> Reason | None:
        """The reason without which the score would change most; the first of equals."""
        return max(self.reasons, key=lambda reason: abs(reason.weight), default=None)


def sigmoid(logit: float) -> float:
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    odds = math.exp(logit)
    return odds / (1 + odds)


# Sentences for the officer: who shows them translates them and fills in %(asked)s and %(held)s.
NAME: Mapping[str, str] = {
    "same": N_("The names are the same: %(asked)s and %(held)s."),
    "same_sound": N_("The names sound the same: %(asked)s and %(held)s."),
    "equivalent": N_("The names are forms of one name: %(asked)s and %(held)s."),
    "similar": N_("The names are nearly the same: %(asked)s and %(held)s."),
    "one_letter": N_("The names differ by one letter: %(asked)s and %(held)s."),
    "initial": N_("One name has only an initial where the other has a word: %(asked)s and %(held)s."),
    "short_form": N_("One name is a shortened form of the other: %(asked)s and %(held)s."),
    "omitted": N_("One name has a part that the other leaves out: %(asked)s and %(held)s."),
    "contradicts": N_("A part of the name is another one: %(asked)s and %(held)s."),
    "patronymic_contradicts": N_("The father's name is another one: %(asked)s and %(held)s."),
    "number_contradicts": N_("The numbers in the names differ: %(asked)s and %(held)s."),
    "form_contradicts": N_("The legal forms differ: %(asked)s and %(held)s."),
    "different": N_("The names have little in common: %(asked)s and %(held)s."),
}
PARTS: Mapping[str, str] = {
    "same": N_("the same letters"),
    "same_sound": N_("the same sound"),
    "equivalent": N_("forms of one name"),
    "one_letter": N_("one letter differs"),
    "similar": N_("nearly the same"),
    "feminine": N_("a woman's and a man's form"),
    "initial": N_("an initial"),
    "short_form": N_("a shortened form"),
    "joined": N_("written as one word or as two"),
    "generic": N_("a word that many names have"),
    "legal": N_("a legal form"),
    "legal_contradicts": N_("another legal form"),
    "number": N_("the same number"),
    "number_contradicts": N_("another number"),
    "only_asked": N_("only in what was asked"),
    "only_held": N_("only in the record"),
    "patronymic_only": N_("a father's name that one of them leaves out"),
    "particle_only": N_("a small word that one of them leaves out"),
    "contradicts": N_("another name"),
    "patronymic_contradicts": N_("another father's name"),
}
BORN: Mapping[str, str] = {
    "same": N_("The date of birth is the same: %(held)s."),
    "same_first_of_january": N_(
        "Both give the first of January of one year, which often means the year only: %(held)s."
    ),
    "same_month": N_("Year and month of birth are the same: %(asked)s and %(held)s."),
    "same_year": N_("The year of birth is the same: %(asked)s and %(held)s."),
    "swapped_day_month": N_("Day and month of birth are exchanged: %(asked)s and %(held)s."),
    "one_digit": N_("The dates of birth differ by one digit: %(asked)s and %(held)s."),
    "two_digits": N_("Two digits of the dates of birth are exchanged: %(asked)s and %(held)s."),
    "other_day": N_("Same year of birth, another day: %(asked)s and %(held)s."),
    "other_year_same_day": N_("Same day and month of birth, another year: %(asked)s and %(held)s."),
    "near_year": N_("The years of birth are close: %(asked)s and %(held)s."),
    "other_year": N_("The years of birth differ: %(asked)s and %(held)s."),
}
COUNTRY: Mapping[str, str] = {
    "same": N_("The country is the same: %(held)s."),
    "successor": N_("One state came from the other: %(asked)s and %(held)s."),
    "contradicts": N_("The countries differ: %(asked)s and %(held)s."),
}
SEX: Mapping[str, str] = {
    "same": N_("The sex is the same."),
    "contradicts": N_("The sex differs."),
}
PLACE: Mapping[str, str] = {
    "same": N_("The place is the same: %(held)s."),
    "similar": N_("The places are nearly the same: %(asked)s and %(held)s."),
    "contradicts": N_("The places differ: %(asked)s and %(held)s."),
}
KIND: Mapping[str, str] = {
    "contradicts": N_("One is of another kind than the other."),
}
IDENTIFIER: Mapping[str, str] = {
    "same": N_("The number is the same: %(held)s."),
    "same_doubtful": N_("The number is the same, but it breaks the rule for such numbers: %(held)s."),
    "same_end": N_("The numbers end the same way: %(asked)s and %(held)s."),
    "look_alike": N_("The numbers are the same but for signs that look alike: %(asked)s and %(held)s."),
    "one_slip": N_("The numbers differ by one slip of the pen; this is possible, not sure: %(asked)s and %(held)s."),
    "one_slip_valid": N_("The numbers differ by one sign, and both keep the rule: %(asked)s and %(held)s."),
    "contradicts": N_("The numbers differ: %(asked)s and %(held)s."),
}
SENTENCES: Mapping[str, Mapping[str, str]] = {
    "name": NAME,
    "born": BORN,
    "country": COUNTRY,
    "sex": SEX,
    "place": PLACE,
    "kind": KIND,
    "identifier": IDENTIFIER,
}


def sentence(reason: Reason) -> str:
    """The English sentence of a reason, with %(asked)s and %(held)s still in it: the key of the message catalogue."""
    return SENTENCES[reason.field.partition(":")[0]][reason.code]
