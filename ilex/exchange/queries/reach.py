"""Who will receive what: shown to the officer before anything leaves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from django.utils.translation import gettext as _

from ilex.exchange.rules import NODE, Content, Information, Warning
from ilex.gate.models import Attachment, Peer
from ilex.units import queries as units
from ilex.units.models import Organisation
from ilex.words import law

STAYS = {
    "necessary",
    "proportionate",
    "available",
    "copy_withheld",
    "copy_withheld_reason",
    "channel_note",
    "profile",
}


@dataclass(frozen=True)
class Recipient:
    unit: str
    name: str
    languages: tuple[str, ...]
    profile: str  # the title of the rules that hold between us
    paired: bool


@dataclass(frozen=True)
class Field:
    name: str
    label: str
    value: str


@dataclass(frozen=True)
class Reach:
    recipients: tuple[Recipient, ...]
    fields: tuple[Field, ...]
    handling: str
    attachments: tuple[tuple[str, int], ...]
    warnings: tuple[Warning, ...]


def reach(
    content: Content | Information, to: Sequence[str], attachments: Sequence[Attachment] = (), channel: str = NODE
) -> Reach:
    """Recipients, the fields each of them will read, the files, and what the officer should know before.

    Every recipient reads the same. An empty list of recipients is a warning here and refused by the verb.
    """
    asked = {unit.pk: unit for unit in Organisation.objects.filter(pk__in=to).select_related("place")}
    recipients = tuple(_recipients([asked[unit] for unit in dict.fromkeys(to) if unit in asked]))
    return Reach(
        recipients,
        tuple(_fields(content)),
        content.handling,
        tuple((attachment.name, attachment.size) for attachment in attachments),
        tuple(_warnings(content, recipients, channel)),
    )


def _recipients(asked: Iterable[Organisation]) -> Iterable[Recipient]:
    asked = list(asked)
    paired = set(Peer.objects.filter(unit__in=asked, state=Peer.State.PAIRED).values_list("unit", flat=True))
    ours = units.here()
    for unit in asked:
        title = law.profile(units.profile_between(ours, unit)).title
        yield Recipient(unit.pk, unit.name, tuple(unit.languages), _(title), unit.pk in paired)


def _fields(content: Content | Information) -> Iterable[Field]:
    for field in fields(content):
        value = getattr(content, field.name)
        if field.name in STAYS or field.name == "subjects" or not value:
            continue
        shown = ", ".join(value) if isinstance(value, tuple) else str(value)
        yield Field(field.name, label_of(field.name), shown)
    for subject in content.subjects:
        yield Field("subjects", _("Persons and things"), subject.name)


def label_of(name: str) -> str:
    return {
        "requested_information": _("Information asked for"),
        "facts": _("Facts"),
        "underlying_offence": _("Underlying offence"),
        "purpose": _("Purpose"),
        "grounds_available": _("Why they should have it"),
        "link_explanation": _("Connection of persons and things with the purpose"),
        "use_restrictions": _("Restrictions on the use of this request"),
        "offences": _("Listed offences"),
        "urgency": _("Urgency"),
        "urgency_reason": _("Why it is urgent"),
        "language": _("Language"),
        "handling": _("Handling code"),
        "handling_note": _("Handling conditions"),
        "on_behalf_of": _("On behalf of"),
        "on_behalf_place": _("On behalf of the state"),
        "channel_exception": _("Why another channel than the usual one"),
        "text": _("Information"),
        "reasons": _("Why it may matter to them"),
        "source_grade": _("Source"),
        "information_grade": _("Information graded"),
        "use": _("Conditions of use"),
        "use_conditions": _("Conditions in words"),
        "outcome_wanted": _("Outcome report asked for"),
    }.get(name, name)


def _warnings(content: Content | Information, recipients: Sequence[Recipient], channel: str) -> Iterable[Warning]:
    if not recipients:
        yield Warning("nobody", _("No unit will receive this: choose at least one."))
    for recipient in recipients:
        if recipient.languages and not speaks(recipient.languages, content.language):
            yield Warning(
                "language",
                _("%(unit)s does not list %(language)s among the languages it accepts (%(accepted)s).")
                % {
                    "unit": recipient.name,
                    "language": content.language,
                    "accepted": ", ".join(recipient.languages),
                },
            )
        if channel == NODE and not recipient.paired:
            yield Warning("unpaired", _("%(unit)s is not connected with our node.") % {"unit": recipient.name})


def speaks(languages: Iterable[str], language: str) -> bool:
    """A unit that accepts Serbian accepts it in both scripts."""
    return language.split("-")[0].lower() in {accepted.split("-")[0].lower() for accepted in languages}
