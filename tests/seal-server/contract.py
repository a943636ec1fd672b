#!/usr/bin/env python3
"""The seal server as curl sees it: each call of the contract, and who is refused. Each answer is checked against the OpenAPI
file."""
import base64
import hashlib
import json
import pathlib
import signal
import subprocess

import administration
import certificates
import seald

BASE = "/seal/v1"


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def opening(name, reference="A/1", **more):
    return {"transactions": [{"kind": "seal", "reference": reference, "digest": digest(name), "sealingCertificate": "c" * 64}], **more}


class Client:
    def __init__(self, server, contract, name):
        self.server, self.contract, self.name = server, contract, name

    def ask(self, status, method, path, body=None, key=None):
        got, media_type, answer = self.server.curl(self.name, method, BASE + path, body, key)
        assert got == status, f"{method} {path}: {got}, not {status}: {answer}"
        self.contract.check(method, path, got, media_type, answer)
        return json.loads(answer) if media_type.endswith("json") else answer


def check_credentials(server, client, office):
    """The change of the password, of which nothing but ciphertexts comes here."""
    first, second = (base64.b64encode(text).decode() for text in (b"for the client", b"for the client, later"))
    lease = client.ask(200, "POST", "/credentials/change", {"next": second}, "c1")
    assert (lease["credentials"], lease["next"]) == (first, [second])
    assert client.ask(200, "POST", "/credentials/change", {"next": second}, "c1") == lease
    client.ask(409, "POST", "/credentials/change", {}, "c2")
    client.ask(409, "GET", "/cryptogram")
    client.ask(409, "POST", "/credentials/commit", {"lease": "none", "credentials": second}, "c3")
    client.ask(200, "POST", "/credentials/commit", {"lease": lease["lease"], "credentials": second}, "c4")
    kept = client.ask(200, "GET", "/cryptogram")
    assert (kept["credentials"], kept["next"]) == (second, []) and "statement" not in kept
    # By the registration authority.
    server.make_key("authority", "/CN=authority")
    for number, status in ((1, 0), (1, 1), (2, 0)):
        statement = json.dumps({"client": office, "number": number, "members": []})
        signed = subprocess.run(["openssl", "cms", "-sign", "-binary", "-nodetach", "-signer", server.file("authority.crt"), "-inkey",
                                 server.file("authority.key"), "-outform", "DER"], input=statement.encode(), capture_output=True, check=True)
        pathlib.Path(server.file("statement")).write_bytes(signed.stdout)
        said = seald.run(seald.PROGRAM, "client", "statement", server.dir, "--client", office, "--statement", server.file("statement"),
                         status=status)
        assert status == 0 or said.endswith("The statement's number must exceed 1."), said
    assert base64.b64decode(client.ask(200, "GET", "/cryptogram")["statement"]) == signed.stdout


def check_calls(server, contract):
    office, key = server.add_client("office")
    server.start()
    client = Client(server, contract, "office")
    assert client.ask(200, "GET", "/client")["id"] == office
    client.ask(404, "GET", "/cryptogram")
    for name, text in (("cryptogram", b"for the key"), ("credentials", b"for the client")):
        with open(server.file(name), "wb") as file:
            file.write(text)
    seald.run(seald.PROGRAM, "client", "cryptogram", server.dir, "--key", key, "--cryptogram", server.file("cryptogram"),
              "--credentials", server.file("credentials"))
    kept = client.ask(200, "GET", "/cryptogram")
    assert base64.b64decode(kept["cryptogram"]) == b"for the key"
    assert base64.b64decode(kept["credentials"]) == b"for the client"

    check_credentials(server, client, office)

    first = client.ask(200, "POST", "/transactions", opening("one"), "k1")["transactions"][0]
    again = client.ask(200, "POST", "/transactions", opening("one"), "k1")["transactions"][0]
    assert first == again
    client.ask(422, "POST", "/transactions", opening("two"), "k1")
    client.ask(400, "POST", "/transactions", opening("two"))
    result = {"state": "sealed", "sealedDigest": digest("sealed one"), "signedAt": "2026-11-29T02:00:00Z"}
    client.ask(200, "PUT", f"/transactions/{first['id']}", result)
    client.ask(200, "PUT", f"/transactions/{first['id']}", result)
    client.ask(409, "PUT", f"/transactions/{first['id']}", {"state": "failed"})
    both = opening("three", "Žádost č. 5 <b>'\"", results=[{"id": first["id"], "state": "failed"}])
    assert client.ask(200, "POST", "/transactions", both, "k3")["results"][0]["outcome"] == "conflict"

    assert client.ask(200, "GET", f"/transactions/{first['id']}")["state"] == "sealed"
    listed = client.ask(200, "GET", "/transactions" + seald.query(digest=digest("sealed one"), state="sealed"))
    assert [seal["id"] for seal in listed["transactions"]] == [first["id"]]
    listed = client.ask(200, "GET", "/transactions" + seald.query(reference="Žádost"))
    assert [seal["reference"] for seal in listed["transactions"]] == ["Žádost č. 5 <b>'\""]
    client.ask(422, "GET", "/transactions" + seald.query(**{"from": "yesterday"}))
    client.ask(400, "GET", "/transactions?nothing=1")
    client.ask(404, "GET", "/transactions/none")
    client.ask(404, "GET", "/none")
    client.ask(405, "DELETE", "/client")

    note = client.ask(200, "GET", "/log/checkpoint").decode()
    origin, size = note.splitlines()[:2]
    assert origin == "seals.example/log" and server.verifier.startswith(origin + "+")
    tile = client.ask(200, "GET", f"/log/tile/0/000.p/{size}")
    sequence, entry = first["receipt"]["sequence"], first["receipt"]["entry"]
    assert tile[32 * sequence:32 * sequence + 32] == hashlib.sha256(b"\0" + entry.encode()).digest()
    random = base64.b64decode(first["receipt"]["random"])
    content = {"client": office, "transaction": first["id"], "kind": "seal", "reference": "A/1", "digest": hashlib.sha256(b"one").hexdigest(),
               "sealingCertificate": "c" * 64}
    commitment = hashlib.sha256(random + json.dumps(content, separators=(",", ":")).encode()).hexdigest()
    assert json.loads(entry)["content"] == commitment, "the receipt does not commit to what was announced"
    client.ask(403, "GET", "/log/tile/entries/000.p/1")
    client.ask(404, "GET", "/log/tile/0/000")
    return office, key, note


def check_admission(server, contract, office, key):
    client = Client(server, contract, "office")
    server.make_key("stranger", "/CN=office")  # the same name, another key
    assert server.curl("stranger", "GET", BASE + "/client")[0] == 0, "a stranger's handshake succeeds"
    assert server.curl(None, "GET", BASE + "/client")[0] == 401
    assert server.curl(None, "GET", "/healthz") == (200, "text/plain", b"ok\n")
    assert b"\nsignet_seald_answer_seconds_count " in server.curl(None, "GET", "/metrics")[2]

    _, other_key = server.add_client("other", "--seals-a-day", "1")
    other = Client(server, contract, "other")
    assert other.ask(200, "GET", "/transactions")["transactions"] == []
    other.ask(200, "POST", "/transactions", opening("theirs"), "k1")
    other.ask(429, "POST", "/transactions", opening("theirs too"), "k2")

    for state, status in (("suspended", 403), ("active", 200)):
        seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", office, state)
        client.ask(status, "GET", "/client")
    seald.run(seald.PROGRAM, "client", "revoke-key", server.dir, "--key", key)
    client.ask(403, "GET", "/client")
    assert other_key != key
    other.ask(200, "GET", "/client")


def check_end(server, note):
    # Another TLS certificate, without a stop.
    with open(server.file("server.crt"), encoding="utf-8") as file:
        before = file.read()
    server.make_key("server", "/CN=localhost", "subjectAltName=IP:127.0.0.1")
    assert server.curl(None, "GET", "/healthz")[0] == 0, "the former certificate fits the new one"
    server.process.send_signal(signal.SIGHUP)
    for _ in range(1000):
        if server.curl(None, "GET", "/healthz")[0] == 200:
            break
    else:
        raise AssertionError("the server does not read its new certificate")
    assert before not in open(server.file("server.crt"), encoding="utf-8").read()

    assert server.stop() == 0, server.log()
    with open(server.file("kept"), "w", encoding="utf-8") as file:
        file.write(note)
    verified = seald.run(seald.PROGRAM, "audit", "verify", server.dir, "--checkpoint", server.file("kept"))
    assert verified.endswith("the register is whole"), verified
    with open(server.file("kept"), "w", encoding="utf-8") as file:
        file.write(note.replace("seals.example", "others.example"))
    refused = seald.run(seald.PROGRAM, "audit", "verify", server.dir, "--checkpoint", server.file("kept"), status=1)
    assert refused.endswith("has no checkpoint of this log."), refused
    # Nothing that only the client may read is in the log.
    assert "for the key" not in server.log()


def main():
    contract = seald.Contract()
    with seald.Authority() as authority, seald.Server(
            lambda _: ["--authentication-ca", authority.url + "/issue/seal-client", "--sealing-ca", authority.command()]) as server:
        office, key, note = check_calls(server, contract)
        make_client = lambda name: Client(server, contract, name)
        certificates.check_authentication(server, authority, make_client)
        certificates.check_sealing(server, authority, make_client)
        administration.add_official(server, "admin", "administrator")
        administration.check_clients(server, make_client("admin"), make_client)
        administration.check_auditor(server, make_client, make_client("office"))
        administration.check_rate(server, make_client)
        missing = contract.operations() - contract.seen
        assert not missing, f"no good answer of {', '.join(sorted(missing))} was seen"
        check_admission(server, contract, office, key)
        check_end(server, note)
    refused = subprocess.run([seald.PROGRAM, "run", "/nonexistent"], capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 1 and refused.stderr.startswith("signet-seald: "), refused


if __name__ == "__main__":
    main()
