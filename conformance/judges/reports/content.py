#!/usr/bin/env python3
"""content.py [NAME...]: the XML reports of `signet verify` and those of EU DSS about the same documents say the same, element by
element; ours are valid against the schema; content.yaml names the documents, and gives each difference its clause.

Runs in the virtual environment of the client pyhanko. Environment: SIGNET_TEST_COMMAND.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "validation")]

import histories
import judges
import run
import table
import yaml
from facts import Facts

TABLE = yaml.safe_load((HERE / "content.yaml").read_text(encoding="utf-8"))


def theirs(java, folder, out):
    """DSS's report."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    data = folder / "data"
    files = {kind: sorted(str(file) for file in (folder / kind).glob("*")) for kind in ("trust", "crls", "ocsps")}
    document = next(file for file in sorted(folder.iterdir()) if file.name.startswith("doc."))
    java.ask({"judge": "dss", "signature": str(document), "detached": str(data) if data.exists() else None, "trusted": files["trust"],
              "crls": files["crls"], "ocsps": files["ocsps"], "time": expected["validation_time"], "report": str(out)})
    return out.read_text(encoding="utf-8")


def ours(folder):
    """The report of `signet verify --xml`."""
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    command = ["--xml" if word == "--json" else word for word in run.command(folder, expected)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=run.TIMEOUT, check=False)
    if done.returncode not in (0, 40, 41):
        raise judges.Failure(f"{folder.name}: exit status {done.returncode}: {done.stderr[:300]}")
    return done.stdout


def differences(mine, other):
    """[(path, what only we say, what only they say)]"""
    found = []
    for path in sorted(set(mine) | set(other)):
        left, right = list(mine.get(path, [])), list(other.get(path, []))
        for one in mine.get(path, []):
            if one in right:
                left.remove(one)
                right.remove(one)
        if left or right:
            found.append((path, left, right))
    return found


def reason_for(name, path, left, right):
    """The table's row that explains a difference, or None."""
    for row in TABLE["differences"]:
        if "documents" in row and name not in row["documents"]:
            continue
        if not re.search(row["path"], path):
            continue
        if row["who"] == "ours" and right or row["who"] == "theirs" and left:
            continue
        if "ours" in row and not all(re.search(row["ours"], one) for one in left):
            continue
        if "theirs" in row and not all(re.search(row["theirs"], one) for one in right):
            continue
        return row
    return None


def unexplained(name, mine, other, used):
    """Differences without a reason, as lines."""
    lines = []
    for path, left, right in differences(mine, other):
        row = reason_for(name, path, left, right)
        if row is None:
            lines.append(f"{name}: {path}: ours {left}, DSS {right}")
        else:
            used.add(TABLE["differences"].index(row))
    return lines


def finds_faults(name, text, other):
    """A report in which something is changed differs."""
    for before, after in TABLE["faults"]:
        changed = re.sub(before, after, text, count=1)
        if changed == text:
            raise judges.Failure(f"{name}: there is no {before} in the report")
        if not unexplained(name, Facts(changed), other, set()):
            raise judges.Failure(f"{name}: nobody finds that {before} is {after!r}")


def make(folder, names):
    """The documents, each in a folder of its own."""
    known, cases = table.read()
    known |= TABLE.get("histories", {})
    cases = {case["case"]: case for case in cases + TABLE.get("cases", [])}
    for name in names:
        histories.Maker(cases[name], known).write(folder / name)


def main():
    """All documents, or those that are named."""
    began = time.monotonic()
    names = sys.argv[1:] or TABLE["documents"]
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        jars = f"{judges.installed('dss-judge')}/jars/*"
        subprocess.run(["javac", "-encoding", "UTF-8", "-cp", jars, "-d", work / "java", *HERE.parent.glob("*.java")], check=True)
        java = judges.Process(["java", "-XX:TieredStopAtLevel=1", "-cp", f"{work / 'java'}:{jars}", "Judge"])
        make(work, names)
        lines, used, facts = [], set(), 0
        for name in names:
            text, other = ours(work / name), Facts(theirs(java, work / name, work / f"{name}.xml"))
            mine = Facts(text)
            (work / "ours.xml").write_text(text, encoding="utf-8")
            lines += [f"{name}: {error}" for error in java.ask({"judge": "schema", "report": str(work / "ours.xml")})["errors"]]
            facts += len(mine)
            lines += unexplained(name, mine, other, used)
            if name == TABLE["with_faults"]:
                finds_faults(name, text, other)
        java.stop()
    if not sys.argv[1:]:
        lines += [f"content.yaml: nothing differs as it says: {row['path']}" for at, row in enumerate(TABLE["differences"])
                  if at not in used]
    print(f"{len(names)} documents, {facts} facts in {time.monotonic() - began:.1f} s")
    sys.exit("\n".join(lines) if lines else 0)


if __name__ == "__main__":
    try:
        main()
    except judges.Failure as failure:
        sys.exit(f"content.py: {failure}")
