"""Time-stamp tokens (RFC 3161) as CMS SignedData, put together here so that each thing in them can be wrong. The signatures
are the openssl command's. The token of a sound authority is that of `openssl ts`; see server.py."""
import dataclasses
import datetime
import hashlib
import secrets
import tempfile

import der
from openssl_command import openssl, to_der

SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
DATA = "1.2.840.113549.1.7.1"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
HASHES = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2",
          "sha512": "2.16.840.1.101.3.4.2.3"}
RSA_WITH = {"sha1": "1.2.840.113549.1.1.5", "sha256": "1.2.840.113549.1.1.11"}
ECDSA_WITH = {"sha1": "1.2.840.10045.4.1", "sha256": "1.2.840.10045.4.3.2"}
DEFAULT_POLICY = "1.3.6.1.4.1.32473.1"
POLICIES = [DEFAULT_POLICY, "1.3.6.1.4.1.32473.2", "1.3.6.1.4.1.32473.3"]


@dataclasses.dataclass
class Query:
    """A TimeStampReq (RFC 3161, 2.4.1)."""

    imprint: bytes  # the whole MessageImprint
    policy: bytes = b""  # OBJECT IDENTIFIER, or empty
    nonce: bytes = b""  # INTEGER, or empty
    wants_certificates: bool = False

    @classmethod
    def parse(cls, data):
        """ValueError for what is none."""
        parts = der.only(data)
        if len(parts) < 2 or parts[0][2] != der.integer(1) or parts[1][0] != 0x30:
            raise ValueError("this is no request of version 1")
        query = cls(parts[1][2])
        for tag, content, whole in parts[2:]:
            if tag == 0x06:
                query.policy = whole
            elif tag == 0x02:
                query.nonce = whole
            elif tag == 0x01:
                query.wants_certificates = content == b"\xff"
            else:
                raise ValueError("extensions are not supported")
        return query


@dataclasses.dataclass
class Variant:
    """What is different from a sound token that a P-256 key has signed."""

    signers: tuple = ("tsa",)  # names of Authority.stamp_signer()
    hash: str = "sha256"
    pss: bool = False
    nonce: str = "same"  # other, none
    imprint: str = "same"  # other
    policy: str = ""  # in place of the one asked for
    certificates: str = "all"  # none
    ess: str = "v2"  # v1, none, other, both
    content_type: str = TST_INFO
    message_digest: str = "same"  # other
    attributes: bool = True
    signature: str = "same"  # broken
    announced: bool = True  # the digest, among the digestAlgorithms
    shift: int = 0  # seconds that genTime is ahead
    fraction: str = ""  # ".25"
    padding: int = 0  # bytes that an extension adds
    critical_extension: bool = False


def algorithm(dotted, parameters=der.NULL):
    """AlgorithmIdentifier"""
    return der.sequence(der.oid(dotted), parameters)


def tst_info(query, variant):
    """TSTInfo (RFC 3161, 2.4.2)."""
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=variant.shift)
    imprint = query.imprint
    if variant.imprint == "other":
        imprint = imprint[:-1] + bytes([imprint[-1] ^ 1])
    nonce = {"same": query.nonce, "none": b"", "other": der.integer(secrets.randbits(100) + 1)}[variant.nonce]
    extensions = b""
    if variant.padding or variant.critical_extension:
        critical = der.TRUE if variant.critical_extension else b""
        extensions = der.value(0xA1, der.sequence(der.oid(DEFAULT_POLICY), critical, der.octets(bytes(variant.padding))))
    return der.sequence(
        der.integer(1),
        der.oid(variant.policy) if variant.policy else query.policy or der.oid(DEFAULT_POLICY),
        imprint, der.integer(secrets.randbits(120)),
        der.value(0x18, f"{moment:%Y%m%d%H%M%S}{variant.fraction}Z".encode("ascii")),
        der.sequence(der.integer(1), der.value(0x80, b"\x64"), der.value(0x81, b"\x01\xf4")),  # 1.1005 s
        nonce, extensions)


def issuer_and_serial(certificate):
    """The issuer's name and the serial number of a certificate, both DER."""
    parts = der.elements(der.only(certificate)[0][1])
    parts = parts[1:] if parts[0][0] == 0xA0 else parts
    return parts[2][2], parts[0][2]


def signing_certificate(certificate, version, wrong=False):
    """SigningCertificate or SigningCertificateV2 (RFC 5035)."""
    issuer, serial = issuer_and_serial(certificate)
    digest = hashlib.new("sha256" if version == 2 else "sha1", certificate + (b"x" if wrong else b"")).digest()
    name = der.sequence(der.sequence(der.explicit(4, issuer)), serial)
    return der.sequence(der.sequence(der.sequence(der.octets(digest), name)))


def signed_attributes(info, certificate, variant):
    """The attributes, each DER, in DER's order."""
    digest = hashlib.new(variant.hash, info + (b"x" if variant.message_digest == "other" else b"")).digest()
    values = [(CONTENT_TYPE, der.oid(variant.content_type)), (MESSAGE_DIGEST, der.octets(digest))]
    if variant.ess in ("v1", "both"):
        values.append((SIGNING_CERTIFICATE, signing_certificate(certificate, 1)))
    if variant.ess in ("v2", "both", "other"):
        values.append((SIGNING_CERTIFICATE_V2, signing_certificate(certificate, 2, variant.ess == "other")))
    return b"".join(sorted(der.sequence(der.oid(kind), der.set_of(what)) for kind, what in values))


def pss_parameters(name):
    """RSASSA-PSS-params (RFC 4055) with a salt as long as the hash."""
    own = algorithm(HASHES[name])
    generator = algorithm("1.2.840.113549.1.1.8", own)
    return der.sequence(der.explicit(0, own), der.explicit(1, generator),
                        der.explicit(2, der.integer(hashlib.new(name).digest_size)))


def sign(signer, message, variant):
    """The signature's AlgorithmIdentifier, and the signature."""
    key, name = signer.key, variant.hash
    if signer.kind == "ED25519":
        with tempfile.NamedTemporaryFile() as file:
            file.write(message)
            file.flush()
            made = openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file.name)
        return der.sequence(der.oid("1.3.101.112")), made
    options = []
    if variant.pss:
        options = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]
    made = openssl("dgst", f"-{name}", "-sign", key, *options, data=message)
    if variant.pss:
        return algorithm("1.2.840.113549.1.1.10", pss_parameters(name)), made
    if signer.kind == "RSA":
        return algorithm(RSA_WITH[name]), made
    return der.sequence(der.oid(ECDSA_WITH[name])), made


def signer_info(signer, info, variant):
    """SignerInfo (RFC 5652, 5.3)."""
    certificate = to_der(signer.certificate.read_bytes())
    attributes = signed_attributes(info, certificate, variant) if variant.attributes else b""
    kind, signature = sign(signer, der.value(0x31, attributes) if attributes else info, variant)
    if variant.signature == "broken":
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    issuer, serial = issuer_and_serial(certificate)
    return der.sequence(
        der.integer(1), der.sequence(issuer, serial), algorithm(HASHES[variant.hash]),
        der.explicit(0, attributes) if attributes else b"", kind, der.octets(signature))


def token(authority, query, variant):
    """A token, DER, for a query."""
    info = tst_info(query, variant)
    signers = [authority.stamp_signer(name) for name in variant.signers]
    certificates = [to_der(signer.certificate.read_bytes()) for signer in signers]
    certificates.append(to_der((authority.folder / "issuing.pem").read_bytes()))
    with_them = query.wants_certificates and variant.certificates == "all"
    signed = der.sequence(
        der.integer(3), der.set_of(*([algorithm(HASHES[variant.hash])] if variant.announced else [])),
        der.sequence(der.oid(TST_INFO), der.explicit(0, der.octets(info))),
        der.explicit(0, *sorted(certificates)) if with_them else b"",
        der.set_of(*(signer_info(signer, info, variant) for signer in signers)))
    return der.sequence(der.oid(SIGNED_DATA), der.explicit(0, signed))


FAILURES = {"badAlg": 0, "badRequest": 2, "badDataFormat": 5, "timeNotAvailable": 14, "unacceptedPolicy": 15,
            "unacceptedExtension": 16, "addInfoNotAvailable": 17, "systemFailure": 25}


def refusal(failure, text="", status=2):
    """A TimeStampResp without a token."""
    words = der.sequence(der.utf8(text)) if text else b""
    bits = der.bits([FAILURES[failure]]) if failure else b""
    return der.sequence(der.sequence(der.integer(status), words, bits))


def reply(authority, data, variant, status=0):
    """A TimeStampResp for a request, DER."""
    try:
        query = Query.parse(data)
    except ValueError:
        return refusal("badDataFormat", "the request cannot be read")
    if query.policy and query.policy not in map(der.oid, POLICIES):
        return refusal("unacceptedPolicy", "this policy is not offered")
    return der.sequence(der.sequence(der.integer(status)), token(authority, query, variant))
