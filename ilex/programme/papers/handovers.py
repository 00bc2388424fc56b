"""The certificate of a hand-over on paper: what was given, what was accepted, and both units' signatures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ilex.exchange.papers.fields import FormError
from ilex.exchange.papers.press import set_in_type, typeable
from ilex.gate.models import Envelope
from ilex.programme.kinds import AssetKind
from ilex.programme.messages import AssetBody, HandoverAnsweredBody, HandoverBody, TakenBody
from ilex.programme.models import Handover
from ilex.programme.papers.certificates import qr_svg
from ilex.programme.papers.labels import code_words
from ilex.programme.queries.equipment import said
from ilex.programme.queries.people import in_words
from ilex.programme.queries.values import money
from ilex.programme.rules.assets import label_of
from ilex.units.models import Organisation
from ilex.units.queries import organisation_name
from ilex.web.moments import moment_text

TEMPLATE = Path(__file__).with_name("handover.typ")
MOST_SERIALS, SOME = 3000, 20  # numbers on one paper; of each line where there are more
Facts = list[list[str]]


def handover_pdf(handover: Handover, language: str, at: datetime | None = None) -> bytes:
    """As the two units signed it: what became of the equipment later changes nothing here. Raises FormError."""
    at = at or now()
    return set_in_type(TEMPLATE, printed(handover, language, at), at)


def printed(handover: Handover, language: str, at: datetime) -> dict[str, str]:
    """What the template is given. Raises FormError where no signed message is kept."""
    if handover.given is None:
        raise FormError(_("The signed message of this hand-over is not kept here."))
    body = cast(HandoverBody, said(handover.given))
    page = language if language in dict(settings.LANGUAGES) else "en"
    with override(page):
        paper = {
            "language": page.partition("-")[0],
            "unit": organisation_name(handover.giver, page),
            "title": _("Hand-over certificate"),
            "number": handover.number,
            "facts": _facts(handover, body, page),
            "heads": _heads(),
            "lines": _lines(handover, body),
            "signed": _("Signed by"),
            "how": _(
                "Each unit signs with the seal of its message, over the same digest of the lines, the units and the"
                " day."
            ),
            "digest": [_("Digest"), bytes(handover.digest).hex()],
            "signatures": _signatures(handover, page),
            "by_hand": _("Signed by hand"),
            "page_of": _("Page {page} of {pages}"),
            "made": list(localtime(at).timetuple())[:6],
        }
    codes = [qr_svg(label_of(asset.id)) for asset in body.assets]
    return {"paper": json.dumps(typeable(paper)), "codes": json.dumps(codes)}


def _facts(handover: Handover, body: HandoverBody, language: str) -> Facts:
    facts: Facts = [
        [_("From"), organisation_name(handover.giver, language)],
        [_("To"), organisation_name(handover.receiver, language)],
        [_("Handed over on"), in_words(body.handed_on, language)],
        [_("Answer"), str(handover.get_state_display())],
        [_("Place"), body.place],
        [_("Action"), body.action],
        [_("Text"), body.text],
    ]
    return [fact for fact in facts if fact[1]]


def _heads() -> list[str]:
    return [_("Label"), _("Make and model"), _("Pieces"), _("Serial numbers"), _("Price"), _("Answer")]


def _lines(handover: Handover, body: HandoverBody) -> list[dict[str, Any]]:
    few = sum(len(asset.serials) for asset in body.assets) <= MOST_SERIALS
    answers = _answers(handover)
    return [
        {
            "alt": code_words(asset.name),
            "name": asset.name,
            "kind": str(AssetKind(asset.kind).label),
            "need": _("answers the need: %(need)s") % {"need": asset.need_says} if asset.need_says else "",
            "text": asset.text,
            "pieces": str(asset.quantity),
            "serials": _serials(asset, few),
            "price": money(Decimal(asset.value) if asset.value else None, asset.currency),
            "answer": answers.get(asset.id, _("not answered yet")),
        }
        for asset in body.assets
    ]


def _serials(asset: AssetBody, all_of_them: bool) -> str:
    shown = asset.serials if all_of_them else asset.serials[:SOME]
    rest = len(asset.serials) - len(shown)
    more = ngettext("and %(count)s more", "and %(count)s more", rest) % {"count": rest} if rest else ""
    return ", ".join([*shown, more] if more else shown)


def _answers(handover: Handover) -> Mapping[UUID, str]:
    """What the receiver said of each asset, as it signed it; of none where no answer holds."""
    if handover.state == Handover.State.BACK:
        return {line.asset_id: line.why or _("refused") for line in handover.handover_lines.all()}
    if handover.taken is None:
        return {}
    return {one.asset: _answer(one) for one in cast(HandoverAnsweredBody, said(handover.taken)).assets}


def _answer(one: TakenBody) -> str:
    refused = _("refused")
    return _("accepted") if one.accepted else f"{refused}: {one.why}"


def _signatures(handover: Handover, language: str) -> Sequence[dict[str, Any]]:
    """Of the giver and of the receiver: who, when, and by which message."""
    taken = handover.taken if handover.state == Handover.State.ANSWERED else None
    return [
        _signature(_("Giver"), handover.giver, handover.given, handover.given_by, language),
        _signature(_("Receiver"), handover.receiver, taken, handover.taken_by, language),
    ]


def _signature(side: str, unit: Organisation, message: Envelope | None, function: str, language: str) -> dict[str, Any]:
    if message is None:
        return {"side": side, "unit": organisation_name(unit, language), "facts": [["", _("not answered yet")]]}
    facts: Facts = [
        [_("Function"), function],
        [_("Moment"), moment_text(message.issued)],
        [_("Message"), str(message.id)],
        [_("Digest of the seal"), bytes(message.digest).hex()],
    ]
    return {"side": side, "unit": organisation_name(unit, language), "facts": [one for one in facts if one[1]]}
