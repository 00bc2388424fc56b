"""Sign-in, the officer's own settings, the list of keys, and the word for load balancers."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render, resolve_url
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST, require_safe

from ilex.units.models import Officer
from ilex.web import actions
from ilex.web.forms import Choices, Password, SignIn
from ilex.web.queries import WINDOW


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    onward = _onward(request)
    if request.headers.get("HX-Request"):
        # A live part of a page asked after the session had ended: the whole page must go to the sign-in.
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.user.is_authenticated:
        return redirect(onward)
    form = SignIn(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.sign_in(request, form.cleaned_data["sign_in"], form.cleaned_data["password"])
            return redirect(onward)
        except actions.Refused:
            form.add_error(None, gettext("The sign-in name or the password is not right."))
        except actions.Shut as shut:
            status = 429
            form.add_error(None, _shut_sentence(shut))
    response = render(request, "web/sign-in.html", {"form": form, "next": onward}, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    actions.sign_out(request, _officer(request))
    return redirect("sign-in")


@sensitive_post_parameters()
def own_settings(request: HttpRequest) -> HttpResponse:
    officer = _officer(request)
    choices = Choices(request.POST) if "choose" in request.POST else Choices.of(officer)
    password = Password(officer, request.POST if "change-password" in request.POST else None)
    if choices.is_bound and choices.is_valid():
        actions.choose(officer, **choices.cleaned_data)
        translation.activate(choices.cleaned_data["language"])
        messages.success(request, gettext("Your choices are kept."))
        return redirect("settings")
    if password.is_bound and password.is_valid():
        actions.change_password(request, officer, password.cleaned_data["new"])
        messages.success(request, gettext("Your password is changed. Your other sessions have ended."))
        return redirect("settings")
    wrong = choices.errors or password.errors
    return render(
        request, "web/settings.html", {"choices": choices, "password": password}, status=422 if wrong else 200
    )


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return render(request, "web/keys.html")


@login_not_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the page language: for good when signed in, else for this browser."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(gettext("This page language is not known."))
    response = redirect(_onward(request))
    if isinstance(request.user, Officer):
        actions.choose_language(request.user, code)
    else:
        response.set_cookie(
            *(settings.LANGUAGE_COOKIE_NAME, code),
            max_age=365 * 24 * 60 * 60,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
        )
    return response


@login_not_required
@never_cache
@require_GET
def up(request: HttpRequest) -> HttpResponse:
    """For load balancers: can this node show pages. Says nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return HttpResponse("down\n", content_type="text/plain", status=503)
    return HttpResponse("up\n", content_type="text/plain")


def _officer(request: HttpRequest) -> Officer:
    if not isinstance(request.user, Officer):
        raise TypeError("A page for officers was reached without a sign-in; LoginRequiredMiddleware is missing.")
    return request.user


def _onward(request: HttpRequest) -> str:
    """Where `next` leads, if it stays on this node; else the desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _shut_sentence(shut: actions.Shut) -> str:
    minutes = max(1, -(-int((shut.until - now()).total_seconds()) // 60))
    return ngettext(
        "Too many sign-ins failed. Wait %(minutes)d minute and try again.",
        "Too many sign-ins failed. Wait %(minutes)d minutes and try again.",
        minutes,
    ) % {"minutes": minutes}
