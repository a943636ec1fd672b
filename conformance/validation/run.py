#!/usr/bin/env python3
"""run.py OUT [EXAMPLES]: makes the table's documents in OUT and lets `signet verify` judge them, in parallel; then those of a folder
of examples in the same form, where there is one.

Environment: SIGNET_TEST_COMMAND, the built command; SIGNET_SKIP_LOG, where a left-out part is written down.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
SIGNET = os.environ.get("SIGNET_TEST_COMMAND", "signet")
TIMEOUT = 120  # s, for one document: a program that hangs, not a slow machine
STATUS = {"TOTAL-PASSED": 0, "PASSED": 0, "INDETERMINATE": 40, "TOTAL-FAILED": 41, "FAILED": 41}


def command(folder, expected):
    """`signet verify` for a case."""
    document = next(file for file in sorted(folder.iterdir()) if file.name.startswith("doc."))
    options = ["--json", "--at", expected["validation_time"]]
    if (folder / "data").exists():
        options += ["--data", folder / "data"]
    for kind, option in ("trust", "--trust"), ("crls", "--crl"), ("fresh", "--crl"), ("ocsps", "--ocsp"):
        for file in sorted((folder / kind).glob("*")):
            until = expected.get("trusted_until", {}).get(file.name)
            options += [option, f"{file},until={until}" if until and option == "--trust" else file]
    return [SIGNET, "verify", document, *options, *(one.replace("$CASES", str(HERE / "cases")) for one in expected.get("options", []))]


def _stamps(report, signature):
    """All time-stamps, the oldest first."""
    found = (signature or {}).get("timestamps", []) + report.get("timestamps", [])
    return [one for _, one in sorted(enumerate(found), key=lambda pair: (pair[1].get("time") or "", pair[0]))]


def _named(verdict):
    return "/".join(filter(None, [verdict.get("indication"), verdict.get("subIndication")]))


def differences(expected, report):
    """What the report says otherwise, as lines."""
    lines = []

    def compare(what, found, wanted):
        if found != wanted:
            lines.append(f"{what} is {found}, not {wanted}")
    signatures = report.get("signatures", [])
    verdict = "/".join(filter(None, [expected["indication"], expected["sub_indication"]]))
    found = [_named(one) for one in signatures or report.get("timestamps", [])]
    compare("the document's indication", report.get("indication"), expected["indication"])
    if verdict not in found:
        lines.append(f"the verdict is {', '.join(found) or 'none'}, not {verdict}")
    if "signatures" in expected:
        compare("the signatures' verdicts", found, expected["signatures"])
    first = signatures[0] if signatures else None
    if "best_signature_time" in expected and first:
        compare("the best signature time", first.get("bestSignatureTime"),
                expected["best_signature_time"] or expected["validation_time"])
    if expected.get("level") and first:
        compare("the level", first.get("level"), expected["level"].replace("PAdES-BASELINE-", "B-"))
    if "until" in expected and first:
        compare("verifiable until", first.get("verifiableUntil"), expected["until"])
    if "time_stamps" in expected:
        wanted = [one["result"] for one in expected["time_stamps"]]
        if expected.get("indications_only"):
            wanted = [one.partition("/")[0] for one in wanted]
        stamps = [_named(one) for one in _stamps(report, first)]
        # A case that names no sub-indication asks for none.
        stamps = [one if "/" in want else one.partition("/")[0] for one, want in zip(stamps, wanted)] + stamps[len(wanted):]
        compare("the time-stamps are", stamps, wanted)
    return lines


def judged(folder, examples=False):
    """What is wrong with Signet's verdict on a case."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    if examples:  # EXPECTED.md: their time-stamps' sub-indications are another program's
        expected["indications_only"] = True
    try:
        done = subprocess.run(command(folder, expected), capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return [f"no verdict within {TIMEOUT} s"]
    if done.returncode not in STATUS.values():
        return [f"exit status {done.returncode}: {done.stderr.strip()[:300]}"]
    lines = differences(expected, json.loads(done.stdout))
    if done.returncode != STATUS[expected["indication"]]:
        lines.append(f"exit status {done.returncode}, not {STATUS[expected['indication']]}")
    return lines


def run(folders, examples=False):
    """Names of the cases that went wrong, each printed with its reasons."""
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for folder, lines in zip(folders, pool.map(lambda one: judged(one, examples), folders)):
            if lines:
                wrong.append(folder.name)
                print(f"{folder.name}: " + "; ".join(lines))
    return wrong


def cases_in(folder):
    """The cases' folders."""
    return sorted(file.parent for file in folder.glob("*/expected.json"))


def skip(reason):
    """A part that cannot run here is seen in the summary."""
    print(f"skipped: {reason}")
    if log := os.environ.get("SIGNET_SKIP_LOG"):
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"  validation.cases: {reason}\n")


def main():
    """All of them."""
    out, examples = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    python = subprocess.run([HERE.parent / "clients/install.sh", "--folder", "pyhanko"], stdout=subprocess.PIPE, text=True,
                            check=True).stdout.strip() + "/venv/bin/python"
    began = time.monotonic()
    subprocess.run([python, "-B", HERE / "generate.py", out], check=True)
    folders = cases_in(out)
    wrong = run(folders)
    print(f"{len(folders) - len(wrong)} of {len(folders)} cases as the standard demands")
    if examples and examples.is_dir():
        folders = cases_in(examples)
        more = run(folders, examples=True)
        print(f"{len(folders) - len(more)} of {len(folders)} examples")
        wrong += more
    else:
        skip("the folder of example documents is not beside the project; the table has twins of all ten")
    print(f"{time.monotonic() - began:.1f} s")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
