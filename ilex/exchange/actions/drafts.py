"""Forms not yet sent, saved while the officer types. A draft is his own."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.approvals.queries import waiting_for
from ilex.exchange.models import Draft, Request
from ilex.exchange.rules import Invalid, NotNow
from ilex.gate.models import Attachment
from ilex.units.models import Officer

MOST = 400_000  # characters of one draft
APPROVAL = "letter"  # what a draft is called among the kinds of ilex.approvals


def keep_draft(
    officer: Officer,
    kind: str,
    fields: Mapping[str, Any],
    *,
    request: Request | None = None,
    draft: uuid.UUID | None = None,
    papers: Sequence[Attachment] = (),
) -> Draft:
    """Save what was typed, unchecked. Raises PermissionDenied when the draft is somebody else's, NotNow while it
    waits for approval: the second person must see what will leave.
    """
    typed = {str(name): _clean(value) for name, value in fields.items()}
    if len(str(typed)) > MOST:
        raise Invalid({"": _("The draft is too long.")})
    with transaction.atomic():
        kept, _new = Draft.objects.select_for_update().get_or_create(
            id=draft or uuid.uuid4(),
            defaults={"officer": officer, "kind": kind, "request": request, "saved_at": now()},
        )
        if kept.officer_id != officer.pk:
            raise PermissionDenied
        must_be_free(kept)
        kept.kind, kept.request, kept.fields, kept.saved_at = kind, request, typed, now()
        kept.save()
        for paper in papers:
            if paper._state.adding:
                paper.save()
        kept.papers.set(papers)
    return kept


def _clean(value: Any) -> Any:
    """PostgreSQL keeps no NUL."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_clean(part) for part in value]
    return value


def drop_draft(officer: Officer, draft: Draft) -> None:
    """Throw it away. Its sealed files are swept from the disk when nothing else names them.

    Raises NotNow while it waits for approval.
    """
    must_be_free(draft)
    Draft.objects.filter(pk=draft.pk, officer=officer).delete()


def must_be_free(draft: Draft) -> None:
    if waiting_for(APPROVAL, draft.pk) is not None:
        raise NotNow(_("This waits for approval. Withdraw it first, then you can change it."))
