"""Numbers of documents, vehicles, vessels, aircraft, weapons, devices and accounts.

Each `clean` function refuses what cannot be such a number at all; each `doubt` function tells what speaks against it.
A forged document, a filed-off or altered number must be possible to keep: check digits that do not fit are a doubt.
"""

from __future__ import annotations

import ipaddress
import re

from stdnum import bic as bics
from stdnum import bitcoin, luhn
from stdnum import iban as ibans
from stdnum import imo as imos
from stdnum import lei as leis
from stdnum.exceptions import ValidationError

from ilex.words.identifiers.letters import bounded, compact, digits, plain_ascii
from ilex.words.identifiers.wrong import N_, Wrong

CHECK_DIGIT = N_("The check digit does not fit: a slip of the pen, or an altered number.")
DOCUMENT = (3, 30)  # ICAO Doc 9303 has nine places; longer numbers go on in the optional ones
VIN = 17
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
VIN_VALUES = {**{str(digit): digit for digit in range(10)}, **dict(zip("ABCDEFGH", range(1, 9), strict=True))}
VIN_VALUES |= {**dict(zip("JKLMN", range(1, 6), strict=True)), "P": 7, "R": 9}
VIN_VALUES |= dict(zip("STUVWXYZ", range(2, 10), strict=True))
CHECKED_VINS = set("12345L")  # North America and China (GB 16735) make the ninth place a check digit
POSITION = re.compile(r"(-?[0-9]{1,2}(?:\.[0-9]{1,8})?)[,;\s]+(-?[0-9]{1,3}(?:\.[0-9]{1,8})?)", re.ASCII)
WALLET = re.compile(r"[A-Za-z0-9:_-]{20,120}", re.ASCII)


def document(text: str, country: str = "") -> str:
    found = compact(text.replace("<", ""), country)
    if not DOCUMENT[0] <= len(found) <= DOCUMENT[1] or not any(letter.isdigit() for letter in found):
        raise Wrong(N_("A document number has 3 to 30 letters and digits, and at least one digit."))
    return found


def document_doubt(found: str, country: str = "") -> str:
    return N_("Longer than the nine places of a machine-readable zone.") if len(found) > 9 else ""


def vin(text: str, country: str = "") -> str:
    """ISO 3779; cars from before 1981 have shorter ones. I, O and Q do not occur, so they are slips for 1 and 0."""
    found = compact(text)
    if not 5 <= len(found) <= VIN:
        raise Wrong(N_("A vehicle identification number has 17 letters and digits."))
    return found


def vin_doubt(found: str, country: str = "") -> str:
    if len(found) != VIN:
        return N_("It has not 17 places: a vehicle from before 1981, or a part of the number.")
    if set(found) & set("IOQ"):
        return N_("I, O and Q do not occur in a vehicle identification number: look whether it is 1 or 0.")
    if found[0] in CHECKED_VINS and found[8] != _vin_check(found):
        return CHECK_DIGIT
    return ""


def _vin_check(found: str) -> str:
    rest = sum(VIN_VALUES[letter] * weight for letter, weight in zip(found, VIN_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def iban(text: str, country: str = "") -> str:
    found = compact(text)
    try:
        ibans.validate(found, check_country=False)
    except ValidationError:
        raise Wrong(N_("This is not an IBAN: a letter or digit is wrong or missing.")) from None
    return found


def imei(text: str, country: str = "") -> str:
    """Fourteen digits name the device; the fifteenth is the check digit, the version (IMEISV) makes sixteen."""
    found = digits(text)
    if not 14 <= len(found) <= 16:
        raise Wrong(N_("An IMEI has 15 digits."))
    return found


def imei_doubt(found: str, country: str = "") -> str:
    return CHECK_DIGIT if len(found) == 15 and not luhn.is_valid(found) else ""


def imsi(text: str, country: str = "") -> str:
    found = digits(text)
    if not 14 <= len(found) <= 15:
        raise Wrong(N_("An IMSI has 15 digits."))
    return found


def iccid(text: str, country: str = "") -> str:
    found = digits(text.strip().upper().removesuffix("F"))
    if not 18 <= len(found) <= 20 or not found.startswith("89"):
        raise Wrong(N_("The number of a SIM card has 18 to 20 digits and begins with 89."))
    return found


def iccid_doubt(found: str, country: str = "") -> str:
    return CHECK_DIGIT if len(found) == 20 and not luhn.is_valid(found) else ""


def imo(text: str, country: str = "") -> str:
    found = compact(text).removeprefix("IMO")
    if not re.fullmatch(r"[0-9]{7}", found):
        raise Wrong(N_("An IMO number has seven digits."))
    return found


def imo_doubt(found: str, country: str = "") -> str:
    return "" if imos.is_valid(found) else CHECK_DIGIT


def mmsi(text: str, country: str = "") -> str:
    found = digits(text)
    if len(found) != 9:
        raise Wrong(N_("An MMSI has nine digits."))
    return found


def mmsi_doubt(found: str, country: str = "") -> str:
    """ITU-R M.585: ships begin with 2 to 7, as the first digit of their country's number."""
    return "" if found[0] in "234567" else N_("Ships' own numbers begin with 2 to 7: this is another station's.")


def icao24(text: str, country: str = "") -> str:
    found = compact(text)
    if not re.fullmatch(r"[0-9A-F]{6}", found) or found in ("000000", "FFFFFF"):
        raise Wrong(N_("An ICAO 24-bit address has six digits or letters from A to F."))
    return found


def aircraft(text: str, country: str = "") -> str:
    found = compact(text, country)
    if not 2 <= len(found) <= 10:
        raise Wrong(N_("A registration mark has 2 to 10 letters and digits."))
    return found


def firearm(text: str, country: str = "") -> str:
    """Serial numbers keep their letters; makers agree on no form."""
    found = compact(text, country)
    if len(found) > 40:
        raise Wrong(N_("This is too long for such a number."))
    return found


def firearm_doubt(found: str, country: str = "") -> str:
    if len(found) < 3 or len(set(found)) == 1:
        return N_("Very short for a serial number: perhaps a part of it, or filed off.")
    return ""


def number(text: str, country: str = "") -> str:
    """A number of which no rule is known."""
    return compact(text, country)


def lei(text: str, country: str = "") -> str:
    found = compact(text)
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", found):
        raise Wrong(N_("A legal entity identifier has 20 letters and digits."))
    return found


def lei_doubt(found: str, country: str = "") -> str:
    return "" if leis.is_valid(found) else CHECK_DIGIT


def bic(text: str, country: str = "") -> str:
    found = compact(text)
    if not bics.is_valid(found):
        raise Wrong(N_("A BIC has 8 or 11 letters and digits."))
    return found


def card(text: str, country: str = "") -> str:
    """Also with the middle digits hidden, as banks give them: 531234XXXXXX1234."""
    found = re.sub(r"[\s./-]", "", plain_ascii(text)).replace("*", "X")
    if not re.fullmatch(r"[0-9X]{12,19}", found) or not found[-4:].isdigit():
        raise Wrong(N_("A card number has 12 to 19 digits; write X for hidden ones."))
    return found


def card_doubt(found: str, country: str = "") -> str:
    return CHECK_DIGIT if found.isdigit() and not luhn.is_valid(found) else ""


def wallet(text: str, country: str = "") -> str:
    """An address of virtual currency: capital and small letters differ in most."""
    found = bounded(text)
    if not WALLET.fullmatch(found):
        raise Wrong(N_("A wallet address has 20 to 120 letters and digits without blanks."))
    return found


def wallet_doubt(found: str, country: str = "") -> str:
    bitcoins = found.startswith(("1", "3", "bc1")) and 25 <= len(found) <= 62
    return CHECK_DIGIT if bitcoins and not bitcoin.is_valid(found) else ""


def ip(text: str, country: str = "") -> str:
    try:
        return str(ipaddress.ip_address(bounded(text)))
    except ValueError:
        raise Wrong(N_("This is not an IP address.")) from None


def position(text: str, country: str = "") -> str:
    """Latitude and longitude in degrees, as 44.81, 20.46."""
    found = POSITION.fullmatch(bounded(text))
    latitude, longitude = (float(part) for part in found.groups()) if found else (99.0, 0.0)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise Wrong(N_("Write latitude and longitude in degrees: 44.81, 20.46."))
    return f"{_degrees(latitude)},{_degrees(longitude)}"


def _degrees(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
