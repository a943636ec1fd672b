#!/usr/bin/env python3
"""Who may make which call, and see which page: each role against each, by the table below. The calls are those of the OpenAPI file
and the pages those of their routes, so that a new one without a row fails."""
import base64
import contextlib
import datetime
import hashlib
import json
import pathlib
import re
import sqlite3

import administration
import seald
from visitor import Visitor

ROUTES = pathlib.Path(__file__).parents[2] / "seal-server/pages/pages.cc"

# Keys and certificates that are refused with everything, before anything of the request is read; 0: in the handshake.
REFUSED = {"nobody": 401, "stranger": 0, "past": 403, "revoked": 403, "expired": 403, "suspended": 403, "ended": 403,
           "person": 403, "stale-auditor": 403}

# active: a client's key; grace: a superseded one within its grace; registered: a new one that is yet to be confirmed; other: of
# another client, which asks for what is the first one's.
CALLERS = ("active", "grace", "registered", "other", "auditor", "administrator")
CALLS = """
getClient                        200 200 200 200 403 403
getCryptogram                    200 200 200 404 403 403
changeCredentials                200 403 403 404 403 403
commitCredentials                409 403 403 409 403 403
listTransactions                 200 200 403 200 403 403
openTransactions                 200 200 403 200 403 403
getTransaction                   200 200 403 404 403 403
endTransaction                   200 200 403 404 403 403
orderAuthenticationCertificate   422 403 403 422 403 403
getAuthenticationCertificate     404 404 404 404 403 403
confirmAuthenticationCertificate 404 404 404 404 403 403
leaseSealingKey                  200 403 403 200 403 403
orderSealingCertificate          422 403 403 422 403 403
getSealingCertificate            404 404 403 404 403 403
activateSealingCertificate       404 403 403 404 403 403
listClients                      403 403 403 403 403 200
addClient                        403 403 403 403 403 200
getAnyClient                     403 403 403 403 403 200
setClientState                   403 403 403 403 403 200
setClientLimits                  403 403 403 403 403 200
setStatement                     403 403 403 403 403 422
addClientKey                     403 403 403 403 403 200
setCryptogram                    403 403 403 403 403 200
revokeClientKey                  403 403 403 403 403 200
addSealingCertificate            403 403 403 403 403 200
getCheckpoint                    200 200 200 200 200 200
getTile                          200 200 200 200 200 200
getEntries                       403 403 403 403 200 200
"""

# Of the web pages: nobody shows no certificate; client shows that of a client; the others have signed in by certificate: person
# belongs to the client whose things these are, outsider to another one.
VISITORS = ("nobody", "client", "person", "outsider", "auditor", "administrator")
PAGES = """
GET  /                       303 303 303 303 303 303
GET  /sign-in                200 200 200 200 200 200
POST /sign-in                403 403 403 403 403 403
POST /sign-in/certificate    403 403 303 303 303 303
POST /language               303 303 303 303 303 303
GET  /seals                  303 303 200 200 200 200
GET  /seals/*                303 303 200 404 200 200
GET  /seals/*/proof          303 303 200 404 200 200
GET  /export/seals.csv       303 303 200 200 200 200
GET  /export/seals.json      303 303 200 200 200 200
POST /lookup                 303 303 200 200 200 200
GET  /certificates           303 303 200 200 200 200
GET  /clients                303 303 403 403 403 200
GET  /clients/*              303 303 403 403 403 200
POST /clients/*/state        303 303 403 403 403 303
POST /clients/*/limits       303 303 403 403 403 303
POST /keys/*/revoke          303 303 403 403 403 303
POST /sign-out               303 303 303 303 303 303
"""


def rows(table, names):
    """{row: {name: status}}, of a table as above."""
    found = {}
    for line in table.strip().splitlines():
        *words, statuses = re.fullmatch(r"(\S+)\s+(?:(/\S*)\s+)?((?:\d{3} ?)+)", line).groups()
        row = " ".join(word for word in words if word)
        assert row not in found, row
        found[row] = dict(zip(names, map(int, statuses.split()), strict=True))
    return found


def moment(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def write_rows(server, *statements):
    with contextlib.closing(sqlite3.connect(pathlib.Path(server.dir, "seald.db"))) as sql:
        for statement, values in statements:
            assert sql.execute(statement, values).rowcount == 1, statement
        sql.commit()


def keep_cryptogram(server, key):
    for name in ("cryptogram", "credentials"):
        pathlib.Path(server.file(name)).write_bytes(name.encode())
    seald.run(seald.PROGRAM, "client", "cryptogram", server.dir, "--key", key, "--cryptogram", server.file("cryptogram"), "--credentials",
              server.file("credentials"))


def prepare(server):
    """Everybody, and what they ask for."""
    facts = {}
    facts["client"], facts["key"] = server.add_client("active")
    facts["otherClient"], facts["otherKey"] = server.add_client("other")
    keys = {"active": facts["key"]}
    for name in ("grace", "registered", "past", "revoked", "expired"):
        server.make_key(name, f"/CN={name}")
        keys[name] = seald.run(seald.PROGRAM, "client", "add-key", server.dir, "--client", facts["client"], "--certificate",
                               server.file(name + ".crt"))
    for name in ("active", "grace", "registered"):
        keep_cryptogram(server, keys[name])
    seald.run(seald.PROGRAM, "client", "revoke-key", server.dir, "--key", keys["revoked"])
    for name in ("suspended", "ended"):
        client, _ = server.add_client(name)
        seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", client, name)
    server.make_key("stranger", "/CN=active")  # the same name, another key
    for name in ("administrator", "auditor"):
        administration.add_official(server, name, name)
    stale = administration.add_official(server, "stale-auditor", "auditor")
    for name, client in (("person", facts["client"]), ("outsider", facts["otherClient"])):
        server.make_key(name, f"/CN={name}")
        seald.run(seald.PROGRAM, "user", "add", server.dir, "--name", name, "--role", "person", "--client", client, "--certificate",
                  server.file(name + ".crt"))
    superseded = "UPDATE authentication_key SET state = 'superseded', superseded_at = ?, accepted_until = ? WHERE spki = ?"
    write_rows(server,
               (superseded, (moment(-1), moment(29), keys["grace"])),
               (superseded, (moment(-31), moment(-1), keys["past"])),
               ("UPDATE authentication_key SET state = 'registered' WHERE spki = ?", (keys["registered"],)),
               ("UPDATE authentication_key SET not_after = ? WHERE spki = ?", (moment(-1), keys["expired"])),
               ("UPDATE web_user SET not_after = ? WHERE spki = ?", (moment(-1), stale)))
    server.start()
    seal = {"kind": "seal", "reference": "A/1", "digest": digest("one"), "sealingCertificate": "c" * 64}
    status, _, answer = server.curl("active", "POST", "/seal/v1/transactions", {"transactions": [seal]}, "first")
    assert status == 200, answer
    facts["seal"] = json.loads(answer)["transactions"][0]["id"]
    return facts


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def body_of(operation, server):
    """A good request, where a role could make one; else the least that tells who may make it."""
    bodies = {
        "changeCredentials": {},
        "commitCredentials": {"lease": "none", "credentials": "YQ=="},
        "openTransactions": {"transactions": [{"kind": "seal", "digest": digest("two"), "sealingCertificate": "c" * 64}]},
        "endTransaction": {"state": "sealed", "sealedDigest": digest("sealed one")},
        "orderAuthenticationCertificate": {"request": "YQ==", "cryptogram": "YQ=="},
        "confirmAuthenticationCertificate": {},
        "leaseSealingKey": {},
        "orderSealingCertificate": {"lease": "none", "request": "YQ=="},
        "activateSealingCertificate": {"state": "active"},
        "addClientKey": {"certificate": administration.der_base64(server, "desk"), "cryptogram": "YQ==", "credentials": "Yg=="},
        "addClient": {"name": "Made", "organisation": "NTRCZ-1"},
        "setClientState": {"state": "active"},
        "setClientLimits": {},
        "setStatement": {"statement": "YQ=="},
        "setCryptogram": {"cryptogram": "YQ==", "credentials": "Yg=="},
        "revokeClientKey": {},
        "addSealingCertificate": {"certificate": administration.der_base64(server, "active")},
    }
    return bodies[operation]


def path_of(template, operation, facts):
    """That of an object of the first client."""
    # To be revoked: one that no role is.
    key = facts["spare"] if operation == "revokeClientKey" else facts["key"]
    item = facts["client"] if template.startswith("/clients/") else facts["seal"] if template.startswith("/transactions/") else "none"
    return template.replace("{id}", item).replace("{key}", key).replace("{level}", "0").replace("{index}", "000.p/1")


def check_calls(server, contract, facts):
    table = rows(CALLS, CALLERS)
    operations = {operation["operationId"]: (method.upper(), template) for template, item in contract.document["paths"].items()
                  for method, operation in item.items() if "operationId" in operation}
    assert set(table) == set(operations), f"calls without a row, or rows without a call: {set(table) ^ set(operations)}"
    lines = {who: Visitor(server, None if who == "nobody" else who) for who in [*REFUSED, *CALLERS]}
    wrong, number = [], 0
    server.make_key("desk", "/CN=desk")
    for operation, expected in table.items():
        method, template = operations[operation]
        path = path_of(template, operation, facts)
        body = None if method == "GET" else json.dumps(body_of(operation, server))
        for who, line in lines.items():
            number += 1
            headers = {"Content-Type": "application/json"} if body else {}
            if method == "POST":
                headers["Idempotency-Key"] = f"call-{number}"
            status, text = line.ask(method, "/seal/v1" + path, body, headers)
            if status != (REFUSED | expected)[who]:
                wrong.append(f"{operation} by {who}: {status}, not {(REFUSED | expected)[who]}: {text[:200]}")
            # A refusal tells nothing of what is there.
            if status == 403:
                assert facts["seal"] not in text and facts["key"] not in text, text
    assert not wrong, "\n".join(wrong)
    return number


def check_pages(server, facts):
    table = rows(PAGES, VISITORS)
    routes = re.findall(r'\{"(GET|POST)", "([^"]+)", Access::', ROUTES.read_text(encoding="utf-8"))
    assert set(table) == {f"{method} {path}" for method, path in routes}, "pages without a row, or rows without a page"
    lines = {who: Visitor(server, {"nobody": None, "client": "active"}.get(who, who)) for who in VISITORS}
    for who, line in lines.items():
        assert line.ask("GET", "/sign-in")[0] == 200
        if who not in ("nobody", "client"):
            line.sign_in()
    forms = {"/sign-in": {"name": "person", "password": "not the password", "code": "000000"}, "/language": {"language": "en", "to": "/"},
             "/lookup": {"parts": f"3:{hashlib.sha256(b'one').hexdigest()}"}, "/clients/*/state": {"state": "active"}}
    wrong, number = [], 0
    for row, expected in table.items():
        method, template = row.split()
        item = {"/seals": facts["seal"], "/clients": facts["client"], "/keys": facts["spare"]}.get("/" + template.split("/")[1], "")
        path = template.replace("*", item)
        for who, line in lines.items():
            number += 1
            if method == "POST":
                line.token = "0" * 64
                status, text = line.post_form(path, **forms.get(template, {}))
                # A form without its token is nobody's; who has not signed in is sent to do so.
                to_sign_in = who in ("nobody", "client") and template not in ("/sign-in", "/sign-in/certificate", "/language")
                if status != (303 if to_sign_in else 403):
                    wrong.append(f"{row} by {who} without the token: {status}")
                line.ask("GET", "/sign-in")
            status, text = line.post_form(path, **forms.get(template, {})) if method == "POST" else line.ask("GET", path)
            if status != expected[who]:
                wrong.append(f"{row} by {who}: {status}, not {expected[who]}: {text[:300]}")
            if who == "outsider":
                # What is the first client's, and is shown to the others.
                assert facts["seal"] not in text.replace(path, "") and "A/1" not in text, f"{row}: {text}"
    assert not wrong, "\n".join(wrong)
    return number


def main():
    contract = seald.Contract()
    with seald.Server() as server:
        facts = prepare(server)
        server.make_key("spare", "/CN=spare")
        facts["spare"] = seald.run(seald.PROGRAM, "client", "add-key", server.dir, "--client", facts["client"], "--certificate",
                                   server.file("spare.crt"))
        pages, calls = check_pages(server, facts), check_calls(server, contract, facts)
        assert server.stop() == 0, server.log()
        assert "the register is whole" in seald.run(seald.PROGRAM, "audit", "verify", server.dir)
    print(f"{calls} calls and {pages} pages as the tables say")


if __name__ == "__main__":
    main()
