"""The certificate a node shows on the line: signed by itself, pinned by its peers through its card."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFE = dt.timedelta(days=397)  # what browsers and libraries accept at most
CLOCK_SKEW = dt.timedelta(hours=1)
LARGEST = 8192  # characters of PEM


def make_certificate(key: ec.EllipticCurvePrivateKey, unit: str, endpoint: str, at: dt.datetime) -> bytes:
    """PEM of a self-signed certificate for the host of `endpoint` (a name or an address)."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, unit)])
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - CLOCK_SKEW)
        .not_valid_after(at + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_only(), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    )
    host = urlsplit(endpoint).hostname
    if host:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(host)]), critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def read_certificate(pem: str) -> x509.Certificate:
    """Exactly one certificate with a P-256 key. Raises ValueError."""
    if len(pem) > LARGEST or pem.count("-----BEGIN ") != 1:
        raise ValueError("not one certificate")
    certificate = x509.load_pem_x509_certificate(pem.encode("ascii"))
    key = certificate.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a P-256 certificate")
    if certificate.public_bytes(Encoding.PEM).decode("ascii") != pem:
        raise ValueError("not a plain PEM certificate")
    return certificate


def certificate_digest(pem: str) -> str:
    """SHA-256 of the DER form in hexadecimal: how a pinned certificate is named everywhere."""
    return hashlib.sha256(read_certificate(pem).public_bytes(Encoding.DER)).hexdigest()


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host.encode("idna").decode("ascii"))


def _signs_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
