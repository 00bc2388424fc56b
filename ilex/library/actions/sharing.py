"""Our news to the units of the network. Whoever has an item gets each new version of it, and is told of its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _

from ilex.gate import actions as gate
from ilex.gate.errors import GateError
from ilex.gate.models import Attachment, Envelope
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library.kinds import ItemKind, LinkKind, Section
from ilex.library.messages import FurtherLinkBody, NewsBody, NewsWithdrawnBody, TextBody
from ilex.library.models import FurtherLink, Item
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from ilex.units.queries import here
from ilex.units.rules import check

NEWS, WITHDRAWN = "library.news", "library.news-withdrawn"


def share(officer: Officer, item: Item, to: Sequence[str]) -> Envelope:
    """Send a published item of ours to these units. Raises Invalid for a unit that is no paired partner."""
    check(officer, "news.publish")
    if item.owner_id != here().pk:
        raise NotNow(_("Only news of our own unit is shared. Its text must be ours."))
    if item.state != Item.State.PUBLISHED:
        raise NotNow(_("Only what is published is shared."))
    if not to:
        raise Invalid({"to": _("Choose the units that shall have it.")})
    with act("news.shared", Operation.DISCLOSURE, by=officer, on=("item", str(item.pk)), recipients=list(to)):
        envelope = _post(item, to, officer)
        Item.objects.filter(pk=item.pk).update(shared=True, envelope=envelope)
    item.refresh_from_db()
    return envelope


def shared_with(item: Item) -> list[str]:
    """The units that were sent this item."""
    sent = Envelope.objects.filter(way=Envelope.Way.OUT, conversation=item.pk, type=NEWS)
    return sorted({unit for recipients in sent.values_list("recipients", flat=True) for unit in recipients})


def send_again(item: Item) -> None:
    """The new version to those who have the old one, inside the act that changed it."""
    if item.shared and (to := shared_with(item)):
        Item.objects.filter(pk=item.pk).update(envelope=_post(item, to, None))


def send_withdrawal(officer: Officer, item: Item, why: str) -> None:
    if item.shared and (to := shared_with(item)):
        body = NewsWithdrawnBody(id=item.pk, reason=why)
        _posted(lambda: gate.post(WITHDRAWN, body, to=to, conversation=item.pk, by=officer, paused=True))


def _post(item: Item, to: Sequence[str], by: Officer | None) -> Envelope:
    links = list(item.links.select_related("attachment"))
    papers = [_copy(link.attachment) for link in links if link.attachment is not None]
    body = _body(item, links)
    return _posted(
        lambda: gate.post(
            NEWS,
            body,
            to=to,
            conversation=item.pk,
            language=item.language,
            attachments=papers,
            by=by,
            paused=by is None,
        )
    )


def _posted(post: Callable[[], Envelope]) -> Envelope:
    try:
        return post()
    except GateError as error:
        raise Invalid({"to": str(error)}) from error


def _copy(paper: Attachment) -> Attachment:
    """The same sealed file in a row of the message's own: the item keeps its row, whatever becomes of the message."""
    kept = ("name", "media", "size", "digest", "sealed_size", "sealed_digest", "key", "arrived", "whole_at")
    return Attachment(**{name: getattr(paper, name) for name in kept})


def _body(item: Item, links: Iterable[FurtherLink]) -> NewsBody:
    assert item.published_at is not None  # noqa: S101  # it is published
    return NewsBody(
        id=item.pk,
        version=item.version,
        kind=ItemKind(item.kind),
        section=Section(item.section),
        language=item.language,
        texts=[
            TextBody(language=text.language, title=text.title, teaser=text.teaser, body=text.body)
            for text in item.texts.all()
        ],
        themes=item.themes,
        authors=[": ".join(filter(None, (one.name, one.function))) for one in item.authors.all()],
        disclaimer=item.disclaimer,
        published_at=item.published_at,
        link=item.link,
        links=[_link(one) for one in links],
        about_actions=list(item.actions.values_list("key", flat=True)[:50]),
        about_activities=list(item.activities.values_list("key", flat=True)[:50]),
        public=item.public,
    )


def _link(one: FurtherLink) -> FurtherLinkBody:
    name = one.attachment.name[:80] if one.attachment is not None else ""
    return FurtherLinkBody(
        kind=LinkKind(one.kind), label=one.label, language=one.language, url=one.url, attachment=name
    )
