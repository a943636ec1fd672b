#!/usr/bin/env python3
"""Kills `signet-seald enrol` with SIGKILL right after one of its writing or sending system calls, repeats it, and looks at the end
state; then after a later one, and so on until it is no longer killed. Which calls those are is found while it runs
(tests/renewal/stepper.cc). Each third enrolment is one of a client that was enrolled before.

  enrolment_kills.py STRIDE     every STRIDE-th call
"""
import json
import os
import subprocess
import sys

import registration
import seald

STEPPER = os.environ["SIGNET_TEST_STEPPER"]
MOST = 5000  # calls; an enrolment has far fewer
KILLED, FAILED, SUCCEEDED = 0, 1, 3  # the stepper's


def one_round(office, call, former):
    """Whether it was killed, and what the enrolment reports in the end; `former`: of the client that is enrolled again."""
    account = former["account"] if former else f"kill{call}"
    card = office.card(f"card{call}")
    more = ["--client", former["client"]] if former else ["--name", account, "--organisation", registration.ORGANISATION]
    words = office.words(card, *more, "--sealing-key", "ec:P-256", account=None if former else account)
    done = subprocess.run([STEPPER, str(call), *words], capture_output=True, text=True, timeout=3 * seald.PATIENCE, check=False)
    said = done.stderr.strip().splitlines()[-1]
    assert done.returncode in (KILLED, SUCCEEDED), f"call {call}: {done.stderr}"
    killed = done.returncode == KILLED
    if not killed:
        report = json.loads(done.stdout.strip().splitlines()[-1])
    elif office.journal_is_done(account, 2 if former else 1):
        # Killed after its last step: a repeat says that it is done.
        again = subprocess.run(office.words(card, account=account), capture_output=True, text=True, timeout=3 * seald.PATIENCE, check=False)
        assert again.returncode == 5 and "is enrolled" in again.stderr, again.stderr
        report = office.report_of_journal(account)
    else:
        report = office.enrol(card, *(more if former else []), account=None if former else account) if office.has_journal(account) \
            else office.enrol(card, *more, account=account)
    found = office.check(card, report)
    assert sum(client["name"] == account for client in office.clients()) == 1, f"call {call}: the client is there twice"
    if former:
        assert office.appliance.get("/account", account, former["password"])[0] == 401, f"call {call}: the former password is good"
    print(f"call {call}: {said}", flush=True)
    return killed, report | {"password": found["password"]}


def main():
    stride, call, number, report = int(sys.argv[1]), 1, 0, None
    with registration.Office() as office:
        while call < MOST:
            number += 1
            killed, report = one_round(office, call, report if number % 3 == 0 else None)
            if not killed and number % 3 != 0:
                break
            call += stride
        assert call < MOST, "it is still killed"
    assert number > 2, "it was hardly ever killed"
    print(f"{number} enrolments")


main()
