"""Who may do what: one table from role to verbs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ilex.units.models import Officer

# What each verb means, as a person is told it.
VERBS = {
    "request.read": gettext_lazy("read requests"),
    "request.send": gettext_lazy("send requests"),
    "request.answer": gettext_lazy("answer requests"),
    "request.refuse": gettext_lazy("refuse requests"),
    "request.close": gettext_lazy("close requests"),
    "request.record": gettext_lazy("record messages of other channels"),
    "request.assign": gettext_lazy("assign requests to officers"),
    "journal.read": gettext_lazy("read the journal"),
    "statistics.read": gettext_lazy("read the statistics"),
    "board.read": gettext_lazy("see the state of the network"),
    "peer.pair": gettext_lazy("pair with other units"),
    "officer.manage": gettext_lazy("manage officers"),
    "directory.read": gettext_lazy("read the directory"),
    "note.write": gettext_lazy("write notes and drafts"),
    "subject.read": gettext_lazy("read subjects"),
    "subject.write": gettext_lazy("write down what is known of subjects"),
    "subject.merge": gettext_lazy("say that two subjects are one"),
    "subject.import": gettext_lazy("take in and give out files of subjects"),
    "case.read": gettext_lazy("read cases"),
    "case.write": gettext_lazy("work on cases"),
    "case.import": gettext_lazy("take in files of old cases"),
    "task.send": gettext_lazy("send tasks to national authorities"),
    "task.answer": gettext_lazy("answer tasks of the unit"),
    "release.send": gettext_lazy("release statements to other units"),
    "consent.decide": gettext_lazy("decide on the use of what the unit provided"),
    "approval.give": gettext_lazy("approve what a colleague releases"),
    "duty.log": gettext_lazy("write the shift log"),
    "duty.plan": gettext_lazy("plan the duty roster"),
    "holding.read": gettext_lazy("see what the unit holds"),
    "holding.load": gettext_lazy("load and switch off holdings"),
    "crosscheck.look": gettext_lazy("check persons and things against the holdings"),
    "crosscheck.judge": gettext_lazy("judge hits"),
    "crosscheck.access": gettext_lazy("give other national systems access to the cross-check"),
    "practice": gettext_lazy("practise with the practice partner"),
    "programme.read": gettext_lazy("read actions, activities and news"),
    "programme.write": gettext_lazy("write down actions and activities"),
    "nomination.propose": gettext_lazy("propose people for activities"),
    "nomination.choose": gettext_lazy("choose who is nominated, and invite"),
    "asset.write": gettext_lazy("keep the equipment and its hand-overs"),
    "agreement.sign": gettext_lazy("make agreements with other units"),
    "news.write": gettext_lazy("write news"),
    "news.publish": gettext_lazy("publish news"),
    "site.switch": gettext_lazy("switch the public site on and off"),
}

WORK_ON_REQUESTS = {
    "request.read",
    "request.send",
    "request.answer",
    "request.refuse",
    "request.close",
    "request.record",
    "note.write",
    "board.read",
    "directory.read",
    "practice",
}

WORK_ON_CASES = {
    "subject.read",
    "subject.write",
    "subject.merge",
    "case.read",
    "case.write",
    "task.send",
    "release.send",
    "approval.give",
    "duty.log",
    "holding.read",
    "crosscheck.look",
    "crosscheck.judge",
}

DECIDE = {
    "request.assign",
    "statistics.read",
    "peer.pair",
    "subject.import",
    "case.import",
    "consent.decide",
    "duty.plan",
    "holding.load",
    "crosscheck.access",
}

TAKE_PART = {"programme.read", "nomination.propose"}  # in the cooperation of the network

COORDINATE = TAKE_PART | {"programme.write", "nomination.choose", "asset.write", "news.write", "directory.read"}

MAY: dict[str, set[str]] = {
    "duty": WORK_ON_REQUESTS | WORK_ON_CASES | TAKE_PART | {"request.assign", "statistics.read"},
    "case": WORK_ON_REQUESTS | WORK_ON_CASES | TAKE_PART | {"consent.decide"},
    "head": WORK_ON_REQUESTS | WORK_ON_CASES | DECIDE | COORDINATE | {"agreement.sign", "news.publish", "site.switch"},
    "coordinator": COORDINATE | {"board.read"},  # no content of requests or cases
    "editor": {"programme.read", "news.write", "news.publish", "directory.read"},
    "translator": {"request.read", "note.write", "directory.read", "practice", "programme.read"},  # releases nothing
    "authority": {"request.read", "note.write", "directory.read", "task.answer"}  # its own: sees_only_its_own
    | TAKE_PART,  # proposes its own people
    "protection": {  # with a reason
        "request.read",
        "subject.read",
        "case.read",
        "journal.read",
        "statistics.read",
        "board.read",
        "directory.read",
        "holding.read",
        "programme.read",
    },
    "auditor": {"journal.read", "statistics.read"},
    "administrator": {"officer.manage", "peer.pair", "board.read", "directory.read"},  # no content of requests
}


def verbs(roles: Iterable[str]) -> set[str]:
    """What these roles allow together."""
    return set().union(*(MAY.get(role, set()) for role in roles))


def may(officer: Officer | AnonymousUser, verb: str) -> bool:
    """Whether the officer may do this. Raises KeyError for a verb that is not in the table."""
    VERBS[verb]
    return officer.is_active and verb in verbs(_roles(officer))


def check(officer: Officer | AnonymousUser, verb: str) -> None:
    """Raise PermissionDenied, with a sentence for the person, when the officer may not."""
    if not may(officer, verb):
        raise PermissionDenied(_("Your roles do not allow you to: %(what)s.") % {"what": VERBS[verb]})


def sees_only_its_own(officer: Officer | AnonymousUser) -> bool:
    """Of a national authority: it reads the requests it submitted or was asked about, and no others."""
    return _reads_only_as(officer, "authority")


def must_give_a_reason(officer: Officer | AnonymousUser) -> bool:
    """Of the data-protection officer: reading a request needs a reason, which the journal keeps."""
    return _reads_only_as(officer, "protection")


def _reads_only_as(officer: Officer | AnonymousUser, role: str) -> bool:
    roles = _roles(officer)
    return role in roles and not any("request.read" in MAY.get(other, set()) for other in roles if other != role)


def _roles(officer: Officer | AnonymousUser) -> list[str]:
    return getattr(officer, "roles", [])
