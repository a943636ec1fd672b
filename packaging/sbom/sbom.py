#!/usr/bin/env python3
"""Writes the bill of materials (SPDX 2.3, JSON) of a Debian package that is being built:

    sbom.py --package NAME --build BUILD_FOLDER

It is run by debian/rules when the package's files have their last form, and lists them with their sums; the packages
whose libraries they load, read from the files; those whose headers were compiled into them, read from what the
compiler reported to ninja; the package's other dependencies; and the tools of the build. It is the same, byte by
byte, for the same files on the same system.
"""
import argparse
import hashlib
import json
import os
import re
import subprocess
import uuid
from datetime import datetime, timezone
from pathlib import Path

from licences import licence_of

# Their headers declare functions and constants of something that is not linked, or that the kernel is.
# (ICU's are read by libxml2's, those of the databases by SOCI's.)
DECLARATIONS_ONLY = {"libicu-dev", "libnspr4-dev", "libnss3-dev", "libp11-kit-dev", "libpq-dev", "libsqlite3-dev", "linux-libc-dev",
                     "openjdk-17-jdk-headless", "openjdk-21-jdk-headless"}
TOOLS = ["g++-12", "binutils", "cmake", "ninja-build", "debhelper", "dpkg-dev"]
TOOLS_BESIDE = {"libsignet-seal-java": ["default-jdk-headless"], "libsignet-seal-cil": ["mono-mcs"]}
# Libraries of other packages of this source, as they are being built.
OWN = {"libsignet-seal.so.1": "debian/libsignet-seal1/usr/lib"}
MAINTAINER = "Organization: Signet maintainers"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def digest(name, data):
    return hashlib.new(name, data).hexdigest()


def is_elf(path):
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def package_files(folder):
    """The installed files, by path; links and the package's own control files are none."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if "DEBIAN" not in path.relative_to(folder).parts[:1])


def owners(paths):
    """The Debian packages that own these files."""
    real = sorted({os.path.realpath(path) for path in paths})
    # A system whose /lib is a link to /usr/lib knows some files by the shorter path.
    asked = real + [path.removeprefix("/usr") for path in real if path.startswith("/usr/lib")]
    answer = subprocess.run(["dpkg-query", "--search", *asked], capture_output=True, text=True, check=False).stdout
    owned = {}
    for line in answer.splitlines():
        names, _, path = line.partition(": ")
        if not names.startswith("diversion "):
            owned["/usr" + path if path.startswith("/lib") else path] = names.split(", ")[0].split(":")[0]
    if lost := [path for path in real if path not in owned]:
        raise SystemExit(f"sbom.py: no Debian package owns {', '.join(lost)}")
    return set(owned.values())


def needed_by(elf):
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "--dynamic", "--wide", elf)))


def own_libraries(elf):
    """Those that are named NEEDED and come from this source."""
    return [next(Path(OWN[name]).rglob(name)).resolve() for name in needed_by(elf) & OWN.keys()]


def loaded_libraries(elf):
    """The files that the loader finds for what is named NEEDED, but for our own."""
    needed = needed_by(elf) - OWN.keys()
    found = {}
    for line in output("ldd", elf).splitlines():
        if match := re.search(r"(\S+)(?: => (\S+))? \(0x", line):
            found[os.path.basename(match[1])] = match[2] or match[1]
    return [found[name] for name in needed]


def compiled_headers(build, programs):
    """The system's headers that the compiler read for these programs."""
    built = [str(path.relative_to(build)) for name in programs for path in build.rglob(name) if path.is_file()]
    inputs = set(output("ninja", "-C", build, "-t", "inputs", *built).splitlines())
    headers, wanted = set(), False
    for line in output("ninja", "-C", build, "-t", "deps").splitlines():
        if line and not line.startswith(" "):
            wanted = line.split(":")[0] in inputs
        elif wanted and line.strip().startswith("/usr/"):
            headers.add(line.strip())
    if not headers:
        raise SystemExit(f"sbom.py: {build} does not know what was compiled into {', '.join(programs)}")
    return headers


def declared_dependencies(name):
    """What the package says it needs, of what is a file of another package: Depends in debian/control."""
    stanza = next(part for part in Path("debian/control").read_text().split("\n\n") if f"Package: {name}\n" in part)
    depends = re.search(r"^Depends:(.*(?:\n .*)*)", stanza, re.MULTILINE)[1]
    return {word.split()[0] for word in depends.split(",") if word.strip() and "${" not in word}


def dpkg_fields(name, *fields):
    shown = "\\n".join(f"${{{field}}}" for field in fields)
    return output("dpkg-query", "--show", f"--showformat={shown}\\n--\\n", name).split("\n--\n")[0].split("\n")


def debian_package(name):
    version, architecture = dpkg_fields(name, "Version", "Architecture")
    return {
        "SPDXID": spdx_id("Debian", name),
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": licence_of(name),
        "copyrightText": "NOASSERTION",
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": f"pkg:deb/debian/{name}@{version}?arch={architecture}".replace("+", "%2B"),
        }],
    }


def spdx_id(kind, name):
    return f"SPDXRef-{kind}-" + re.sub(r"[^A-Za-z0-9.-]", "-", name.replace("+", "plus"))


def relation(one, kind, other):
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def file_entry(folder, path):
    data = path.read_bytes()
    name = "./" + str(path.relative_to(folder))
    return {
        "SPDXID": f"SPDXRef-File-{digest('sha256', name.encode())[:16]}",
        "fileName": name,
        "fileTypes": ["BINARY" if is_elf(path) else "OTHER"],
        "checksums": [{"algorithm": kind.upper(), "checksumValue": digest(kind, data)} for kind in ("sha1", "sha256")],
        "licenseConcluded": "Apache-2.0",
        "licenseInfoInFiles": ["NOASSERTION"],
        "copyrightText": "NOASSERTION",
    }


def main_package(name, version, files, own_path):
    sums = "".join(sorted(file["checksums"][0]["checksumValue"] for file in files))
    return {
        "SPDXID": spdx_id("Package", name),
        "name": name,
        "versionInfo": version,
        "supplier": MAINTAINER,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": True,
        "packageVerificationCode": {
            "packageVerificationCodeValue": digest("sha1", sums.encode()),
            "packageVerificationCodeExcludedFiles": [own_path],
        },
        "licenseConcluded": "Apache-2.0",
        "licenseDeclared": "Apache-2.0",
        "licenseInfoFromFiles": ["NOASSERTION"],
        "copyrightText": "NOASSERTION",
    }


def relations_of(package, files, elfs, build):
    """The package's relations to others, and the names of those others."""
    own = spdx_id("Package", package)
    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", own)]
    relations += [relation(own, "CONTAINS", file["SPDXID"]) for file in files]
    libraries = owners(library for elf in elfs for library in loaded_libraries(elf)) if elfs else set()
    runtime = libraries | declared_dependencies(package)
    # What is linked through a library of ours is not compiled in.
    through = {library for elf in elfs for own_library in own_libraries(elf) for library in loaded_libraries(own_library)}
    linked = libraries | (owners(through) if through else set())
    tools = TOOLS + TOOLS_BESIDE.get(package, [])
    relations += [relation(own, "DEPENDS_ON", spdx_id("Debian", name)) for name in sorted(runtime)]
    # A package for development has nothing that is compiled.
    headers = owners(compiled_headers(build, [elf.name for elf in elfs])) if elfs else set()
    for name in sorted(headers):
        needs = set(re.findall(r"[a-z0-9][a-z0-9+.-]+", dpkg_fields(name, "Depends")[0]))
        if needs & linked or name in DECLARATIONS_ONLY:
            relations.append(relation(spdx_id("Debian", name), "BUILD_DEPENDENCY_OF", own))
        else:
            relations.append(relation(own, "STATIC_LINK", spdx_id("Debian", name)))
    relations += [relation(spdx_id("Debian", name), "BUILD_TOOL_OF", own) for name in tools]
    return relations, sorted(runtime | headers | set(tools))


def document(package, folder, build, own_path):
    version = output("dpkg-parsechangelog", "--show-field", "Version").strip()
    created = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc)
    paths = package_files(folder)
    files = [file_entry(folder, path) for path in paths]
    relations, others = relations_of(package, files, [path for path in paths if is_elf(path)], build)
    content = {
        "packages": [main_package(package, version, files, own_path), *map(debian_package, others)],
        "files": files,
        "relationships": relations,
    }
    # As unique as what it describes.
    identity = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(content, sort_keys=True))
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{package}-{version}",
        "documentNamespace": f"urn:uuid:{identity}",
        "creationInfo": {
            "created": created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [MAINTAINER, f"Tool: signet-sbom-{version}"],
        },
        **content,
    }


def main():
    parser = argparse.ArgumentParser(description="Writes a package's bill of materials")
    parser.add_argument("--package", required=True)
    parser.add_argument("--build", required=True, type=Path)
    words = parser.parse_args()
    folder = Path("debian") / words.package
    own_path = f"./usr/share/doc/{words.package}/{words.package}.spdx.json"
    file = folder / own_path
    file.unlink(missing_ok=True)
    text = json.dumps(document(words.package, folder, words.build, own_path), indent=1, ensure_ascii=False)
    file.write_text(text + "\n")
    file.chmod(0o644)


if __name__ == "__main__":
    main()
