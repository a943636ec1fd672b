#!/usr/bin/env python3
"""The proofs of `signet-seald audit proof`, checked by a program in Go that shares nothing with ours."""
import base64
import hashlib
import json
import pathlib
import subprocess

import seald

INSTALL = pathlib.Path(__file__).parents[2] / "conformance/clients/install.sh"


def judged(judge, verifier, proof):
    return subprocess.run([judge, "proof", verifier], input=proof, capture_output=True, text=True, timeout=60, check=False)


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
        missing = seald.run(seald.PROGRAM, "audit", "proof", server.dir, "none", status=1)
        assert missing == "signet-seald: The register has no transaction none.", missing
        assert server.stop() == 0, server.log()


if __name__ == "__main__":
    main()
