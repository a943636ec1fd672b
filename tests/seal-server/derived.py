#!/usr/bin/env python3
"""Drives the seal server with requests that Schemathesis derives from the OpenAPI file, good ones and bad ones, as a client, as an
administrator and as an auditor, and fails on every answer that the file does not allow.

  derived.py EXAMPLES     of each call, beside those of its coverage phase

Environment: SIGNET_TEST_SEALD; SIGNET_TEST_VENV, a Python environment with Schemathesis.
"""
import json
import os
import pathlib
import subprocess
import sys

import administration
import seald

HERE = pathlib.Path(__file__).parent
TILES = {"index": ["000.p/1", "000.p/2", "001", "0"]}
DIGEST = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def drive(server, name, examples, paths, ids):
    """The status of Schemathesis, with the certificate of `name`."""
    # Every check but one: a request can fit the schema and still be refused with good reason (a limit, an octet string that is no
    # certificate), and whether the refusal is one that the file names is checked all the same.
    words = [os.environ["SIGNET_TEST_VENV"] + "/bin/schemathesis", "--config-file", str(HERE / "schemathesis.toml"), "run", str(seald.CONTRACT),
             "--url", f"https://127.0.0.1:{server.port}/seal/v1", "--request-cert", server.file(name + ".crt"), "--request-cert-key",
             server.file(name + ".key"), "--checks", "all", "--exclude-checks", "positive_data_acceptance", "--max-examples", examples,
             *paths]
    environment = {**os.environ, "SIGNET_TEST_IDS": json.dumps(ids), "SCHEMATHESIS_HOOKS": "derived_hooks", "PYTHONPATH": str(HERE),
                   "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
    print(f"== as {name}", flush=True)
    status = subprocess.run(words, env=environment, cwd=server.folder, check=False).returncode
    assert server.process.poll() is None, f"the server died:\n{server.log()}"
    return status


def prepare(server):
    """A client with something in each of its lists; gives its ids."""
    office, key = server.add_client("office", "--requests-a-second", "1000000")
    for name in ("cryptogram", "credentials"):
        pathlib.Path(server.file(name)).write_bytes(name.encode())
    seald.run(seald.PROGRAM, "client", "cryptogram", server.dir, "--key", key, "--cryptogram", server.file("cryptogram"), "--credentials",
              server.file("credentials"))
    for name in ("administrator", "auditor"):
        administration.add_official(server, name, name)
    server.start()
    seal = {"kind": "seal", "digest": DIGEST, "sealingCertificate": "c" * 64}
    status, _, answer = server.curl("office", "POST", "/seal/v1/transactions", {"transactions": [seal] * 20}, "first")
    assert status == 200, answer
    return {"/transactions/{id} id": [each["id"] for each in json.loads(answer)["transactions"]], **TILES}


def prepare_clients(server):
    """Clients to be governed, with keys; gives their ids."""
    clients, keys = [], []
    for number in range(3):
        client, key = server.add_client(f"governed{number}")
        clients.append(client)
        keys.append(key)
    return {"id": clients, "key": keys}


def main():
    examples = sys.argv[1]
    with seald.Server() as server:
        ids = prepare(server)
        own = ["--exclude-path-regex", "^/clients|/log/tile/entries"]
        statuses = [drive(server, "office", examples, own, ids),
                    drive(server, "administrator", examples, ["--include-path-regex", "^/clients"], prepare_clients(server)),
                    drive(server, "auditor", examples, ["--include-path-regex", "^/log"], TILES)]
        assert server.stop() == 0, server.log()
        verified = seald.run(seald.PROGRAM, "audit", "verify", server.dir)
        assert verified.endswith("the register is whole"), verified
        print(verified)
    sys.exit(max(statuses))


if __name__ == "__main__":
    main()
