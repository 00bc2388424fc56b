"""The themes of actions and the lines that fund them, in words. A code not on the list reads as its own words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

THEMES: dict[str, str | Promise] = {
    "border-management": _("Border management"),
    "security-cooperation": _("Security cooperation"),
    "trafficking": _("Trafficking in human beings"),
    "joint-patrols": _("Joint patrols"),
    "information-exchange": _("Exchange of information"),
    "migration-policy": _("Migration policy"),
    "migration-dialogue": _("Dialogue on migration"),
    "integration": _("Integration"),
    "cities": _("Cities"),
    "training": _("Training"),
    "equipment": _("Equipment"),
    "evaluation": _("Monitoring and evaluation"),
    "external-dimension": _("External dimension of migration policy"),
    "return": _("Return"),
    "asylum": _("Asylum"),
    "human-rights": _("Human rights"),
    "gender": _("Gender"),
}

FUNDING: dict[str, str | Promise] = {
    "isf-police": _("Internal Security Fund, police"),
    "isf-borders-and-visa": _("Internal Security Fund, borders and visa"),
}


def theme_name(code: str) -> str:
    return str(THEMES.get(code, "")) or _words(code)


def funding_name(code: str) -> str:
    return str(FUNDING.get(code, "")) or _words(code)


def _words(code: str) -> str:
    return code.replace("-", " ").capitalize()
