"""The factsheet of an action: all that is on file about it, in the order in which its own source tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import override

from ilex.programme.kinds import InvolvementRole as Role
from ilex.programme.kinds import RemarkKind
from ilex.programme.models import Action, Activity, Source
from ilex.programme.queries.pages import INSIDE, ActionPage, page_of
from ilex.programme.queries.parts import RoleGroup
from ilex.programme.queries.people import in_words
from ilex.programme.queries.retold import (
    Section,
    Words,
    activity_section,
    asset_facts,
    claim_facts,
    fact,
    finding_facts,
    footnote_lines,
    group_facts,
    joined,
    money_line,
    objective_facts,
    paragraphs,
    printed,
    remark_facts,
    when_lines,
)
from ilex.programme.queries.told import told_of
from ilex.programme.queries.values import not_stated
from ilex.units.models import Officer
from ilex.web.languages import page_languages

FACILITY, PLAIN = "facility", "plain"
COUNTRIES = (Role.MEMBER_STATE, Role.PARTNER_COUNTRY, Role.FOCUS_COUNTRY, Role.TARGET_REGION, Role.COUNTRY)
MAKERS = (Role.IMPLEMENTING, Role.EXECUTING)
PAYERS = (Role.FUNDER, Role.DONOR)
DEEP = 3  # parts of parts that a sheet tells in full

Told = Callable[["_Desk"], Iterator[Section]]


@dataclass(frozen=True)
class Sheet:
    language: str
    layout: str
    over: str  # stands above the title: the themes, or who publishes it
    title: str
    under: Sequence[str]  # below the title: as printed, status, date of the sheet
    sections: Sequence[Section]
    footnotes: Sequence[str]
    sources: Sequence[str]


@dataclass(frozen=True)
class _Desk:
    """What the sections are written from."""

    shown: ActionPage
    officer: Officer
    language: str
    title: str
    summary: str
    written_in: str  # the language of the summary

    @property
    def words(self) -> list[Words]:
        return paragraphs(self.summary, self.written_in)

    @property
    def home(self) -> str | None:
        return self.shown.action.source_id

    def groups(self, roles: Sequence[str], *, others: bool = False) -> Iterator[RoleGroup]:
        return (one for one in self.shown.involved if (one.role in roles) is not others)


def languages_of(action: Action) -> list[str]:
    """The action's own, and each into which its title was put."""
    others = action.texts.order_by("language").values_list("language", flat=True)
    return list(dict.fromkeys([action.language, *others]))


def layout_of(action: Action) -> str:
    """Of a donor's plain sheet, where the source is laid out so; else the one of the facility."""
    layout = action.source.layout if action.source else []
    return PLAIN if any(heading.startswith("outline") for heading in layout) else FACILITY


def sheet_of(action: Action, officer: Officer, language: str) -> Sheet:
    """In this language as far as it was put into it; what people wrote once stays in the language they wrote."""
    with override(_page_language(language)):
        shown = page_of(action, officer)
        own = next((one for one in shown.texts if one.language == language), None)
        title = own.title if own else action.title
        summary, written_in = (own.summary, language) if own and own.summary else (action.summary, action.language)
        desk = _Desk(shown, officer, language, title, summary, written_in)
        layout = layout_of(action)
        sections = [_plainly(one) for tell in LAYOUTS[layout] for one in tell(desk) if one]
        return Sheet(
            language,
            layout,
            _over(shown, layout),
            title,
            list(_under(shown, title)),
            sections,
            list(footnote_lines(shown.involved, shown.footnotes)),
            [_source(one) for one in shown.sources],
        )


def _plainly(section: Section) -> Section:
    """What bears the name of its heading stands under it without a label."""
    same = [Words(line) for one in section.facts if one.label == section.title for line in one.lines]
    others = [one for one in section.facts if one.label != section.title]
    return Section(section.title, others, [*section.words, *same], section.level)


def _source(source: Source) -> str:
    about = joined(source.title, str(source.get_kind_display()), str(source.publisher or ""), source.url)
    headings = _("Its headings, in their order:") + " " + joined(*source.layout) if source.layout else ""
    return "\n".join(filter(None, (about, headings)))


def _page_language(language: str) -> str:
    known = {one.code for one in page_languages()}
    return language if language in known else "en"


def _over(shown: ActionPage, layout: str) -> str:
    makers = [part.named.shown for one in shown.involved if one.role in MAKERS for part in one.parts]
    return joined(*makers) if layout == PLAIN else joined(*shown.themes)


def _under(shown: ActionPage, title: str) -> Iterator[str]:
    action, source = shown.action, shown.action.source
    if action.title_printed and action.title_printed != title:
        yield printed(action.title_printed)
    if action.title != title:
        yield action.title
    status = str(action.get_status_display()) if action.status else not_stated()
    yield joined(_("Status: %(status)s") % {"status": status}, printed(action.status_printed))
    if source and source.stated_on:
        stated = in_words(source.stated_on, shown.names.language)
        yield joined(str(source.get_kind_display()), stated)
    if action.short:
        yield action.short


def _about(desk: _Desk) -> Iterator[Section]:
    themes = desk.shown.themes if layout_of(desk.shown.action) == PLAIN else ()
    facts = [*objective_facts(desk.shown), *fact(_("Themes"), joined(*themes))]
    yield Section(_("About"), facts, desk.words)


def _background(desk: _Desk) -> Iterator[Section]:
    yield Section(_("Background"), list(remark_facts(desk.shown.said.remarks, desk.home, [RemarkKind.BACKGROUND])))


def _partners(desk: _Desk) -> Iterator[Section]:
    apart = (*COUNTRIES, *MAKERS, *PAYERS, Role.CONTRACTOR)
    yield Section(_("Partners"), list(group_facts(desk.groups(apart, others=True), desk.home)))


def _countries(desk: _Desk) -> Iterator[Section]:
    yield Section(_("Countries"), list(group_facts(desk.groups(COUNTRIES), desk.home)))


def _time(desk: _Desk) -> Iterator[Section]:
    yield Section(_("Time frame"), list(fact(_("Period"), *when_lines(desk.shown))))


def _budget(desk: _Desk) -> Iterator[Section]:
    amounts = [one for money in desk.shown.amounts for one in fact(money.row.get_role_display(), money_line(money))]
    facts = amounts or list(fact(_("Budget"), not_stated()))
    yield Section(_("Budget"), [*facts, *fact(_("Budgets of its parts"), desk.shown.total)])


def _activities(desk: _Desk) -> Iterator[Section]:
    inside = [one for one in _inside(desk, 2) if one]
    if inside:
        yield Section(_("Activities"), words=[Words(said) for said in _how_many(desk.shown)])
        yield from inside


def _how_many(shown: ActionPage) -> Iterator[str]:
    yield _("Each with what is known of it.")
    if shown.more_parts:
        yield _("There are more; the list of actions has them all.")
    if shown.more_activities:
        yield _("There are more of them.")
        yield _("All of them are in the calendar.")


def _inside(desk: _Desk, level: int) -> Iterator[Section]:
    """Its components with all that is said of them, then the activities that belong to none of them."""
    components = [one.row for one in desk.shown.parts if one.row.kind in INSIDE]
    for part in components:
        yield from _component(part, desk, level)
    within = {one.pk for one in components}
    yield from _held((one.row for one in desk.shown.activities if one.row.action_id not in within), level)


def _component(part: Action, desk: _Desk, level: int) -> Iterator[Section]:
    shown = page_of(part, desk.officer)
    below = _Desk(shown, desk.officer, desk.language, part.title, part.summary, part.language)
    yield _whole(below, f"{part.get_kind_display()}: {part.title}", level)
    if level < DEEP:
        yield from _inside(below, level + 1)


def _whole(desk: _Desk, title: str, level: int) -> Section:
    """Everything of a smaller action under one heading."""
    shown, action = desk.shown, desk.shown.action
    lasts = when_lines(shown) if action.when or action.printed or action.duration else ()
    status = joined(str(action.get_status_display()), printed(action.status_printed)) if action.status else ""
    facts = [
        *fact(_("Title as printed"), action.title_printed),
        *fact(_("Status"), status),
        *objective_facts(shown),
        *fact(_("Period"), *lasts),
        *(one for money in shown.amounts for one in fact(money.row.get_role_display(), money_line(money))),
        *group_facts(shown.involved, desk.home),
        *asset_facts(shown),
        *finding_facts(shown.said.findings, desk.home),
        *claim_facts(shown.said.fields),
        *remark_facts(shown.said.remarks, desk.home),
    ]
    return Section(title, facts, desk.words, level)


def _held(activities: Iterable[Activity], level: int) -> Iterator[Section]:
    return (activity_section(one, min(level, DEEP)) for one in told_of(row.pk for row in activities))


def _out(desk: _Desk) -> Iterator[Section]:
    yield Section(_("What came out"), list(finding_facts(desk.shown.said.findings, desk.home)))
    yield Section(_("Equipment"), list(asset_facts(desk.shown)))


def _makers(desk: _Desk) -> Iterator[Section]:
    yield Section(_("Implemented by"), list(group_facts(desk.groups(MAKERS), desk.home)))


def _facility(desk: _Desk) -> Iterator[Section]:
    yield from _beside(desk.shown.action.parent, _("The facility"), desk)


def _before(desk: _Desk) -> Iterator[Section]:
    action = desk.shown.action
    if action.predecessor is None:
        yield Section(_("It continues"), words=paragraphs(action.continues, action.language))
        return
    yield from _beside(action.predecessor, _("It continues"), desk)


def _beside(action: Action | None, heading: str, desk: _Desk) -> Iterator[Section]:
    """The action above or before this one, told whole but for its parts."""
    if action is None:
        return
    shown = page_of(action, desk.officer)
    other = _Desk(shown, desk.officer, desk.language, action.title, action.summary, action.language)
    yield _whole(other, f"{heading}: {action.title}", 1)
    yield from _held((one.row for one in shown.activities if one.row.action_id == action.pk), 2)


def _payers(desk: _Desk) -> Iterator[Section]:
    yield Section(_("Funded by"), list(group_facts(desk.groups(PAYERS), desk.home)))


def _contractors(desk: _Desk) -> Iterator[Section]:
    yield Section(_("Contracted by"), list(group_facts(desk.groups([Role.CONTRACTOR]), desk.home)))


def _contact(desk: _Desk) -> Iterator[Section]:
    yield Section(_("Contact"), list(remark_facts(desk.shown.said.remarks, desk.home, [RemarkKind.CONTACT])))


def _outline(desk: _Desk) -> Iterator[Section]:
    """Period, donors, executing agency, partners, as in the table of the sheet."""
    makers, payers = (list(group_facts(desk.groups(roles), desk.home)) for roles in (MAKERS, PAYERS))
    rest = list(group_facts(desk.groups((*MAKERS, *PAYERS), others=True), desk.home))
    time = [one for part in _time(desk) for one in part.facts]
    money = [one for part in _budget(desk) for one in part.facts]
    yield Section(_("Outline"), [*time, *payers, *makers, *rest, *money])


def _stated(desk: _Desk) -> Iterator[Section]:
    yield Section(_("What sources state"), list(claim_facts(desk.shown.said.fields)))


def _remarks(desk: _Desk) -> Iterator[Section]:
    apart = (RemarkKind.BACKGROUND, RemarkKind.CONTACT)
    others = [one for one in desk.shown.said.remarks if one.kind not in apart]
    on_sources = [one for source in desk.shown.sources for one in source.remarks.all()]
    yield Section(_("Remarks"), list(remark_facts([*others, *on_sources], desk.home)))


LAYOUTS: dict[str, Sequence[Told]] = {
    FACILITY: (
        *(_about, _background, _partners, _countries, _time, _budget, _activities, _out, _makers),
        *(_facility, _before, _payers, _contact, _contractors, _stated, _remarks),
    ),
    PLAIN: (_background, _outline, _about, _activities, _out, _facility, _before, _contact, _stated, _remarks),
}
