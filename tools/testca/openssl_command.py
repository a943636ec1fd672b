"""Runs the openssl command; what it prints when it fails becomes the error's text."""
import subprocess


class Failed(Exception):
    """The authority's own work failed: a missing file, an unreadable key, a request that is none."""


class Refused(Exception):
    """What was asked for is understood and not granted; the text says why."""


def try_openssl(*arguments, data=None, cwd=None):
    """The finished process, whatever its status. Bytes go in and out."""
    # Its configuration is the authority's own, never that of the environment.
    return subprocess.run(
        ["openssl", *map(str, arguments)], input=data, cwd=cwd, capture_output=True, check=False
    )


def openssl(*arguments, data=None, cwd=None):
    """The standard output; Failed with the last lines of the standard error otherwise."""
    done = try_openssl(*arguments, data=data, cwd=cwd)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
        raise Failed(f"openssl {arguments[0]}: " + "; ".join(said))
    return done.stdout


def to_der(pem):
    """A certificate as DER, from PEM or DER."""
    if b"-----BEGIN" not in pem:
        return pem
    return openssl("x509", "-outform", "DER", data=pem)


def to_pem(der):
    """A certificate as PEM without the text before it, from PEM or DER."""
    form = "PEM" if b"-----BEGIN" in der else "DER"
    return openssl("x509", "-inform", form, data=der)


def proven_request(request):
    """A PKCS#10 request as PEM, from PEM or DER; nothing if its own signature does not fit its key."""
    form = "PEM" if b"-----BEGIN" in request else "DER"
    # The exit status of `req -verify` is 0 whatever it finds.
    done = try_openssl("req", "-inform", form, "-outform", "PEM", "-verify", data=request)
    return done.stdout if done.returncode == 0 and b"verify OK" in done.stderr else None
