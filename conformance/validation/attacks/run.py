#!/usr/bin/env python3
"""run.py [judge|record|NAME...]: the published attacks on PDF signatures, built upon documents that `signet seal` and pyHanko sealed, before `signet
verify`: verdict, exit status, and what the reports name. With names only these attacks, with their reports. With judge EU DSS and pyHanko
judge them too, and their verdicts are compared with record.yaml, or with record written there.

Environment: SIGNET_TEST_COMMAND, the built command.
"""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "judges"), str(HERE.parent)]

if not os.environ.get("ATTACKS_INSIDE"):
    import judges
    python = str(judges.installed("pyhanko") / "venv/bin/python")
    os.execve(python, [python, "-B", "-W", "ignore", *sys.argv], os.environ | {"ATTACKS_INSIDE": "yes"})

import cades
import certified
import forgery
import judging
import saving
import sealing
import shadow
import wrapping

SIGNET = os.environ["SIGNET_TEST_COMMAND"]
OPTIONS = ["--trust", "ca/root.pem", "--certificates", "ca/issuing.pem", "--without-revocation"]
TIMEOUT = 120  # s, for one document
LEAST = 130


def all_attacks():
    """By their names."""
    attacks = [*forgery.attacks(), *saving.attacks(), *wrapping.attacks(), *shadow.attacks(), *certified.attacks(sealing.sign_as_stranger)]
    named = {one.name: one for one in attacks}
    if len(named) != len(attacks) or len(named) < LEAST:
        sys.exit(f"run.py: {len(attacks)} attacks, {len(named)} names")
    return named


def make(attacks):
    """{file: attack}, in the working folder: each attack upon the document of each sealer."""
    made, seals = {}, {}
    for sealer in sealing.SEALERS:
        for attack in attacks:
            key = (sealer, attack.certify)
            if key not in seals:
                seals[key] = sealing.sealed(*key)
                pathlib.Path(f"good-{sealer}-{attack.certify}.pdf").write_bytes(seals[key])
            file = f"{attack.name}+{sealer}.pdf"
            pathlib.Path(file).write_bytes(attack.change(seals[key]))
            made[file] = attack
    return made


def verify(file, *options):
    """Status and report."""
    done = subprocess.run([SIGNET, "verify", file, *OPTIONS, *options], capture_output=True, text=True, timeout=TIMEOUT, check=False)
    return done.returncode, done.stdout, done.stderr


def named(one):
    """A verdict's words."""
    return "/".join(filter(None, [one["indication"], one["subIndication"]]))


def says(attack, sentences):
    """One of them says what it has to."""
    return any(part in one for part in attack.says for one in sentences)


def complaints(attack, status, report):
    """What is wrong with the JSON report."""
    # One that makes the form unreadable has no name.
    found = [one for one in report.get("signatures", []) if one["name"] in ("SignetSeal1", "")]
    if attack.verdict == "no signature":  # the document is as good as one that was never sealed
        if status != attack.status or found or not says(attack, report["remarks"]):
            yield f"status {status}, {report}"
        return
    if status != attack.status:
        yield f"exit status {status}, not {attack.status}"
    if len(found) != 1:
        yield f"{len(found)} signatures of the name, not one"
        return
    signature = found[0]
    if named(signature) != attack.verdict:
        yield f"{named(signature)}, not {attack.verdict}"
    passed = attack.verdict == "TOTAL-PASSED"
    changes = [one for one in signature["changesAfter"] if one["allowed"] == passed]
    kinds = {one["kind"] for one in changes if one.get("warning") or not (passed and attack.warned)}
    if missing := set(attack.kinds) - kinds:
        yield f"the report does not name {sorted(missing)}, but {signature['changesAfter']}"
    if attack.says and not says(attack, signature["errors"]):
        yield f"no error says {attack.says}: {signature['errors']}"


def unsaid(report, text):
    """What the JSON report says and the text does not."""
    signatures = report.get("signatures", [])
    said = [error for one in signatures for error in one["errors"]]
    said += [change[key] for one in signatures for change in one["changesAfter"] for key in ("what", "warning") if change.get(key)]
    flat = " ".join(text.split())
    return [one for one in said if " ".join(one.split()) not in flat]


def judge(file, attack):
    """All complaints of one document, and its report."""
    status, out, err = verify(file, "--json")
    if status not in (0, 40, 41, 42):
        return [f"exit status {status}, not {attack.status}: {err.strip()[:200]}"], out
    report = json.loads(out)
    found = list(complaints(attack, status, report))
    if "+signet" in file:  # the text is made from the same result
        _, text, _ = verify(file)
        found += [f"the text does not say \"{one}\"" for one in unsaid(report, text)]
    return found, out


def good_documents(made):
    """The sealed documents are good before they are attacked, and none of them is taken for an attacked one."""
    for file in sorted({f"good-{file.rpartition('+')[2][:-4]}-{attack.certify}.pdf" for file, attack in made.items()}):
        status, out, err = verify(file, "--json")
        if status != 0 or json.loads(out)["signatures"][0]["covers"] != "whole document":
            yield f"{file}: {status} {err} {out[:2000]}"
            continue
        for attack in made.values():
            if not list(complaints(attack, status, json.loads(out))):
                yield f"{file} would do for {attack.name}"


def main():
    """In a folder of its own."""
    began, attacks = time.monotonic(), all_attacks()
    asked = sys.argv[1:] in (["judge"], ["record"])
    names = list(attacks) if asked else sys.argv[1:] or list(attacks)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        sealing.prepare()
        made = make([attacks[name] for name in names])
        faults = list(good_documents(made))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for file, (found, report) in zip(made, pool.map(lambda one: judge(one, made[one]), made)):
                faults += [f"{file}: {one}" for one in found]
                if sys.argv[1:] and not asked:
                    print(file, report)
        if asked:
            faults += judging.compared(made, sys.argv[1] == "record")
        os.chdir("/")
    print(*faults, sep="\n")
    print(f"{len(made)} documents of {len(names)} attacks, {len(faults)} complaints, in {time.monotonic() - began:.1f} s")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
