"""The calls of administrators and auditors."""
import base64
import json
import pathlib
import subprocess

import seald


def der_base64(server, name):
    der = subprocess.run(["openssl", "x509", "-in", server.file(name + ".crt"), "-outform", "DER"], capture_output=True, check=True).stdout
    return base64.b64encode(der).decode()


def add_official(server, name, role):
    server.make_key(name, f"/CN={name}")
    return seald.run(seald.PROGRAM, "official", "add", server.dir, "--name", name, "--role", role, "--certificate", server.file(name + ".crt"))


def check_clients(server, admin, make_client):
    """Gives the path of a client, suspended."""
    made = admin.ask(200, "POST", "/clients", {"name": "Úřad", "organisation": "NTRCZ-2", "limits": {"sealsADay": 3}}, "c1")
    path = "/clients/" + made["id"]
    assert made["id"] in [each["id"] for each in admin.ask(200, "GET", "/clients")["clients"]]
    server.make_key("desk", "/CN=desk")
    body = {"certificate": der_base64(server, "desk"), "cryptogram": "YQ==", "credentials": "Yg=="}
    key = admin.ask(200, "POST", path + "/keys", body, "c2")["key"]
    admin.ask(409, "POST", path + "/keys", body, "c3")
    desk = make_client("desk")
    assert desk.ask(200, "GET", "/cryptogram")["cryptogram"] == "YQ=="
    admin.ask(200, "PUT", f"{path}/keys/{key}/cryptogram", {"cryptogram": "Yw==", "credentials": "ZA=="})
    assert desk.ask(200, "GET", "/cryptogram")["cryptogram"] == "Yw=="
    admin.ask(200, "POST", path + "/sealing-certificates", {"certificate": der_base64(server, "desk")}, "c4")
    admin.ask(422, "PUT", path + "/statement", {"statement": "YQ=="})
    statement = json.dumps({"client": made["id"], "number": 1, "members": [{"url": "https://dsa.example", "pins": []}]})
    signed = subprocess.run(["openssl", "cms", "-sign", "-binary", "-nodetach", "-signer", server.file("desk.crt"), "-inkey",
                             server.file("desk.key"), "-outform", "DER"], input=statement.encode(), capture_output=True, check=True)
    admin.ask(200, "PUT", path + "/statement", {"statement": base64.b64encode(signed.stdout).decode()})
    admin.ask(200, "PUT", path + "/limits", {"seals": 9, "until": "2099-01-01T00:00:00Z"})
    shown = admin.ask(200, "GET", path)
    assert shown["limits"] == {"seals": 9, "until": "2099-01-01T00:00:00.000Z"} and shown["name"] == "Úřad"
    desk.ask(403, "GET", "/clients")
    desk.ask(403, "GET", path)
    admin.ask(200, "PUT", path + "/state", {"state": "suspended"})
    desk.ask(403, "GET", "/client")
    admin.ask(200, "PUT", path + "/state", {"state": "active"})
    desk.ask(200, "GET", "/client")
    admin.ask(200, "POST", f"{path}/keys/{key}/revoke", {}, "c5")
    desk.ask(403, "GET", "/client")
    lines = [json.loads(line) for line in pathlib.Path(server.dir, "revocations").read_text(encoding="ascii").splitlines()]
    assert [line["state"] for line in lines if line.get("client") == made["id"]] == ["suspended", "active"]
    assert [line["state"] for line in lines if line.get("key") == key] == ["revoked"]
    admin.ask(200, "PUT", path + "/state", {"state": "ended"})
    admin.ask(409, "PUT", path + "/state", {"state": "active"})
    admin.ask(403, "GET", "/client")


def check_rate(server, make_client):
    server.add_client("slow", "--requests-a-second", "1")
    slow = make_client("slow")
    # Two may come together, and each second brings one more; these are far more.
    refused = 0
    for _ in range(200):
        status, _, answer = server.curl("slow", "GET", "/seal/v1/client")
        assert status in (200, 429), answer
        refused += status == 429
        if refused:
            break
    assert json.loads(answer)["detail"] == "More requests a second come than are allowed.", answer
    assert slow.name == "slow"


def check_auditor(server, make_client, client):
    key = add_official(server, "auditor", "auditor")
    auditor = make_client("auditor")
    size = int(auditor.ask(200, "GET", "/log/checkpoint").decode().splitlines()[1])
    width = min(size, 256)
    path = "000" if width == 256 else f"000.p/{width}"
    bundle = auditor.ask(200, "GET", "/log/tile/entries/" + path)
    entries = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        entries.append(json.loads(bundle[2:2 + length]))
        bundle = bundle[2 + length:]
    assert [entry["sequence"] for entry in entries] == list(range(width))
    auditor.ask(403, "GET", "/clients")
    auditor.ask(403, "GET", "/transactions")
    client.ask(403, "GET", "/log/tile/entries/" + path)
    seald.run(seald.PROGRAM, "official", "remove", server.dir, "--key", key)
    assert server.curl("auditor", "GET", "/seal/v1/log/checkpoint")[0] in (0, 403)
