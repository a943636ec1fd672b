"""The authority's server, on this machine only: OCSP, CRLs, its certificates, time-stamps and renewal."""
import base64
import http.server
import os
import pathlib
import signal
import tempfile
import threading
import urllib.parse

import renewal
from openssl_command import Failed, Refused, to_der, try_openssl

MAX_BODY = 1 << 20


def ocsp_answer(authority, request):
    """An OCSP answer, DER, for a request, DER (RFC 6960)."""
    with tempfile.TemporaryDirectory() as scratch:
        asked, answer = pathlib.Path(scratch) / "request", pathlib.Path(scratch) / "answer"
        asked.write_bytes(request)
        with authority.locked():
            done = try_openssl("ocsp", "-index", "index.txt", "-CA", "issuing.pem", "-rsigner", "ocsp.pem",
                               "-rkey", "private/ocsp.key", "-nmin", 60, "-reqin", asked, "-respout", answer,
                               cwd=authority.folder)
        if done.returncode != 0 or not answer.is_file():
            return bytes.fromhex("30030a0101")  # malformedRequest
        return answer.read_bytes()


def timestamp_answer(authority, query):
    """A time-stamp reply, DER, for a query, DER (RFC 3161); a refusal is a reply as well."""
    with tempfile.TemporaryDirectory() as scratch:
        asked, answer = pathlib.Path(scratch) / "query", pathlib.Path(scratch) / "reply"
        asked.write_bytes(query)
        with authority.locked():
            try_openssl("ts", "-reply", "-config", "openssl.cnf", "-section", "tsa", "-queryfile", asked,
                        "-out", answer, cwd=authority.folder)
        if not answer.is_file():
            raise Failed("openssl ts wrote no reply")
        return answer.read_bytes()


class Handler(http.server.BaseHTTPRequestHandler):
    """One request. The server's attribute `authority` is whom it speaks for."""

    protocol_version = "HTTP/1.1"
    server_version = "testca"
    sys_version = ""

    def do_GET(self):
        """CRLs, certificates, and OCSP requests in the address (RFC 6960, A.1)."""
        authority = self.server.authority
        if self.path in ("/root.crl", "/issuing.crl"):
            authority.update_crls()
            self._reply(200, "application/pkix-crl", (authority.folder / self.path[1:]).read_bytes())
        elif self.path in ("/root.cer", "/issuing.cer"):
            pem = (authority.folder / (self.path[1:-4] + ".pem")).read_bytes()
            self._reply(200, "application/pkix-cert", to_der(pem))
        elif self.path.startswith("/ocsp/"):
            try:
                request = base64.b64decode(urllib.parse.unquote(self.path[6:]), validate=True)
            except ValueError:
                request = b""
            self._reply(200, "application/ocsp-response", ocsp_answer(authority, request))
        else:
            self._reply(404, "text/plain", b"there is no such address\n")

    def do_POST(self):
        """OCSP requests, time-stamp queries and renewal requests."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY:
            self.close_connection = True
            self._reply(413 if length.isdigit() else 411, "text/plain", b"a length of at most 1 MiB is needed\n")
            return
        body = self.rfile.read(int(length))
        authority = self.server.authority
        try:
            if self.path == "/ocsp":
                self._reply(200, "application/ocsp-response", ocsp_answer(authority, body))
            elif self.path == "/tsa":
                self._reply(200, "application/timestamp-reply", timestamp_answer(authority, body))
            elif self.path == "/renew":
                answer = renewal.renew(authority, body) + authority.chain
                self._reply(200, "application/pem-certificate-chain", answer)
            else:
                self._reply(404, "text/plain", b"there is no such address\n")
        except Refused as refusal:
            self._reply(403, "text/plain", f"{refusal}\n".encode())
        except Failed as failure:
            self._reply(500, "text/plain", f"{failure}\n".encode())

    def _reply(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """Listens on the loopback address only."""

    daemon_threads = True

    def __init__(self, authority):
        self.authority = authority
        address = urllib.parse.urlsplit(authority.url)
        super().__init__((address.hostname, address.port), Handler)


def serve(authority, ready_file=None):
    """Serves until SIGTERM or SIGINT; writes the ready file, with the address in it, once it accepts connections."""
    with Server(authority) as server:
        stop = lambda *_: threading.Thread(target=server.shutdown).start()
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if ready_file:
            unfinished = f"{ready_file}.new"
            pathlib.Path(unfinished).write_text(authority.url + "\n", encoding="ascii")
            os.rename(unfinished, ready_file)
        server.serve_forever(poll_interval=0.1)
