#!/usr/bin/env python3
"""The table keeps its promises, and the runner finds verdicts that are wrong."""
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
LEAST = 150

if "yaml" not in sys.modules and not os.environ.get("SELFTEST_INSIDE"):
    folder = subprocess.run([HERE.parent / "clients/install.sh", "--folder", "pyhanko"], stdout=subprocess.PIPE, text=True,
                            check=True).stdout.strip()
    python = f"{folder}/venv/bin/python"
    os.execve(python, [python, "-B", __file__], os.environ | {"SELFTEST_INSIDE": "yes"})

import run
import table
import yaml


def check(condition, what):
    """Ends the test where something does not hold."""
    if not condition:
        sys.exit(f"selftest.py: {what}")


def check_table():
    """Enough cases, every sub-indication of the standard among them, and a known clause in each."""
    _, cases = table.read()
    check(len(cases) >= LEAST, f"{len(cases)} cases")
    source = (HERE.parents[1] / "validation/indication.h").read_text(encoding="utf-8")
    names = re.search(r"enum class SubIndication[^{]*\{(.*?)\}", source, re.DOTALL).group(1)
    wanted = set(re.findall(r"\w+", names.upper())) - {"NONE"}
    found = set(table.sub_indications(cases)) - {""}
    check(found == wanted, f"sub-indications: {found ^ wanted}")
    for case in cases:
        check(re.match(r"5\.[2-6]|RFC \d+", str(case["clause"])), f"{case['case']}: clause {case['clause']}")


def check_record():
    """The record and the reasons name cases that are there."""
    names = {case["case"] for case in table.read()[1]}
    record = yaml.safe_load((HERE / "record.yaml").read_text(encoding="utf-8"))
    check(set(record) == names, f"record.yaml: {set(record) ^ names}")
    reasons = yaml.safe_load((HERE / "differences.yaml").read_text(encoding="utf-8"))
    for group in reasons.values():
        check(group["clause"] and group["why"], f"a reason is missing: {group}")
        check({case.partition(":")[2] for case in group["cases"]} <= names, f"differences.yaml: {group['cases']}")


EXPECTED = {"validation_time": "2026-11-27T12:00:00Z", "indication": "INDETERMINATE", "sub_indication": "REVOKED_NO_POE",
            "level": "B-T", "best_signature_time": "2026-10-01T14:00:03Z", "until": "2029-01-01T00:00:00Z",
            "signatures": ["INDETERMINATE/REVOKED_NO_POE"], "time_stamps": [{"result": "PASSED"}, {"result": "INDETERMINATE/NO_POE"}]}
REPORT = {"indication": "INDETERMINATE", "signatures": [{
    "indication": "INDETERMINATE", "subIndication": "REVOKED_NO_POE", "level": "B-T", "bestSignatureTime": "2026-10-01T14:00:03Z",
    "verifiableUntil": "2029-01-01T00:00:00Z", "timestamps": [{"time": "2026-10-01T14:00:03Z", "indication": "PASSED", "subIndication": None}]}],
    "timestamps": [{"time": "2026-11-01T14:00:03Z", "indication": "INDETERMINATE", "subIndication": "NO_POE"}]}


def check_runner():
    """Each fact of a report that is wrong is found."""
    check(not run.differences(EXPECTED, REPORT), f"a right report: {run.differences(EXPECTED, REPORT)}")
    for key, value in {"indication": "TOTAL-PASSED", "subIndication": "TRY_LATER", "level": "B-LT", "bestSignatureTime": None,
                       "verifiableUntil": "2028-01-01T00:00:00Z", "timestamps": []}.items():
        report = copy.deepcopy(REPORT)
        report["signatures"][0][key] = value
        check(run.differences(EXPECTED, report), f"{key} may be {value}")
    for change in {"indication": "TOTAL-PASSED"}, {"timestamps": []}, {"signatures": []}:
        check(run.differences(EXPECTED, REPORT | change), f"the report may have {change}")


def check_command():
    """A command that ends with another status, and one that hangs, are found."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "doc.pdf").write_bytes(b"%PDF-1.7\n")
        (folder / "expected.json").write_text(json.dumps(EXPECTED), encoding="utf-8")
        script = folder / "command"
        for body, reason in ("exit 2", "exit status 2"), (f"echo '{json.dumps(REPORT)}'; exit 41", "not 40"), ("exec sleep 60", "no verdict"):
            script.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
            script.chmod(0o755)
            run.SIGNET, run.TIMEOUT = str(script), 2
            found = run.judged(folder)
            check(any(reason in line for line in found), f"{body}: {found}")


def main():
    """All of it."""
    check_table()
    check_record()
    check_runner()
    check_command()


if __name__ == "__main__":
    main()
