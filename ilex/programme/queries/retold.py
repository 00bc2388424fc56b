"""What is on file about an action or activity, retold as lines of a factsheet: labels and plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ilex.programme.kinds import RemarkKind
from ilex.programme.models import Remark, Source
from ilex.programme.queries import values
from ilex.programme.queries.activities import ShownOutcome, ShownSession
from ilex.programme.queries.pages import ActionPage, ShownAmount
from ilex.programme.queries.parts import Part, RoleGroup
from ilex.programme.queries.said import ShownClaim, ShownField, ShownFinding
from ilex.programme.queries.told import Told


@dataclass(frozen=True)
class Fact:
    label: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Words:
    """A paragraph as somebody wrote it."""

    text: str
    language: str = ""  # where it may be another one than that of the sheet


@dataclass
class Section:
    """A heading and what stands under it. Level 2 and 3 belong to the section before."""

    title: str
    facts: list[Fact] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)  # before the facts
    level: int = 1

    def __bool__(self) -> bool:
        return bool(self.facts or self.words)


def joined(*pieces: str) -> str:
    return " · ".join(piece for piece in pieces if piece)


def fact(label: str, *lines: str) -> Iterator[Fact]:
    """Nothing where there is nothing to say."""
    if said := [line for line in lines if line]:
        yield Fact(str(label), said)


def printed(words: str) -> str:
    return _("printed: %(words)s") % {"words": words} if words else ""


def elsewhere(source: Source | None, home: str | None) -> str:
    """Where a line was read, if not on the sheet that the rest comes from."""
    return _("source: %(source)s") % {"source": source} if source and source.key != home else ""


def paragraphs(text: str, language: str = "") -> list[Words]:
    return [Words(text, language)] if text else []


def when_lines(shown: ActionPage | Told) -> Iterator[str]:
    thing = shown.action if isinstance(shown, ActionPage) else shown.activity
    yield joined(shown.when or values.not_stated(), printed(thing.printed))
    doubt = _("does not fit the dates") if shown.agrees is False else ""
    yield joined(shown.duration, printed(thing.duration_printed), doubt)


def money_line(amount: ShownAmount) -> str:
    """As it was printed, with the reading beside it."""
    row = amount.row
    reading = amount.value
    if row.printed:
        doubt = _("could be read otherwise") if amount.doubtful else ""
        reading = joined(row.printed, _("read as %(amount)s") % {"amount": amount.value}, doubt)
    line = joined(amount.funding, printed(row.funding_printed))
    return joined(reading, line, row.payer.name if row.payer else "", row.note)


def group_facts(groups: Iterable[RoleGroup], home: str | None) -> Iterator[Fact]:
    for group in groups:
        yield from fact(group.label, *(part_line(part, home) for part in group.parts))


def part_line(part: Part, home: str | None) -> str:
    row, named = part.row, part.named
    mark = f" [{row.footnote_mark}]" if row.footnote_mark else ""
    ours = _("our name: %(name)s") % {"name": named.ours} if named.ours else ""
    state = str(row.get_state_display()) if row.state else ""
    star = "*" if named.footnote else ""
    return joined(
        f"{named.shown}{star}{mark}",
        ours,
        state,
        part.quantity,
        part.when,
        row.note,
        elsewhere(row.source, home),
    )


def footnote_lines(groups: Iterable[RoleGroup], ours: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Each mark of the sheet with all that carry it, then our own notes on names."""
    marked: dict[str, list[str]] = {}
    for group in groups:
        for part in group.parts:
            if part.row.footnote_mark:
                marked.setdefault(part.row.footnote_mark, []).append(joined(part.named.shown, part.row.footnote))
    yield from (f"[{mark}] {'; '.join(names)}" for mark, names in sorted(marked.items()))
    yield from (f"* {name}: {words}" for name, words in ours)


def objective_facts(shown: ActionPage) -> Iterator[Fact]:
    for one in shown.objectives:
        stages = _("Stages:") + " " + ", ".join(one.stages) if one.stages else ""
        yield from fact(one.get_level_display(), joined(one.text, stages))


def claim_facts(fields: Iterable[ShownField]) -> Iterator[Fact]:
    """Every source beside the others; who is followed stands with the reason."""
    for one in fields:
        undecided = _("The sources differ, and nobody has decided.") if one.open else ""
        yield from fact(one.name, *map(_claim_line, one.claims), undecided)


def _claim_line(claim: ShownClaim) -> str:
    row = claim.row
    followed = _("followed: %(reason)s") % {"reason": row.reason} if row.preferred else ""
    source = str(claim.source) if claim.source else ""
    return joined(claim.value, printed(row.printed), source, claim.stated_on, row.note, followed)


def finding_facts(findings: Iterable[ShownFinding], home: str | None) -> Iterator[Fact]:
    for one in findings:
        row = one.row
        answers = _("answers: %(text)s") % {"text": row.answers.text} if row.answers else ""
        said_by = _("said by: %(who)s") % {"who": row.said_by} if row.said_by else ""
        raised = _("raised by: %(who)s") % {"who": one.raised_by} if one.raised_by else ""
        met = _("met: %(why)s") % {"why": row.settled_why} if row.settled_at else ""
        places = ", ".join(place.text for place in one.places)
        levels = ", ".join(row.levels)
        line = joined(
            row.text, one.quantity, levels, places, answers, said_by, raised, met, elsewhere(row.source, home)
        )
        yield from fact(row.get_kind_display(), line)


def remark_facts(remarks: Iterable[Remark], home: str | None, kinds: Sequence[RemarkKind] = ()) -> Iterator[Fact]:
    """All of them, or those of some kinds."""
    for one in remarks:
        if not kinds or one.kind in kinds:
            names = ", ".join(f"{language}: {name}" for language, name in one.names.items())
            yield from fact(one.get_kind_display(), joined(one.text, names, elsewhere(one.source, home)))


def asset_facts(shown: ActionPage) -> Iterator[Fact]:
    for one in shown.assets:
        need = _("answers the need: %(need)s") % {"need": one.need.text}
        yield from fact(one.name or one.get_kind_display(), joined(one.text, need, one.get_state_display()))


def activity_section(shown: Told, level: int) -> Section:
    row, home = shown.activity, shown.activity.source_id
    section = Section(f"{row.get_kind_display()}: {row.title}", words=paragraphs(row.text, row.language), level=level)
    lasts = list(when_lines(shown)) if row.when or row.printed or row.duration else []
    section.facts += [
        *fact(_("Title as printed"), row.title_printed),
        *fact(_("When"), *lasts, shown.hours),
        *fact(_("Where"), joined(row.venue, _place(shown))),
        *fact(_("Form"), row.format),
        *fact(_("Topics"), ", ".join(row.topics)),
        *fact(_("Levels"), ", ".join(shown.levels), ", ".join(shown.patrol_levels)),
        *fact(_("Evenly over"), ", ".join(place.text for place in shown.even_over)),
        *fact(_("Places for participants"), shown.capacity),
        *fact(_("Took part"), shown.attended),
        *fact(_("Signed by"), shown.signatories),
        *fact(_("Follows"), row.follows.title if row.follows else ""),
        *fact(_("Shaped by"), row.shaped_by.title if row.shaped_by else ""),
        *group_facts(shown.involved, home),
        *(one for session in shown.sessions for one in _session(session, home)),
        *_outcomes(_("Outputs"), shown.outputs),
        *_outcomes(pgettext("outcomes", "Agreed"), shown.agreed),
        *finding_facts(shown.said.findings, home),
        *claim_facts(shown.said.fields),
        *remark_facts(shown.said.remarks, home),
    ]
    return section


def _place(shown: Told) -> str:
    if shown.place is None:
        return ""
    ours = _("our name: %(name)s") % {"name": shown.place.ours} if shown.place.ours else ""
    return joined(shown.place.shown, ours)


def _session(session: ShownSession, home: str | None) -> Iterator[Fact]:
    row = session.row
    about = joined(session.hours, row.title, row.get_form_display(), row.text, elsewhere(row.source, home))
    speaking = [f"{one.label}: {line}" for one in group_facts(session.groups, home) for line in one.lines]
    yield from fact(pgettext("of an activity", "Session"), about, *speaking)


def _outcomes(label: str, outcomes: Iterable[ShownOutcome]) -> Iterator[Fact]:
    lines = []
    for one in outcomes:
        where = one.place.shown if one.place else ""
        who = one.responsible.shown if one.responsible else ""
        lines.append(joined(one.row.text, where, who, one.when))
    yield from fact(label, *lines)
