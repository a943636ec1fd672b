#!/usr/bin/env python3
"""The proofs of `signet-seald audit proof`, checked by a program in Go that shares nothing with ours, and by `signet verify`,
which must agree."""
import base64
import hashlib
import json
import os
import pathlib
import subprocess

import seald

INSTALL = pathlib.Path(__file__).parents[2] / "conformance/clients/install.sh"


def judged(judge, verifier, proof):
    return subprocess.run([judge, "proof", verifier], input=proof, capture_output=True, text=True, timeout=60, check=False)


def verified(server, verifier, proof, *words):
    """By `signet verify`: its status, and what it says as JSON."""
    pathlib.Path(server.file("proof")).write_text(proof, encoding="utf-8")
    done = subprocess.run([os.environ["SIGNET_TEST_SIGNET"], "verify", "--json", "--register-proof", server.file("proof"), "--log-key", verifier, *words],
                          capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, json.loads(done.stdout)


def check_our_verifier(server, judge, proof, event, content):
    pathlib.Path(server.file("key")).write_text(server.verifier + "\n", encoding="utf-8")
    for key in (server.verifier, server.file("key")):
        status, told = verified(server, key, proof)
        assert status == 0 and told["proved"], told
        assert told["content"] == content and told["event"] == json.loads(event["entry"]), told
    # The document that it is about, and another one.
    for name, text in (("document", b"document"), ("other", b"another document")):
        pathlib.Path(server.file(name)).write_bytes(text)
    status, told = verified(server, server.verifier, proof, server.file("document"))
    assert status == 0 and told["file"] == "document", told
    status, told = verified(server, server.verifier, proof, server.file("other"))
    assert status == 41 and told["error"].startswith("the event is not about "), told
    # Another log's key; one that is none.
    other = seald.run(seald.PROGRAM, "init", server.file("another"), "--origin", "seals.example/log", "--certificates", "x", "--key", "x")
    assert verified(server, other, proof) == (41, {"proved": False, "error": "the checkpoint in the proof is not signed by this log", "status": 41})
    assert verified(server, server.verifier.replace("+", "+0", 1), proof)[0] == 2
    # With one character changed, ours and the judge refuse alike; where only what is beside the proof was changed, ours does.
    for at in range(0, len(proof), 7):
        changed = proof[:at] + chr(ord(proof[at]) ^ 1) + proof[at + 1:]
        status, told = verified(server, server.verifier, changed)
        assert status in (31, 41) and not told["proved"], f"{at}: {told}"
    extra = proof.splitlines()[1]
    forged = dict(event, content=event["content"].replace(content["digest"], "0" * 64))
    line = "extra " + base64.b64encode(json.dumps(forged).encode()).decode()
    status, told = verified(server, server.verifier, proof.replace(extra, line))
    assert (status, told["error"]) == (41, "the content in the proof is not that of the event"), told
    # What the register's owner has thinned is proved without its content.
    thinned = {"entry": event["entry"]}
    line = "extra " + base64.b64encode(json.dumps(thinned).encode()).decode()
    status, told = verified(server, server.verifier, proof.replace(extra, line))
    assert status == 0 and "content" not in told, told
    assert judged(judge, server.verifier, proof.replace(extra, line)).returncode == 0


def main():
    judge = seald.run(INSTALL, "tlog") + "/tlog"
    with seald.Server() as server:
        server.add_client("office")
        server.start()
        digest = base64.b64encode(hashlib.sha256(b"document").digest()).decode()
        seal = {"kind": "seal", "reference": "A/1", "digest": digest, "sealingCertificate": "c" * 64}
        ids = []
        for number in range(9):
            status, _, answer = server.curl("office", "POST", "/seal/v1/transactions", {"transactions": [seal] * 30}, f"k{number}")
            assert status == 200, answer
            ids += [transaction["id"] for transaction in json.loads(answer)["transactions"]]
        for name in (ids[0], ids[100], ids[-1]):
            proof = seald.run(seald.PROGRAM, "audit", "proof", server.dir, name) + "\n"
            good = judged(judge, server.verifier, proof)
            assert good.returncode == 0, good.stderr
            event = json.loads(good.stdout)
            content = json.loads(event["content"])
            assert content["transaction"] == name and content["digest"] == hashlib.sha256(b"document").hexdigest(), content
            committed = hashlib.sha256(bytes.fromhex(event["random"]) + event["content"].encode()).hexdigest()
            assert json.loads(event["entry"])["content"] == committed, event
            index = proof.index("\nindex ") + len("\nindex ")
            line = proof.index("\n", index) + 1
            other = "B" if proof[line] == "A" else "A"
            changed = judged(judge, server.verifier, proof[:line] + other + proof[line + 1:])
            assert changed.returncode == 1, "the judge does not see a changed hash"
            assert verified(server, server.verifier, proof[:line] + other + proof[line + 1:])[0] == 41
        check_our_verifier(server, judge, proof, event, content)
        missing = seald.run(seald.PROGRAM, "audit", "proof", server.dir, "none", status=1)
        assert missing == "signet-seald: The register has no transaction none.", missing
        assert server.stop() == 0, server.log()


if __name__ == "__main__":
    main()
