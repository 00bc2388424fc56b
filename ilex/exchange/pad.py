"""The sheet an officer writes on: one letter, about one thing, saved as a draft while it grows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db import transaction
from django.http import Http404, HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from ilex.approvals import actions as approvals
from ilex.approvals import errors
from ilex.approvals.models import Approval
from ilex.exchange import actions, queries, reviewing
from ilex.exchange.actions.drafts import APPROVAL, must_be_free
from ilex.exchange.actions.entries import must_permit
from ilex.exchange.forms.asking import first_language
from ilex.exchange.forms.letter import LetterForm
from ilex.exchange.letters import LETTERS, Letter, Release
from ilex.exchange.models import Draft, Entry, Request, Way
from ilex.exchange.rules import NotNow
from ilex.gate.models import Attachment
from ilex.units.models import Officer
from ilex.words.approval import ApprovalRule

NOT_KEPT = {"csrfmiddlewaretoken", "kind", "about", "entry", "step"}


@dataclass
class Pad:
    officer: Officer
    letter: Letter
    id: uuid.UUID
    about: Request | None = None
    entry: Entry | None = None
    draft: Draft | None = None

    @classmethod
    def blank(cls, officer: Officer, kind: str, ref: str = "", entry: str = "") -> Pad:
        """A new sheet, or the officer's unfinished one about the same thing."""
        pad = cls._of(officer, kind, ref, entry, uuid.uuid4())
        waiting = Draft.objects.filter(officer=officer, kind=kind, request=pad.about)
        if pad.entry is not None:
            waiting = waiting.filter(fields__entry=[str(pad.entry.id)])
        if pad.about is not None and (draft := waiting.order_by("-saved_at").first()):
            pad.id, pad.draft = draft.id, draft
        return pad

    @classmethod
    def posted(cls, officer: Officer, id: uuid.UUID, typed: QueryDict) -> Pad:
        pad = cls._of(officer, typed.get("kind", ""), typed.get("about", ""), typed.get("entry", ""), id)
        pad.draft = Draft.objects.filter(id=id, officer=officer).first()
        if pad.draft is None and Draft.objects.filter(id=id).exists():
            raise Http404
        return pad

    @classmethod
    def opened(cls, officer: Officer, id: uuid.UUID) -> Pad:
        """A draft of this officer; nobody else can open it."""
        draft = Draft.objects.filter(id=id, officer=officer).select_related("request").first()
        if draft is None:
            raise Http404
        ref = draft.request.our_ref if draft.request else ""
        pad = cls._of(officer, draft.kind, ref, _first(draft.fields, "entry"), id)
        pad.draft = draft
        return pad

    @classmethod
    def _of(cls, officer: Officer, kind: str, ref: str, entry: str, id: uuid.UUID) -> Pad:
        letter = LETTERS.get(kind)
        if letter is None:
            raise Http404
        pad = cls(officer, letter, id)
        try:
            if ref:
                pad.about = queries.request_for(officer, ref)
            if entry:
                pad.entry = queries.entry_for(officer, uuid.UUID(entry))
        except (Request.DoesNotExist, Entry.DoesNotExist, ValueError) as error:
            raise Http404 from error
        must_permit(officer, letter.may, pad.about)
        if _needs(letter) - {name for name in ("about", "entry") if getattr(pad, name)}:
            raise Http404
        return pad

    @property
    def papers(self) -> list[Attachment]:
        return list(self.draft.papers.order_by("name")) if self.draft else []

    def form(self, typed: MultiValueDict[str, str] | None = None) -> LetterForm:
        """The form with what was typed now, or what the draft holds, or empty."""
        given: dict[str, Any] = {"officer": self.officer}
        for name in _needs(self.letter):
            given[name] = getattr(self, name)
        if typed is None and self.draft is not None:
            typed = as_typed(self.draft.fields)
        return self.letter.form(typed, initial={"language": first_language(self.officer)}, **given)

    def keep(self, typed: QueryDict, papers: list[Attachment] | None = None) -> Draft:
        fields = {name: typed.getlist(name) for name in typed if name not in NOT_KEPT}
        if self.entry is not None:
            fields["entry"] = [str(self.entry.id)]
        self.draft = actions.keep_draft(
            self.officer,
            self.letter.kind,
            fields,
            request=self.about,
            draft=self.id,
            papers=self.papers if papers is None else papers,
        )
        return self.draft

    def rules(self, form: LetterForm) -> tuple[ApprovalRule, ...]:
        """The rules that want a second person for this letter."""
        return reviewing.asked_by_rules(self, form)

    def release(self, form: LetterForm, *, confirmed: bool) -> str:
        """Run the letter's verb once and drop the draft with it. Gives the page to go to; raises what the verb raises.

        The draft row is the lock: a second press of the button waits here and then finds no draft. No page releases
        a letter in any other way, so what needs a second person stops here: SecondPerson names the rules.
        """
        with transaction.atomic():
            draft = self._locked()
            if rules := self.rules(form):
                raise SecondPerson(rules)
            page = self.letter.send(form, self._release(confirmed))
            actions.drop_draft(self.officer, draft)
        return page

    def ask(self, form: LetterForm, *, confirmed: bool, note: str) -> Approval:
        """Put the letter before a second person. Raises what the verb would: nobody is asked about what cannot go."""
        with transaction.atomic():
            draft = self._locked()
            if self.draft is None or draft.fields != self.draft.fields:
                raise NotNow(_("The draft was changed at this moment. Look at it again."))
            self._rehearse(form, confirmed)
            try:
                return approvals.ask(
                    self.officer,
                    APPROVAL,
                    draft.pk,
                    title=self._title(form),
                    rules=[rule.code for rule in self.rules(form)],
                    recipients=reviewing.units(self, form),
                    handling=reviewing.handling(self, form),
                    digest=reviewing.digest(draft),
                    due_at=self.about.due_at if self.about and self.about.way == Way.IN else None,
                    note=note,
                    urgency=reviewing.urgency(self, form),
                )
            except errors.NotNow as late:
                raise NotNow(str(late)) from late

    def _locked(self) -> Draft:
        draft = Draft.objects.select_for_update().filter(id=self.id, officer=self.officer).first()
        if draft is None:
            raise Http404
        must_be_free(draft)
        return draft

    def _rehearse(self, form: LetterForm, confirmed: bool) -> None:
        """Run the verb and take all of it back."""
        try:
            with transaction.atomic():
                self.letter.send(form, self._release(confirmed))
                raise _TakenBack
        except _TakenBack:
            pass

    def _release(self, confirmed: bool) -> Release:
        return Release(self.officer, self.papers, confirmed, self.about)

    def _title(self, form: LetterForm) -> str:
        units = ", ".join(reviewing.recipients(self, form))
        ours = self.about.our_ref if self.about else ""
        return " · ".join(part for part in (str(self.letter.title), ours, units) if part)


class SecondPerson(Exception):
    """One person is not enough: these rules say so."""

    def __init__(self, rules: Sequence[ApprovalRule]) -> None:
        super().__init__(", ".join(rule.code for rule in rules))
        self.rules = tuple(rules)


class _TakenBack(Exception):
    """What was done inside was only tried."""


def _needs(letter: Letter) -> set[str]:
    if letter.kind in {"correction", "recall"}:
        return {"entry"}
    return set() if letter.kind in {"request", "information", "record"} else {"about"}


def as_typed(fields: dict[str, list[str]]) -> QueryDict:
    typed = QueryDict(mutable=True)
    for name, values in fields.items():
        typed.setlist(name, [str(value) for value in values])
    return typed


def _first(fields: dict[str, Any], name: str) -> str:
    values = fields.get(name) or [""]
    return str(values[0])


def officer_of(request: HttpRequest) -> Officer:
    """Who asks. LoginRequiredMiddleware stands before every page, so it is always an officer."""
    return cast(Officer, request.user)
