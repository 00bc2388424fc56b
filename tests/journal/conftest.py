from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ilex.journal.actions import growth, sign_heads_with
from ilex.journal.queries import heads
from ilex.units.models import Officer, Organisation, Role
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> Ed25519PrivateKey:
    """This node's log key, for as long as the test runs.

    Put back by the same `monkeypatch` as what a test itself changes: in its order, or a test's key would stay.
    """
    monkeypatch.setattr(growth, "_key", growth._key)
    monkeypatch.setattr(heads, "_trusted", heads._trusted)
    key = Ed25519PrivateKey.generate()
    sign_heads_with(lambda: key)
    return key


@pytest.fixture
def ana(db: None) -> Officer:
    unit, _ = Organisation.objects.get_or_create(
        id="ilecu-rs", defaults={"name": "ILECU Belgrade", "kind": Organisation.Kind.UNIT}
    )
    return Officer.objects.create(sign_in="ana", name="Ana", organisation=unit, roles=[Role.AUDITOR])
