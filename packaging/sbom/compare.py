#!/usr/bin/env python3
"""Whether a bill of materials says what an unpacked Debian package has: compare.py BILL FOLDER. It reads the package
itself, and nothing from the program that wrote the bill."""
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

# Headers and nothing else, so that no dependency of the package names them.
COMPILED_IN = {
    "signet-pkcs11": {"libboost1.81-dev", "libcli11-dev", "libfmt-dev", "libtomlplusplus-dev"},
    "signet-emulator": {"libboost1.81-dev", "libcli11-dev", "libfmt-dev"},
    "signet-seald": {"libboost1.81-dev", "libcli11-dev", "libfmt-dev", "libkainjow-mustache-dev", "libtomlplusplus-dev"},
    "libsignet-seal1": {"libboost1.81-dev", "libfmt-dev"},
    "libsignet-seal-dev": set(),
    # Its JAR has the library, too.
    "libsignet-seal-java": {"libboost1.81-dev", "libfmt-dev"},
    "libsignet-seal-cil": set(),
}


def control_field(folder, name):
    text = (folder / "DEBIAN/control").read_text()
    return re.search(rf"^{name}: (.*)$", text, re.MULTILINE)[1]


def installed_files(folder, bill_path):
    files = {}
    for path in folder.rglob("*"):
        name = "./" + str(path.relative_to(folder))
        if path.is_file() and not path.is_symlink() and not name.startswith("./DEBIAN/") and path != bill_path:
            files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return files


def listed_files(bill):
    return {
        file["fileName"]: next(c["checksumValue"] for c in file["checksums"] if c["algorithm"] == "SHA256")
        for file in bill["files"]
    }


def related(bill, kind):
    """The names of the packages that the described one has this relation to."""
    names = {package["SPDXID"]: package["name"] for package in bill["packages"]}
    return {
        names.get(r["relatedSpdxElement"]) for r in bill["relationships"] if r["relationshipType"] == kind
    }


def differences(bill, folder, bill_path):
    package = control_field(folder, "Package")
    described = bill["packages"][0]
    if (described["name"], described["versionInfo"]) != (package, control_field(folder, "Version")):
        yield f"it describes {described['name']} {described['versionInfo']}"
    there, listed = installed_files(folder, bill_path), listed_files(bill)
    for name in sorted(there.keys() | listed.keys()):
        if there.get(name) != listed.get(name):
            yield f"{name} is {there.get(name)} and listed as {listed.get(name)}"
    # Our own packages are not among those that the bill takes from Debian.
    declared = {word.split()[0] for word in control_field(folder, "Depends").split(",")} - set(COMPILED_IN)
    for name in sorted(declared ^ related(bill, "DEPENDS_ON")):
        yield f"{name} is only in one of: Depends, the bill's dependencies"
    for name in sorted(COMPILED_IN[package] ^ related(bill, "STATIC_LINK")):
        yield f"{name} is only in one of: what is known to be compiled in, the bill"
    for other in bill["packages"][1:]:
        if other["licenseDeclared"] == "NOASSERTION":
            yield f"{other['name']} has no licence"
        known = subprocess.run(["dpkg-query", "--show", "--showformat=${Version}", other["name"]],
                               capture_output=True, text=True, check=False).stdout
        if other["versionInfo"] != known:
            yield f"{other['name']} has the version {known or 'of nothing'}, not {other['versionInfo']}"


def main():
    bill_path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    bill = json.loads(bill_path.read_text())
    own = folder / f"usr/share/doc/{folder.name}/{folder.name}.spdx.json"
    found = list(differences(bill, folder, own))
    for line in found:
        print(f"{bill_path.name}: {line}", file=sys.stderr)
    if found:
        sys.exit(1)
    print(f"{bill_path.name}: {len(bill['files'])} files, {len(bill['packages']) - 1} other packages: as packed")


if __name__ == "__main__":
    main()
