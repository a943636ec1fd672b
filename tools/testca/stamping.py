"""The time-stamp authorities of the tests: /tsa is a sound one, /tsa/NAME has one fault, so that a list of addresses is a list
of authorities with the faults that a test wants."""
import base64
import collections
import pathlib
import tempfile
import threading
import time

import tokens
from openssl_command import Failed, try_openssl
from tokens import Variant

USER, PASSWORD = "tsa", "open sesame"

# What the token is like.
VARIANTS = {
    "good": Variant(),
    "rsa": Variant(signers=("tsa-rsa",)),
    "pss": Variant(signers=("tsa-rsa",), pss=True),
    "p384": Variant(signers=("tsa-p384",)),
    "ed25519": Variant(signers=("tsa-ed25519",), hash="sha512"),
    "ess-v1": Variant(ess="v1"),
    "ess-both": Variant(ess="both"),
    "fraction": Variant(fraction=".25"),
    "wrong-nonce": Variant(nonce="other"),
    "no-nonce": Variant(nonce="none"),
    "wrong-imprint": Variant(imprint="other"),
    "wrong-policy": Variant(policy="1.3.6.1.4.1.32473.9"),
    "no-certificates": Variant(certificates="none"),
    "no-eku": Variant(signers=("tsa-no-eku",)),
    "eku-not-critical": Variant(signers=("tsa-eku-not-critical",)),
    "eku-extra": Variant(signers=("tsa-eku-extra",)),
    "no-signing": Variant(signers=("tsa-no-signing",)),
    "expired": Variant(signers=("tsa-expired",)),
    "foreign": Variant(signers=("tsa-foreign",)),
    "small-rsa": Variant(signers=("tsa-rsa1024",)),
    "wrong-ess": Variant(ess="other"),
    "no-ess": Variant(ess="none"),
    "two-signers": Variant(signers=("tsa", "tsa-rsa")),
    "no-signer": Variant(signers=()),
    "wrong-digest": Variant(message_digest="other"),
    "wrong-attribute": Variant(content_type=tokens.DATA),
    "no-attributes": Variant(attributes=False),
    "sha1": Variant(hash="sha1"),
    "no-digest": Variant(announced=False),
    "broken-signature": Variant(signature="broken"),
    "early": Variant(shift=-3600),
    "late": Variant(shift=3600),
    "critical-extension": Variant(critical_extension=True),
    "large": Variant(padding=40_000),
    "too-large": Variant(padding=70_000),
}

# What the HTTP answer is like, around a good token or in place of it.
ANSWERS = {
    "granted-with-mods": "PKIStatus 1",
    "waiting": "PKIStatus 3",
    "wrong-type": "content type text/html",
    "type-with-charset": "content type with a parameter",
    "type-in-capitals": "content type in capitals",
    "malformed": "not a TimeStampResp",
    "empty": "no body",
    "no-token": "granted, without a token",
    "growing": "from the fourth token on, each has 40,000 bytes more",
    "slow": "after 30 s",
    "lag": "after 0.3 s",
    "drop": "the connection is closed",
    "429": "HTTP 429",
    "503": "HTTP 503",
    "429-long": "HTTP 429 with Retry-After: 3600",
    "503-long": "HTTP 503 with Retry-After: 3600",
    "503-once": "HTTP 503 with Retry-After: 1 to every other request",
    "503-always": "HTTP 503 with Retry-After: 1",
    "500": "HTTP 500",
    "404": "HTTP 404",
    "redirect": "HTTP 302 to /tsa",
    "basic": f"wants user \"{USER}\" and password \"{PASSWORD}\"",
    "client-certificate": "wants a client certificate of this authority (HTTPS only)",
} | {f"reject-{name}": f"PKIFailureInfo {name}" for name in tokens.FAILURES}


def names():
    """Of all of them."""
    return [*VARIANTS, *ANSWERS]


class Counters:
    """What went over the wire to each address, readable at /counts."""

    def __init__(self):
        self.lock = threading.Lock()
        self.of = collections.defaultdict(lambda: {"requests": 0, "received": 0, "sent": 0})

    def add(self, path, received=0, sent=0, requests=0):
        """Bytes of bodies."""
        with self.lock:
            one = self.of[path]
            one["requests"] += requests
            one["received"] += received
            one["sent"] += sent
            return one["requests"]

    def read(self):
        """A copy."""
        with self.lock:
            return {path: dict(one) for path, one in self.of.items()}


def sound_answer(authority, query):
    """A time-stamp reply of `openssl ts`, DER, for a query, DER; a refusal is a reply as well."""
    with tempfile.TemporaryDirectory() as scratch:
        asked, answer = pathlib.Path(scratch) / "query", pathlib.Path(scratch) / "reply"
        asked.write_bytes(query)
        with authority.locked():
            try_openssl("ts", "-reply", "-config", "openssl.cnf", "-section", "tsa", "-queryfile", asked,
                        "-out", answer, cwd=authority.folder)
        if not answer.is_file():
            raise Failed("openssl ts wrote no reply")
        return answer.read_bytes()


class Reply:
    """An HTTP answer; without a status the connection is closed."""

    def __init__(self, body=b"", status=200, kind="application/timestamp-reply", **headers):
        self.body, self.status, self.kind = body, status, kind
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def refused(status, **headers):
    """Without a token."""
    return Reply(b"no time-stamp\n", status, "text/plain", **headers)


def is_known(header):
    """Whether an Authorization header has the user and the password."""
    return header == "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode("ascii")


def answer(authority, name, query, number, headers, certificate):
    """The Reply of one of them, or nothing where there is no such one. `number`: which request to it this is;
    `certificate`: whether the client has shown one."""
    good = lambda status=0: tokens.reply(authority, query, Variant(), status)
    if name in VARIANTS:
        return Reply(tokens.reply(authority, query, VARIANTS[name]))
    if name.startswith("reject-") and name in ANSWERS:
        return Reply(tokens.refusal(name.removeprefix("reject-"), "not today\x1b[31m"))
    if name == "growing":
        return Reply(tokens.reply(authority, query, Variant(padding=0 if number < 4 else 40_000)))
    if name in ("slow", "lag"):
        time.sleep(30 if name == "slow" else 0.3)
        return Reply(good())
    busy, _, how = name.partition("-")
    if name in ANSWERS and busy in ("429", "503", "500", "404"):
        if how == "once" and number % 2 == 0:
            return Reply(good())
        wait = {"": {}, "long": {"Retry_After": "3600"}}.get(how, {"Retry_After": "1"})
        return refused(int(busy), **wait)
    if name == "basic":
        return Reply(good()) if is_known(headers.get("Authorization")) else refused(401, WWW_Authenticate="Basic")
    if name == "client-certificate":
        return Reply(good()) if certificate else refused(403)
    plain = {
        "granted-with-mods": lambda: Reply(good(1)),
        "waiting": lambda: Reply(tokens.refusal("", "come back", 3)),
        "wrong-type": lambda: Reply(good(), kind="text/html"),
        "type-with-charset": lambda: Reply(good(), kind="application/timestamp-reply; charset=binary"),
        "type-in-capitals": lambda: Reply(good(), kind="Application/Timestamp-Reply"),
        "malformed": lambda: Reply(b"no DER at all"),
        "empty": Reply,
        "no-token": lambda: Reply(tokens.refusal("", "", 0)),
        "drop": lambda: Reply(status=None),
        "redirect": lambda: refused(302, Location="/tsa"),
    }
    return plain[name]() if name in plain else None
