"""The licence of a Debian package in SPDX's words."""
import re
from pathlib import Path

# The names that debian/copyright files use.
SPDX = {
    "Apache-2.0": "Apache-2.0",
    "BSD-2-Clause": "BSD-2-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "BSD-3-clause": "BSD-3-Clause",
    "BSL-1.0": "BSL-1.0",
    "Expat": "MIT",
    "FTL": "FTL",
    "GPL-2": "GPL-2.0-only",
    "GPL-2+": "GPL-2.0-or-later",
    "LGPL-2.1+": "LGPL-2.1-or-later",
    "MIT": "MIT",  # libicu's, whose text it is
    "MIT-1": "MIT",  # libxml2's
    "MPL-2.0": "MPL-2.0",
    "PostgreSQL": "PostgreSQL",
    "Zlib": "Zlib",
    "curl": "curl",
    "libpng": "libpng-2.0",
    "public-domain": "blessing",  # SQLite's: the others here have it for files of the build only
    "Expat with embedded exception": "MIT",  # fmt's: leaves out the notice in programs, asks for nothing more
}

# Where the copyright file is prose, or says less than the licence does.
BY_PACKAGE = {
    "binutils": "GPL-3.0-or-later",
    "default-jdk-headless": "GPL-2.0-or-later",
    "dpkg-dev": "GPL-2.0-or-later",
    "g++-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libc6": "LGPL-2.1-or-later",
    "libc6-dev": "LGPL-2.1-or-later",
    "libgcc-12-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgcc-s1": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libjpeg-dev": "IJG AND BSD-3-Clause AND Zlib",
    "libjpeg62-turbo": "IJG AND BSD-3-Clause AND Zlib",
    "libjpeg62-turbo-dev": "IJG AND BSD-3-Clause AND Zlib",
    "libqpdf-dev": "Apache-2.0",
    "libqpdf29": "Apache-2.0",
    "libstdc++-12-dev": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libstdc++6": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libunibreak-dev": "Zlib",
    "libunibreak1": "Zlib",
    "linux-libc-dev": "GPL-2.0-only WITH Linux-syscall-note",
    "mono-mcs": "MIT",
    "openjdk-17-jdk-headless": "GPL-2.0-only WITH Classpath-exception-2.0",
    "openjdk-21-jdk-headless": "GPL-2.0-only WITH Classpath-exception-2.0",
    "python3": "PSF-2.0",
}


def licence_of(package):
    """What the package's copyright file says of all of its files; a name that is not known here is an error."""
    if package in BY_PACKAGE:
        return BY_PACKAGE[package]
    text = Path(f"/usr/share/doc/{package}/copyright").read_text(encoding="utf-8")
    for stanza in re.split(r"\n\s*\n", text):
        if re.search(r"^Files:\s*\*\s*$", stanza, re.MULTILINE):
            name = re.search(r"^License:\s*(.*?)\s*$", stanza, re.MULTILINE)[1]
            if name in SPDX:
                return SPDX[name]
            raise SystemExit(f"licences.py: {package} has the licence \"{name}\"; give its name in SPDX")
    raise SystemExit(f"licences.py: the copyright file of {package} is prose; give its licence")
