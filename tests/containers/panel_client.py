"""A person at the panel, without a browser: forms are sent as they stand on the pages, and answers are looked at as text.

    panel = Panel("10.77.0.5", context)
    page = panel.get("/sign-in")
    page = panel.submit(page, "/sign-in", name="alice@example.org", password="correct horse")
    page.path, page.status, page.text
"""

import functools
import html.parser
import http.client
import http.cookiejar
import socket
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

SECONDS = 60
VOID = ("br", "hr", "img", "input", "wbr")  # what has no end
NAME = "panel.example.org"  # the guide's


@dataclass
class Page:
    status: int
    url: str
    headers: http.client.HTTPMessage
    text: str

    @property
    def path(self):
        return urllib.parse.urlsplit(self.url).path

    @property
    def forms(self):
        """[(path that it goes to, {field: value as the page has it})]."""
        parser = _Forms()
        parser.feed(self.text)
        return [(urllib.parse.urlsplit(urllib.parse.urljoin(self.url, action)).path, fields)
                for action, fields in parser.forms]

    def form(self, path):
        """The fields of the form that goes to `path`."""
        for action, fields in self.forms:
            if action == path:
                return dict(fields)
        raise AssertionError(f"no form for {path} on {self}")

    @property
    def words(self):
        """What people read, in one line."""
        parser = _Words()
        parser.feed(self.text)
        return " ".join(" ".join(parser.words).split())

    def element(self, identity):
        """The text inside the element with this id, as it is copied."""
        parser = _Element(identity)
        parser.feed(self.text)
        if parser.text is None:
            raise AssertionError(f"nothing has the id {identity} on {self}")
        return "".join(parser.text)

    def __str__(self):
        return f"{self.status} {self.url}: {self.words[:2000]}"


class Panel:
    """One browser: its cookies. It knows the name of the panel and where that is."""

    def __init__(self, address, tls, name=NAME, headers=None, base=""):
        self.name, self.base = name, base
        self.cookies = http.cookiejar.CookieJar()
        self._headers = headers or {}
        self._opener = urllib.request.build_opener(_To(address, tls), urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path):
        return self._fetch(f"https://{self.name}{self.base}{path}")

    def post(self, path, fields):
        return self._fetch(f"https://{self.name}{self.base}{path}", fields)

    def submit(self, page, path, **typed):
        """Send the form for `path` on that page, with these fields filled in; a list for a field with several values."""
        return self.post(path, {**page.form(self.base + path), **typed})

    def _fetch(self, url, fields=None):
        body = None if fields is None else urllib.parse.urlencode(fields, doseq=True).encode()
        request = urllib.request.Request(url, data=body, headers={"Accept-Language": "en", **self._headers})
        try:
            response = self._opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:  # an answer, too
            response = error
        with response:
            return Page(response.status, response.url, response.headers, response.read().decode())


class _To(urllib.request.HTTPSHandler):
    """Connects to this address, whatever the name in the URL is, and wants a certificate for that name."""

    def __init__(self, address, tls):
        super().__init__(context=tls)
        self._connection = functools.partial(_Connection, address, tls)

    def https_open(self, request):
        return self.do_open(self._connection, request)


class _Connection(http.client.HTTPConnection):
    default_port = 443

    def __init__(self, address, tls, host, **options):
        super().__init__(host, **options)
        self._address, self._tls = address, tls

    def connect(self):
        self.sock = self._tls.wrap_socket(socket.create_connection((self._address, self.port), self.timeout),
                                          server_hostname=self.host)


class _Forms(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms = []

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.forms.append((has.get("action", ""), {}))
        elif tag == "input" and self.forms and has.get("type") == "hidden":
            self.forms[-1][1][has["name"]] = has.get("value", "")


class _Words(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.words = []

    def handle_data(self, data):
        self.words.append(data)


class _Element(html.parser.HTMLParser):
    def __init__(self, identity):
        super().__init__()
        self.text = None
        self._identity, self._depth = identity, 0

    def handle_starttag(self, tag, attributes):
        if self._depth:
            self._depth += tag not in VOID
        elif dict(attributes).get("id") == self._identity:
            self.text, self._depth = [], 1

    def handle_endtag(self, tag):
        if self._depth:
            self._depth -= tag not in VOID

    def handle_data(self, data):
        if self._depth:
            self.text.append(data)
