"""A server on loopback that answers as functions say: OCSP answers, CRLs, certificates, time-stamps, and answers that no honest server
gives. It counts who asked for what, and is a proxy, too, which takes every host for itself."""
import collections
import http.server
import socket
import threading
import time
import urllib.parse

PATIENCE = 60  # s, for a client that neither listens nor goes away
HTML = b"<!DOCTYPE html><html><title>Log in</title><p>This network wants a password.</html>"


class Handler(http.server.BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server_version = "loopback"
    sys_version = ""

    def do_GET(self):
        """A CRL, or a certificate."""
        self._answer(b"")

    def do_POST(self):
        """OCSP requests and time-stamp queries."""
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def _answer(self, query):
        if self.path.startswith("http://"):
            self.path = urllib.parse.urlsplit(self.path).path
            self.server.count("proxy:" + self.path)
        number = self.server.count(self.path)
        source = self.server.sources.get(self.path)
        if source is None:
            self._reply(404, b"there is no such address\n")
            return
        how, body = source(query, number)
        getattr(self, f"_{how}")(body)

    def _reply(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        stamps = "tsa" in self.path.split("/") and body != HTML
        self.send_header("Content-Type", "application/timestamp-reply" if stamps else "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _good(self, body):
        self._reply(200, body)

    def _html(self, _):
        self._reply(200, HTML)

    def _missing(self, _):
        self._reply(404, HTML)

    def _failing(self, _):
        self._reply(503, b"come back later\n", Retry_After="1")

    def _redirect(self, body):
        """To the address that has the good answer."""
        self.server.sources[self.path + "/moved"] = lambda _, __: ("good", body)
        self._reply(302, b"", Location=self.path + "/moved")

    def _empty(self, _):
        self._reply(200, b"")

    def _drop(self, _):
        self.close_connection = True

    def _cut(self, body):
        """Half of what was announced."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:len(body) // 2])
        self.close_connection = True

    def _long(self, _):
        """More than any answer may have, without saying so."""
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            for _ in range(80):
                self.wfile.write(bytes(1 << 20))
        except OSError:
            pass  # the client has seen enough

    def _hang(self, _):
        """Nothing, until the client goes away."""
        self.close_connection = True
        self.connection.settimeout(PATIENCE)
        try:
            self.connection.recv(1)
        except OSError:
            pass

    def _drip(self, body):
        """A byte now and then."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.close_connection = True
        try:
            for at in range(PATIENCE * 2):
                self.wfile.write(body[at:at + 1])
                time.sleep(0.5)
        except OSError:
            pass

    def log_message(self, *_):
        """The tests say what went wrong."""


class Server(http.server.ThreadingHTTPServer):
    """Listens on a free port of 127.0.0.1 while it is entered."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.sources = {}  # path: function of the query and its number, from 1; gives (a way of Handler, bytes)
        self.lock, self.counts = threading.Lock(), collections.Counter()
        self.closed = socket.socket()  # a port on which nobody listens, and nobody else will
        self.closed.bind(("127.0.0.1", 0))

    def count(self, path):
        """Which request to it this is."""
        with self.lock:
            self.counts[path] += 1
            return self.counts[path]

    def asked(self, path):
        """How often until now; with "proxy:" before it, as a proxy."""
        with self.lock:
            return self.counts[path]

    def down(self):
        """An address that refuses connections."""
        return f"http://127.0.0.1:{self.closed.getsockname()[1]}"

    def handle_error(self, *_):
        """A client that went away."""

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
        self.closed.close()
