"""The self-service panel for the mail server of mailserver.py, and somebody who uses it without a browser.

    panel.private_group(directory)      # before `mailkey init`: the group that the packages make
    service = Panel(directory, program, config)
    service.start()
    visitor = Visitor(service.url)
    visitor.post("/sign-in", name="anna@example.test", password="secret").place     # "/" when she is in
"""

import html
import http.cookiejar
import pathlib
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from textwrap import dedent

import namespace
from daemons import Daemons, free_port

USER, GROUP = 4930, 4931  # of the panel; in this namespace only
WANTED_PORT = 8110  # the panel's own choice


def private_group(directory):
    """A group `mailkey`, in this namespace only: `mailkey init` lets it use what the panel needs."""
    group = pathlib.Path(directory, "group-with-mailkey")
    kept = [line for line in pathlib.Path("/etc/group").read_text().splitlines() if not line.startswith("mailkey:")]
    group.write_text("\n".join([*kept, f"mailkey:x:{GROUP}:"]) + "\n")
    group.chmod(0o644)
    namespace.bind(group, "/etc/group")


def copied(program, directory):
    """The program where the panel's user may run it: a checkout may be in a directory that only its owner may enter."""
    return pathlib.Path(shutil.copy2(program, pathlib.Path(directory, "mailkey-panel")))


class Panel:
    def __init__(self, directory, program, config):
        self.directory = pathlib.Path(directory)
        self.program = copied(program, directory)
        self.config = config
        self.port = free_port(WANTED_PORT)
        # Only this machine reaches it, and browsers take localhost for safe without TLS.
        self.url = f"http://localhost:{self.port}"
        self.daemons = Daemons(self.directory)

    def start(self):
        settings = self.directory / "panel.toml"
        settings.write_text(dedent(f"""\
            listen = "127.0.0.1:{self.port}"
            url = "{self.url}/"
            mailkey = "{self.config}"
            """))
        # As its own user, like the service of the package.
        self.daemons.run("setpriv", f"--reuid={USER}", f"--regid={GROUP}", "--clear-groups", "--no-new-privs",
                         self.program, "--config", settings)
        self.daemons.wait_for_port("panel", self.port)

    def stop(self):
        self.daemons.stop()


@dataclass(frozen=True)
class Page:
    """What came back, after all redirections."""

    status: int
    place: str  # its path
    body: str

    def inner(self, element_id):
        """The text of an element, without tags and spaces; None where the page has none of that id."""
        found = re.search(rf'<(\w+)[^>]*\bid="{element_id}"[^>]*>(.*?)</\1>', self.body, re.DOTALL)
        return html.unescape(re.sub(r"<[^>]*>|\s", "", found.group(2))) if found else None

    @property
    def title(self):
        found = re.search(r"<h1>(.*?)</h1>", self.body, re.DOTALL)
        return html.unescape(re.sub(r"<[^>]*>", "", found.group(1))).strip() if found else ""


class Visitor:
    """Keeps cookies and sends forms as a browser does."""

    def __init__(self, url):
        self.url = url
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self._page = None

    def get(self, path):
        return self._open(urllib.request.Request(self.url + path))

    def post(self, path, **fields):
        """Sends the form of the page that is open, with its hidden token; a field may have a list of values."""
        page = self._page or self.get("/sign-in")
        token = re.search(r'name="csrf" value="([^"]*)"', page.body)
        if not token:
            raise LookupError(f"no form on {page.place}: {page.title}")
        body = urllib.parse.urlencode({"csrf": token.group(1), **fields}, doseq=True).encode()
        return self._open(urllib.request.Request(self.url + path, data=body))

    def _open(self, request):
        try:
            response = self._opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:  # a page too: the form was filled in wrong
            response = error
        with response:
            place = urllib.parse.urlsplit(response.geturl()).path
            self._page = Page(response.status, place, response.read().decode())
        return self._page
