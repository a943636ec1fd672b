#!/usr/bin/env python3
"""What only an attacker sends: thousands of connections that say nothing or little, requests that two servers would read as
different ones, paths, headers and values that want to be something else. Clients are served meanwhile, and nothing gets through.

  hostile.py CONNECTIONS
"""
import base64
import hashlib
import json
import pathlib
import selectors
import socket
import ssl
import sys
import time
import urllib.parse

import seald

BASE = "/seal/v1"
SEALS = 20  # that a client makes while the server is besieged
SECRET = "smuggled"


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def context_of(server, name=None):
    context = ssl.create_default_context(cafile=server.file("server.crt"))
    if name:
        context.load_cert_chain(server.file(name + ".crt"), server.file(name + ".key"))
    return context


def connect(server, name=None):
    plain = socket.create_connection(("127.0.0.1", server.port), timeout=seald.PATIENCE)
    return context_of(server, name).wrap_socket(plain, server_hostname="127.0.0.1")


class Siege:
    """Connections that never come to an end by themselves: a third each stays in the handshake, in the header, in the body."""

    KINDS = (
        ("handshake", b""),
        ("header", b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\nX-Slow: "),
        ("body", b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n"
                 b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname="),
    )

    def __init__(self, server, connections):
        self.lines = []
        # One context for all: they are as cheap to make as an attacker's. Those that need least time come last: the server ends
        # them first, and on a slow machine they are not all there at once.
        context = context_of(server)
        for number in range(connections, 0, -1):
            kind, beginning = self.KINDS[number * len(self.KINDS) // (connections + 1)]
            plain = socket.create_connection(("127.0.0.1", server.port), timeout=seald.PATIENCE)
            if kind == "handshake":
                # Half of them with the begin of a ClientHello.
                if number % 2 == 0:
                    plain.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
                self.lines.append((kind, plain))
                continue
            line = context.wrap_socket(plain, server_hostname="127.0.0.1")
            line.sendall(beginning)
            self.lines.append((kind, line))

    def drip(self):
        """One octet more of each, so that none of them is idle."""
        for kind, line in self.lines:
            if kind != "handshake":
                try:
                    line.sendall(b"x")
                except OSError:
                    pass  # ended by the server

    def wait_for_end(self):
        """Until the server has ended all of them, though each goes on; gives how many were answered first."""
        chooser, answered = selectors.DefaultSelector(), 0
        for kind, line in self.lines:
            line.setblocking(False)
            chooser.register(line, selectors.EVENT_READ, kind)
        end, dripped = time.monotonic() + seald.PATIENCE, time.monotonic()
        while chooser.get_map():
            left = {key.data for key in chooser.get_map().values()}
            assert time.monotonic() < end, f"the server keeps {len(chooser.get_map())} connections, in {', '.join(sorted(left))}"
            for key, _ in chooser.select(timeout=1):
                try:
                    octets = key.fileobj.recv(4096)
                    answered += octets.startswith(b"HTTP/1.1 ")
                except (ssl.SSLWantReadError, BlockingIOError):
                    continue
                except OSError:
                    octets = b""
                if not octets:
                    chooser.unregister(key.fileobj)
                    key.fileobj.close()
            if time.monotonic() - dripped > 5:
                self.lines = [(kind, line) for kind, line in self.lines if line.fileno() >= 0]
                self.drip()
                dripped = time.monotonic()
        return answered


def seal(server, name):
    announced = {"kind": "seal", "reference": name, "digest": digest(name), "sealingCertificate": "c" * 64}
    status, _, answer = server.curl("office", "POST", BASE + "/transactions", {"transactions": [announced]}, name)
    assert status == 200, (status, answer)
    transaction = json.loads(answer)["transactions"][0]["id"]
    assert server.curl("office", "PUT", f"{BASE}/transactions/{transaction}", {"state": "sealed"})[0] == 200
    return transaction


def check_siege(server, connections):
    siege = Siege(server, connections)
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1]
    metrics = server.curl(None, "GET", "/metrics")[2].decode()
    held = int(next(line for line in metrics.splitlines() if line.startswith("signet_seald_connections ")).split()[1])
    assert held > connections // 4, f"{held} of {connections} connections are there"
    for number in range(SEALS):
        seal(server, f"besieged-{number}")
        assert server.curl(None, "GET", "/sign-in")[0] == 200
    siege.drip()
    answered = siege.wait_for_end()
    assert answered == 0, f"{answered} of them were answered"
    seal(server, "after the siege".replace(" ", "-"))
    print(f"{connections} connections, {held} of them at once, {int(resident) / 1024:.0f} MiB")


# What two servers may read as different requests; each holds a whole one for SECRET in what one of them takes for the body.
HIDDEN = f"GET {BASE}/{SECRET} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
AMBIGUOUS = {
    "a length and a coding": f"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a coding and a length": f"Transfer-Encoding: chunked\r\nContent-Length: {{size}}\r\n\r\n0\r\n\r\n{HIDDEN}",
    "two lengths": f"Content-Length: 0\r\nContent-Length: {{size}}\r\n\r\n{HIDDEN}",
    "two equal lengths": f"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc{HIDDEN}",
    "a list of lengths": f"Content-Length: 0, {{size}}\r\n\r\n{HIDDEN}",
    "a length with a sign": f"Content-Length: +0\r\n\r\n{HIDDEN}",
    "a length that is too large for 64 bits": f"Content-Length: 18446744073709551616\r\n\r\n{HIDDEN}",
    "bare line feeds": f"X-Bare: a\nContent-Length: 0\r\n\r\n{HIDDEN}",
    "a header that ends by bare line feeds": f"Content-Length: 0\n\n{HIDDEN}",
    "a bare carriage return": f"X-Bare: a\rContent-Length: {{size}}\r\n\r\n{HIDDEN}",
    "a space before the colon": f"Content-Length : 0\r\n\r\n{HIDDEN}",
    "a NUL in a header": f"X-Zero: a\0b\r\nContent-Length: 0\r\n\r\n{HIDDEN}",
    "a coding that is no name": f"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a vertical tab before the coding": f"Transfer-Encoding:\v chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a chunk with a bare line feed": f"Transfer-Encoding: chunked\r\n\r\n0\n\n{HIDDEN}",
    "a chunk whose size has a sign": f"Transfer-Encoding: chunked\r\n\r\n+0\r\n\r\n{HIDDEN}",
    "a chunk whose size is in another base": f"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n{HIDDEN}",
    "a chunk that is longer than it says": f"Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n{HIDDEN}",
    "a chunk of 2^64 octets": f"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{HIDDEN}",
    "an extension of a chunk with a bare line feed": f"Transfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n{HIDDEN}",
}
# A line that goes on is one header (RFC 9112, 5.2), whatever it looks like: the second request is one.
FOLDED = {
    "a folded header": f"X-Folded: a\r\n Content-Length: {{size}}\r\nContent-Length: 0\r\n\r\n{HIDDEN}",
    "a folded coding": f"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "a folded length": f"Content-Length:\r\n 0\r\n\r\n{HIDDEN}",
}


def answers_to(server, octets):
    """The statuses of all answers to what is sent at once."""
    with connect(server, "office") as line:
        line.sendall(octets)
        line.settimeout(seald.PATIENCE)
        got = b""
        try:
            while piece := line.recv(65536):
                got += piece
        except (ssl.SSLError, ConnectionError, TimeoutError) as ended:
            got += f"({ended})".encode()
    return [int(part[:3]) for part in got.decode(errors="replace").split("HTTP/1.1 ")[1:]], got


def check_smuggling(server):
    wrong = []
    for what, rest in {**AMBIGUOUS, **FOLDED}.items():
        request = f"POST {BASE}/transactions HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: s\r\nContent-Type: application/json\r\n"
        octets = (request + rest.replace("{size}", str(len(HIDDEN)))).encode()
        statuses, got = answers_to(server, octets)
        if statuses != ([400, 404] if what in FOLDED else [400]):
            wrong.append(f"{what}: {statuses}: {got!r}")
    assert not wrong, "\n".join(wrong)
    # The same without ambiguity: two requests, two answers; and an extension of a chunk is none of the body's.
    head = f"PUT {BASE}/transactions/none HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    body = '{"state":"failed"}'
    quoted = '"' + HIDDEN.split("\r")[0] + '"'
    for framing in (f"Content-Length: {len(body)}\r\n\r\n{body}",
                    f"Transfer-Encoding: chunked\r\n\r\n{len(body):x};a={quoted}\r\n{body}\r\n0\r\n\r\n"):
        statuses, got = answers_to(server, (head + framing + HIDDEN).encode())
        assert statuses == [404, 404], f"{framing}: {got!r}"


PATHS = [
    BASE + "/../v1/client", BASE + "//client", BASE + "/client/", BASE + "/client;a=b", BASE + "/client%2f", BASE + "/%63lient",
    BASE + "/client%00", BASE + "/transactions/..%2f..%2fclients", BASE + "/transactions/../clients", BASE + "/CLIENT", "/seal/v2/client",
    "/SEAL/v1/client", "/./seal/v1/client", "https://localhost/seal/v1/client", "*", BASE + "/log/tile/0/../../../client",
    BASE + "/log/tile/entries/../0/000", BASE + "/log/tile/0/-1", BASE + "/log/tile/99/000", BASE + "/log/tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    "/static/../seald.toml", "/static/..%2f..%2flog.key", "/static//pages.css", "/static/", "/seals/../clients", "/clients%2f", "//seals",
]
HEADERS = {
    "X-Forwarded-For": "127.0.0.1", "X-Original-URL": BASE + "/clients", "X-Rewrite-URL": BASE + "/clients", "X-HTTP-Method-Override": "PUT",
    "X-Forwarded-Client-Cert": "Subject=CN=administrator", "X-SSL-Client-Verify": "SUCCESS", "SSL-Client-Cert": "x", "Host": "evil.example",
    "Forwarded": "for=127.0.0.1;host=evil.example", "Authorization": "Basic YWRtaW46YWRtaW4=", "Cookie": "seald_session=' OR '1'='1",
}


def check_paths_and_headers(server):
    wrong = []
    for path in PATHS:
        statuses, got = answers_to(server, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        location = next((line for line in got.split(b"\r\n") if line.lower().startswith(b"location:")), b"Location: /")
        told = any(secret in got for secret in (b"BEGIN ", b"certificates =", b"seald.db"))
        if len(statuses) != 1 or not 300 <= statuses[0] < 500 or told or not location.split()[1].startswith(b"/"):
            wrong.append(f"{path}: {got[:400]!r}")
    for name, value in HEADERS.items():
        for path, wanted in ((BASE + "/clients", 403), ("/clients", 303)):
            host = "" if name == "Host" else "Host: localhost\r\n"
            statuses, got = answers_to(server, f"GET {path} HTTP/1.1\r\n{host}{name}: {value}\r\nConnection: close\r\n\r\n".encode())
            if statuses != [wanted] or b"evil.example" in got:
                wrong.append(f"{name} for {path}: {got[:400]!r}")
    # Without a certificate they are nobody's either.
    with connect(server) as line:
        line.sendall(f"GET {BASE}/client HTTP/1.1\r\nHost: localhost\r\nX-SSL-Client-Verify: SUCCESS\r\nConnection: close\r\n\r\n".encode())
        assert line.recv(65536).startswith(b"HTTP/1.1 401 ")
    assert not wrong, "\n".join(wrong)


INJECTIONS = ["' OR '1'='1", "'; DROP TABLE seal; --", '" OR ""="', "x' UNION SELECT content FROM event --", "%' ESCAPE '", "\\'; --",
              "') OR number IN (SELECT number FROM seal) --", "REF*\" OR \"a", "\" NEAR(a b) \"", ":client", "$1", "?1", "a\u0000b"]


def check_injections(server):
    """Texts that are more than texts in SQL, in FTS5, in LIKE."""
    theirs = {"transactions": [{"kind": "seal", "reference": "theirs", "digest": digest("theirs"), "sealingCertificate": "c" * 64}]}
    assert server.curl("other", "POST", BASE + "/transactions", theirs, "theirs")[0] == 200
    for number, text in enumerate(INJECTIONS):
        announced = {"kind": "seal", "reference": text, "digest": digest(text), "sealingCertificate": "c" * 64}
        status, _, answer = server.curl("office", "POST", BASE + "/transactions", {"transactions": [announced]}, f"injection-{number}")
        stored = status == 200
        assert stored or (status == 422 and "\0" in text), (text, answer)
        for name in ("reference", "digest", "from", "to", "state", "cursor"):
            status, _, answer = server.curl("office", "GET", BASE + "/transactions" + seald.query(**{name: text}))
            assert status in (200, 400, 422), (name, text, answer)
            if status == 200:
                found = [each.get("reference") for each in json.loads(answer)["transactions"]]
                assert "theirs" not in found and (name != "reference" or found == [text] * stored), (name, text, found)
        for path in ("/transactions/", "/authentication-certificates/", "/sealing-certificates/"):
            status, _, answer = server.curl("office", "GET", BASE + path + urllib.parse.quote(text, safe=""))
            assert status == 404, (path, text, answer)
    assert server.curl("other", "GET", BASE + "/transactions")[0] == 200


def check_foreign_keys(server):
    """An Idempotency-Key is its client's alone: nobody learns another one's answer by it."""
    body = {"transactions": [{"kind": "seal", "reference": "mine", "digest": digest("mine"), "sealingCertificate": "c" * 64}]}
    mine, theirs = (json.loads(server.curl(name, "POST", BASE + "/transactions", body, "a-key")[2])["transactions"][0]["id"]
                    for name in ("office", "other"))
    assert mine != theirs
    assert server.curl("office", "GET", f"{BASE}/transactions/{theirs}")[0] == 404
    assert server.curl("other", "PUT", f"{BASE}/transactions/{mine}", {"state": "failed"})[0] == 404
    results = {**body, "results": [{"id": mine, "state": "failed"}]}
    told = json.loads(server.curl("other", "POST", BASE + "/transactions", results, "b-key")[2])["results"][0]
    assert told == {"id": mine, "outcome": "unknown-transaction"}, told
    assert json.loads(server.curl("office", "GET", f"{BASE}/transactions/{mine}")[2])["state"] == "opened"


def main():
    connections = int(sys.argv[1])
    with seald.Server() as server:
        for name in ("office", "other"):
            server.add_client(name, "--requests-a-second", "100000")
        server.start()
        check_smuggling(server)
        check_paths_and_headers(server)
        check_injections(server)
        check_foreign_keys(server)
        check_siege(server, connections)
        assert server.process.poll() is None and server.stop() == 0, server.log()
        assert "the register is whole" in seald.run(seald.PROGRAM, "audit", "verify", server.dir)


if __name__ == "__main__":
    main()
