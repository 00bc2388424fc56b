"""What a comparison says, in the words of the officer's language: field by field, and in one plain sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ilex.matching.reasons import PARTS, SENTENCES, PartPair, Reason
from ilex.web.templatetags.parts import written

HARDLY, CLEARLY = 0.5, 2.0  # log odds: less than the one says little, more than the other says much

FIELDS: Mapping[str, str | Promise] = {
    "name": _("Name"),
    "born": _("Born"),
    "country": _("Country"),
    "sex": _("Sex"),
    "place": _("Place"),
    "kind": _("Kind"),
}
NUMBERS: Mapping[str, str | Promise] = {
    "card": _("Payment card"),
    "document": _("Travel or identity document"),
    "email": _("E-mail address"),
    "firearm": _("Serial number of a firearm"),
    "iban": _("IBAN"),
    "icao24": _("Transponder of an aircraft"),
    "aircraft": _("Registration of an aircraft"),
    "iccid": _("SIM card (ICCID)"),
    "imei": _("Telephone set (IMEI)"),
    "imo": _("IMO number"),
    "imsi": _("IMSI"),
    "lei": _("Legal entity identifier"),
    "mmsi": _("MMSI"),
    "national": _("Personal number"),
    "phone": _("Telephone number"),
    "plate": _("Registration plate"),
    "tax": _("Tax number"),
    "vin": _("Chassis number (VIN)"),
    "wallet": _("Wallet address"),
}
# In a table both values stand beside it, so it does not repeat them.
SHORT: Mapping[str, str | Promise] = {
    "same": _("the same"),
    "same_sound": _("sound the same"),
    "equivalent": _("forms of one name"),
    "similar": _("nearly the same"),
    "one_letter": _("one letter differs"),
    "initial": _("only an initial"),
    "short_form": _("a shortened form"),
    "omitted": _("a part is left out"),
    "contradicts": _("another one"),
    "patronymic_contradicts": _("another father's name"),
    "number_contradicts": _("other numbers in the name"),
    "form_contradicts": _("another legal form"),
    "different": _("little in common"),
    "same_month": _("year and month the same"),
    "same_year": _("the year the same"),
    "same_first_of_january": _("the same, but a day that often stands for an unknown one"),
    "look_alike": _("letters that look the same"),
    "swapped_day_month": _("day and month exchanged"),
    "one_digit": _("one digit differs"),
    "two_digits": _("two digits exchanged"),
    "other_day": _("same year, another day"),
    "other_year_same_day": _("same day, another year"),
    "near_year": _("the years are close"),
    "other_year": _("another year"),
    "successor": _("one state came from the other"),
    "same_doubtful": _("the same, but it breaks the rule for such numbers"),
    "same_end": _("the same end"),
    "one_slip": _("one slip of the pen: possible, not sure"),
    "one_slip_valid": _("one sign differs, and both keep the rule"),
}


@dataclass(frozen=True)
class Strength:
    """How much a field says. The words carry it; `tone` and `sign` only repeat them."""

    tone: str  # for, against, little
    sign: str
    words: str


def strength(weight: float) -> Strength:
    if abs(weight) < HARDLY:
        return Strength("little", "·", gettext("says little"))
    much = abs(weight) >= CLEARLY
    if weight > 0:
        return Strength("for", "++" if much else "+", gettext("speaks clearly for it") if much else gettext("for it"))
    words = gettext("speaks clearly against it") if much else gettext("against it")
    return Strength("against", "−−" if much else "−", words)


def field_name(field: str) -> str:
    name, _colon, type = field.partition(":")
    if name == "identifier":
        return str(NUMBERS.get(type, gettext("Number")))
    return str(FIELDS.get(name, name))


def short(reason: Reason) -> str:
    """What the field says, for a table in which both values stand; else the whole sentence."""
    return str(SHORT[reason.code]) if reason.code in SHORT else str(sentence(reason))


def sentence(reason: Reason) -> SafeString:
    """The reason as a sentence; the values in it are marked with their language."""
    text = SENTENCES.get(reason.field.partition(":")[0], {}).get(reason.code)
    if text is None:  # frozen by a version whose code is gone
        return format_html("{}: {}, {}", field_name(reason.field), written(reason.asked), written(reason.held))
    filled = {"asked": written(reason.asked), "held": written(reason.held)}
    return SafeString(conditional_escape(gettext(text)) % filled)  # `written` escapes both values


def part_words(pair: PartPair) -> str:
    return gettext(PARTS[pair.code]) if pair.code in PARTS else pair.code


def summary(reasons: Sequence[Reason], most: int = 2) -> SafeString:
    """The plain sentence: what speaks for it most, then what speaks against it most."""
    told = sorted((one for one in reasons if abs(one.weight) >= HARDLY), key=lambda one: -abs(one.weight))
    chosen = _first(told, most, against=False) + _first(told, most, against=True)
    return format_html_join(" ", "{}", ((sentence(reason),) for reason in chosen or list(reasons)[:1]))


def _first(reasons: Iterable[Reason], most: int, *, against: bool) -> list[Reason]:
    return [one for one in reasons if one.against == against][:most]


def in_ten(score: float) -> int:
    """Of ten hits of this score so many are the same; never none and never all, for that nobody can promise."""
    return min(max(round(score * 10), 1), 9)


def score_words(score: float, *, strong: bool) -> str:
    """How good a lead it is. A person decides; so no word here says that it is so."""
    if strong:
        return gettext("Strong lead")
    return gettext("Lead") if score >= 0.35 else gettext("Weak lead")


def share_words(score: float) -> str:
    if score < 0.05:
        return gettext("of a hundred such hits fewer than five are true")
    if score >= 0.95:
        return gettext("of a hundred such hits more than ninety-five are true")
    number = in_ten(score)
    told = ngettext("of ten such hits about %(number)d is true", "of ten such hits about %(number)d are true", number)
    return told % {"number": number}


def common_words(count: int) -> str:
    """How many records carry the name: a common one makes every lead weaker."""
    if count <= 1:
        return gettext("Nobody else who is held has exactly this name.")
    told = ngettext("%(count)d record has exactly this name.", "%(count)d records have exactly this name.", count)
    return told % {"count": count}
