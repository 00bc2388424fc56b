"""The hash by which two copies of an agreement are compared, and in what they differ."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from pydantic import ValidationError

from ilex.programme.messages import TermsBody


def terms_digest(terms: TermsBody) -> bytes:
    """SHA-256 of the canonical JSON (RFC 8785) of the terms: the same terms have the same one at every node."""
    return hashlib.sha256(rfc8785.dumps(terms.model_dump(mode="json"))).digest()


def whole(terms: Mapping[str, Any]) -> TermsBody | None:
    """Terms as they were kept; None when somebody with the database in his hands damaged them."""
    try:
        return TermsBody.model_validate(terms)
    except ValidationError:
        return None


def digest_of(terms: Mapping[str, Any]) -> bytes:
    """Of terms as they stand, also of damaged ones: these differ from every copy."""
    found = whole(terms)
    return terms_digest(found) if found else hashlib.sha256(rfc8785.dumps(dict(terms))).digest()


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The names of the terms in which two copies differ, in the order of the form."""
    return [name for name in TermsBody.model_fields if ours.get(name) != theirs.get(name)]
