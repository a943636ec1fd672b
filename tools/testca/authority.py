"""The authority's folder: keys, certificates, the list of what was issued, revocation."""
import contextlib
import dataclasses
import datetime
import fcntl
import os
import pathlib
import re
import secrets
import shutil
import socket
import tempfile

import profiles
from openssl_command import Failed, Refused, openssl, proven_request, to_der, to_pem

P256 = ("EC", "ec_paramgen_curve:P-256")
# Of the time-stamp units with a fault, or with another key: the key, the profile, and whether it is not valid any more.
STAMP_SIGNERS = {
    "tsa": (P256, "tsa", False),
    "tsa-rsa": (("RSA", "rsa_keygen_bits:3072"), "tsa", False),
    "tsa-rsa1024": (("RSA", "rsa_keygen_bits:1024"), "tsa", False),
    "tsa-p384": (("EC", "ec_paramgen_curve:P-384"), "tsa", False),
    "tsa-ed25519": (("ED25519",), "tsa", False),
    "tsa-expired": (P256, "tsa", True),
    "tsa-foreign": (P256, "tsa", False),
    "tsa-no-eku": (P256, "tsa-no-eku", False),
    "tsa-eku-not-critical": (P256, "tsa-eku-not-critical", False),
    "tsa-eku-extra": (P256, "tsa-eku-extra", False),
    "tsa-no-signing": (P256, "tsa-no-signing", False),
}

ROOT_DAYS = 7300
ISSUING_DAYS = 3650
SERVICE_DAYS = 3650


def own_address():
    """An address of the loopback network and a port there. The server is started later, and again: nobody else takes it."""
    number = secrets.randbelow(1 << 22)
    host = f"127.{64 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"
    with socket.socket() as probe:
        probe.bind((host, 0))
        return f"{host}:{probe.getsockname()[1]}"


@dataclasses.dataclass
class StampSigner:
    """A key that signs time-stamps, and its certificate, PEM."""

    key: pathlib.Path
    certificate: pathlib.Path
    kind: str  # as genpkey has it


class Authority:
    """One authority in one folder. Every change holds the folder's lock, so that several processes may use it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        if not (self.folder / "openssl.cnf").is_file():
            raise Failed(f"{folder} is no authority: make one with testca init")

    @classmethod
    def create(cls, folder, port=0, service_days=SERVICE_DAYS):
        """Makes root, issuing authority, OCSP and time-stamp signers, and the first CRLs."""
        path = pathlib.Path(folder)
        if (path / "openssl.cnf").exists():
            raise Failed(f"{folder} has an authority already")
        path.mkdir(parents=True, exist_ok=True)
        # Complete or not there: the configuration's file comes last.
        for name in ("private", "certs", "renewed"):
            (path / name).mkdir(exist_ok=True)
        (path / "private").chmod(0o700)
        for name in ("index.txt", "root-index.txt"):
            (path / name).touch()
        for name in ("issuing.crlnumber", "root.crlnumber", "tsa-serial"):
            (path / name).write_text("1000\n", encoding="ascii")
        address = f"127.0.0.1:{port}" if port else own_address()
        (path / "service-days").write_text(f"{service_days}\n", encoding="ascii")
        (path / "url").write_text(f"http://{address}\n", encoding="ascii")
        unfinished = path / "openssl.cnf.new"
        unfinished.write_text(profiles.CONFIGURATION, encoding="ascii")
        authority = cls.__new__(cls)
        authority.folder = path.resolve()
        authority._make_chain(unfinished)
        unfinished.rename(path / "openssl.cnf")
        authority.update_crls()
        return authority

    def _make_chain(self, configuration):
        with self._extension_file("root") as extension_file:
            request = self._new_key("root", "/O=Signet trial/CN=Signet trial root")
            root = openssl("x509", "-req", "-signkey", self.folder / "private/root.key", "-days", ROOT_DAYS,
                           "-sha256", "-extfile", extension_file, data=request)
        (self.folder / "root.pem").write_bytes(root)
        request = self._new_key("issuing", "/O=Signet trial/CN=Signet trial CA")
        issuing = self._sign(request, "issuing", ISSUING_DAYS, section="root", configuration=configuration)
        (self.folder / "issuing.pem").write_bytes(issuing)
        (self.folder / "ca.pem").write_bytes(issuing + root)
        for service, name in (("ocsp", "OCSP responder"), ("tsa", "time-stamp unit")):
            request = self._new_key(service, f"/O=Signet trial/CN=Signet trial {name}")
            certificate = self._sign(request, service, self.service_days, configuration=configuration)
            (self.folder / f"{service}.pem").write_bytes(certificate)

    def _new_key(self, name, subject, algorithm=P256):
        """A key in private/ and, returned, a request for it."""
        key = self.folder / "private" / f"{name}.key"
        options = [word for option in algorithm[1:] for word in ("-pkeyopt", option)]
        # Not by the mask, which is the whole process's: the server has threads.
        key.touch(0o600)
        openssl("genpkey", "-algorithm", algorithm[0], *options, "-out", key)
        return openssl("req", "-new", "-key", key, "-subj", subject)

    def stamp_signer(self, name):
        """One of STAMP_SIGNERS, made when it is asked for first."""
        algorithm, profile, expired = STAMP_SIGNERS[name]
        signer = StampSigner(self.folder / "private" / f"{name}.key", self.folder / f"{name}.pem", algorithm[0])
        if signer.certificate.is_file():
            return signer
        with self.locked():
            if not signer.certificate.is_file():
                request = self._new_key(name, f"/O=Signet trial/CN=Signet trial time-stamp unit ({name})", algorithm)
                unfinished = self.folder / f"{name}.pem.new"
                unfinished.write_bytes(self._certify_stamp_signer(name, request, profile, expired))
                unfinished.rename(signer.certificate)
        return signer

    def _certify_stamp_signer(self, name, request, profile, expired):
        if name == "tsa-foreign":
            with self._extension_file(profile) as extension_file:
                return openssl("x509", "-req", "-signkey", self.folder / "private" / f"{name}.key", "-days", self.service_days,
                               "-extfile", extension_file, data=request)
        # It is made for the time-stamp that wants it, whose time may be a second ago.
        began = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
        dates = ["-startdate", f"{began:%Y%m%d%H%M%SZ}"]
        if expired:
            dates = ["-startdate", "20200101000000Z", "-enddate", "20210101000000Z"]
        return self._sign(request, profile, self.service_days, dates=dates)

    @property
    def service_days(self):
        """How long certificates of time-stamp and OCSP signers are valid."""
        file = self.folder / "service-days"
        return int(file.read_text(encoding="ascii")) if file.is_file() else SERVICE_DAYS

    @property
    def url(self):
        """Where the certificates say that the server answers."""
        return (self.folder / "url").read_text(encoding="ascii").strip()

    @property
    def chain(self):
        """The issuing authority's and the root's certificate, PEM."""
        return (self.folder / "ca.pem").read_bytes()

    @contextlib.contextmanager
    def locked(self):
        """Holds the folder's lock."""
        with open(self.folder / "lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def _extension_file(self, profile, names=()):
        with tempfile.NamedTemporaryFile("w", suffix=".cnf") as file:
            file.write(profiles.extensions(profile, self.url, names))
            file.flush()
            yield file.name

    def _sign(self, request, profile, days, names=(), dates=(), section="issuing", configuration="openssl.cnf"):
        with tempfile.TemporaryDirectory() as scratch, self._extension_file(profile, names) as extension_file:
            request_file = pathlib.Path(scratch) / "request.pem"
            request_file.write_bytes(request)
            out = pathlib.Path(scratch) / "certificate.pem"
            openssl("ca", "-config", pathlib.Path(configuration).name, "-name", section, "-batch", "-notext", "-preserveDN",
                    "-in", request_file, "-out", out, "-extfile", extension_file, "-days", days, *dates,
                    cwd=self.folder)
            return out.read_bytes()

    def issue(self, request, profile="seal", days=365, names=(), start=None, end=None):
        """A certificate, PEM, for a PKCS#10 request in PEM or DER whose own signature must be good. Start and end
        are generalized times; by default it begins now and ends after `days`."""
        with self.locked():
            return self.issue_locked(request, profile, days, names, start, end)

    def issue_locked(self, request, profile="seal", days=365, names=(), start=None, end=None):
        """issue() for who holds the lock already."""
        proven = proven_request(request)
        if proven is None:
            raise Refused("bad-request: this is no PKCS#10 request, or its signature does not fit its key")
        dates = (["-startdate", start] if start else []) + (["-enddate", end] if end else [])
        return self._sign(proven, profile, days, names, dates)

    def make_tls(self, name, certificate_file, key_file, server=True, days=365):
        """A TLS key and its certificate with the issuing authority's behind it."""
        old_mask = os.umask(0o077)
        try:
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key_file)
        finally:
            os.umask(old_mask)
        request = openssl("req", "-new", "-key", key_file, "-subj", f"/O=Signet trial/CN={name}")
        kind = "IP" if re.fullmatch(r"[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*", name) else "DNS"
        certificate = self.issue(request, "tls-server" if server else "tls-client", days,
                                 [f"{kind}:{name}"] if server else [])
        pathlib.Path(certificate_file).write_bytes(certificate + (self.folder / "issuing.pem").read_bytes())

    def issued(self, certificate):
        """The serial number, in hexadecimal, of a certificate if this authority issued it, else nothing."""
        serial = openssl("x509", "-noout", "-serial", data=to_pem(certificate)).decode().strip().partition("=")[2]
        kept = self.folder / "certs" / f"{serial}.pem"
        if not kept.is_file() or to_der(kept.read_bytes()) != to_der(certificate):
            return None
        return serial

    def is_revoked(self, serial):
        """Whether the list of what was issued says so."""
        lines = (self.folder / "index.txt").read_text(encoding="utf-8").splitlines()
        return any(line.startswith("R\t") and line.split("\t")[3] == serial for line in lines)

    def revoke(self, certificate, reason="unspecified"):
        """Revokes one of its certificates and writes a new CRL."""
        serial = self.issued(certificate)
        if serial is None:
            raise Refused("this authority did not issue the certificate")
        with self.locked():
            if self.is_revoked(serial):
                raise Refused("the certificate is revoked already")
            openssl("ca", "-config", "openssl.cnf", "-revoke", f"certs/{serial}.pem", "-crl_reason", reason,
                    cwd=self.folder)
        self.update_crls()

    def update_crls(self):
        """Writes root.crl and issuing.crl, DER, as of now."""
        with self.locked():
            for name in ("root", "issuing"):
                pem = openssl("ca", "-config", "openssl.cnf", "-name", name, "-gencrl", cwd=self.folder)
                unfinished = self.folder / f"{name}.crl.new"
                unfinished.write_bytes(openssl("crl", "-outform", "DER", data=pem))
                unfinished.rename(self.folder / f"{name}.crl")

    def copy_crl(self, out):
        """Renews the CRLs and copies the issuing authority's."""
        self.update_crls()
        shutil.copyfile(self.folder / "issuing.crl", out)
