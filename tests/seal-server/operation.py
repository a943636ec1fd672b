#!/usr/bin/env python3
"""The register's life in its operator's hands: time-stamps, backups while it serves, a restored backup and its recovery, another
key of the log, and retention; as the commands do it, and as an audit sees it afterwards."""
import base64
import contextlib
import hashlib
import json
import os
import pathlib
import signal
import sqlite3
import stat
import subprocess
import time

import kills
import seald

TESTCA = pathlib.Path(__file__).parents[2] / "tools/testca/testca"


def wait_until(is_so, what):
    end = time.monotonic() + seald.PATIENCE
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.02)


class Authority:
    """A trial authority with time-stamps."""

    def __init__(self, server):
        self.folder = pathlib.Path(server.file("ca"))
        seald.run(TESTCA, "init", self.folder)
        served = pathlib.Path(server.file("served"))
        self.process = subprocess.Popen([TESTCA, "serve", self.folder, "--ready-file", served], stderr=subprocess.DEVNULL)
        wait_until(served.exists, "the authority does not start")
        self.url = (self.folder / "url").read_text(encoding="utf-8").strip() + "/tsa"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def command(server, *words, status=0):
    return seald.run(seald.PROGRAM, words[0], *words[1:2] if words[0] == "audit" else (), server.dir,
                     *words[2 if words[0] == "audit" else 1:], status=status)


def audit(server, *words, status=0):
    return command(server, "audit", "verify", *words, status=status)


def seal(server, name):
    """The id of a transaction that was opened and sealed."""
    digest = hashlib.sha256(name.encode()).digest()
    announced = {"kind": "seal", "reference": name, "digest": base64.b64encode(digest).decode(), "sealingCertificate": "c" * 64}
    status, _, answer = server.curl("office", "POST", "/seal/v1/transactions", {"transactions": [announced]}, name.replace(" ", "-"))
    assert status == 200, answer
    transaction = json.loads(answer)["transactions"][0]["id"]
    assert server.curl("office", "PUT", f"/seal/v1/transactions/{transaction}", {"state": "sealed"})[0] == 200
    return transaction


def verified(server, transaction, verifier, *words):
    """What `signet verify` says of the proof of a transaction's last event."""
    pathlib.Path(server.file("proof")).write_text(command(server, "audit", "proof", transaction) + "\n", encoding="utf-8")
    done = subprocess.run([os.environ["SIGNET_TEST_SIGNET"], "verify", "--json", "--register-proof", server.file("proof"), "--log-key", verifier,
                           *words], capture_output=True, text=True, timeout=seald.PATIENCE, check=False)
    return done.returncode, json.loads(done.stdout)


def queried(server, question):
    """The one value of the answer."""
    with contextlib.closing(sqlite3.connect(pathlib.Path(server.dir, "seald.db"))) as sql:
        return sql.execute(question).fetchone()[0]


def check_time_stamps(server):
    first = seal(server, "stamped")
    assert command(server, "time-stamp", status=1) == "signet-seald: The settings name no time-stamp authority."
    with Authority(server) as authority:
        settings = pathlib.Path(server.dir) / "seald.toml"
        with open(settings, "a", encoding="utf-8") as file:
            file.write(f'tsa    = "{authority.url}"\ntsa_ca = "{authority.folder}/ca.pem"\n')
        # By the command beside the running server; a server that starts sees to it by itself.
        assert command(server, "time-stamp").endswith(" is time-stamped")
        assert command(server, "time-stamp") == "no time-stamp is due"
        assert ", 1 of them time-stamped: " in audit(server)
        trust = ("--trust", authority.folder / "ca.pem", "--without-revocation")
        status, told = verified(server, first, server.verifier, *trust)
        assert (status, told["timeStamp"]) == (0, "PASSED"), told
        status, told = verified(server, first, server.verifier)
        assert status == 0 and "timeStamp" not in told, told
        # What came later is proved by the newest tree, which has no time-stamp yet.
        status, told = verified(server, seal(server, "later"), server.verifier, *trust)
        assert status == 0 and "timeStamp" not in told, told
        check_false_time_stamp(server, first, trust)
    assert command(server, "time-stamp") == "no time-stamp is due"


def check_false_time_stamp(server, transaction, trust):
    """The token of the proof is over another checkpoint."""
    verified(server, transaction, server.verifier)
    proof = pathlib.Path(server.file("proof")).read_text(encoding="utf-8")
    extra = json.loads(base64.b64decode(proof.splitlines()[1].removeprefix("extra ")))
    later = command(server, "audit", "proof", seal(server, "last")) + "\n"
    lines = later.splitlines()
    other = json.loads(base64.b64decode(lines[1].removeprefix("extra "))) | {"timestamp": extra["timestamp"]}
    lines[1] = "extra " + base64.b64encode(json.dumps(other).encode()).decode()
    pathlib.Path(server.file("false")).write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run([os.environ["SIGNET_TEST_SIGNET"], "verify", "--json", "--register-proof", server.file("false"),
                           "--log-key", server.verifier, *trust], capture_output=True, text=True, timeout=seald.PATIENCE, check=False)
    assert done.returncode == 41, done.stdout


def check_backup(server):
    """While clients seal; gives the file."""
    state = kills.State()
    state.ports = [server.port]
    workers = kills.start_workers(server, state)
    state.wait_for_seals(20, workers)
    backup = server.file("backup")
    assert command(server, "backup", backup).endswith(" events")
    state.wait_for_seals(state.sealed + 20, workers)
    state.done = True
    kills.check_register(server, workers, {"stamped", "later", "last"})
    assert stat.S_IMODE(os.stat(backup).st_mode) == 0o600
    assert command(server, "backup", backup, status=1) == f"signet-seald: {backup} is there already."
    assert command(server, "backup", server.file("none/backup"), status=1).startswith("signet-seald: ")
    return backup


def restore(server, backup):
    for file in pathlib.Path(server.dir).glob("seald.db*"):
        file.unlink()
    pathlib.Path(server.dir, "seald.db").write_bytes(pathlib.Path(backup).read_bytes())


def revoke(server, revoked, suspended):
    """After the backup was made; gives what the file outside the database has then."""
    client, key = revoked
    seald.run(seald.PROGRAM, "client", "revoke-key", server.dir, "--key", key)
    seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", client, "suspended")
    # The last word counts.
    seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", client, "active")
    seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", suspended, "ended")
    assert server.curl("revoked", "GET", "/seal/v1/client")[0] == 403
    assert server.curl("ended", "GET", "/seal/v1/client")[0] == 403
    return pathlib.Path(server.dir, "revocations").read_text(encoding="ascii")


def check_revocations(server, revoked, ended, kept):
    """That what the restored database did not know holds again, and cannot be taken back."""
    client, key = revoked
    said = [json.loads(line) for line in kept.splitlines()]
    assert {"key": key, "state": "revoked"} in [{name: line.get(name) for name in ("key", "state")} for line in said], said
    assert queried(server, f"SELECT state FROM authentication_key WHERE spki = '{key}'") == "revoked"
    assert queried(server, f"SELECT state FROM client WHERE id = '{ended}'") == "ended"
    seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", client, "active")
    assert server.curl("revoked", "GET", "/seal/v1/client")[0] == 403
    assert seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", ended, "active", status=1).endswith("The client has ended.")
    assert server.curl("ended", "GET", "/seal/v1/client")[0] == 403
    # Each is an event of the new log, too.
    for word in ("key-revoked", "client-state"):
        events = queried(server, "SELECT count(*) FROM event WHERE sequence >= (SELECT max(size) FROM former_log)"
                                 f" AND entry LIKE '%\"{word}\"%'")
        assert events >= 1, word


def check_recovery(server, client, backup, revoked, ended):
    kept = revoke(server, revoked, ended)
    assert command(server, "recover", "--origin", "seals.example/next", status=1) == \
        "signet-seald: The database has all that was acknowledged: nothing is lost."
    assert not pathlib.Path(server.dir, "log.key.next").exists()
    assert server.stop() == 0, server.log()
    elsewhere = pathlib.Path(server.file("elsewhere"))
    elsewhere.write_bytes(pathlib.Path(server.dir, "checkpoint").read_bytes())
    restore(server, backup)
    # The backup is of before.
    assert queried(server, f"SELECT state FROM authentication_key WHERE spki = '{revoked[1]}'") == "active"
    refused = seald.run(seald.PROGRAM, "run", server.dir, status=1)
    assert "The database does not continue the log of the checkpoint in " in refused, refused
    assert audit(server).endswith("the register is whole")
    assert "The checkpoint from elsewhere is of size " in audit(server, "--checkpoint", elsewhere, status=1)
    assert command(server, "recover", "--origin", "seals.example/log", status=1) == \
        "signet-seald: A new log has a new origin: two of one name contradict each other."
    # Killed anywhere, and repeated, it ends in the same state.
    for delay in range(12):
        process = subprocess.Popen([seald.PROGRAM, "recover", server.dir, "--origin", "seals.example/next"], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(delay * 0.01)
        process.kill()
        process.wait()
        if 'origin       = "seals.example/next"' in pathlib.Path(server.dir, "seald.toml").read_text(encoding="utf-8"):
            break
    if process.returncode != 0:
        finished = subprocess.run([seald.PROGRAM, "recover", server.dir, "--origin", "seals.example/next"], capture_output=True, text=True,
                                  timeout=seald.PATIENCE, check=False)
        # Killed at its very end, it had nothing left to do.
        assert finished.returncode == 0 or "two of one name" in finished.stderr, finished
    server.verifier = command(server, "audit", "key")
    assert server.verifier.startswith("seals.example/next+"), server.verifier
    assert audit(server).endswith("the register is whole")
    server.start()
    # Its clients are suspended until somebody has looked at each.
    assert server.curl("office", "GET", "/seal/v1/client")[0] == 403
    check_revocations(server, revoked, ended, kept)
    seald.run(seald.PROGRAM, "client", "state", server.dir, "--client", client, "active")
    transaction = seal(server, "after the loss")
    assert verified(server, transaction, server.verifier)[0] == 0
    # The first event of the new log is the lost log's checkpoint.
    lost = json.loads(queried(server, "SELECT content FROM event WHERE sequence = (SELECT size FROM former_log)"))["lost"]
    _, size, root = elsewhere.read_text(encoding="utf-8").splitlines()[:3]
    assert lost == {"origin": "seals.example/log", "size": int(size), "root": base64.b64decode(root).hex()}, lost
    assert audit(server).endswith("the register is whole")


def check_rotation(server):
    former = server.verifier
    before = seal(server, "by the former key")
    server.verifier = command(server, "rotate-key")
    assert server.verifier != former and server.verifier == command(server, "audit", "key")
    # The running server takes the new key by itself.
    after = seal(server, "by the next key")
    for transaction in (before, after):
        assert verified(server, transaction, server.verifier)[0] == 0
        assert verified(server, transaction, former)[0] == 41
    assert audit(server).endswith("the register is whole")
    assert server.stop() == 0, server.log()
    server.start()
    seal(server, "by a new process")
    assert audit(server, "--checkpoint", pathlib.Path(server.dir, "checkpoint")).endswith("the register is whole")


def check_thinning(server):
    export = server.file("export")
    told = command(server, "thin", "--before", "2999-01-01T00:00:00Z", "--export", export)
    lines = pathlib.Path(export).read_text(encoding="utf-8").splitlines()
    assert told.endswith(f" with {len(lines)} events are thinned") and lines, told
    for line in lines:
        event = json.loads(line)
        committed = hashlib.sha256(bytes.fromhex(event["random"]) + event["content"].encode()).hexdigest()
        assert json.loads(event["entry"])["content"] == committed, event
    assert f" {len(lines)} of them thinned" in audit(server)
    # What was open when the backup was made has not ended.
    left = json.loads(server.curl("office", "GET", "/seal/v1/transactions")[2])["transactions"]
    assert all(each["state"] == "opened" for each in left), left
    assert command(server, "thin", "--before", "2999-01-01T00:00:00Z") == "0 transactions with 0 events are thinned"
    # Nothing else tells what was in them.
    assert queried(server, "SELECT count(*) FROM event WHERE content LIKE '%by the next key%'") == 0
    seal(server, "after the thinning")
    assert audit(server).endswith("the register is whole")


def main():
    with seald.Server() as server:
        client, _ = server.add_client("office")
        revoked, (ended, _) = server.add_client("revoked"), server.add_client("ended")
        server.start()
        told = command(server, "migrate")
        assert told.split(", was ")[0] == "version " + told.split(", was ")[1], told
        check_time_stamps(server)
        check_recovery(server, client, check_backup(server), revoked, ended)
        check_rotation(server)
        check_thinning(server)
        assert server.stop(signal.SIGTERM) == 0, server.log()


if __name__ == "__main__":
    main()
