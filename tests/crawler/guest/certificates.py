"""Certificates made for a test, and a TLS server's side that shows them."""

import ssl
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


def make_certificate(folder: Path, name: str, issuer: tuple | None = None) -> tuple:
    """(certificate, key), also as folder/name; self-signed without an issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now().astimezone()
    builder = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    builder = builder.issuer_name(issuer[0].subject if issuer else subject).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    certificate = builder.sign(issuer[1] if issuer else key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / name).write_bytes(certificate.public_bytes(pem) + secret)
    return certificate, key


def tls_side(folder: Path, heard: list[str]) -> ssl.SSLContext:
    """Trusted for sni.example alone, which it also shows to wrong.example; self.example vouches for itself."""
    authority = make_certificate(folder, "authority.example")
    make_certificate(folder, "sni.example", authority)
    make_certificate(folder, "self.example")
    return certificate_context(folder / "sni.example", {"self.example": folder / "self.example"}, heard)


def certificate_context(chain: Path, other: dict[str, Path], heard: list[str]) -> ssl.SSLContext:
    """A TLS server's side that notes the name asked for, and has another certificate for some."""
    contexts = {name: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for name in other}
    for name, path in other.items():
        contexts[name].load_cert_chain(path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        heard.append(name or "")
        if name in contexts:
            connection.context = contexts[name]

    context.sni_callback = choose
    return context
