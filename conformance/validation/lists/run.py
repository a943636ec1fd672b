#!/usr/bin/env python3
"""run.py [judge|record]: `signet verify --trusted-lists` on folders of lists, good and bad ones, and on certificates of every kind; with judge
the same folders before EU DSS, whose answers are compared with record.yaml (or written there: record).

Environment: SIGNET_TEST_COMMAND, the built command; SIGNET_TEST_LIST_WRITER, the program write_trusted_lists.
"""
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "judges"), str(HERE.parent)]

import judges

if not os.environ.get("LISTS_INSIDE"):
    python = str(judges.installed("pyhanko") / "venv/bin/python")
    os.execve(python, [python, "-B", *sys.argv], os.environ | {"LISTS_INSIDE": "yes"})

import documents
import world
import yaml

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
JOURNAL = "parties/Commission 1.pem"
TIMEOUT = 120  # s, for one document
STATUS = {"TOTAL-PASSED": 0, "INDETERMINATE": 40, "TOTAL-FAILED": 41}


def all_cases():
    """{name: case} of the table and of qualification_cases.json."""
    found = {}
    for case in yaml.safe_load((HERE / "table.yaml").read_text(encoding="utf-8")):
        found["; ".join(filter(None, [case["folder"], case["signer"], case.get("stamped")]))] = case
    for case in world.cases():
        found[f"rules; {case['signer']}"] = {"folder": "good", "signer": case["signer"], "kind": case["kind"], "clause": "4.4"}
    return found


def sign(cases, description):
    """Each signature once; the file of each case."""
    parties, files = documents.World(description), {}
    pathlib.Path("data").write_bytes(documents.DATA)
    made = {}
    for name, case in cases.items():
        key = (case["signer"], case.get("stamped"))
        if key not in made:
            made[key] = f"signature-{len(made)}.p7s"
            documents.write(parties, made[key], *key)
        files[name] = made[key]
    return files


def trust(description):
    """The roots of all signers, as files in `trusted`: what the lists say is asked for, not whether somebody is trusted."""
    pathlib.Path("trusted").mkdir()
    for one in description["parties"]:
        if not one.get("issuer") and one.get("kind", "signer") == "authority":
            shutil.copy(f"parties/{one['name']}.pem", "trusted")


def ours(case, file):
    """Our report of one case, in the words of the table."""
    done = subprocess.run([SIGNET, "verify", file, "--data", "data", "--json", "--without-revocation", "--trusted-lists",
                           f"folders/{case['folder']}", "--journal", JOURNAL, "--trust", "trusted"], capture_output=True, text=True,
                          timeout=TIMEOUT, check=False)
    if done.returncode not in STATUS.values():
        return {"kind": f"exit status {done.returncode}: {done.stderr}"}
    signature = json.loads(done.stdout)["signatures"][0]
    if STATUS[signature["indication"]] != done.returncode:
        return {"kind": f"exit status {done.returncode} of {signature['indication']}"}
    stamps = [one["qualification"]["kind"] for one in signature["timestamps"]]
    return {"verdict": signature["indication"], "kind": signature["qualification"]["kind"], "stamp": stamps[0] if stamps else None,
            "list": signature["qualification"]["list"], "notes": done.stderr}


def complaints(case, found):
    """What is otherwise than the table has it."""
    for key in "kind", "stamp":
        if key in case and found.get(key) != case[key]:
            yield f"{key} {found.get(key)}, not {case[key]}"
    if found.get("verdict") != case.get("verdict", "TOTAL-PASSED"):
        yield f"verdict {found.get('verdict')}"
    if case["kind"] in ("QESeal", "QESig") and not found.get("list"):
        yield "no list is named that decided"


def main():
    """In a folder of its own."""
    began, cases = time.monotonic(), all_cases()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        description = world.make()
        trust(description)
        files = sign(cases, description)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            found = dict(zip(cases, pool.map(lambda name: ours(cases[name], files[name]), cases)))
        faults = [f"{name}: any answer would do" for name, case in cases.items() if not list(complaints(case, {"kind": "QTSA"}))]
        faults += [f"{name}: {one}; {found[name].get('notes', '')}" for name, case in cases.items() for one in complaints(case, found[name])]
        if sys.argv[1:]:
            import dss_lists
            faults += dss_lists.compared(cases, files, JOURNAL, sys.argv[1:] == ["record"])
        os.chdir("/")
    print(*faults, sep="\n")
    print(f"{len(cases)} cases, {len(faults)} complaints, in {time.monotonic() - began:.1f} s")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
