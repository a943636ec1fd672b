#!/usr/bin/env python3
"""Whether each function of the C ABI can be reached through the JAR and through the .NET assembly: reach.py BINDINGS_FOLDER

The generator declares every function of the headers in the class Native of either language. Here: that it found every function that
the library exports, and that each method of Native is called by a class of the public interface. Functions of errors are called by
what is around every call."""
import re
import sys
from pathlib import Path

from headers import Headers, camel, pascal


def exported(folder):
    text = re.sub(r"/\*.*?\*/", "", (folder / "c/exports.map").read_text(), flags=re.DOTALL)
    return set(re.findall(r"\bsignet_seal_\w+(?=;)", text))


def text_of(folder, *patterns):
    return "\n".join(path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(folder.glob(pattern)))


def main():
    folder = Path(sys.argv[1])
    functions = Headers(folder / "c").functions
    found = {function.c_name for function in functions}
    faults = [f"{name}: only in one of: exports.map, the headers as the generator reads them" for name in sorted(exported(folder) ^ found)]
    java = set(re.findall(r"\bNative(?:\.|::)(\w+)", text_of(folder / "java", "signet/seal/*.java")))
    glue = set(re.findall(r"\bsignet_seal_error_\w+(?=\()", text_of(folder / "java", "native/*.cc")))
    dotnet_text = text_of(folder / "dotnet", "*.cs")
    dotnet = set(re.findall(r"\bNative\.(\w+)|\b(signet_seal_error_\w+)(?=\()", dotnet_text))
    dotnet = {word for words in dotnet for word in words if word}
    for function in functions:
        if function.is_of_errors():
            wanted = {"Java": function.c_name in glue, ".NET": function.c_name in dotnet}
        else:
            wanted = {"Java": camel(function.name) in java, ".NET": pascal(function.name) in dotnet}
        faults += [f"{function.c_name}: not called in {name}" for name, called in wanted.items() if not called]
    if len(functions) < 200:
        faults.append(f"only {len(functions)} functions")
    print("\n".join(faults) or f"{len(functions)} functions, each of them in both", file=sys.stderr if faults else sys.stdout)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
