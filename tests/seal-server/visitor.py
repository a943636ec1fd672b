"""Whoever looks at the seal server's pages, or calls it, without a browser."""
import html
import http.client
import re
import ssl
import urllib.parse

import seald


class Visitor:
    """A connection that stays open, with a certificate or without one; a session where it signs in."""

    def __init__(self, server, certificate):
        context = ssl.create_default_context(cafile=server.file("server.crt"))
        if certificate:
            context.load_cert_chain(server.file(certificate + ".crt"), server.file(certificate + ".key"))
        self.connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=seald.PATIENCE)
        self.cookies = {}
        self.token = ""

    def ask(self, method, path, body=None, headers=None):
        """Status and text; status 0 where the connection fails."""
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (ssl.SSLError, ConnectionError):
            self.connection.close()
            return 0, ""
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        shown = re.search(r'name="token" value="([0-9a-f]{64})"', text)
        self.token = shown.group(1) if shown else self.token
        return answer.status, text

    def post_form(self, path, **fields):
        return self.ask("POST", path, urllib.parse.urlencode({"token": self.token, **fields}),
                        {"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self):
        assert self.ask("GET", "/sign-in")[0] == 200
        assert self.post_form("/sign-in/certificate")[0] == 303
        assert self.ask("GET", "/seals")[0] == 200

    def pages(self, path):
        """The text of each of the pages that follow each other."""
        while path:
            status, text = self.ask("GET", path)
            assert status == 200, f"{path}: {status}"
            yield text
            following = re.search(r'href="([^"]*)" rel="next"', text)
            path = following and html.unescape(following.group(1))


def references(page):
    """Of the seals that a page lists, in their order."""
    return [html.unescape(text) for text in re.findall(r'<a href="/seals/[0-9a-f]{32}">([^<]*)</a>', page)]
