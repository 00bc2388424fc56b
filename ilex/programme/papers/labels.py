"""Labels to stick on equipment: 24 on a sheet, each with a code that can be scanned where serial numbers are wanted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ilex.exchange.papers.fields import FormError
from ilex.exchange.papers.press import set_in_type, typeable
from ilex.programme.models import Asset, Handover
from ilex.programme.papers.certificates import qr_svg
from ilex.programme.queries.people import Names
from ilex.programme.rules.assets import label_of
from ilex.units.queries import here, organisation_name

TEMPLATE = Path(__file__).with_name("labels.typ")
MOST = 1200  # labels of one paper


@dataclass(frozen=True)
class Label:
    """`serial` of one piece; without one it is for so many `pieces`."""

    asset: Asset
    serial: str = ""
    pieces: int = 1
    number: str = ""  # of the hand-over


def labels_of_asset(asset: Asset, number: str = "") -> list[Label]:
    """One for each serial number, and one for all pieces that have none."""
    made = [Label(asset, serial, number=number) for serial in asset.serials]
    rest = (asset.quantity or 1) - len(made)
    return [*made, Label(asset, pieces=rest, number=number)] if rest > 0 else made


def labels_of_handover(handover: Handover) -> list[Label]:
    lines = handover.handover_lines.select_related("asset__giver").order_by("pk")
    return [label for line in lines for label in labels_of_asset(line.asset, handover.number)]


def labels_pdf(labels: list[Label], language: str, at: datetime | None = None) -> bytes:
    """Raises FormError when there are too many of them."""
    if len(labels) > MOST:
        raise FormError(
            _("These are more than %(most)s labels: print them from the pages of the equipment.") % {"most": MOST}
        )
    at = at or now()
    return set_in_type(TEMPLATE, printed(labels, language, at), at)


def printed(labels: list[Label], language: str, at: datetime) -> dict[str, str]:
    """What the template is given. Labels of one asset have the same code."""
    page = language if language in dict(settings.LANGUAGES) else "en"
    codes = {asset: place for place, asset in enumerate(dict.fromkeys(label.asset.pk for label in labels))}
    names = Names.read(page, {label.asset.giver_id for label in labels if label.asset.giver_id})
    with override(page):
        paper = {
            "language": page.partition("-")[0],
            "title": _("Labels of equipment"),
            "unit": organisation_name(here(), page),
            "labels": [{**_words(label, names), "code": codes[label.asset.pk]} for label in labels],
            "made": list(localtime(at).timetuple())[:6],
        }
    drawn = [qr_svg(label_of(asset)) for asset in codes]
    return {"paper": json.dumps(typeable(paper)), "codes": json.dumps(drawn)}


def _words(label: Label, names: Names) -> dict[str, str]:
    asset = label.asset
    name = asset.name or str(asset.get_kind_display())
    many = ngettext("%(count)s piece", "%(count)s pieces", label.pieces) % {"count": label.pieces}
    return {
        "name": name[:90],
        "serial": label.serial or (many if label.pieces > 1 else ""),
        "giver": names.organisation(asset.giver_id).text if asset.giver_id else "",
        "number": label.number,
        "alt": code_words(name),
    }


def code_words(name: str) -> str:
    return _("QR code of %(name)s") % {"name": name}
