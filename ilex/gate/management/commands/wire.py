"""`ilex wire`: the JSON Schemas of all message bodies, written down for other implementations."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from pydantic import BaseModel

from ilex.gate import registry
from ilex.gate.cards import Card
from ilex.gate.header import PROFILE, Header
from ilex.gate.receipts import ReceiptBody

# What the gate itself speaks, beside the bodies that the rooms registered.
FRAME: dict[str, type[BaseModel]] = {f"{PROFILE}-header": Header, "ilex-card-1": Card, "ilex-receipt-1": ReceiptBody}


class Command(BaseCommand):
    help = "Write the JSON Schemas of the messages, or check that none changed without a new version."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help=_("write nothing; fail when one changed"))
        parser.add_argument("--replace", action="store_true", help=_("write changed ones too, before a release"))
        default = settings.HOUSE.parent / "docs" / "wire"
        parser.add_argument(
            "--folder", type=Path, default=default, metavar="FOLDER", help=_("where they stand; docs/wire")
        )

    def handle(self, *args: object, check: bool, replace: bool, folder: Path, **options: Any) -> None:
        texts = schemas()
        changed = [name for name, text in texts.items() if _written(folder / name) not in ("", text)]
        missing = [name for name in texts if not (folder / name).exists()]
        if changed and (check or not replace):
            names = ", ".join(changed)
            raise CommandError(
                _("Changed without a new version: %(names)s. Register the new body under the next version.")
                % {"names": names}
            )
        if check and missing:
            raise CommandError(_("Not written yet: %(names)s. Run: ilex wire") % {"names": ", ".join(missing)})
        if not check:
            folder.mkdir(parents=True, exist_ok=True)
            for name in changed + missing:
                (folder / name).write_text(texts[name], encoding="utf-8")


def schemas() -> dict[str, str]:
    """File name and text of every schema."""
    bodies = {f"{known.name}-{known.version}": known.body for known in registry.known()}
    return {
        f"{name}.json": json.dumps(model.model_json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        for name, model in {**FRAME, **bodies}.items()
    }


def _written(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
