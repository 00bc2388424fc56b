"""Whether a certificate is what its unit signed, and taking one back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.programme.actions import certificates
from ilex.programme.forms.nominations import VerifyForm
from ilex.programme.queries.certificates import Verified, verified
from ilex.programme.queries.nominations import certificate_for
from ilex.programme.queries.people import in_words
from ilex.programme.queries.values import language
from ilex.programme.rules.certificates import NotVerified
from ilex.programme.views.loading import officer_of, tried
from ilex.programme.wording import why_not
from ilex.units.queries import unit_names
from ilex.units.rules import check


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By the keys that this node keeps: nobody is asked, the unit's node may be gone."""
    check(officer_of(request), "programme.read")
    form = VerifyForm(request.POST or None)
    found: Verified | None = None
    if form.is_valid():
        try:
            found = verified(form.cleaned_data["signed"])
        except NotVerified as error:
            form.add_error("signed", why_not(error))
    shown = {"form": form, "found": found, "unit": "", "when": ""}
    if found is not None:
        shown["unit"] = unit_names([found.words.by]).get(found.words.by, found.words.by)
        shown["when"] = _when(found)
    return render(request, "programme/certificate-verify.html", shown, status=422 if form.errors else 200)


def _when(found: Verified) -> str:
    try:
        return in_words(found.words.when, language())
    except ValueError:
        return found.words.when


@require_POST
def revoke(request: HttpRequest, number: str) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "nomination.choose")
    found = certificate_for(officer, number)
    why = request.POST.get("reason", "")
    tried(request, lambda: certificates.revoke_certificate(officer, found, why), _("The certificate is revoked."))
    return redirect("nomination", found.nomination_id)
