"""Why a line failed, in one sentence that names the real cause: certificates above all."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from django.utils.formats import date_format
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.gate.certificates import certificate_digest, read_certificate
from ilex.gate.keys import Line

LOOK = 5.0  # seconds for a second look at a certificate that was not accepted


def cause(error: Exception, host: str, port: int, ours: Line, theirs: Sequence[str]) -> str:
    where = {"where": f"{host}:{port}"}
    if isinstance(error, ssl.SSLCertVerificationError):
        return _their_certificate(host, port, theirs)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _broken(error, where)
    if isinstance(error, ssl.SSLError) and "ALERT" in (error.reason or ""):
        return _our_certificate(error.reason or "", ours)
    if isinstance(error, ssl.SSLError):
        return _("What answers at %(where)s does not speak TLS 1.3; is it the peers' door?") % where
    if isinstance(error, socket.gaierror):
        return _("The name %(host)s is not known on this network (DNS).") % {"host": host}
    if isinstance(error, ConnectionRefusedError):
        return _("Nobody listens at %(where)s (connection refused).") % where
    if isinstance(error, TimeoutError):
        return _("%(where)s did not answer in time.") % where
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return _broken(error, where)
    return _("No way to %(where)s: %(error)s.") % {
        **where,
        "error": getattr(error, "strerror", None) or type(error).__name__,
    }


def status_sentence(status: int) -> str:
    if status >= 500:
        return _("The partner's node has a failure of its own (%(status)s).") % {"status": status}
    if status == http.HTTPStatus.FORBIDDEN:
        return _("The partner's node does not know our certificate as one of a paired unit.")
    return _("The partner's address answers, but not as a peers' door does (%(status)s).") % {"status": status}


def _broken(error: Exception, where: dict[str, str]) -> str:
    if isinstance(error, http.client.HTTPException) and not isinstance(
        error, http.client.RemoteDisconnected | http.client.IncompleteRead
    ):
        return _("%(where)s did not answer as a peers' door does.") % where
    return _("The line to %(where)s broke before the answer was whole.") % where


def _their_certificate(host: str, port: int, theirs: Sequence[str]) -> str:
    presented = _look(host, port)
    if presented is None:
        return _("The partner's certificate is not the one that was pinned when the units were paired.")
    digest = presented.fingerprint(SHA256()).hex()
    if digest not in {certificate_digest(pem) for pem in theirs}:
        return _(
            "The partner shows another certificate (%(shown)s) than the one pinned (%(pinned)s). "
            "Ask the unit by telephone whether it has new keys; pair again only after that."
        ) % {"shown": short(digest), "pinned": ", ".join(short(certificate_digest(pem)) for pem in theirs)}
    return _dates(presented)


def _dates(certificate: x509.Certificate) -> str:
    if certificate.not_valid_before_utc > now():
        return _("The partner's certificate is valid only from %(date)s. Check both clocks.") % {
            "date": day(certificate.not_valid_before_utc)
        }
    if certificate.not_valid_after_utc < now():
        return _("The partner's certificate expired on %(date)s. Ask the unit to renew its keys.") % {
            "date": day(certificate.not_valid_after_utc)
        }
    return _("The partner's certificate is the pinned one, but is not made for this use.")


def _our_certificate(reason: str, ours: Line) -> str:
    certificate = read_certificate(ours.pem)
    if certificate.not_valid_after_utc < now():
        return _("Our own certificate expired on %(date)s. Renew the keys of this node.") % {
            "date": day(certificate.not_valid_after_utc)
        }
    return _(
        "The partner's door does not accept our certificate (%(ours)s): the unit has not paired with us, "
        "has removed us, or its clock is wrong. It says: %(reason)s."
    ) % {"ours": short(ours.sha256), "reason": reason.partition("ALERT_")[2].replace("_", " ").lower()}


def _look(host: str, port: int) -> x509.Certificate | None:
    """The certificate that stands there now. Nothing of ours is sent."""
    try:
        return x509.load_pem_x509_certificate(ssl.get_server_certificate((host, port), timeout=LOOK).encode())
    except (OSError, ValueError):
        return None


def short(digest: str) -> str:
    """Enough of a digest to compare by eye."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))


def day(moment: object) -> str:
    return str(date_format(moment, "Y-m-d H:i"))  # type: ignore[arg-type]
