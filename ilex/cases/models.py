"""Case files and what hangs on them: requests, subjects, tasks to national authorities, notes."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ilex.exchange.models import Request
from ilex.subjects.models import Subject
from ilex.units.models import Circle, Officer, Organisation


class Case(models.Model):
    """One matter on which the unit works. Its number never changes, and is never used again."""

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        WAITING = "waiting", _("Waiting")  # until the wake-up date, or for somebody
        CLOSED = "closed", pgettext_lazy("case", "Closed")
        MERGED = "merged", _("Merged into another")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=40, unique=True)  # RS-C-2026-000412
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)
    area = models.CharField(max_length=40, blank=True)  # crime area: an offence of ilex.words
    template = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    owner = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="cases")
    team = models.ManyToManyField(Officer, related_name="team_cases")
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, related_name="cases")  # closed: see units.Circle
    references = ArrayField(models.CharField(max_length=80), default=list)  # of old systems and partners
    reference_keys = ArrayField(models.CharField(max_length=80), default=list)  # letters and digits only
    wake_at = models.DateField(null=True)
    wake_why = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="split_off")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True)  # of ilex.cases.rules
    outcome_text = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-changed_at", "id"], name="cases_case_changed"),
            models.Index(fields=["owner", "state"], name="cases_case_owner"),
            models.Index(fields=["wake_at"], name="cases_case_wake", condition=models.Q(wake_at__isnull=False)),
            GinIndex(fields=["reference_keys"], name="cases_case_references"),
            GinIndex(fields=["search"], name="cases_case_search"),
        ]

    def __str__(self) -> str:
        return self.number


class CaseRequest(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="case_requests")
    request = models.ForeignKey(Request, models.PROTECT, related_name="case_requests")
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "request"], name="cases_caserequest_once")]


class CaseSubject(models.Model):
    case = models.ForeignKey(Case, models.CASCADE, related_name="case_subjects")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="case_subjects")
    role = models.CharField(max_length=200, blank=True)  # in this case, in words
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "subject"], name="cases_casesubject_once")]


class CaseLink(models.Model):
    """Two cases that have to do with one another."""

    one = models.ForeignKey(Case, models.CASCADE, related_name="links_from")
    other = models.ForeignKey(Case, models.CASCADE, related_name="links_to")
    why = models.CharField(max_length=300)
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="cases_caselink_once")]


class Step(models.Model):
    """What was done in the case itself; requests, tasks, documents and releases bring their own moments."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        NOTE = "note", _("Note")
        CHANGED = "changed", _("Changed")
        LINKED = "linked", _("Linked")
        MERGED = "merged", _("Merged")
        SPLIT = "split", _("Split")
        WOKEN = "woken", _("Wake-up")
        CLOSED = "closed", pgettext_lazy("case", "Closed")
        REOPENED = "reopened", _("Opened again")

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["case", "at"], name="cases_step_timeline")]


class Task(models.Model):
    """What a national authority is asked to find out or do: Directive (EU) 2023/977 Art. 16(1)(b)."""

    class State(models.TextChoices):
        SENT = "sent", _("Sent")
        TAKEN = "taken", _("In work")
        ASKED = "asked", _("Asked back")  # the authority asked us something
        ANSWERED = "answered", _("Answered")
        RETURNED = "returned", _("Returned: cannot be done")
        ACCEPTED = "accepted", _("Accepted")  # the answer, or that it cannot be done
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=40, unique=True)  # RS-T-2026-000077
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="tasks")
    request = models.ForeignKey(Request, models.PROTECT, null=True, related_name="tasks")  # whose clock runs
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="tasks")
    title = models.CharField(max_length=300)
    text = models.TextField()  # what is asked
    shown = models.JSONField(default=list)  # what the authority sees of subjects: [{caption, kind, lines: [...]}]
    handling = models.CharField(max_length=12, default="H0")
    handling_note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.SENT)
    due_at = models.DateTimeField()
    due_reason = models.CharField(max_length=300)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="tasks")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)  # or asked back, or returned: when they spoke last
    answered_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # the answer, by an officer of the unit

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], name="cases_task_open", condition=models.Q(state__in=["sent", "taken", "asked"])
            ),
            models.Index(
                fields=["answered_at"],
                name="cases_task_unread",
                condition=models.Q(state__in=["asked", "answered", "returned"]),
            ),
            models.Index(fields=["authority", "state", "due_at"], name="cases_task_authority"),
        ]

    def __str__(self) -> str:
        return self.number


class TaskStep(models.Model):
    """What was said and done in a task, by the unit and by the authority; both sides see it."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Sent")
        TAKEN = "taken", _("Taken")
        ASKED = "asked", _("Asked back")
        REPLIED = "replied", _("Question answered")
        ANSWERED = "answered", _("Answered")
        RETURNED = "returned", _("Returned: cannot be done")
        SENT_BACK = "back", _("Sent back to be completed")
        MOVED = "moved", _("New due date")
        ACCEPTED = "accepted", _("Accepted")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    task = models.ForeignKey(Task, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["task", "at"], name="cases_taskstep_timeline")]


class Check(models.Model):
    """One line of a case's checklist, from its template."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="checks")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)  # of the template: shown through gettext
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["order"]


class CaseCounter(models.Model):
    """The last number given in a year: C for cases, T for tasks."""

    series = models.CharField(max_length=1)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="cases_casecounter_once")]
