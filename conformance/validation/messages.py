"""CMS messages and RFC 3161 tokens, by asn1crypto alone, right or with chosen faults."""
from asn1crypto import algos, cms, core, tsp

import pki


def _attribute(oid, *values):
    """An attribute with values that are encoded already; asn1crypto knows not all of them."""
    return _tlv(0x30, core.ObjectIdentifier(oid).dump() + _set(0x31, values))


def _tlv(tag, content):
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + content


def _set(tag, members):
    return _tlv(tag, b"".join(sorted(members)))


def _reference(certificate, wish):
    """signing-certificate-v2, or the older attribute."""
    hash_name = wish.get("reference_hash", "sha256")
    value = pki.digest(hash_name, certificate.der)
    if wish.get("reference") == "wrong":
        value = pki.digest(hash_name, b"another certificate")
    if hash_name == "sha1":
        return _attribute("1.2.840.113549.1.9.16.2.12", tsp.SigningCertificate({"certs": [{"cert_hash": value}]}).dump())
    return _attribute("1.2.840.113549.1.9.16.2.47", tsp.SigningCertificateV2(
        {"certs": [{"hash_algorithm": {"algorithm": hash_name}, "cert_hash": value}]}).dump())


def _policy(wish):
    """signature-policy-identifier."""
    if wish["policy"] == "implied":
        return _attribute("1.2.840.113549.1.9.16.2.15", core.Null().dump())
    hashed = _tlv(0x30, algos.DigestAlgorithm({"algorithm": "sha256"}).dump() +
                  core.OctetString(pki.digest("sha256", wish.get("policy_text", "rules").encode())).dump())
    return _attribute("1.2.840.113549.1.9.16.2.15", _tlv(0x30, core.ObjectIdentifier(wish["policy"]).dump() + hashed))


def _claims(wish):
    """What the signer says of the signature: {role, place: [country, locality], commitment, media_type}."""
    claims = []
    if "role" in wish:  # signer-attributes-v2, an attribute role (2.5.4.72) that is claimed
        role = _tlv(0x30, core.ObjectIdentifier("2.5.4.72").dump() + _set(0x31, [core.UTF8String(wish["role"]).dump()]))
        claims.append(_attribute("0.4.0.19122.1.1", _tlv(0x30, _tlv(0xa0, _tlv(0x30, role)))))
    if "place" in wish:
        parts = (_tlv(0xa0 + number, core.UTF8String(part).dump()) for number, part in enumerate(wish["place"]))
        claims.append(_attribute("1.2.840.113549.1.9.16.2.17", _tlv(0x30, b"".join(parts))))
    if "commitment" in wish:
        claims.append(_attribute("1.2.840.113549.1.9.16.2.16", _tlv(0x30, core.ObjectIdentifier(wish["commitment"]).dump())))
    if "media_type" in wish:
        claims.append(_attribute("0.4.0.1733.2.1", core.UTF8String(wish["media_type"]).dump()))
    return claims


def _signed_attributes(content_type, message_digest, certificate, wish, more):
    members = [_attribute("1.2.840.113549.1.9.3", core.ObjectIdentifier(wish.get("content_type", content_type)).dump()),
               _attribute("1.2.840.113549.1.9.4", core.OctetString(message_digest).dump())]
    if wish.get("content_type") == "absent":
        members.pop(0)
    if wish.get("message_digest") == "absent":
        members.pop()
    if wish.get("reference") != "absent":
        members.append(_reference(certificate, wish))
    if wish.get("signing_time"):
        members.append(_attribute("1.2.840.113549.1.9.5", cms.Time({"utc_time": pki.moment(wish["signing_time"])}).dump()))
    if "policy" in wish:
        members.append(_policy(wish))
    return members + _claims(wish) + more


def _signer_info(certificate, content_type, content, wish, more):
    """The SignerInfo's parts as {name: DER}; the caller adds unsigned attributes."""
    hash_name = wish.get("digest", "sha256")
    message_digest = pki.digest(hash_name, content)
    if wish.get("message_digest") == "wrong":
        message_digest = pki.digest(hash_name, content + b"!")
    members = _signed_attributes(content_type, message_digest, certificate, wish, more)
    attributes = b"".join(members if wish.get("unsorted") else sorted(members))
    signature = pki.sign(certificate.key, wish.get("hash", hash_name), _tlv(0x31, attributes), wish.get("pss", False))
    if wish.get("signature") == "wrong":
        signature = pki.sign(certificate.key, wish.get("hash", hash_name), b"other", wish.get("pss", False))
    algorithm = pki.signature_algorithm(certificate.key, wish.get("hash", hash_name), wish.get("pss", False)).dump()
    if "signature_oid" in wish:
        algorithm = _tlv(0x30, core.ObjectIdentifier(wish["signature_oid"]).dump())
    name = cms.IssuerAndSerialNumber({"issuer": certificate.issuer.subject, "serial_number": certificate.asn1.serial_number})
    return {"version": core.Integer(1).dump(), "sid": name.dump(),
            "digest": algos.DigestAlgorithm({"algorithm": hash_name}).dump(), "signed": _tlv(0xa0, attributes),
            "algorithm": algorithm, "signature": core.OctetString(signature).dump(), "value": signature}


def _signed_data(content_type, content, detached, infos, certificates, crls=(), ocsps=()):
    digests = {info["digest"] for info in infos}
    inside = b"" if detached else _tlv(0xa0, core.OctetString(content).dump())
    version = 5 if ocsps else 3 if content_type != "1.2.840.113549.1.7.1" else 1
    body = core.Integer(version).dump() + _set(0x31, digests)
    body += _tlv(0x30, core.ObjectIdentifier(content_type).dump() + inside)
    if certificates:
        body += _set(0xa0, {certificate.der for certificate in certificates})
    # An OCSP answer stands as other revocation information, 1.3.6.1.5.5.7.16.2.
    other = [_tlv(0xa1, core.ObjectIdentifier("1.3.6.1.5.5.7.16.2").dump() + answer) for answer in ocsps]
    if crls or other:
        body += _set(0xa1, list(crls) + other)
    signers = []
    for info in infos:
        parts = [info[key] for key in ("version", "sid", "digest", "signed", "algorithm", "signature")]
        unsigned = _set(0xa1, info["unsigned"]) if info.get("unsigned") else b""
        signers.append(_tlv(0x30, b"".join(parts) + unsigned))
    body += _set(0x31, signers)
    return _tlv(0x30, core.ObjectIdentifier("1.2.840.113549.1.7.2").dump() + _tlv(0xa0, _tlv(0x30, body)))


TST_INFO = "1.2.840.113549.1.9.16.1.4"


def token(world, wish, data):
    """A time-stamp token over data. {by, time, imprint: hash, imprint_of: "other", hashed: the imprint where there is no data, nonce,
    certificates, crls, ...}"""
    certificate = world.certificate(wish["by"])
    hash_name = wish.get("imprint", "sha256")
    over = b"something else" if wish.get("imprint_of") == "other" else data
    hashed = wish.get("hashed", pki.digest(hash_name, over))
    facts = {
        "version": "v1", "policy": "1.3.6.1.4.1.32473.2", "gen_time": pki.moment(wish["time"]),
        "message_imprint": {"hash_algorithm": {"algorithm": hash_name}, "hashed_message": hashed},
        "serial_number": int.from_bytes(pki.digest("sha1", hashed + data + str(wish["time"]).encode())[:8], "big") >> 1,
        "accuracy": {"seconds": 1}}
    if "nonce" in wish:
        facts["nonce"] = wish["nonce"]
    info = tsp.TSTInfo(facts).dump()
    if wish.get("info") == "broken":
        info = info[:20]
    signer = _signer_info(certificate, TST_INFO, info, wish, [])
    certificates = _certificates(world, wish)
    crls = [world_data(world, "crls", entry) for entry in wish.get("crls", [])]
    return _signed_data(TST_INFO, info, False, [signer], certificates, crls)


def reply(world, wish, query):
    """A TimeStampResp for a TimeStampReq, DER, by an authority that gives whatever is asked for; `wish` is a token's."""
    asked = tsp.TimeStampReq.load(query)
    imprint = asked["message_imprint"]
    wish = wish | {"imprint": imprint["hash_algorithm"]["algorithm"].native, "hashed": imprint["hashed_message"].native}
    if asked["nonce"].native is not None:
        wish["nonce"] = asked["nonce"].native
    return _tlv(0x30, _tlv(0x30, core.Integer(0).dump()) + token(world, wish, b""))


def certificates_only(certificates):
    """A message without content and signers, which carries certificates (RFC 5280, 4.2.2.1)."""
    return _signed_data("1.2.840.113549.1.7.1", b"", True, [], certificates)


def _certificates(world, wish):
    names = wish.get("certificates", [name for name in world.chain(wish["by"]) if name not in world.anchors()])
    return [world.certificate(name) for name in names]


def world_data(world, kind, entry):
    """A CRL or an OCSP answer: "of@time", or {of, time, ...}."""
    if isinstance(entry, str):
        name, _, time = entry.partition("@")
        entry = {"of": name, "time": time}
    return world.crl(entry) if kind == "crls" else world.ocsp(entry)


def message(world, wish, content, detached=True):
    """A signature over content: {by, stamps, content_stamps, certificates, crls, ocsps, more: [...]} and what _signer_info knows."""
    infos, certificates = [], []
    for one in [wish] + wish.get("also", []):
        more = [_attribute("1.2.840.113549.1.9.16.2.20", token(world, stamp, content)) for stamp in one.get("content_stamps", [])]
        info = _signer_info(world.certificate(one["by"]), "1.2.840.113549.1.7.1", content, one, more)
        stamps = [token(world, stamp, info["value"]) for stamp in one.get("stamps", [])]
        info["unsigned"] = [_attribute("1.2.840.113549.1.9.16.2.14", stamp) for stamp in stamps]
        infos.append(info)
        certificates += _certificates(world, one)
    crls = [world_data(world, "crls", entry) for entry in wish.get("crls", [])]
    ocsps = [world_data(world, "ocsps", entry) for entry in wish.get("ocsps", [])]
    return _signed_data("1.2.840.113549.1.7.1", content, detached, infos, certificates, crls, ocsps)
