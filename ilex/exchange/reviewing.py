"""What is looked at before a letter leaves: who receives it, what to know, which rules want a second person."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

import rfc8785

from ilex.approvals.queries import places_of
from ilex.exchange import queries
from ilex.exchange.forms.asking import InformationForm, RequestForm, SubjectsForm
from ilex.exchange.forms.letter import LetterForm
from ilex.exchange.letters import Letter
from ilex.exchange.models import Draft, Entry, Request, Way
from ilex.exchange.rules import Warning
from ilex.gate.models import Attachment
from ilex.units.models import Officer
from ilex.units.rules import sees_only_its_own
from ilex.words.approval import ApprovalRule, Facts, needed


class Sheet(Protocol):
    """What is read of the pad, which stands above this file."""

    officer: Officer
    letter: Letter
    about: Request | None
    entry: Entry | None

    @property
    def papers(self) -> list[Attachment]: ...


def recipients(pad: Sheet, form: LetterForm) -> list[str]:
    """The names of the units that will receive it. Call after is_valid(), as everything here."""
    if "to" in form.fields:
        chosen = form.cleaned_data["to"]
        return [str(text) for code, text in form.fields["to"].choices if code in chosen]  # type: ignore[attr-defined]
    if pad.entry is not None:
        return queries.receivers(pad.entry)
    return [pad.about.partner.name] if pad.about else []


def units(pad: Sheet, form: LetterForm) -> list[str]:
    """The same units by their ids."""
    if "to" in form.fields:
        return list(form.cleaned_data["to"])
    if pad.entry is not None and pad.entry.message:
        said = Entry.objects.filter(message=pad.entry.message, way=Way.OUT)
        return sorted(set(said.values_list("request__partner", flat=True)))
    about = pad.about or (pad.entry.request if pad.entry else None)
    return [about.partner_id] if about else []


def warnings_of(pad: Sheet, form: LetterForm) -> Sequence[Warning]:
    if isinstance(form, RequestForm):
        return queries.reach(form.content(), form.cleaned_data["to"], pad.papers).warnings
    if isinstance(form, InformationForm):
        return queries.reach(form.information(), form.cleaned_data["to"], pad.papers).warnings
    return ()


def asked_by_rules(pad: Sheet, form: LetterForm) -> tuple[ApprovalRule, ...]:
    """The rules that want a second person before this letter leaves.

    None for what stays in the house, and none for a request that a designated authority keeps from its unit.
    """
    if not pad.letter.reviewed or _kept_from_the_unit(pad, form):
        return ()
    return needed(facts(pad, form))


def _kept_from_the_unit(pad: Sheet, form: LetterForm) -> bool:
    """Art. 4(3): nobody here may see it, so nobody here can approve it, and the authority answers for it."""
    if not sees_only_its_own(pad.officer):
        return False
    about = pad.about or (pad.entry.request if pad.entry else None)
    return bool(form.cleaned_data.get("copy_withheld") or (about and about.copy_withheld))


def facts(pad: Sheet, form: LetterForm) -> Facts:
    to = units(pad, form)
    return Facts(
        kind=pad.letter.kind,
        handling=handling(pad, form),
        recipients=tuple(to),
        places=places_of(to),
        offences=tuple(form.cleaned_data.get("offences") or (pad.about.offences if pad.about else ())),
        special=bool(form.cleaned_data.get("special")),
        subjects=len(form.subject_contents()) if isinstance(form, SubjectsForm) else 0,
        papers=len(pad.papers),
    )


def handling(pad: Sheet, form: LetterForm) -> str:
    """The code under which it will travel: its own, or that of what it speaks of."""
    own = form.cleaned_data.get("handling")
    if own:
        return str(own)
    if pad.entry is not None:
        return pad.entry.handling
    return pad.about.handling if pad.about else "H0"


def urgency(pad: Sheet, form: LetterForm) -> str:
    return str(form.cleaned_data.get("urgency") or (pad.about.urgency if pad.about else ""))


def digest(draft: Draft) -> bytes:
    """SHA-256 of everything that the release is made of: the fields as typed and the files."""
    content: dict[str, Any] = {
        "kind": draft.kind,
        "officer": str(draft.officer_id),
        "about": str(draft.request_id or ""),
        "fields": draft.fields,
        "papers": sorted([str(paper.pk), paper.name, bytes(paper.digest).hex()] for paper in draft.papers.all()),
    }
    return hashlib.sha256(rfc8785.dumps(content)).digest()
