"""`ilex peer`: our card, the partners' cards, the fingerprint by telephone, and the state of each partner."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ilex.gate import actions, cards, keys
from ilex.gate.errors import GateError
from ilex.gate.models import Peer
from ilex.units.models import Organisation


class Command(BaseCommand):
    help = "Show our card, pair with partners, pause or end the exchange, renew our keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        card = verbs.add_parser("card", help=_("print our card, for the partner"))
        card.add_argument("--out", type=Path, metavar="FILE", help=_("write it to a new file instead"))
        add = verbs.add_parser("add", help=_("take a partner's card"))
        add.add_argument("file", type=Path, metavar="FILE")
        confirm = verbs.add_parser("confirm", help=_("pair, after the fingerprint was read out by telephone"))
        confirm.add_argument("unit", metavar="UNIT", help=_("the unit's id, as ilecu-mk"))
        confirm.add_argument("fingerprint", nargs="+", metavar="FINGERPRINT", help=_("as the partner read it out"))
        for verb, text in (
            ("fingerprint", _("show what both sides must read to each other")),
            ("pause", _("stop the exchange with a partner for a while")),
            ("resume", _("go on with a paused partner")),
            ("remove", _("end the exchange with a partner")),
        ):
            verbs.add_parser(verb, help=text).add_argument("unit", metavar="UNIT", help=_("the unit's id, as ilecu-mk"))
        verbs.add_parser("list", help=_("list the partners"))
        verbs.add_parser("renew", help=_("make new keys and tell the partners"))

    def handle(self, *args: object, verb: str, **options: Any) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "card": self.card,
            "add": self.add,
            "fingerprint": self.fingerprint,
            "confirm": self.confirm,
            "list": self.list,
            "pause": self.pause,
            "resume": self.resume,
            "remove": self.remove,
            "renew": self.renew,
        }
        try:
            verbs[verb](options)
        except GateError as error:
            raise CommandError(str(error)) from error
        except Organisation.DoesNotExist as error:
            raise CommandError(_("This node's own unit is not in the directory. Run: ilex init")) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from error

    def card(self, options: dict[str, Any]) -> None:
        path: Path | None = options["out"]
        if path is None:
            self.stdout.write(actions.offer_card())
        else:
            with path.open("x", encoding="ascii") as file:  # never over another file
                file.write(actions.offer_card() + "\n")

    def add(self, options: dict[str, Any]) -> None:
        path: Path = options["file"]
        with path.open("rb") as file:
            text = file.read(cards.LIMIT + 2).decode("utf-8", errors="replace")
        peer = actions.take_card(text)
        if peer.state == Peer.State.OFFERED:
            self.stdout.write(
                _("Card of %(unit)s taken. Compare by telephone, then confirm: %(fingerprint)s")
                % {"unit": peer.pk, "fingerprint": actions.fingerprint_with(peer.pk)}
            )
        else:
            self.stdout.write(
                _("%(unit)s has renewed its keys; its card is number %(serial)s now.")
                % {"unit": peer.pk, "serial": peer.serial}
            )

    def fingerprint(self, options: dict[str, Any]) -> None:
        self.stdout.write(actions.fingerprint_with(options["unit"]))

    def confirm(self, options: dict[str, Any]) -> None:
        peer = actions.confirm(options["unit"], " ".join(options["fingerprint"]))
        self.stdout.write(_("Paired with %(unit)s.") % {"unit": peer.pk})

    def list(self, options: dict[str, Any]) -> None:
        for peer in Peer.objects.order_by("pk"):
            self.stdout.write(f"{peer.pk}\t{peer.get_state_display()}\t{peer.serial}\t{peer.endpoint or '-'}")

    def pause(self, options: dict[str, Any]) -> None:
        actions.pause(options["unit"])

    def resume(self, options: dict[str, Any]) -> None:
        actions.resume(options["unit"])

    def remove(self, options: dict[str, Any]) -> None:
        actions.remove(options["unit"])

    def renew(self, options: dict[str, Any]) -> None:
        serial = actions.renew_keys()
        self.stdout.write(_("New keys are in use; our card is number %(serial)s now.") % {"serial": serial})
        if keys.own().line.retired:
            self.stdout.write(_("The old certificate stays on the line until the partners know the new one."))
