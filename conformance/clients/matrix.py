#!/usr/bin/env python3
"""The matrix of clients: what ran, in which version, how it was checked, and what it cost.

  matrix.py record FOLDER NAME ok|failed SECONDS REQUESTS SIGNATURES    leaves FOLDER/NAME.json
  matrix.py write FOLDER FILE         writes FILE (docs/compatibility.md) from the records; status 1 if one failed
  matrix.py check FILE BUILD_FOLDER   that every client has its page, its test and its row, and no row lacks a client

What is said of a client stands in conformance/clients/NAME/about.toml and nowhere else:

  name = "pkcs11-tool"                 group = one of GROUPS below
  version = "a command that prints it" exercised, checked = "one sentence each"
  keys = ["RSA-3072", "P-256"]         client_fault = "what the client itself does wrong", where it does
  slow = true, timeout = SECONDS, for ctest
  needs = ["pyhanko"]: clients whose installation this one uses as well
"""
import datetime
import json
import pathlib
import subprocess
import sys
import tomllib

CLIENTS = pathlib.Path(__file__).resolve().parent
ROOT = CLIENTS.parent.parent
GROUPS = ["Scripts", "OpenSSL", "Servers", "PDF", "Java", "Code signing", "NSS", "Languages"]
NEEDED = {"name", "group", "version", "exercised", "keys", "checked"}
OPTIONAL = {"client_fault", "slow", "timeout", "needs"}
DIALECTS = {"csc-v1": "CSC 1", "csc-v2": "CSC 2", "sapiws": "SAPIWS"}

HEAD = """# Which programs work

Written by `conformance/run`, which runs every program below, unmodified, against an emulated appliance through an
installed Signet. Each name leads to the page whose commands were run.

- **requests**: how many requests the page and the further checks made; **signatures**: how many of them were signatures.
- **result**: `ok`; `client`: works except for a fault of the program itself, which its page explains; `failed`.
- **CSC 1, CSC 2, SAPIWS**: `ok` where the program was also run through that dialect (`conformance/dialects/clients.sh`):
  lists keys, signs, and the signature is verified without the token. All other columns are of the native dialect.

| what the dialect cannot do | CSC 1 and 2 ([csc.md](csc.md)) | SAPIWS ([sapiws.md](sapiws.md)) |
|---|---|---|
| make, name and delete keys, store certificates | no: write-protected | no: write-protected but for the PIN |
| change the PIN | no | yes |
| RSA PKCS#1 v1.5 | a DigestInfo of a hash that the service names | a DigestInfo of SHA-1, SHA-256, SHA-384 or SHA-512 |
| RSA-PSS | where the credential has it | where the configuration says that the firmware has it |
| ECDSA | where the credential has it | no: RSA keys only |
| keys without a certificate | not shown | not shown |
"""

TAIL = """
## Not tried

- **AutoFirma**: in no package repository.
"""


def about(name):
    path = CLIENTS / name / "about.toml"
    with open(path, "rb") as file:
        values = tomllib.load(file)
    missing, unknown = NEEDED - values.keys(), values.keys() - NEEDED - OPTIONAL
    if missing or unknown:
        sys.exit(f"{path}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    if values["group"] not in GROUPS:
        sys.exit(f"{path}: the group must be one of {GROUPS}")
    return values


def names():
    found = sorted(path.parent.name for path in CLIENTS.glob("*/about.toml"))
    return sorted(found, key=lambda name: GROUPS.index(about(name)["group"]))


def version_of(client):
    shown = subprocess.run(
        ["bash", "-c", client["version"]], capture_output=True, text=True, timeout=60
    )
    lines = (shown.stdout or shown.stderr).strip().splitlines()
    if shown.returncode != 0 or not lines:
        sys.exit(f"the version command fails: {client['version']}: {shown.stderr}")
    return lines[0].strip()


def record(folder, name, result, seconds, requests, signatures):
    client = about(name)
    if result == "ok" and "client_fault" in client:
        result = "client"
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    values = {
        "client": name,
        "version": version_of(client),
        "result": result,
        "seconds": int(seconds),
        "requests": int(requests),
        "signatures": int(signatures),
        "when": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }
    (folder / f"{name}.json").write_text(json.dumps(values, indent=2) + "\n")


def read_record(folder, name):
    path = pathlib.Path(folder) / f"{name}.json"
    if not path.exists():
        return {"version": "", "result": "failed", "requests": "", "signatures": ""}
    return json.loads(path.read_text())


def read_dialects(folder):
    """The clients that each dialect was run with."""
    ran = {}
    for dialect in DIALECTS:
        path = pathlib.Path(folder) / f"dialect-{dialect}.json"
        ran[dialect] = json.loads(path.read_text()) if path.exists() else []
    return ran


def row(name, run, dialects):
    client = about(name)
    result = run["result"]
    if result == "client":
        result += f": {client['client_fault']}"
    cells = [
        f"[{client['name']}](clients/{name}.md)",
        run["version"],
        client["exercised"],
        ", ".join(client["keys"]),
        client["checked"],
        str(run["requests"]),
        str(run["signatures"]),
        result,
        *("ok" if name in dialects[dialect] else "" for dialect in DIALECTS),
    ]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def write(folder, file):
    lines, group, failed, dialects = [HEAD], None, [], read_dialects(folder)
    for name in names():
        if about(name)["group"] != group:
            group = about(name)["group"]
            lines.append(f"\n## {group}\n")
            columns = " | ".join(DIALECTS.values())
            lines.append(
                f"| client | version | exercised | keys | checked by | requests | signatures | result | {columns} |"
            )
            lines.append("|---" * (8 + len(DIALECTS)) + "|")
        run = read_record(folder, name)
        lines.append(row(name, run, dialects))
        if run["result"] == "failed":
            failed.append(name)
    pathlib.Path(file).write_text("\n".join(lines + [TAIL]).replace("\n\n\n", "\n\n"))
    if failed:
        sys.exit("failed: " + ", ".join(failed))


def tests_of(build):
    shown = subprocess.run(
        ["ctest", "--show-only=json-v1", "--test-dir", build], capture_output=True, text=True, check=True
    )
    return {test["name"] for test in json.loads(shown.stdout)["tests"]}


def check(file, build):
    text, tests, wrong = pathlib.Path(file).read_text(), tests_of(build), []
    for name in names():
        if not (ROOT / "docs" / "clients" / f"{name}.md").exists():
            wrong.append(f"{name} has no page docs/clients/{name}.md")
        if f"client.{name}" not in tests:
            wrong.append(f"{name} has no test client.{name}")
        if f"[{about(name)['name']}](clients/{name}.md)" not in text:
            wrong.append(f"{name} has no row in {file}: run conformance/run")
    rows = [line.split("](clients/")[1].split(".md)")[0] for line in text.splitlines() if "](clients/" in line]
    wrong += [f"{file} has a row for {name}, which is no client" for name in rows if name not in names()]
    wrong += [f"docs/clients/{page.name} is run by no test"
              for page in (ROOT / "docs" / "clients").glob("*.md") if f"client.{page.stem}" not in tests]
    if wrong:
        sys.exit("\n".join(wrong))


def main():
    commands = {"record": (record, 6), "write": (write, 2), "check": (check, 2)}
    command, count = commands.get(sys.argv[1] if len(sys.argv) > 1 else "", (None, 0))
    if command is None or len(sys.argv) != 2 + count:
        sys.exit(__doc__)
    command(*sys.argv[2:])


if __name__ == "__main__":
    main()
