"""Renewal requests: a PKCS#10 request wrapped in CMS SignedData that the certificate to be replaced has sealed."""
import hashlib
import pathlib
import re
import tempfile

from openssl_command import Refused, openssl, proven_request, to_pem, try_openssl

WEAK_DIGEST = re.compile(r"md5|sha1\b|sha-1\b|ecdsa-with-SHA1\b", re.IGNORECASE)
# Attribute by attribute with the type of each string: equal texts are equal names.
EXACT_NAME = ["-nameopt", "RFC2253,show_type,dump_all,dump_der"]


def renew(authority, sealed, days=365):
    """The new certificate, PEM, for a renewal request, DER; Refused with the reason. The same request, sent again,
    gets the same certificate."""
    request, signer = _open(sealed)
    serial = authority.issued(signer)
    if serial is None:
        raise Refused("not-issued: this authority did not issue the certificate that sealed the request")
    _check_signer(authority, signer, serial)
    _check_request(request, signer)
    record = authority.folder / "renewed" / (hashlib.sha256(request).hexdigest() + ".pem")
    with authority.locked():
        if not record.is_file():
            unfinished = record.with_suffix(".new")
            unfinished.write_bytes(authority.issue_locked(request, "seal", days))
            unfinished.rename(record)
        return record.read_bytes()


def _open(sealed):
    """The request inside, DER, and the certificate of its one sealer, PEM, once the seal fits."""
    with tempfile.TemporaryDirectory() as scratch:
        signer = pathlib.Path(scratch) / "signer.pem"
        shown = try_openssl("cms", "-cmsout", "-noout", "-print", "-inform", "DER", data=sealed)
        if shown.returncode != 0 or b"pkcs7-signedData" not in shown.stdout:
            raise Refused("malformed: this is no CMS SignedData in DER")
        # Whether the certificate is one of ours is asked later: each reason has its own sentence.
        done = try_openssl("cms", "-verify", "-noverify", "-binary", "-inform", "DER", "-signer", signer, data=sealed)
        if done.returncode != 0:
            raise Refused("bad-seal: the seal does not fit the request")
        certificates = signer.read_bytes()
    if certificates.count(b"-----BEGIN CERTIFICATE-----") != 1:
        raise Refused("signers: the request must have exactly one sealer")
    text = shown.stdout.decode(errors="replace")
    signer_info = text[text.rfind("signerInfos:") :]
    if any(WEAK_DIGEST.search(line) for line in signer_info.splitlines() if "algorithm:" in line):
        raise Refused("weak-digest: the seal uses a digest that is no longer safe")
    return done.stdout, certificates


def _check_signer(authority, signer, serial):
    if try_openssl("x509", "-noout", "-checkend", "0", data=signer).returncode != 0:
        raise Refused("expired: the certificate that sealed the request has expired")
    if authority.is_revoked(serial):
        raise Refused("revoked: the certificate that sealed the request is revoked")
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(signer)
        file.flush()
        checked = try_openssl("verify", "-CAfile", authority.folder / "ca.pem", "-purpose", "any", file.name)
    if checked.returncode != 0:
        raise Refused("chain: the certificate that sealed the request is not valid now")
    uses = openssl("x509", "-noout", "-ext", "keyUsage", data=signer)
    if b"Digital Signature" not in uses or b"Non Repudiation" not in uses:
        raise Refused("usage: the certificate that sealed the request is none for seals")


def _check_request(request, signer):
    if try_openssl("req", "-inform", "DER", "-noout", data=request).returncode != 0:
        raise Refused("malformed: what is sealed is no PKCS#10 request in DER")
    if proven_request(request) is None:
        raise Refused("bad-request: the request's own signature does not fit its key")
    if _subject("req", request, "DER") != _subject("x509", to_pem(signer), "PEM"):
        raise Refused("subject: the request names another subject than the certificate that sealed it")
    new_key = openssl("req", "-inform", "DER", "-noout", "-pubkey", data=request)
    if new_key == openssl("x509", "-noout", "-pubkey", data=signer):
        raise Refused("same-key: the request is for the key of the old certificate")
    text = openssl("req", "-inform", "DER", "-noout", "-text", data=request).decode(errors="replace")
    if WEAK_DIGEST.search(re.search(r"Signature Algorithm: (.*)", text).group(1)):
        raise Refused("weak-digest: the request is signed with a digest that is no longer safe")
    bits = int(re.search(r"Public-Key: \((\d+) bit\)", text).group(1))
    if bits < (2048 if "rsaEncryption" in text else 256):
        raise Refused(f"weak-key: a key of {bits} bits is too short")


def _subject(kind, data, form):
    return openssl(kind, "-inform", form, "-noout", "-subject", *EXACT_NAME, data=data)
