"""From draft to published, and back out: each in one statement."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library.actions.items import must_be_ours
from ilex.library.actions.sharing import send_withdrawal
from ilex.library.actions.twins import note_twins
from ilex.library.models import Item
from ilex.programme.rules.errors import Invalid, NotNow, somebody_was_faster, written
from ilex.units.models import Officer
from ilex.units.queries import here
from ilex.units.rules import check


def publish(officer: Officer, item: Item, *, public: bool = False, at: datetime | None = None) -> None:
    """For all who read the programme; with `public` also for the public site."""
    check(officer, "news.publish")
    must_be_ours(item)
    at = at or now()
    text = item.texts.filter(language=item.language).first()
    if text is None or not (text.teaser.strip() or text.body.strip()):
        raise Invalid({"body": _("There is no text yet. Write what happened before you publish it.")})
    with act("news.published", Operation.ALTERATION, by=officer, on=("item", str(item.pk)), public=public):
        drafts = Item.objects.filter(pk=item.pk, state=Item.State.DRAFT)
        done = drafts.update(
            state=Item.State.PUBLISHED,
            public=public,
            published_at=at,
            changed_at=at,
            owner=here(),
            version=F("version") + 1,
        )
        if not done:
            raise NotNow(_("This item was published already, or withdrawn."))
        item.refresh_from_db()
        note_twins([item])


def show_publicly(officer: Officer, item: Item, public: bool, at: datetime | None = None) -> None:
    """Whether a published item also stands on the public site."""
    check(officer, "news.publish")
    if public:
        must_be_ours(item)
    with act("news.made-public" if public else "news.made-internal", Operation.ALTERATION, by=officer) as this:
        this.on = ("item", str(item.pk))
        still = Item.objects.filter(pk=item.pk, state=Item.State.PUBLISHED, public=not public)
        if not still.update(public=public, changed_at=at or now()):
            raise somebody_was_faster()
    item.refresh_from_db()


def withdraw(officer: Officer, item: Item, why: str, at: datetime | None = None) -> None:
    """It leaves all lists, the feeds and the public site; the units that have it are told."""
    check(officer, "news.publish")
    must_be_ours(item)
    why = written("why", why, _("Write why it is withdrawn."), 300)
    with act("news.withdrawn", Operation.ALTERATION, by=officer, on=("item", str(item.pk)), reason=why):
        still = Item.objects.filter(pk=item.pk).exclude(state=Item.State.WITHDRAWN)
        gone = {"state": Item.State.WITHDRAWN, "public": False, "withdrawn_why": why, "changed_at": at or now()}
        if not still.update(**gone, owner=here(), version=F("version") + 1):
            raise NotNow(_("This item was withdrawn already."))
        item.refresh_from_db()
        send_withdrawal(officer, item, why)
