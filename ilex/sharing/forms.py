"""The forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.exchange.forms.asking import reachable
from ilex.exchange.forms.letter import languages, prose
from ilex.sharing import cases
from ilex.sharing.models import Release, Use
from ilex.sharing.rules import Letter
from ilex.units.models import Officer, Organisation
from ilex.units.queries import here
from ilex.words import uses


class ReleaseForm(forms.Form):
    """What stands around the statements; these are picked beside it."""

    title = forms.CharField(
        label=pgettext_lazy("heading", "Title"),
        max_length=300,
        help_text=_("By which both sides find it again. It is sent too."),
    )
    to = forms.MultipleChoiceField(
        label=_("Who receives it"),
        choices=reachable,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose units from the list.")},
    )
    purpose = prose(_("Purpose"), hint=_("For what they may use it. Binds them."), rows=3)
    text = prose(_("Text"), required=False, rows=4)
    language = forms.ChoiceField(label=_("Language of the text"), choices=languages)
    case = forms.ChoiceField(label=_("Case"), required=False, help_text=_("Stays in the house."))
    request_ref = forms.CharField(
        label=_("Our reference of the request"),
        max_length=40,
        required=False,
        help_text=_("Where it belongs to one. The partner sees it."),
    )
    threat = prose(
        _("Immediate and serious threat"),
        required=False,
        rows=2,
        limit=4_000,
        hint=_("Only when it cannot wait for the owner's permission: say why. The owner is informed at once."),
    )

    def __init__(self, officer: Officer, typed: QueryDict | None = None, **rest: Any) -> None:
        super().__init__(typed, **rest)
        known = cases.open_cases(officer)
        present = (self.initial or {}).get("case", "")
        if present and present not in {number for number, _title in known}:
            known.append((present, ""))
        case = self.fields["case"]
        assert isinstance(case, forms.ChoiceField)  # noqa: S101  # it is declared above
        case.choices = [("", gettext("None")), *((number, f"{number} {title}".strip()) for number, title in known)]
        if not known:
            del self.fields["case"]

    @classmethod
    def of(cls, officer: Officer, release: Release) -> ReleaseForm:
        return cls(officer, initial={name: getattr(release, name) for name in (*vars(Letter("", "")), "to")})

    def letter(self) -> Letter:
        return Letter(**{name: self.cleaned_data.get(name, "") for name in vars(Letter("", ""))})


class ConsentForm(forms.Form):
    """A question to the owner of one statement; or his answer, when it came by another channel."""

    use = forms.ChoiceField(label=_("What you want to do"), choices=Use.choices, widget=forms.RadioSelect)
    to = forms.MultipleChoiceField(
        label=_("Who would receive it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Not needed for the use in court."),
    )
    reason = prose(_("Why you need it"), rows=3, limit=4_000, hint=_("The owner reads this."))

    def __init__(self, typed: QueryDict | None = None, *, owner: str, **rest: Any) -> None:
        super().__init__(typed, **rest)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101  # it is declared above
        to.choices = _units_besides(owner)


class LetterConsentForm(forms.Form):
    """A question about a whole letter with its papers."""

    to = forms.MultipleChoiceField(label=_("Who would receive it"), widget=forms.CheckboxSelectMultiple)
    reason = prose(_("Why you need it"), rows=3, limit=4_000, hint=_("The owner reads this."))

    def __init__(self, typed: QueryDict | None = None, *, owner: str, **rest: Any) -> None:
        super().__init__(typed, **rest)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101  # it is declared above
        to.choices = _units_besides(owner)


def _units_besides(owner: str) -> list[tuple[str, str]]:
    others = Organisation.objects.filter(kind=Organisation.Kind.UNIT).exclude(pk__in=[owner, here().pk])
    return [(unit.pk, unit.name) for unit in others.order_by("name")]


class CourtForm(forms.Form):
    court = forms.CharField(label=_("Court and matter"), max_length=300)
    case = forms.ChoiceField(label=_("Case"), required=False)

    def __init__(self, officer: Officer, typed: QueryDict | None = None, **rest: Any) -> None:
        super().__init__(typed, **rest)
        known = cases.open_cases(officer)
        case = self.fields["case"]
        assert isinstance(case, forms.ChoiceField)  # noqa: S101  # it is declared above
        case.choices = [("", gettext("None")), *((number, f"{number} {title}") for number, title in known)]
        if not known:
            del self.fields["case"]


class LedgerForm(forms.Form):
    """What of the ledger is shown."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)
    case = forms.CharField(label=_("Case"), required=False, max_length=40)
    subject = forms.UUIDField(required=False, widget=forms.HiddenInput)
    statement = forms.UUIDField(required=False, widget=forms.HiddenInput)
    recalls = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("Everything")), ("open", _("Recalls not yet applied"))]
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        unit = self.fields["unit"]
        assert isinstance(unit, forms.ChoiceField)  # noqa: S101  # it is declared above
        units = Organisation.objects.filter(kind=Organisation.Kind.UNIT).order_by("name")
        unit.choices = [("", gettext("All")), *((one.pk, one.name) for one in units)]


def exemption() -> str:
    """The exception of the law in its words, for the page."""
    found = uses.exception(Use.THIRD.value)
    return f"{gettext(found.text)} ({found.source})" if found else ""
