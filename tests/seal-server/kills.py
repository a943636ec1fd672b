#!/usr/bin/env python3
"""SIGKILL to the seal server, or to its database, while clients open and end seals: each acknowledged event is in the register,
and each seal once, however often its request was repeated.

  kills.py TIMES [database|instances]     database: PostgreSQL is killed, and the server goes on;
                                          instances: one of two servers on one PostgreSQL, in turns

SIGNET_TEST_SEALD_CLIENTS: how many clients there are at once.
"""
import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import random
import signal
import ssl
import sys
import threading

import seald

CLIENTS = int(os.environ.get("SIGNET_TEST_SEALD_CLIENTS", "8"))
SEALS_BETWEEN = 30  # acknowledged ones until the next kill


class Worker(threading.Thread):
    """Opens and ends one seal after the other; repeats what was not acknowledged."""

    def __init__(self, server, number, state):
        super().__init__(daemon=True)
        self.server, self.number, self.state = server, number, state
        self.receipts, self.ids = [], []
        self.failure = None

    def run(self):
        try:
            count = 0
            while not self.state.done:
                self.seal(f"{self.number}-{count}")
                count += 1
        except Exception as failure:  # shown by the main thread
            self.failure = failure

    def seal(self, name):
        digest = base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()
        seal = {"kind": "seal", "reference": name, "digest": digest, "sealingCertificate": "c" * 64}
        opened = self.ask("POST", "/seal/v1/transactions", {"transactions": [seal]}, name)["transactions"][0]
        self.receipts.append(opened["receipt"])
        self.ids.append(opened["id"])
        ended = self.ask("PUT", f"/seal/v1/transactions/{opened['id']}", {"state": "sealed"}, None)
        # A repeated result has no receipt.
        self.receipts += [ended["receipt"]] if "receipt" in ended else []
        self.state.count()

    def ask(self, method, path, body, key):
        while True:
            try:
                status, answer = self.send(method, path, body, key)
            except (OSError, http.client.HTTPException):
                self.state.wait_for_server()
                continue
            if status == 503:
                self.state.refused()
                self.state.wait_for_server()
                continue
            assert status == 200, f"{status}: {answer}"
            return json.loads(answer)

    def send(self, method, path, body, key):
        context = ssl.create_default_context(cafile=self.server.file("server.crt"))
        context.load_cert_chain(self.server.file("office.crt"), self.server.file("office.key"))
        connection = http.client.HTTPSConnection("127.0.0.1", random.choice(self.state.ports), context=context, timeout=seald.PATIENCE)
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        try:
            connection.request(method, path, json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


class State:
    """What the threads share."""

    def __init__(self):
        self.changed = threading.Condition()
        self.done = False
        self.ports = []  # of the servers that may be asked
        self.sealed = 0
        self.unavailable = 0  # answers 503

    def count(self):
        with self.changed:
            self.sealed += 1
            self.changed.notify_all()

    def refused(self):
        with self.changed:
            self.unavailable += 1
            self.changed.notify_all()

    def wait_for_server(self):
        with self.changed:
            self.changed.wait(0.05)

    def wait_for_seals(self, wanted, workers):
        with self.changed:
            while self.sealed < wanted:
                assert self.changed.wait(seald.PATIENCE), "nothing is sealed any more"
                failures = [worker.failure for worker in workers if worker.failure]
                assert not failures, failures


def entries(server):
    """Each transaction's id with its reference, by the contract."""
    found, cursor = {}, None
    while True:
        path = "/seal/v1/transactions" + (seald.query(cursor=cursor) if cursor else "")
        status, _, answer = server.curl("office", "GET", path)
        assert status == 200, answer
        page = json.loads(answer)
        found |= {seal["id"]: seal["reference"] for seal in page["transactions"]}
        cursor = page.get("cursor")
        if not cursor:
            return found


def leaves(server):
    """The leaf hashes of the register, by its tiles."""
    note = server.curl("office", "GET", "/seal/v1/log/checkpoint")[2].decode()
    size = int(note.splitlines()[1])
    octets = b""
    for index in range(0, size, 256):
        width = min(256, size - index)
        path = f"/seal/v1/log/tile/0/{index // 256:03}" + ("" if width == 256 else f".p/{width}")
        octets += server.curl("office", "GET", path)[2]
    assert len(octets) == 32 * size
    return [octets[at:at + 32] for at in range(0, len(octets), 32)]


def kill_server(servers, number, state, workers):
    """The others go on meanwhile."""
    victim = servers[number % len(servers)]
    assert victim.stop(signal.SIGKILL) == -signal.SIGKILL
    others = [server.port for server in servers if server is not victim]
    if others:
        state.ports = others
        state.wait_for_seals(state.sealed + SEALS_BETWEEN // 2, workers)
    victim.start()
    state.ports = others + [victim.port]


def kill_database():
    for action in ("stop", "start"):
        seald.run(os.environ["SIGNET_TEST_POSTGRESQL_CONTROL"], action)


def start_workers(server, state):
    workers = [Worker(server, number, state) for number in range(CLIENTS)]
    for worker in workers:
        worker.start()
    return workers


def check_register(server, workers, others=()):
    """Once all have ended; gives the number of seals. `others`: what else was sealed."""
    for worker in workers:
        worker.join(seald.PATIENCE)
        assert not worker.is_alive() and not worker.failure, worker.failure
    found, leaf = entries(server), leaves(server)
    assert len(set(found.values())) == len(found), "a seal is there twice"
    for worker in workers:
        for name in worker.ids:
            assert name in found, f"an acknowledged seal is lost: {name}"
        for receipt in worker.receipts:
            expected = hashlib.sha256(b"\0" + receipt["entry"].encode()).digest()
            assert leaf[receipt["sequence"]] == expected, f"an acknowledged event is lost: {receipt['entry']}"
    assert set(others) <= set(found.values()), "a seal is missing"
    return len(found)


def main():
    times, mode = int(sys.argv[1]), "".join(sys.argv[2:])
    state = State()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(seald.Server())
        server.add_client("office")
        servers = [server]
        if mode == "instances":
            servers.append(stack.enter_context(seald.Server(beside=server)))
        for each in servers:
            each.start()
        state.ports = [each.port for each in servers]
        workers = start_workers(server, state)
        for kill in range(1, times + 1):
            state.wait_for_seals(kill * SEALS_BETWEEN, workers)
            if mode == "database":
                kill_database()
            else:
                kill_server(servers, kill, state, workers)
        state.wait_for_seals((times + 1) * SEALS_BETWEEN, workers)
        state.done = True
        seals = check_register(server, workers)
        for each in servers:
            assert each.stop() == 0, each.log()
            # What each of them kept outside the database is of the one tree.
            kept = pathlib.Path(each.dir) / "checkpoint"
            print(seald.run(seald.PROGRAM, "audit", "verify", each.dir, "--checkpoint", kept))
    print(f"{times} kills, {seals} seals")


if __name__ == "__main__":
    main()
