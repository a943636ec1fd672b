#!/usr/bin/env python3
"""The seal server's own client, against the server: what is announced and reported arrives once, whatever happens between
them; and a register that forgets is noticed."""
import base64
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import threading
import time

import certificates
import seald

NOT_ADMITTED, UNTRUSTED, UNREACHABLE, CONFLICT, CONTRADICTION, WAIT = 2, 1, 0, 5, 8, 9  # of ServerError::Kind


class Client:
    """A process of seal_client_run; its outbox stays."""

    def __init__(self, server, name="office", pin=None, log=None):
        spki = subprocess.run(["openssl", "x509", "-in", server.file("server.crt"), "-noout", "-pubkey"], capture_output=True, check=True)
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=spki.stdout, capture_output=True, check=True)
        pin = pin or "sha256//" + base64.b64encode(hashlib.sha256(der.stdout).digest()).decode()
        self.process = subprocess.Popen(
            [os.environ["SIGNET_TEST_SEAL_CLIENT"], f"https://127.0.0.1:{server.port}", pin, server.file(name + ".crt"),
             server.file(name + ".key"), server.file("outbox"), *([log, server.verifier] if log else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")

    def end(self):
        self.process.stdin.close()
        assert self.process.wait(seald.PATIENCE) == 0
        self.process.stdout.close()

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def seals(server, name="office"):
    """State by reference."""
    status, _, answer = server.curl(name, "GET", "/seal/v1/transactions")
    assert status == 200, answer
    listed = json.loads(answer)["transactions"]
    states = {seal["reference"]: seal["state"] for seal in listed}
    assert len(states) == len(listed), f"a seal is there twice: {listed}"
    return states


def outbox(server):
    return sorted(file.suffix for file in pathlib.Path(server.file("outbox")).iterdir())


def check_reports(server):
    client = Client(server)
    assert client.ask("status") == "office"
    first = client.ask("open one")
    assert seals(server) == {"one": "opened"}
    assert client.ask(f"end {first}") == "kept"
    assert seals(server) == {"one": "opened"} and outbox(server) == [".result"]
    # The next announcement brings it along.
    second = client.ask("open two")
    assert seals(server) == {"one": "sealed", "two": "opened"} and outbox(server) == []
    # A killed client's result is reported by the next one.
    assert client.ask(f"end {second}") == "kept"
    client.kill()
    client = Client(server)
    assert client.ask("flush") == "told"
    assert seals(server)["two"] == "sealed" and outbox(server) == []
    # A result that the server does not take hinders no seal, and is set aside.
    assert client.ask(f"end {client.ask('open three')} yesterday") == "kept"
    assert seals(server)["three"] == "opened"
    client.ask("open four")
    assert seals(server)["four"] == "opened"
    assert client.ask("flush") == "told"
    assert outbox(server) == [".refused"]
    client.end()


def restart_on_same_port(server, kill):
    settings = pathlib.Path(server.dir) / "seald.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text("\n".join(f"port = {server.port}" if line.startswith("port") else line for line in text.splitlines()) + "\n",
                        encoding="utf-8")
    server.stop(kill)
    return server.start


def check_outage(server):
    client = Client(server)
    ended = client.ask("open five")
    start = restart_on_same_port(server, signal.SIGKILL)
    # Nothing is lost while the server is away; an announcement waits for it, up to its deadline.
    assert client.ask(f"end {ended}") == "kept"
    assert client.ask("open never 1").startswith(f"error {UNREACHABLE} ")
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(client.ask("open six")))
    waiting.start()
    start()
    waiting.join(seald.PATIENCE)
    assert answers and len(answers[0]) == 32, answers
    states = seals(server)
    assert states["five"] == "sealed" and states["six"] == "opened" and "never" not in states, states
    client.end()


def check_admission(server):
    wrong = Client(server, pin="sha256//" + base64.b64encode(bytes(32)).decode())
    assert wrong.ask("open seven").startswith(f"error {UNTRUSTED} ")
    wrong.end()
    _, key = server.add_client("other")
    other = Client(server, "other")
    assert other.ask("status") == "other"
    assert other.ask("cryptogram").startswith("error 4 ")
    seald.run(seald.PROGRAM, "client", "revoke-key", server.dir, "--key", key)
    assert other.ask("status") == f"error {NOT_ADMITTED} The seal server answers 403: This key is revoked."
    other.end()
    assert "seven" not in seals(server)


def cut_tail(server, events):
    """Removes the last events with their checkpoints, as an intruder does who also knows the file with the newest one."""
    with sqlite3.connect(pathlib.Path(server.dir) / "seald.db") as sql:
        for table, column in (("seal", "number"), ("event", "sequence"), ("checkpoint", "size")):
            sql.execute(f"DELETE FROM {table} WHERE {column} >= (SELECT max(size) FROM checkpoint) - ?" + (" + 1" if table == "checkpoint" else ""), (events,))
        note = sql.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()[0]
    sql.close()
    (pathlib.Path(server.dir) / "checkpoint").write_text(note, encoding="utf-8")


def check_log(server, forget):
    """`forget(server)`, while it is stopped, takes away what was acknowledged: every client sees it at its next call."""
    kept = pathlib.Path(server.file("kept"))
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(mode=0o700)
    running, resting, late = (str(kept / name) for name in ("running", "resting", "late"))
    Client(server, log=late).end()
    client = Client(server, log=running)
    assert len(client.ask("open first")) == 32
    saved = pathlib.Path(server.file("saved"))
    start = restart_on_same_port(server, signal.SIGTERM)
    shutil.rmtree(saved, ignore_errors=True)
    shutil.copytree(server.dir, saved)
    start()
    for number in range(4):
        assert len(client.ask(f"open more-{number}")) == 32
    assert client.ask("check") == "continued"
    shutil.copy(running, resting)
    elsewhere = server.file("elsewhere")
    shutil.copy(running, elsewhere)
    start = restart_on_same_port(server, signal.SIGTERM)
    forget(server)
    start()
    # One that runs, by the number of its new event; one that starts, by the log itself; one that saw nothing, not.
    told = client.ask("open after")
    assert told.startswith(f"error {CONTRADICTION} The seal server's log gives a new event the number "), told
    assert client.ask("open after").startswith(f"error {CONTRADICTION} ")
    client.end()
    other = Client(server, log=resting)
    told = other.ask("open other")
    assert told.startswith(f"error {CONTRADICTION} ") and "does not continue the" in told, told
    other.end()
    other = Client(server, log=resting)
    told = other.ask("open other")
    assert told.startswith(f"error {CONTRADICTION} ") and "until somebody accepts it" in told, told
    assert "other" not in seals(server)
    # The evidence is two checkpoints by the log's own key.
    assert pathlib.Path(resting).read_text(encoding="utf-8") != pathlib.Path(resting + ".contradiction").read_text(encoding="utf-8")
    assert other.ask("accept") == "accepted" and len(other.ask("open other")) == 32
    assert not pathlib.Path(resting + ".contradiction").exists() and pathlib.Path(resting + ".accepted").exists()
    other.end()
    newcomer = Client(server, log=late)
    assert len(newcomer.ask("open late")) == 32
    newcomer.end()
    # By itself the register looks whole; a checkpoint from elsewhere shows what was done.
    assert seald.run(seald.PROGRAM, "audit", "verify", server.dir).endswith("the register is whole")
    fault = seald.run(seald.PROGRAM, "audit", "verify", server.dir, "--checkpoint", elsewhere, status=1)
    assert "heckpoint from elsewhere" in fault, fault


def restore_backup(server):
    shutil.rmtree(server.dir)
    shutil.copytree(server.file("saved"), server.dir)
def keep_credentials(server, key):
    for name in ("cryptogram", "credentials"):
        pathlib.Path(server.file(name)).write_bytes(name.encode())
    seald.run(seald.PROGRAM, "client", "cryptogram", server.dir, "--key", key, "--cryptogram", server.file("cryptogram"), "--credentials",
              server.file("credentials"))


def check_credentials(server, key):
    """Two machines with one key: one changes the password, the other one waits."""
    keep_credentials(server, key)
    one, other = Client(server), Client(server)
    assert one.ask("cryptogram") == "cryptogram"
    lease, current, following = one.ask("change - second").split()
    assert (current, following) == ("credentials", "second")
    for call in ("change - third", "cryptogram"):
        assert other.ask(call).startswith(f"error {WAIT} "), other.ask(call)
    assert one.ask(f"change {lease} third") == f"{lease} credentials second third"
    assert one.ask(f"commit {lease} fourth").startswith(f"error {CONFLICT} ")
    assert one.ask(f"commit {lease} third") == "committed"
    lease, current = other.ask("change - -").split()
    assert current == "third"
    assert other.ask(f"commit {lease} third") == "committed"
    one.end()
    other.end()


def ordered(client, call):
    end = time.monotonic() + seald.PATIENCE
    while (state := client.ask(call)) == "pending":
        assert time.monotonic() < end, "the authority does not answer"
        time.sleep(0.05)
    return state


def to_pem(server, name):
    seald.run("openssl", "x509", "-inform", "DER", "-in", server.file(name + ".der"), "-out", server.file(name + ".crt"))


def check_certificates(server, authority, office):
    """A renewal of the key, and one of the sealing certificate."""
    old = Client(server)
    server.make_request("office2", "/CN=office")
    pathlib.Path(server.file("for-office2")).write_bytes(base64.b64decode(certificates.cryptogram(server)))
    order = old.ask(f"order {server.file('office2.csr')} {server.file('for-office2')} replaces")
    assert ordered(old, f"ordered {order}") == "issued 3"
    assert old.ask(f"certificate {order} {server.file('office2.der')}") == "written"
    to_pem(server, "office2")
    new = Client(server, "office2")
    assert new.ask("keys") == "1 registered, 1 active, 0 superseded, 0 revoked"
    assert new.ask("open too-early").startswith(f"error {NOT_ADMITTED} ")
    assert new.ask(f"confirm {order}") == "confirmed"
    assert old.ask("keys") == "0 registered, 1 active, 1 superseded, 0 revoked"
    assert old.ask("change - -").startswith(f"error {NOT_ADMITTED} ")
    assert len(old.ask("open still")) == 32

    server.make_request("seal", "/CN=seal")
    seald.run(seald.TESTCA, "issue", authority.dir, server.file("seal.csr"), server.file("seal.crt"))
    certificates.register_seal(server, office, "seal")
    lease, label = new.ask("lease").split()
    assert label.startswith("seal-")
    pathlib.Path(server.file("sealed.p7")).write_bytes(base64.b64decode(certificates.seal_request(server, "seal2", "seal")))
    order = new.ask(f"order-seal {lease} {server.file('sealed.p7')}")
    assert ordered(new, f"ordered-seal {order}") == "issued 3"
    assert new.ask(f"certificate seal:{order} {server.file('seal2.der')}") == "written"
    to_pem(server, "seal2")
    assert new.ask(f"activate {order}") == "active"
    # One that the authority did not issue.
    server.make_key("foreign", "/CN=seal")
    certificates.register_seal(server, office, "foreign")
    following = new.ask("lease").split()[0]
    assert following != lease
    pathlib.Path(server.file("sealed.p7")).write_bytes(base64.b64decode(certificates.seal_request(server, "seal3", "foreign")))
    order = new.ask(f"order-seal {following} {server.file('sealed.p7')}")
    assert ordered(new, f"ordered-seal {order}").startswith("refused not-issued: ")
    new.end()
    old.end()


def main():
    with seald.Authority() as authority, seald.Server(
            lambda _: ["--authentication-ca", authority.url + "/issue/seal-client", "--sealing-ca", authority.url + "/renew"]) as server:
        office, key = server.add_client("office")
        server.start()
        check_reports(server)
        check_outage(server)
        check_credentials(server, key)
        check_certificates(server, authority, office)
        check_admission(server)
        check_log(server, restore_backup)
        assert server.stop() == 0, server.log()
    with seald.Server() as server:
        server.add_client("office")
        server.start()
        check_log(server, lambda server: cut_tail(server, 4))
        assert server.stop() == 0, server.log()


if __name__ == "__main__":
    main()
