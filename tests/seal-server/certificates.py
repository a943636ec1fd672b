"""How clients get their next certificates, from the test authority: by HTTP for their keys, by a command for their seals."""
import base64
import pathlib
import subprocess
import time

import seald


def read(server, name):
    return pathlib.Path(server.file(name)).read_bytes()


def base64_of(octets):
    return base64.b64encode(octets).decode()


def cryptogram(server):
    """32 octets for a key of a client, as CMS AuthEnvelopedData."""
    done = subprocess.run(["openssl", "cms", "-encrypt", "-aes-256-gcm", "-binary", "-outform", "DER", "-recip", server.file("server.crt")],
                          input=bytes(32), capture_output=True, check=True)
    return base64_of(done.stdout)


def wait_for_end(client, path):
    """The order at `path`, once the authority has decided."""
    end = time.monotonic() + seald.PATIENCE
    while True:
        order = client.ask(200, "GET", path)
        if order["state"] != "pending":
            return order
        assert time.monotonic() < end, "the authority does not answer"
        time.sleep(0.05)


def keep_certificate(server, authority, name, order):
    """NAME.crt, after a look at the chain."""
    assert order["state"] == "issued" and len(order["certificates"]) == 3, order
    pem = subprocess.run(["openssl", "x509", "-inform", "DER"], input=base64.b64decode(order["certificates"][0]), capture_output=True,
                         check=True).stdout
    pathlib.Path(server.file(name + ".crt")).write_bytes(pem)
    seald.run("openssl", "verify", "-CAfile", authority.dir + "/ca.pem", server.file(name + ".crt"))


def order(server, client, name, key, **more):
    """Of a certificate for a new key NAME; gives its path."""
    body = {"request": base64_of(server.make_request(name, "/CN=client")), "cryptogram": cryptogram(server), **more}
    made = client.ask(202, "POST", "/authentication-certificates", body, key)
    assert client.ask(202, "POST", "/authentication-certificates", body, key) == made
    return "/authentication-certificates/" + made["id"]


def state_of(client, key):
    keys = client.ask(200, "GET", "/client")["authenticationCertificates"]
    return [each["state"] for each in keys if each["key"] == key]


def check_authentication(server, authority, make_client):
    server.make_key("card", "/CN=card")
    office = seald.run(seald.PROGRAM, "client", "add", server.dir, "--name", "office with a card", "--organisation", "NTRCZ-1")
    key = seald.run(seald.PROGRAM, "client", "add-key", server.dir, "--client", office, "--certificate", server.file("card.crt"), "--card")
    for name in ("cryptogram", "credentials"):
        pathlib.Path(server.file(name)).write_bytes(b"some " + name.encode())
    seald.run(seald.PROGRAM, "client", "cryptogram", server.dir, "--key", key, "--cryptogram", server.file("cryptogram"), "--credentials",
              server.file("credentials"))
    card = make_client("card")

    # Activation, twice, since the first file was lost.
    lost = order(server, card, "lost", "a1")
    path = order(server, card, "first", "a2")
    assert card.ask(200, "GET", lost) == {"id": lost.rpartition("/")[2], "state": "refused", "reason": "The key is revoked."}
    keep_certificate(server, authority, "first", wait_for_end(card, path))
    first = make_client("first")
    assert first.ask(200, "GET", "/cryptogram")["credentials"] == base64_of(b"some credentials")
    first.ask(403, "GET", "/transactions")
    card.ask(200, "GET", "/client")
    first.ask(404, "POST", lost + "/confirm", {}, "a3")
    confirmed = first.ask(200, "POST", path + "/confirm", {}, "a4")
    assert first.ask(200, "POST", path + "/confirm", {}, "a4") == confirmed
    refused = card.ask(403, "GET", "/client")
    assert refused["detail"].startswith("This card was used for activation at 20"), refused
    assert state_of(first, key) == ["superseded"]

    # A renewal: the old key may log in and report for a while.
    path = order(server, first, "second", "a5")
    keep_certificate(server, authority, "second", wait_for_end(first, path))
    second = make_client("second")
    second.ask(200, "POST", path + "/confirm", {}, "a6")
    first.ask(200, "GET", "/cryptogram")
    first.ask(200, "GET", "/transactions")
    first.ask(403, "POST", "/credentials/change", {}, "a7")
    first.ask(403, "POST", "/authentication-certificates", {}, "a8")
    second.ask(422, "POST", "/authentication-certificates", {"request": "YQ==", "cryptogram": cryptogram(server)}, "a9")

    # A key for another machine.
    path = order(server, second, "third", "a10", supersedes=False)
    keep_certificate(server, authority, "third", wait_for_end(second, path))
    third = make_client("third")
    third.ask(200, "POST", path + "/confirm", {}, "a11")
    second.ask(200, "POST", "/credentials/change", {}, "a12")
    # Whoever had the key of the second one may have it, too.
    name = confirmed["key"]
    seald.run(seald.PROGRAM, "client", "revoke-key", server.dir, "--key", name)
    for each in (first, second, third):
        each.ask(403, "GET", "/client")
    assert name in pathlib.Path(server.dir, "revocations").read_text(encoding="ascii")


def seal_request(server, name, signer):
    """A new key's request, sealed by a certificate."""
    request = server.make_request(name, "/CN=seal")
    done = subprocess.run(["openssl", "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer", server.file(signer + ".crt"), "-inkey",
                           server.file(signer + ".key")], input=request, capture_output=True, check=True)
    return base64_of(done.stdout)


def register_seal(server, client, name):
    return seald.run(seald.PROGRAM, "client", "add-sealing-certificate", server.dir, "--client", client, "--certificate",
                     server.file(name + ".crt"))


def check_sealing(server, authority, make_client):
    office, _ = server.add_client("sealing")
    client = make_client("sealing")
    server.make_request("seal", "/CN=seal")
    seald.run(seald.TESTCA, "issue", authority.dir, server.file("seal.csr"), server.file("seal.crt"))
    old = register_seal(server, office, "seal")
    lease = client.ask(200, "POST", "/sealing-certificates/lease", {}, "s1")
    client.ask(422, "POST", "/sealing-certificates", {"lease": lease["id"], "request": base64_of(read(server, "seal.csr"))}, "s2")
    server.make_key("other", "/CN=seal")
    client.ask(422, "POST", "/sealing-certificates", {"lease": lease["id"], "request": seal_request(server, "next", "other")}, "s3")
    request = seal_request(server, "next", "seal")
    made = client.ask(202, "POST", "/sealing-certificates", {"lease": lease["id"], "request": request}, "s4")
    path = "/sealing-certificates/" + made["id"]
    keep_certificate(server, authority, "next", wait_for_end(client, path))
    assert client.ask(200, "POST", "/sealing-certificates/lease", {}, "s5") == {**lease, "certificate": made["id"]}
    for _ in range(2):
        client.ask(200, "PUT", path, {"state": "active"})
    states = {each["certificate"]: each["state"] for each in client.ask(200, "GET", "/client")["sealingCertificates"]}
    assert states.pop(old) == "retired" and list(states.values()) == ["active"], states

    # One that the authority did not issue: it refuses for good, and says why.
    office, _ = server.add_client("foreign")
    client = make_client("foreign")
    register_seal(server, office, "other")
    lease = client.ask(200, "POST", "/sealing-certificates/lease", {}, "s6")
    made = client.ask(202, "POST", "/sealing-certificates", {"lease": lease["id"], "request": seal_request(server, "never", "other")}, "s7")
    refused = wait_for_end(client, "/sealing-certificates/" + made["id"])
    assert refused["state"] == "refused" and refused["reason"].startswith("not-issued: "), refused
    assert client.ask(200, "POST", "/sealing-certificates/lease", {}, "s8")["id"] != lease["id"]
