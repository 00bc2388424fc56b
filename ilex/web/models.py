"""How an officer likes the pages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.units.models import Officer


class Preference(models.Model):
    """One officer's choices. The page language stands with the officer: messages to partners use it too."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the computer is set")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    officer = models.OneToOneField(Officer, models.CASCADE, primary_key=True, related_name="preference")
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)
    single_keys = models.BooleanField(default=True)  # j, k, / and ? in the lists: WCAG 2.2, 2.1.4
