"""Numbers and addresses by which persons and things are known, each by its own rules.

`clean` gives the compact form by which two are compared, and refuses what cannot be of the type at all. `warning` says
what speaks against a number that can: evidence for the officer, never a filter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ilex.words.identifiers import contacts, national, numbers, plates
from ilex.words.identifiers.wrong import Wrong

__all__ = ["TYPES", "Wrong", "clean", "warning"]

Clean = Callable[[str, str], str]
Doubt = Callable[[str, str], str]

TYPES: Mapping[str, Clean] = {
    "aircraft": numbers.aircraft,
    "bic": numbers.bic,
    "card": numbers.card,
    "document": numbers.document,
    "email": contacts.email,
    "firearm": numbers.firearm,
    "iban": numbers.iban,
    "icao24": numbers.icao24,
    "iccid": numbers.iccid,
    "imei": numbers.imei,
    "imo": numbers.imo,
    "imsi": numbers.imsi,
    "ip": numbers.ip,
    "lei": numbers.lei,
    "mmsi": numbers.mmsi,
    "national": national.national,
    "number": numbers.number,
    "online": contacts.online,
    "phone": contacts.phone,
    "plate": plates.plate,
    "position": numbers.position,
    "tax": national.tax,
    "url": contacts.url,
    "vin": numbers.vin,
    "wallet": numbers.wallet,
}
DOUBTS: Mapping[str, Doubt] = {
    "card": numbers.card_doubt,
    "document": numbers.document_doubt,
    "firearm": numbers.firearm_doubt,
    "iccid": numbers.iccid_doubt,
    "imei": numbers.imei_doubt,
    "imo": numbers.imo_doubt,
    "lei": numbers.lei_doubt,
    "mmsi": numbers.mmsi_doubt,
    "national": national.national_doubt,
    "phone": contacts.phone_doubt,
    "plate": plates.plate_doubt,
    "tax": national.tax_doubt,
    "vin": numbers.vin_doubt,
    "wallet": numbers.wallet_doubt,
}


def clean(type: str, text: str, country: str = "") -> str:
    """The compact form; cleaning it again changes nothing. `country` is an ISO code, empty where it is not known.

    Raises Wrong, and KeyError for a type that does not exist.
    """
    return TYPES[type](text, country.upper())


def warning(type: str, text: str, country: str = "") -> str:
    """One sentence on what speaks against it (check digit, form of the country), or nothing. Raises Wrong."""
    doubt = DOUBTS.get(type)
    return doubt(clean(type, text, country), country.upper()) if doubt else ""
