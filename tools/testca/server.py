"""The authority's server, on this machine only: OCSP, CRLs, its certificates, time-stamps, issuing and renewal."""
import base64
import http.server
import json
import os
import pathlib
import signal
import ssl
import tempfile
import threading
import urllib.parse

import profiles
import renewal
import stamping
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
        elif self.path == "/counts":
            self._reply(200, "application/json", json.dumps(self.server.counters.read()).encode())
        else:
            self._reply(404, "text/plain", b"there is no such address\n")

    def do_POST(self):
        """OCSP requests, time-stamp queries, renewal requests, and requests for certificates of a profile."""
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
            elif self.path == "/tsa" or self.path.startswith("/tsa/"):
                self._stamp(body)
            elif self.path == "/renew":
                answer = renewal.renew(authority, body) + authority.chain
                self._reply(200, "application/pem-certificate-chain", answer)
            elif self.path.startswith("/issue/") and self.path[len("/issue/"):] in profiles.REQUESTABLE:
                answer = authority.issue(body, self.path[len("/issue/"):]) + authority.chain
                self._reply(200, "application/pem-certificate-chain", answer)
            else:
                self._reply(404, "text/plain", b"there is no such address\n")
        except Refused as refusal:
            self._reply(403, "text/plain", f"{refusal}\n".encode())
        except Failed as failure:
            self._reply(500, "text/plain", f"{failure}\n".encode())

    def _stamp(self, query):
        counters, name = self.server.counters, self.path[len("/tsa/"):]
        if name and name not in stamping.names():
            self._reply(404, "text/plain", b"there is no such address\n")
            return
        number = counters.add(self.path, received=len(query), requests=1)
        if name:
            # A certificate that was shown has been checked in the handshake.
            shown = isinstance(self.connection, ssl.SSLSocket) and bool(self.connection.getpeercert())
            answer = stamping.answer(self.server.authority, name, query, number, self.headers, shown)
        else:
            answer = stamping.Reply(stamping.sound_answer(self.server.authority, query))
        if answer.status is None:
            self.close_connection = True
            return
        counters.add(self.path, sent=len(answer.body))
        self._reply(answer.status, answer.kind, answer.body, answer.headers)

    def _reply(self, status, kind, body, headers=None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    """Listens on the loopback address only."""

    daemon_threads = True

    def __init__(self, authority):
        self.authority, self.counters = authority, stamping.Counters()
        address = urllib.parse.urlsplit(authority.url)
        super().__init__((address.hostname, address.port), Handler)


class TlsServer(http.server.ThreadingHTTPServer):
    """The same over TLS, on another port of the same address. A client may show a certificate of the authority."""

    daemon_threads = True

    def __init__(self, plain):
        self.authority, self.counters = plain.authority, plain.counters
        host = plain.server_address[0]
        super().__init__((host, 0), Handler)
        files = [self.authority.folder / name for name in ("server-tls.pem", "private/server-tls.key")]
        self.authority.make_tls(host, *files)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=self.authority.folder / "ca.pem")
        self.context.load_cert_chain(*files)
        self.context.verify_mode = ssl.CERT_OPTIONAL
        self.url = f"https://{host}:{self.server_address[1]}"

    def finish_request(self, request, client_address):
        """In a thread of its own, the handshake too."""
        try:
            with self.context.wrap_socket(request, server_side=True) as connection:
                super().finish_request(connection, client_address)
        except OSError:
            pass  # a client that went away, or shows a foreign certificate


def write_whole(file, text):
    """Readers see all of it or nothing."""
    unfinished = f"{file}.new"
    pathlib.Path(unfinished).write_text(text + "\n", encoding="ascii")
    os.rename(unfinished, file)


def serve(authority, ready_file=None, tls_ready_file=None):
    """Serves until SIGTERM or SIGINT; writes each ready file, with its address in it, once it accepts connections there."""
    with Server(authority) as server:
        stop = lambda *_: threading.Thread(target=server.shutdown).start()
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if tls_ready_file:
            tls = TlsServer(server)
            threading.Thread(target=tls.serve_forever, daemon=True).start()
            write_whole(tls_ready_file, tls.url)
        if ready_file:
            write_whole(ready_file, authority.url)
        server.serve_forever(poll_interval=0.1)
