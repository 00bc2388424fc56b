"""The kinds told apart in the news: choices of the tables, and read from the seed files without a database."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Section(TextChoices):
    PROJECT_NEWS = "project-news", _("Project news")
    AROUND = "around-the-network", _("Around the network")
    EXPERT_VOICE = "expert-voice", _("Expert voice")
    ANNOUNCEMENT = "announcement", _("Announcement")


class ItemKind(TextChoices):
    NEWS = "news", _("News")
    ARTICLE = "article", _("Article")
    EVENT_REPORT = "event-report", _("Report of an event")
    SPEECH = "speech", _("Speech")


class LinkKind(TextChoices):
    MORE = "more", _("More information")
    DOWNLOAD = "download", _("Download")
    PROJECT = "project", pgettext_lazy("link", "On the project")
