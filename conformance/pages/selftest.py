#!/usr/bin/env python3
"""Whether paste.py notices what a page may not do: one page for each fault."""
import os
import pathlib
import shutil
import sys
import tempfile

import paste
import terminal

# What a page does, what is said of it, and what makes it good again.
FAULTS = [
    ("false\ntrue", "failed 1: false", ""),
    ("for n in 1 2; do false; done\ntrue", "failed 1: false", ""),
    ("true | false", "failed 1: false", ""),
    ("! true", "status 1", ""),
    ("no-such-program", "failed 127", ""),
    ("sleep 300 &", "leaves running: ['sleep 300']", "kill $!; wait $! || true"),
    ("(setsid sleep 301 & echo $! >\"$TRIAL/left\")", "leaves running: ['sleep 301']", "kill $(cat \"$TRIAL/left\")"),
    ("export OPENSSL_CONF=engine.cnf", "changes the shell:", "unset OPENSSL_CONF"),
    ("trap 'true' EXIT", "changes the shell:", "trap 'kill $emulator $authority' EXIT"),
    ("set -u", "changes the shell:", "set +u"),
    ("cp \"$SIGNET_CONFIG\" kept; echo '# more' >>\"$SIGNET_CONFIG\"", "changes the configuration:", "cp -p kept \"$SIGNET_CONFIG\""),
    ("signet key generate --type ec:P-256 --label left --pin-file \"$TRIAL/pin\"", "changes the token:",
     "signet key delete left --yes --pin-file \"$TRIAL/pin\""),
]
LAST = [("exit", "the shell has ended"), ("set -e\nfalse", "the shell has ended")]


def complaint(trial, folder, commands):
    page = pathlib.Path(folder) / "page.md"
    page.write_text(f"```sh\n{commands}\n```\n")
    try:
        trial.follow(str(page))
        trial.check_traces("page")
    except terminal.Broken as error:
        return str(error)
    return "nothing"


def check(trial, folder, commands, wanted):
    said = complaint(trial, folder, commands)
    if wanted not in said:
        raise SystemExit(f"{commands!r}: not noticed as {wanted!r}:\n{said}")


def faults(folder, lines):
    trial = paste.Trial(folder, lines)
    said = complaint(trial, folder, "true\nif false; then true; fi\nfalse || true\n! false")
    if said != "nothing":
        raise SystemExit(f"a good page is refused: {said}")
    for commands, wanted, mended in FAULTS:
        check(trial, folder, commands, wanted)
        trial.terminal.paste(f"{mended}\n" if mended else "true\n")
    return trial


def main():
    terminal.adopt_orphans()
    for lines, (commands, wanted) in zip((False, True), LAST):
        folder = tempfile.mkdtemp(prefix="signet-pages-")
        try:
            check(faults(folder, lines), folder, commands, wanted)
        finally:
            terminal.end_all()
            shutil.rmtree(folder)
    print(f"{len(FAULTS) + len(LAST)} faults are noticed")


if __name__ == "__main__":
    sys.exit(main() if "SIGNET_TEST_PREFIX" in os.environ else __doc__)
