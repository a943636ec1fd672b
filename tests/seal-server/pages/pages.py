#!/usr/bin/env python3
"""The seal server's web pages in a browser: pages.py [PICTURES], a folder for pictures of them.

A person signs in by password and code and an auditor by certificate, as browse.cjs tells a browser to; the proof that was
downloaded is judged by a program in Go."""
import base64
import hashlib
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
import seald  # noqa: E402

INSTALL = HERE.parents[2] / "conformance/clients/install.sh"
HUGE = 300 * 1024 * 1024  # octets
PASSWORD = "correct horse battery"
# What a client may say, and no page may do.
ATTACK = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'"


def digest(data):
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def open_seal(server, client, reference, document, result=None):
    """Its id."""
    seal = {"kind": "seal", "reference": reference, "digest": digest(document), "format": "PAdES", "level": "B-T",
            "sealingCertificate": hashlib.sha256(b"certificate").hexdigest()}
    key = hashlib.sha256(reference.encode()).hexdigest()
    status, _, answer = server.curl(client, "POST", "/seal/v1/transactions", {"transactions": [seal]}, key)
    assert status == 200, answer
    name = json.loads(answer)["transactions"][0]["id"]
    if result:
        status, _, answer = server.curl(client, "PUT", f"/seal/v1/transactions/{name}", result)
        assert status == 200, answer
    return name


def add_user(server, name, *words):
    return seald.run(seald.PROGRAM, "user", "add", server.dir, "--name", name, *words)


def prepare(server):
    """Clients, users and seals; what the browser has to know."""
    server.make_key("server", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    office, _ = server.add_client("office")
    # Whose names may do nothing either.
    other, other_key = server.add_client("other", name=f"Other {ATTACK}", subject="/CN=<b>other<\\/b>")
    for name in ("auditor", "admin"):
        server.make_key(name, f"/CN={name}")
    with open(server.file("password"), "w", encoding="utf-8") as file:
        file.write(PASSWORD + "\n")
    uri, *code = add_user(server, "jana", "--role", "person", "--client", office, "--qr", "--password-file",
                          server.file("password")).splitlines()
    server.make_key("seal", "/CN=Seal of the office")
    seald.run(seald.PROGRAM, "client", "add-sealing-certificate", server.dir, "--client", office, "--certificate", server.file("seal.crt"))
    add_user(server, "auditor", "--role", "auditor", "--certificate", server.file("auditor.crt"))
    add_user(server, "admin", "--role", "administrator", "--certificate", server.file("admin.crt"))
    assert "jana\tperson" in seald.run(seald.PROGRAM, "user", "list", server.dir)
    server.start()

    part = b"%PDF-1.7\nthe document\n%%EOF\n"
    sealed = part + b"a seal\n%%EOF\n"
    extended = sealed + b"more evidence\n%%EOF"
    for number, content in enumerate((part, sealed, extended)):
        pathlib.Path(server.file(f"{number}.pdf")).write_bytes(content)
    result = {"state": "sealed", "sealedDigest": digest(sealed), "signedAt": "2026-11-29T02:00:00Z",
              "timestampedAt": "2026-11-29T02:00:01Z"}
    sealed_id = open_seal(server, "office", "MV-2741/2026", part, result)
    for number in range(60):
        open_seal(server, "office", f"ČJ-{number:04}", f"document {number}".encode(), {"state": "failed", "reason": "no PIN"} if number % 9 == 0 else None)
    open_seal(server, "other", "XX-1/2026", b"theirs")
    open_seal(server, "office", ATTACK, b"attack")
    return {
        "origin": f"https://localhost:{server.port}",
        "user": "jana", "password": PASSWORD, "uri": uri, "qrCode": code, "secret": uri.split("secret=")[1].split("&")[0],
        "certificates": {name: [server.file(name + ".crt"), server.file(name + ".key")] for name in ("auditor", "admin")},
        "other": other, "otherKey": other_key,
        "attack": ATTACK, "seal": sealed_id, "sealedDigest": hashlib.sha256(sealed).hexdigest(),
        "document": hashlib.sha256(part).hexdigest(), "extended": server.file("2.pdf"),
        "extendedDigest": hashlib.sha256(extended).hexdigest(), "large": large_file(server, part), "huge": huge_file(server, part), "proof": server.file("proof"),
    }


def large_file(server, part):
    """Parts that end where a piece of the worker does, and one octet before and behind."""
    piece = 4 * 1024 * 1024
    data = bytearray(part + b"\0" * (3 * piece))
    for end in (piece, 2 * piece - 1, 3 * piece + 1):
        data[end - 6:end] = b"%%EOF\n"
    path = pathlib.Path(server.file("large.pdf"))
    path.write_bytes(data)
    ends = [len(part) - 1, len(part)] + [end - back for end in (piece, 2 * piece - 1, 3 * piece + 1) for back in (1, 0)] + [len(data)]
    return {"file": str(path), "parts": [f"{end}:{hashlib.sha256(data[:end]).hexdigest()}" for end in ends]}


def huge_file(server, part):
    """300 MB that nobody has sealed, but for their beginning."""
    path, whole = pathlib.Path(server.file("huge.pdf")), hashlib.sha256(part)
    block = bytes(range(256)) * 4096
    with open(path, "wb") as file:
        file.write(part)
        for _ in range(HUGE // len(block)):
            file.write(block)
            whole.update(block)
    return {"file": str(path), "part": f"{path.stat().st_size}:{whole.hexdigest()}"}


def main():
    browser = seald.run(INSTALL, "--folder", "browser")
    judge = seald.run(INSTALL, "--folder", "tlog") + "/tlog"
    with seald.Server() as server:
        facts = prepare(server)
        done = subprocess.run(["node", HERE / "browse.cjs", browser, *sys.argv[1:]], input=json.dumps(facts), text=True,
                              capture_output=True, timeout=600, check=False)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{server.log()}"
        print(done.stdout, end="")

        proof = pathlib.Path(facts["proof"]).read_text(encoding="utf-8")
        judged = subprocess.run([judge, "proof", server.verifier], input=proof, capture_output=True, text=True, timeout=60, check=False)
        assert judged.returncode == 0, judged.stderr
        content = json.loads(json.loads(judged.stdout)["content"])
        assert content["transaction"] == facts["seal"] and content["sealedDigest"] == facts["sealedDigest"], content
        # What the administrator did.
        assert server.curl("other", "GET", "/seal/v1/client")[0] == 403
        assert PASSWORD not in server.log() and facts["secret"] not in server.log()
        assert server.stop() == 0, server.log()
        assert "the register is whole" in seald.run(seald.PROGRAM, "audit", "verify", server.dir)


if __name__ == "__main__":
    main()
