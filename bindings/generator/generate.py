#!/usr/bin/env python3
"""Writes what the bindings have one of for each function or enum of the C ABI, from its headers:

    generate.py HEADERS java OUT      OUT/signet/seal/Native.java and the enums, OUT/natives.cc
    generate.py HEADERS dotnet OUT    OUT/Native.cs, OUT/Enums.cs
    generate.py HEADERS list          the names of the functions
"""
import hashlib
import sys
from pathlib import Path

import dotnet
import glue
import java
from headers import ENUMS, Headers


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def c_names():
    """Of each enum of the bindings: the first of the C interface that it has."""
    found = {}
    for c_name, (name, _) in ENUMS.items():
        found.setdefault(name, c_name)
    return found


def main():
    headers = Headers(sys.argv[1])
    # Errors are the concern of what is around each call, in both languages.
    functions = [function for function in headers.functions if not function.is_of_errors()]
    if sys.argv[2] == "list":
        print("\n".join(function.c_name for function in headers.functions))
        return
    out = Path(sys.argv[3])
    if sys.argv[2] == "java":
        text = glue.natives(functions, "")
        interface = hashlib.sha256(text.encode()).hexdigest()[:16]
        write(out / "signet/seal/Native.java", java.native(functions, interface))
        write(out / "natives.cc", glue.natives(functions, interface))
        for name, members in headers.enums.items():
            write(out / f"signet/seal/{name}.java", java.enum(name, c_names()[name], members))
    else:
        write(out / "Native.cs", dotnet.native(functions))
        write(out / "Enums.cs", dotnet.enums({n: (c_names()[n], m) for n, m in headers.enums.items()}))


if __name__ == "__main__":
    main()
