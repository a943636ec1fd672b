#!/usr/bin/env python3
"""`signet-seald audit reconcile` against the journal of the emulated appliance, after a run in which connections broke, results
were lost, and somebody signed past the register: it lists exactly what does not belong together."""
import base64
import hashlib
import json
import os
import pathlib
import re
import ssl
import subprocess
import time
import urllib.request

import seald

ROUNDS = 24


class Appliance:
    def __init__(self, server):
        self.dir = pathlib.Path(server.file("appliance"))
        emulator = os.environ["SIGNET_TEST_EMULATOR"]
        pin = pathlib.Path(server.file("pin"))
        pin.write_text("271828182845", encoding="utf-8")
        pin.chmod(0o600)
        seald.run(emulator, "init", self.dir, "--listen", "127.0.0.1:0", "--user", "seal", "--password-file", pin, "--key", "ec:P-256:seal")
        ready = self.dir / "ready"
        self.process = subprocess.Popen([emulator, "run", self.dir, "--ready-file", ready], stderr=subprocess.DEVNULL)
        end = time.monotonic() + seald.PATIENCE
        while not ready.exists():
            assert self.process.poll() is None and time.monotonic() < end, "the emulator does not start"
            time.sleep(0.02)
        self.environment = os.environ | {"SIGNET_CONFIG": str(self.dir / "client.toml"), "SIGNET_MODULE": os.environ["SIGNET_TEST_MODULE"],
                                         "SIGNET_PIN": "271828182845"}
        self.url = re.search(r'url\s*=\s*"(https://[^/"]*)', (self.dir / "client.toml").read_text(encoding="utf-8"))[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def fault(self, **fault):
        request = urllib.request.Request(self.url + "/x-emulator/v1/faults", json.dumps(fault).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request, context=ssl._create_unverified_context())

    def sign(self, file, out):
        """Octets of the signature; None where it failed."""
        pathlib.Path(out).unlink(missing_ok=True)
        done = subprocess.run([os.environ["SIGNET_TEST_SIGNET"], "sign", "seal", file, "--out", out], env=self.environment,
                              capture_output=True, text=True, timeout=seald.PATIENCE, check=False)
        return pathlib.Path(out).read_bytes() if done.returncode == 0 else None

    def journal(self):
        return seald.run(os.environ["SIGNET_TEST_EMULATOR"], "journal", self.dir, "--json")


def raw(der):
    """r and s as C_Sign returns them, of the DER that `signet sign` writes."""
    numbers, at = [], 2
    for _ in range(2):
        size = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + size], "big"))
        at += 2 + size
    return b"".join(number.to_bytes(32, "big") for number in numbers)


def announce(server, name):
    digest = base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()
    seal = {"kind": "seal", "reference": name, "digest": digest, "sealingCertificate": "c" * 64}
    status, _, answer = server.curl("office", "POST", "/seal/v1/transactions", {"transactions": [seal]}, name.replace(" ", "-"))
    assert status == 200, answer
    return json.loads(answer)["transactions"][0]["id"]


def end(server, transaction, signature):
    result = {"state": "failed", "reason": "no signature"} if signature is None else \
        {"state": "sealed", "signatureDigest": base64.b64encode(hashlib.sha256(signature).digest()).decode()}
    status, _, answer = server.curl("office", "PUT", f"/seal/v1/transactions/{transaction}", result)
    assert status == 200, answer


def main():
    with seald.Server() as server, Appliance(server) as appliance:
        server.add_client("office")
        server.start()
        document, out = pathlib.Path(server.file("document")), server.file("signature")
        past, invented, good, failed = [], [], 0, 0
        for number in range(ROUNDS):
            name = f"round {number}"
            document.write_text(name, encoding="utf-8")
            kind = number % 6
            if kind == 1:  # the answer is lost, and asked for again: one signature
                appliance.fault(match={"method": "POST", "path_prefix": "/dsa/v1/keys"}, kind="cut", afterBytes=5, times=1)
            if kind == 2:  # the appliance refuses
                appliance.fault(match={"method": "POST", "path_prefix": "/dsa/v1/keys"}, kind="status", status=403, times=1)
            if kind == 3:  # somebody signs past the register
                past.append(hashlib.sha256(raw(appliance.sign(document, out))).hexdigest())
                continue
            transaction = announce(server, name)
            if kind == 4:  # a client that lies
                end(server, transaction, name.encode())
                invented.append(transaction)
                continue
            signature = appliance.sign(document, out)
            if kind != 2:
                assert signature is not None, f"{name} is not signed"
            good, failed = good + (signature is not None), failed + (signature is None)
            end(server, transaction, signature and raw(signature))
        assert good and failed and past and invented, (good, failed, past, invented)

        journal = pathlib.Path(server.file("journal"))
        lines = appliance.journal()
        journal.write_text(lines + "\n", encoding="utf-8")
        entries = {hashlib.sha256(base64.b64decode(entry["signature"])).hexdigest(): entry for entry in map(json.loads, lines.splitlines())}
        assert len(entries) == good + len(past), "a lost answer made a second signature"
        done = subprocess.run([seald.PROGRAM, "audit", "reconcile", server.dir, journal], capture_output=True, text=True, timeout=seald.PATIENCE, check=False)
        *told, counted = done.stdout.splitlines()
        expected = {f"signature {entries[each]['requestId']}: no transaction" for each in past}
        expected |= {f"transaction {each}: no signature" for each in invented}
        assert {line.split(" ", 1)[1] for line in told} == expected and len(told) == len(expected), done.stdout
        assert counted == f"{good + len(past)} signatures in the journal, {good + len(invented)} sealed transactions, {good} of both", counted
        assert done.returncode == 1 and done.stderr == f"signet-seald: {len(expected)} signatures and transactions do not belong together.\n", done
        # Of what is good by itself nothing is told.
        journal.write_text("".join(json.dumps(entry) + "\n" for each, entry in entries.items() if each not in past), encoding="utf-8")
        rest = subprocess.run([seald.PROGRAM, "audit", "reconcile", server.dir, journal, "--from", "2999-01-01T00:00:00Z"], capture_output=True, text=True,
                              timeout=seald.PATIENCE, check=False)
        assert rest.returncode == 0 and len(rest.stdout.splitlines()) == 1, rest
        journal.write_text("nothing\n", encoding="utf-8")
        assert seald.run(seald.PROGRAM, "audit", "reconcile", server.dir, journal, status=1) == f"signet-seald: Line 1 of {journal} is none of a journal."
        assert server.stop() == 0, server.log()


if __name__ == "__main__":
    main()
