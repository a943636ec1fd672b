"""What bench/sealing and bench/validating share: their arguments, what they say, and where the results go."""

import argparse
import importlib.util
import json
import pathlib
import platform
import sys


def say(text):
    print(text, file=sys.stderr, flush=True)


def some_of(known):
    """For an argument that is a list of these words."""
    def parse(text):
        chosen = text.split(",") if text else []
        unknown = set(chosen) - set(known)
        if unknown:
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: there are {', '.join(known)}")
        return chosen
    return parse


def processor():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    names = [line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()


def command_of(parser, wanted, names):
    """What was measured, without the places where things are put."""
    words = [f"bench/{pathlib.Path(parser.prog).name}"]
    for name in names:
        value = getattr(wanted, name)
        if value != parser.get_default(name):
            words += [f"--{name}"] if value is True else [f"--{name}", ",".join(value) if isinstance(value, list) else f"{value:g}"]
    return " ".join(words)


def folder_of_page(text):
    """For an argument: the folder of performance.md. That its plots need a package of their own is told before anything is measured."""
    if importlib.util.find_spec("matplotlib") is None:
        raise argparse.ArgumentTypeError("the plots need matplotlib: run scripts/install-dependencies.sh bench, or leave --out away")
    return pathlib.Path(text)


def write_results(results, part, text, wanted):
    """JSON and, where --out is given, the page there with these results as that part of it."""
    wanted.json.write_text(json.dumps(results, indent=1) + "\n")
    print(text)
    if wanted.out:
        from page import write_page  # see folder_of_page()

        whole = json.loads((wanted.out / "performance.json").read_text())
        write_page({**whole, part: results}, wanted.out)
    say(f"{results['minutes']:.1f} minutes; written: {wanted.json}")
