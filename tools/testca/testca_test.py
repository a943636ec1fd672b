#!/usr/bin/env python3
"""The test authority: what it grants, what it refuses, and what its server answers."""
import base64
import http.client
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

PROGRAM = pathlib.Path(__file__).with_name("testca")
SEAL_SUBJECT = "/C=CZ/O=Úřad/organizationIdentifier=NTRCZ-00000001/CN=seal"


def testca(*arguments):
    """The finished process."""
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)


class WithAuthority(unittest.TestCase):
    """One authority for all cases of a class, with a seal certificate `old` in its folder."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.dir = pathlib.Path(cls.scratch.name)
        cls.ca = cls.dir / "ca"
        cls.must(testca("init", cls.ca))
        cls.make_certificate("old")

    @classmethod
    def must(cls, done):
        """A process that has to succeed; its output."""
        if done.returncode != 0:
            raise AssertionError(f"{done.args}: {done.stderr}")
        return done.stdout

    @classmethod
    def openssl(cls, *arguments):
        """An openssl command that has to succeed; its output."""
        return cls.must(
            subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cls.dir)
        )

    @classmethod
    def make_request(cls, name, subject=SEAL_SUBJECT, algorithm=("EC", "ec_paramgen_curve:P-256"), digest="sha256"):
        """NAME.key and NAME.csr, DER."""
        cls.openssl("genpkey", "-algorithm", algorithm[0], "-pkeyopt", algorithm[1], "-out", f"{name}.key")
        cls.openssl("req", "-new", "-utf8", f"-{digest}", "-key", f"{name}.key", "-subj", subject,
                    "-outform", "DER", "-out", f"{name}.csr")
        return cls.dir / f"{name}.csr"

    @classmethod
    def make_certificate(cls, name, *options, subject=SEAL_SUBJECT):
        """NAME.key and NAME.pem, issued by the authority."""
        request = cls.make_request(name, subject)
        cls.must(testca("issue", cls.ca, request, cls.dir / f"{name}.pem", *options))
        return cls.dir / f"{name}.pem"

    @classmethod
    def seal(cls, name, signer="old", *options):
        """NAME.p7m: NAME.csr sealed by a certificate."""
        cls.openssl("cms", "-sign", "-binary", "-nodetach", "-in", f"{name}.csr", "-signer", f"{signer}.pem",
                    "-inkey", f"{signer}.key", "-outform", "DER", "-out", f"{name}.p7m", *options)
        return cls.dir / f"{name}.p7m"

    def renew(self, sealed):
        """The process that answers a renewal request; its answer is in answer.pem."""
        return testca("renew", self.ca, sealed, self.dir / "answer.pem")

    def refuses(self, sealed, reason):
        """The request is refused for this reason, and nothing is issued."""
        before = (self.ca / "index.txt").read_text(encoding="utf-8")
        (self.dir / "answer.pem").unlink(missing_ok=True)
        done = self.renew(sealed)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(f"testca: refused: {reason}: ", done.stderr)
        self.assertFalse((self.dir / "answer.pem").exists())
        self.assertEqual((self.ca / "index.txt").read_text(encoding="utf-8"), before)


class Certificates(WithAuthority):
    """What stands in the certificates."""

    def test_a_seal_certificate_has_the_three_qc_statements(self):
        parsed = self.openssl("asn1parse", "-in", "old.pem")
        self.assertIn("qcStatements", parsed)
        value = parsed[parsed.index("qcStatements") :].splitlines()[1].rpartition("[HEX DUMP]:")[2]
        for identifier in ("060604008E460101", "060604008E460104", "060604008E460106", "060704008E46010602"):
            self.assertIn(identifier, value)

    def test_the_subject_is_that_of_the_request(self):
        subject = self.openssl("x509", "-in", "old.pem", "-noout", "-subject", "-nameopt", "utf8")
        self.assertEqual(subject.strip(), "subject=C=CZ, O=Úřad, organizationIdentifier=NTRCZ-00000001, CN=seal")

    def test_the_chain_verifies_with_crl(self):
        self.must(testca("crl", self.ca, self.dir / "now.crl"))
        self.openssl("verify", "-CAfile", "ca/ca.pem", "-CRLfile", "now.crl", "-crl_check", "old.pem")

    def test_a_tls_certificate_is_for_its_host(self):
        self.must(testca("tls", self.ca, "seal.example", self.dir / "tls.pem", self.dir / "tls.key"))
        self.openssl("verify", "-CAfile", "ca/ca.pem", "-purpose", "sslserver", "-verify_hostname", "seal.example",
                     "tls.pem")
        self.assertEqual((self.dir / "tls.key").stat().st_mode & 0o777, 0o600)
        self.must(testca("tls", self.ca, "client one", self.dir / "c.pem", self.dir / "c.key", "--client"))
        self.openssl("verify", "-CAfile", "ca/ca.pem", "-purpose", "sslclient", "c.pem")

    def test_a_request_whose_signature_is_broken_gets_nothing(self):
        request = bytearray(self.make_request("broken").read_bytes())
        request[-1] ^= 1
        (self.dir / "broken.csr").write_bytes(request)
        done = testca("issue", self.ca, self.dir / "broken.csr", self.dir / "broken.pem")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("bad-request", done.stderr)
        self.assertFalse((self.dir / "broken.pem").exists())

    def test_the_folder_can_be_moved(self):
        self.must(subprocess.run(["cp", "-r", self.ca, self.dir / "moved"], capture_output=True, check=False))
        self.must(testca("issue", self.dir / "moved", self.make_request("after"), self.dir / "after.pem"))
        self.openssl("verify", "-CAfile", "ca/ca.pem", "after.pem")

    def test_nothing_that_it_prints_moves_a_cursor(self):
        hostile = "h\x1b[31m\x7f\x9b\u202e\u2028\nforged"
        bytes_too = hostile.encode() + b"\xff"
        for words in ([hostile], ["issue", self.ca, hostile, "out"], ["issue", hostile, self.ca, "out"], ["init", self.ca, hostile],
                      ["revoke", self.ca, bytes_too], [bytes_too], ["tls", self.ca, hostile, bytes_too, self.dir / "key"],
                      ["revoke", self.ca, self.dir / "old.pem", "--reason", hostile],
                      ["issue", self.ca, self.dir / "old.csr", self.dir / "new.pem", "--name", hostile]):
            done = subprocess.run([PROGRAM, *words], capture_output=True, check=False)
            printed = (done.stdout + done.stderr).decode()  # fails where it is not UTF-8
            self.assertNotEqual(done.returncode, 0, printed)
            self.assertIn("testca", printed)
            self.assertTrue(all(one.isprintable() or one == "\n" for one in printed), ascii(printed))
            self.assertNotIn("\nforged", printed)
            self.assertNotIn("Traceback", printed)

    def test_wrong_usage_is_two_and_failure_is_one(self):
        self.assertEqual(testca().returncode, 2)
        self.assertEqual(testca("issue", self.ca).returncode, 2)
        self.assertEqual(testca("crl", self.dir / "none", self.dir / "out").returncode, 1)
        self.assertEqual(testca("init", self.ca).returncode, 1)
        self.assertEqual(testca("--help").returncode, 0)
        self.assertIn("exit status", testca("renew", "--help").stdout)


class Renewal(WithAuthority):
    """A renewal request is answered only if everything about it is right."""

    def test_the_right_request_gets_a_certificate_for_its_key_and_subject(self):
        self.make_request("good")
        self.must(self.renew(self.seal("good")))
        self.openssl("verify", "-CAfile", "ca/ca.pem", "answer.pem")
        self.assertEqual(self.openssl("x509", "-in", "answer.pem", "-noout", "-pubkey"),
                         self.openssl("req", "-in", "good.csr", "-inform", "DER", "-noout", "-pubkey"))
        self.assertEqual(self.openssl("x509", "-in", "answer.pem", "-noout", "-subject"),
                         self.openssl("x509", "-in", "old.pem", "-noout", "-subject"))
        answer = (self.dir / "answer.pem").read_text(encoding="ascii")
        self.assertTrue(answer.endswith((self.ca / "ca.pem").read_text(encoding="ascii")))

    def test_the_same_request_again_gets_the_same_certificate(self):
        self.make_request("twice")
        self.must(self.renew(self.seal("twice")))
        first = (self.dir / "answer.pem").read_bytes()
        self.must(self.renew(self.seal("twice")))  # ECDSA: another signature around the same request
        self.assertEqual((self.dir / "answer.pem").read_bytes(), first)

    def test_another_subject_is_refused(self):
        self.make_request("stolen", SEAL_SUBJECT.replace("Úřad", "Other office"))
        self.refuses(self.seal("stolen"), "subject")

    def test_a_seal_by_another_subject_is_refused(self):
        self.make_certificate("neighbour", subject="/C=CZ/O=Neighbour/CN=seal")
        self.make_request("foreign")
        self.refuses(self.seal("foreign", "neighbour"), "subject")

    def test_an_expired_certificate_is_refused(self):
        self.make_certificate("past", "--start", "20200101000000Z", "--end", "20210101000000Z")
        self.make_request("late")
        self.refuses(self.seal("late", "past"), "expired")

    def test_a_certificate_that_is_not_valid_yet_is_refused(self):
        self.make_certificate("future", "--start", "20980101000000Z", "--end", "20990101000000Z")
        self.make_request("early")
        self.refuses(self.seal("early", "future"), "chain")

    def test_a_revoked_certificate_is_refused(self):
        certificate = self.make_certificate("revoked")
        self.make_request("after-revocation")
        self.must(testca("revoke", self.ca, certificate, "--reason", "keyCompromise"))
        self.refuses(self.seal("after-revocation", "revoked"), "revoked")
        self.assertEqual(testca("revoke", self.ca, certificate).returncode, 3)

    def test_a_request_changed_under_its_seal_is_refused(self):
        self.make_request("changed")
        sealed = self.seal("changed")
        inside = (self.dir / "changed.csr").read_bytes()
        whole = sealed.read_bytes()
        at = whole.index(inside)
        sealed.write_bytes(whole[: at + 60] + bytes([whole[at + 60] ^ 1]) + whole[at + 61 :])
        self.refuses(sealed, "bad-seal")

    def test_a_changed_seal_is_refused(self):
        self.make_request("scratched")
        sealed = self.seal("scratched")
        whole = bytearray(sealed.read_bytes())
        whole[-1] ^= 1
        sealed.write_bytes(whole)
        self.refuses(sealed, "bad-seal")

    def test_a_certificate_of_another_authority_is_refused(self):
        self.openssl("req", "-x509", "-new", "-key", "old.key", "-utf8", "-subj", SEAL_SUBJECT, "-out", "self.pem")
        self.openssl("pkey", "-in", "old.key", "-out", "self.key")
        self.make_request("unknown")
        self.refuses(self.seal("unknown", "self"), "not-issued")

    def test_a_certificate_that_is_none_for_seals_is_refused(self):
        self.make_certificate("login", "--profile", "tls-client")
        self.make_request("misused")
        self.refuses(self.seal("misused", "login"), "usage")

    def test_the_key_of_the_old_certificate_is_refused(self):
        self.openssl("req", "-new", "-utf8", "-key", "old.key", "-subj", SEAL_SUBJECT, "-outform", "DER",
                     "-out", "same.csr")
        self.refuses(self.seal("same"), "same-key")

    def test_a_short_key_is_refused(self):
        self.make_request("short", algorithm=("RSA", "rsa_keygen_bits:1024"))
        self.refuses(self.seal("short"), "weak-key")

    def test_sha1_is_refused_in_the_seal_and_in_the_request(self):
        self.make_request("weak-seal")
        self.refuses(self.seal("weak-seal", "old", "-md", "sha1"), "weak-digest")
        self.make_request("weak-request", digest="sha1")
        self.refuses(self.seal("weak-request"), "weak-digest")

    def test_two_sealers_are_refused(self):
        self.make_certificate("second")
        self.make_request("pair")
        self.refuses(self.seal("pair", "old", "-signer", "second.pem", "-inkey", "second.key"), "signers")

    def test_a_request_whose_own_signature_is_broken_is_refused(self):
        request = bytearray(self.make_request("unproven").read_bytes())
        request[-1] ^= 1
        (self.dir / "unproven.csr").write_bytes(request)
        self.refuses(self.seal("unproven"), "bad-request")

    def test_what_is_no_renewal_request_is_refused(self):
        bare = self.make_request("bare")
        self.refuses(bare, "malformed")
        (self.dir / "text.csr").write_bytes(b"please")
        self.refuses(self.seal("text"), "malformed")
        (self.dir / "empty.p7m").write_bytes(b"")
        self.refuses(self.dir / "empty.p7m", "malformed")


class Services(WithAuthority):
    """The server, at the address that stands in the certificates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ready = cls.dir / "ready"
        cls.server = subprocess.Popen([PROGRAM, "serve", cls.ca, "--ready-file", ready], stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.server.wait)
        cls.addClassCleanup(cls.server.terminate)
        for _ in range(600):
            if ready.exists():
                break
            if cls.server.poll() is not None:
                raise AssertionError("the server ended")
            time.sleep(0.05)
        cls.url = ready.read_text(encoding="ascii").strip()

    def ask(self, method, path, body=None):
        """Status and body."""
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=60)
        self.addCleanup(connection.close)
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def test_its_address_stands_in_the_certificates(self):
        self.assertEqual(self.openssl("x509", "-in", "old.pem", "-noout", "-ocsp_uri").strip(), f"{self.url}/ocsp")

    def test_ocsp_says_good_then_revoked(self):
        certificate = self.make_certificate("watched")
        ask = ("ocsp", "-issuer", "ca/issuing.pem", "-cert", "watched.pem", "-url", f"{self.url}/ocsp",
               "-CAfile", "ca/ca.pem")
        self.assertIn("watched.pem: good", self.openssl(*ask))
        self.must(testca("revoke", self.ca, certificate))
        self.assertIn("watched.pem: revoked", self.openssl(*ask))

    def test_ocsp_answers_in_the_address_too(self):
        self.openssl("ocsp", "-issuer", "ca/issuing.pem", "-cert", "old.pem", "-reqout", "asked.der", "-no_nonce")
        asked = base64.b64encode((self.dir / "asked.der").read_bytes()).decode()
        status, answer = self.ask("GET", "/ocsp/" + urllib.parse.quote(asked, safe=""))
        (self.dir / "answered.der").write_bytes(answer)
        self.assertEqual(status, 200)
        self.assertIn("good", self.openssl("ocsp", "-respin", "answered.der", "-issuer", "ca/issuing.pem",
                                           "-cert", "old.pem", "-CAfile", "ca/ca.pem"))
        self.assertEqual(self.ask("GET", "/ocsp/nonsense")[1], bytes.fromhex("30030a0101"))

    def test_the_crl_names_the_revoked(self):
        certificate = self.make_certificate("listed")
        self.must(testca("revoke", self.ca, certificate))
        status, crl = self.ask("GET", "/issuing.crl")
        (self.dir / "fetched.crl").write_bytes(crl)
        self.assertEqual(status, 200)
        serial = self.openssl("x509", "-in", "listed.pem", "-noout", "-serial").strip().partition("=")[2]
        self.assertIn(serial, self.openssl("crl", "-inform", "DER", "-in", "fetched.crl", "-noout", "-text"))

    def test_a_timestamp_verifies_and_another_document_does_not(self):
        self.openssl("ts", "-query", "-data", "old.pem", "-sha256", "-cert", "-out", "query.tsq")
        status, reply = self.ask("POST", "/tsa", (self.dir / "query.tsq").read_bytes())
        (self.dir / "reply.tsr").write_bytes(reply)
        self.assertEqual(status, 200)
        self.openssl("ts", "-verify", "-queryfile", "query.tsq", "-in", "reply.tsr", "-CAfile", "ca/ca.pem")
        with self.assertRaises(AssertionError):
            self.openssl("ts", "-verify", "-data", "old.key", "-in", "reply.tsr", "-CAfile", "ca/ca.pem")

    def test_certificates_are_issued_over_http(self):
        request = self.make_request("posted").read_bytes()
        status, answer = self.ask("POST", "/issue/seal-client", request)
        self.assertEqual((status, answer.count(b"BEGIN CERTIFICATE")), (200, 3))
        (self.dir / "posted.pem").write_bytes(answer)
        uses = self.openssl("x509", "-in", "posted.pem", "-noout", "-ext", "keyUsage,extendedKeyUsage")
        self.assertIn("Digital Signature, Key Agreement", uses)
        self.assertIn("TLS Web Client Authentication", uses)
        self.assertEqual(self.ask("POST", "/issue/seal-client", request[:-1] + bytes([request[-1] ^ 1]))[0], 403)
        self.assertEqual(self.ask("POST", "/issue/ocsp", request)[0], 404)

    def test_renewal_is_granted_and_refused_over_http(self):
        self.make_request("remote")
        sealed = self.seal("remote").read_bytes()
        status, answer = self.ask("POST", "/renew", sealed)
        self.assertEqual((status, answer.count(b"BEGIN CERTIFICATE")), (200, 3))
        status, answer = self.ask("POST", "/renew", sealed[:-1] + bytes([sealed[-1] ^ 1]))
        self.assertEqual((status, answer.partition(b":")[0]), (403, b"bad-seal"))

    def test_other_addresses_and_bodies_without_length_are_refused(self):
        self.assertEqual(self.ask("GET", "/")[0], 404)
        self.assertEqual(self.ask("GET", "/private/root.key")[0], 404)
        self.assertEqual(self.ask("POST", "/nothing", b"x")[0], 404)

    def test_it_listens_on_this_machine_only(self):
        port = urllib.parse.urlsplit(self.url).port
        listening = [line.split()[1] for line in pathlib.Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
                     if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")]
        self.assertEqual([address[6:] for address in listening], [f"7F:{port:04X}"])  # 127.0.0.0/8; the lowest byte first


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
