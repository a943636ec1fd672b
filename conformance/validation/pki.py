"""Keys, certificates, CRLs and OCSP answers with any dates and any faults, made by asn1crypto and cryptography alone: nothing
of Signet takes part.

A certificate is described by a dictionary:
    role      ca, signer, tsu or ocsp; decides the extensions
    issuer    the name of another certificate; without it the certificate is self-signed and a trust anchor
    from, to  its validity
    key       ec (P-256, the default), ec384, rsa1024, rsa2048, rsa3072, ed25519
    hash      of its signature, sha256 by default; pss: RSASSA-PSS
    revoked, reason   what CRLs and OCSP answers of its issuer say from then on
    anchor    yes or no, where the default is not wanted; trusted_until: an anchor's end
and by what replaces an extension: usage, purposes, purposes_critical, authority (no: not a CA), path_length, permitted (of
name constraints: an organisation), unknown_critical, nocheck, short_term.
Where there is more about it are lists of addresses: ocsp_at, issuer_at, crl_at, delta_at; crl_issuer is the name of whoever signs an
indirect CRL for it.
"""
import datetime
import functools
import hashlib

from asn1crypto import algos, core, crl, keys, ocsp, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

UTC = datetime.timezone.utc
HASHES = {"md5": hashes.MD5, "sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384,
          "sha512": hashes.SHA512}


def moment(value):
    """A point in time from YAML's dates, or from "2014-05-06" with or without a time of day."""
    if isinstance(value, datetime.datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, datetime.date):
        return datetime.datetime(value.year, value.month, value.day, tzinfo=UTC)
    return moment(datetime.datetime.fromisoformat(value.replace("Z", "+00:00")))


def text(time):
    """As in RFC 3339."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def _make_key(kind):
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    return ec.generate_private_key(ec.SECP384R1() if kind == "ec384" else ec.SECP256R1())


@functools.cache
def key_for(name, kind):
    """The private key of everybody with this name."""
    return _make_key(kind)


def digest(name, data):
    """The digest's bytes."""
    return hashlib.new(name, data).digest()


def signature_algorithm(key, hash_name, pss=False):
    """What a signature by this key says of itself."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return algos.SignedDigestAlgorithm({"algorithm": "ed25519"})
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return algos.SignedDigestAlgorithm({"algorithm": f"{hash_name}_ecdsa"})
    if pss:
        mask = {"algorithm": "mgf1", "parameters": {"algorithm": hash_name}}
        return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": {
            "hash_algorithm": {"algorithm": hash_name}, "mask_gen_algorithm": mask,
            "salt_length": len(digest(hash_name, b""))}})
    return algos.SignedDigestAlgorithm({"algorithm": f"{hash_name}_rsa"})


def sign(key, hash_name, data, pss=False):
    """A signature's value."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(data)
    algorithm = HASHES[hash_name]()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(algorithm))
    if pss:
        return key.sign(data, padding.PSS(padding.MGF1(algorithm), len(digest(hash_name, b""))), algorithm)
    return key.sign(data, padding.PKCS1v15(), algorithm)


def _spki(key):
    return keys.PublicKeyInfo.load(key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo))


def _time(time):
    return x509.Time({"utc_time" if time.year < 2050 else "general_time": time})


def _extension(oid, critical, value):
    der = value if isinstance(value, bytes) else value.dump()
    return {"extn_id": oid, "critical": critical, "extn_value": core.ParsableOctetString(der)}


def pem_of(key):
    """PKCS#8, for other programs."""
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def name_of(common_name, organisation="Lhota"):
    """The subject of everybody with this name."""
    return x509.Name.build({"country_name": "CZ", "organization_name": organisation, "common_name": common_name})


def _address(url):
    return x509.GeneralName("uniform_resource_identifier", url)


ROLES = {"ca": {"key_cert_sign", "crl_sign"}, "signer": {"digital_signature", "non_repudiation"},
         "tsu": {"digital_signature", "non_repudiation"}, "ocsp": {"digital_signature"}}
PURPOSES = {"tsu": ["time_stamping"], "ocsp": ["ocsp_signing"]}


class Certificate:
    """A certificate with its key."""

    def __init__(self, name, wish, issuer):
        self.name, self.wish, self.issuer = name, wish, issuer or self
        self.key = key_for(wish.get("key_of", name), wish.get("key", "ec"))
        self.hash, self.pss = wish.get("hash", "sha256"), wish.get("pss", False)
        self.subject = name_of(wish.get("subject", name), wish.get("organisation", "Lhota"))
        self.key_identifier = digest("sha1", _spki(self.key)["public_key"].contents)
        tbs = self._to_be_signed()
        signer = self.issuer
        algorithm = tbs["signature"]
        value = sign(signer.key, self.hash, tbs.dump(), self.pss)
        if wish.get("broken"):
            value = sign(key_for("nobody", wish.get("key", "ec")), self.hash, tbs.dump(), self.pss)
        self.asn1 = x509.Certificate({"tbs_certificate": tbs, "signature_algorithm": algorithm, "signature_value": value})
        self.der = self.asn1.dump()
        self.asn1 = x509.Certificate.load(self.der)

    def _to_be_signed(self):
        wish = self.wish
        serial = int.from_bytes(digest("sha1", repr((self.name, sorted(map(str, wish.items())))).encode())[:8], "big") | 1 << 62
        return x509.TbsCertificate({
            "version": "v3", "serial_number": serial,
            "signature": signature_algorithm(self.issuer.key, self.hash, self.pss), "issuer": self.issuer.subject,
            "validity": {"not_before": _time(moment(wish["from"])), "not_after": _time(moment(wish["to"]))},
            "subject": self.subject, "subject_public_key_info": _spki(self.key), "extensions": self._extensions()})

    def _extensions(self):
        wish, role = self.wish, self.wish["role"]
        found = [_extension("2.5.29.14", False, core.OctetString(self.key_identifier)),
                 _extension("2.5.29.35", False, x509.AuthorityKeyIdentifier({"key_identifier": self.issuer.key_identifier}))]
        if role == "ca" and wish.get("authority", True):
            constraints = {"ca": True} | ({"path_len_constraint": wish["path_length"]} if "path_length" in wish else {})
            found.append(_extension("2.5.29.19", True, x509.BasicConstraints(constraints)))
        elif wish.get("authority") != "absent":
            found.append(_extension("2.5.29.19", True, x509.BasicConstraints({"ca": False})))
        found.append(_extension("2.5.29.15", True, x509.KeyUsage(set(wish.get("usage", ROLES[role])))))
        purposes = wish.get("purposes", PURPOSES.get(role))
        if purposes:
            critical = wish.get("purposes_critical", role == "tsu")
            found.append(_extension("2.5.29.37", critical, x509.ExtKeyUsageSyntax(purposes)))
        if "permitted" in wish:
            subtree = {"base": x509.GeneralName("directory_name", x509.Name.build(
                {"country_name": "CZ", "organization_name": wish["permitted"]}))}
            found.append(_extension("2.5.29.30", True, x509.NameConstraints({"permitted_subtrees": [subtree]})))
        if wish.get("unknown_critical"):
            found.append(_extension("1.3.6.1.4.1.32473.1.1", True, core.Null()))
        if wish.get("nocheck"):
            found.append(_extension("1.3.6.1.5.5.7.48.1.5", False, core.Null()))
        if wish.get("short_term"):
            found.append(_extension("0.4.0.194121.2.1", False, core.Null()))
        return found + list(self._addresses())

    def _addresses(self):
        wish = self.wish
        access = [{"access_method": method, "access_location": _address(url)}
                  for method in ("ocsp", "ca_issuers") for url in wish.get({"ocsp": "ocsp_at", "ca_issuers": "issuer_at"}[method], [])]
        if access:
            yield _extension("1.3.6.1.5.5.7.1.1", False, x509.AuthorityInfoAccessSyntax(access))
        for oid, key in ("2.5.29.31", "crl_at"), ("2.5.29.46", "delta_at"):
            points = [{"distribution_point": x509.DistributionPointName("full_name", [_address(url)])} for url in wish.get(key, [])]
            for point in points if key == "crl_at" and "crl_issuer" in wish else []:
                point["crl_issuer"] = [x509.GeneralName("directory_name", name_of(wish["crl_issuer"]))]
            if points:
                yield _extension(oid, False, x509.CRLDistributionPoints(points))


def tlv(tag, content):
    """DER of one element."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def with_entries(facts, size):
    """TbsCertList of these facts with entries of strangers, of about that many bytes: put together as bytes, for asn1crypto would
    make objects of them."""
    date = _time(moment("2024-01-01")).dump()
    entries = b"".join(tlv(0x30, core.Integer(2 ** 62 + number).dump() + date) for number in range(10_000))
    times = max(1, round(size / len(entries)))
    extensions = tlv(0xa0, crl.TBSCertListExtensions(facts["crl_extensions"]).dump())
    return tlv(0x30, core.Integer(1).dump() + facts["signature"].dump() + facts["issuer"].dump() + facts["this_update"].dump() +
               facts["next_update"].dump() + tlv(0x30, entries * times) + extensions)


class World:
    """All certificates of a history, and the revocation data that its authorities make."""

    _certificates = {}  # shared by all histories: the same wish gives the same certificate

    def __init__(self, wishes):
        self.wishes, self.certificates = wishes, {}
        for name in wishes:
            self.certificate(name)

    def certificate(self, name):
        """By its name in the description."""
        if name not in self.certificates:
            wish = self.wishes[name]
            plain = {key: value for key, value in wish.items() if key not in ("revoked", "reason", "anchor", "trusted_until")}
            issuer = self.certificate(wish["issuer"]) if "issuer" in wish else None
            key = (name, repr(sorted(plain.items(), key=str)), issuer and issuer.der)
            if key not in self._certificates:
                self._certificates[key] = Certificate(name, plain, issuer)
            self.certificates[name] = self._certificates[key]
        return self.certificates[name]

    def anchors(self):
        """Names of the certificates that are trusted."""
        return [name for name, wish in self.wishes.items() if wish.get("anchor", "issuer" not in wish)]

    def authorities(self):
        """Names of those that make CRLs."""
        return [name for name, wish in self.wishes.items() if wish["role"] == "ca" and wish.get("crls", True)]

    def chain(self, name):
        """The certificate's name, its issuer's, and so on, to the root's."""
        names = [name]
        while "issuer" in self.wishes[names[-1]]:
            names.append(self.wishes[names[-1]]["issuer"])
        return names

    def _revoked(self, issuer, time):
        for name, wish in self.wishes.items():
            if wish.get("issuer") == issuer and "revoked" in wish and moment(wish["revoked"]) <= time:
                yield self.certificate(name), moment(wish["revoked"]), wish.get("reason")

    def crl(self, wish):
        """{of, time, next, hash, signer, keeps_ended, removed, broken, only, delta, large}: DER. `indirect`: the name of the authority
        whose certificates it is about, where that is not the CRL's own issuer."""
        time = moment(wish["time"])
        issuer = self.certificate(wish["of"])
        signer = self.certificate(wish.get("signer", wish["of"]))
        entries = []
        about = wish.get("indirect", wish["of"])
        for certificate, revoked, reason in self._revoked(about, time):
            entry = {"user_certificate": certificate.asn1.serial_number, "revocation_date": _time(revoked)}
            more = [_extension("2.5.29.21", False, crl.CRLReason(reason))] if reason else []
            if "indirect" in wish:
                whose = x509.GeneralNames([x509.GeneralName("directory_name", self.certificate(about).subject)])
                more.append(_extension("2.5.29.29", True, whose))
            if more:
                entry["crl_entry_extensions"] = more
            entries.append(entry)
        extensions = [
            _extension("2.5.29.35", False, x509.AuthorityKeyIdentifier({"key_identifier": issuer.key_identifier})),
            _extension("2.5.29.20", False, core.Integer(int(time.timestamp())))]
        if "keeps_ended" in wish:
            extensions.append(_extension("2.5.29.60", False, core.GeneralizedTime(moment(wish["keeps_ended"]))))
        if wish.get("only"):  # "users" or "authorities"
            point = crl.IssuingDistributionPoint({f"only_contains_{'user' if wish['only'] == 'users' else 'ca'}_certs": True})
            extensions.append(_extension("2.5.29.28", True, point))
        if "indirect" in wish:
            extensions.append(_extension("2.5.29.28", True, crl.IssuingDistributionPoint({"indirect_crl": True})))
        if wish.get("delta"):
            extensions.append(_extension("2.5.29.27", True, core.Integer(1)))
        if wish.get("unknown_critical"):
            extensions.append(_extension("1.3.6.1.4.1.32473.1.2", True, core.Null()))
        hash_name = wish.get("hash", "sha256")
        facts = {"version": "v2", "signature": signature_algorithm(signer.key, hash_name), "issuer": issuer.subject,
                 "this_update": _time(time), "crl_extensions": extensions}
        following = wish.get("next", time + datetime.timedelta(days=7))
        if following:
            facts["next_update"] = _time(moment(following))
        if entries:
            facts["revoked_certificates"] = entries
        tbs = crl.TbsCertList(facts).dump()
        if "large" in wish:
            tbs = with_entries(facts, wish["large"])
        key = key_for("nobody", issuer.wish.get("key", "ec")) if wish.get("broken") else signer.key
        value = core.OctetBitString(sign(key, hash_name, tbs)).dump()
        return tlv(0x30, tbs + facts["signature"].dump() + value)

    def ocsp(self, wish):
        """{of, by, time, next, produced, hash, cert_hash, unknown, archive_cutoff, broken}: DER of an OCSPResponse."""
        time = moment(wish["time"])
        certificate = self.certificate(wish["of"])
        issuer = certificate.issuer
        responder = self.certificate(wish.get("by", issuer.name))
        hash_name = wish.get("cert_hash", "sha1")
        known = {found.der: (revoked, reason) for found, revoked, reason in self._revoked(issuer.name, time)}
        status = ocsp.CertStatus("unknown", core.Null()) if wish.get("unknown") else ocsp.CertStatus("good", core.Null())
        if certificate.der in known:
            revoked, reason = known[certificate.der]
            status = ocsp.CertStatus("revoked", {"revocation_time": revoked} | ({"revocation_reason": reason} if reason else {}))
        single = {"cert_id": {"hash_algorithm": {"algorithm": hash_name}, "issuer_name_hash": digest(hash_name, issuer.subject.dump()),
                              "issuer_key_hash": digest(hash_name, _spki(issuer.key)["public_key"].contents[1:]),
                              "serial_number": certificate.asn1.serial_number},
                  "cert_status": status, "this_update": time}
        following = wish.get("next", time + datetime.timedelta(days=7))
        if following:
            single["next_update"] = moment(following)
        if "archive_cutoff" in wish:
            single["single_extensions"] = [_extension("1.3.6.1.5.5.7.48.1.6", False,
                                                      core.GeneralizedTime(moment(wish["archive_cutoff"])))]
        data = ocsp.ResponseData({"responder_id": ocsp.ResponderId("by_key", core.OctetString(digest(
            "sha1", _spki(responder.key)["public_key"].contents[1:]))), "produced_at": moment(wish.get("produced", time)),
            "responses": [single]})
        hash_name = wish.get("hash", "sha256")
        key = key_for("nobody", responder.wish.get("key", "ec")) if wish.get("broken") else responder.key
        basic = ocsp.BasicOCSPResponse({
            "tbs_response_data": data, "signature_algorithm": signature_algorithm(responder.key, hash_name),
            "signature": sign(key, hash_name, data.dump()),
            "certs": [responder.asn1] if responder is not issuer else []})
        return ocsp.OCSPResponse({"response_status": "successful", "response_bytes": {
            "response_type": "basic_ocsp_response", "response": core.ParsableOctetString(basic.dump())}}).dump()
