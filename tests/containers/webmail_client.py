"""A person at Roundcube, without a browser: what its pages would send is sent, its answers are looked at as text.

    webmail = Webmail("10.77.0.5", context)
    page = webmail.sign_in("alice@example.org", "correct horse", "123456")
    page.is_mailbox
    webmail.send("bob@example.org", "Subject", "Text")
    webmail.sign_out()
"""

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

SECONDS = 60


@dataclass
class Page:
    status: int
    url: str
    text: str

    @property
    def is_sign_in_form(self):
        return 'name="_pass"' in self.text

    @property
    def is_mailbox(self):
        return self.status == 200 and 'id="messagelist"' in self.text and not self.is_sign_in_form

    @property
    def token(self):
        """What Roundcube wants to see again in the next request that changes something."""
        match = re.search(r'"request_token":"(\w+)"', self.text)
        if not match:
            raise AssertionError(f"no page of Roundcube: {self}")
        return match.group(1)

    def field(self, name):
        """The value of a field of a form, or the first choice of a select."""
        match = re.search(rf'name="{name}"[^>]*?value="([^"]*)"', self.text) or re.search(
            rf'<select[^>]*name="{name}"[^>]*>\s*<option[^>]*value="([^"]*)"', self.text)
        if not match:
            raise AssertionError(f"no field {name} in {self}")
        return html.unescape(match.group(1))

    def __str__(self):
        shown = re.sub(r"<script src.*?</script>|<[^>]*>|\s+", " ", self.text)
        return f"{self.status} {self.url}: {shown[-3000:]}"


class Webmail:
    """One browser: its cookies, and the token of the last whole page."""

    def __init__(self, address, tls):
        self.base = f"https://{address}/"
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=tls), urllib.request.HTTPCookieProcessor(self.cookies))
        self._token = None

    def get(self, path="", **query):
        return self._fetch(query, path=path)

    def post(self, fields, **query):
        return self._fetch(query, {"_token": self._token, **fields})

    def remote(self, **query):
        """As a page asks for a part of itself: the answer is JSON."""
        return self._fetch({**query, "_remote": 1}, headers={"X-Roundcube-Request": self._token,
                                                             "X-Requested-With": "XMLHttpRequest"})

    def _fetch(self, query, fields=None, headers=None, path=""):
        # The names of parameters begin with "_".
        address = f"{self.base}{path}?" + urllib.parse.urlencode({f"_{name.lstrip('_')}": value for name, value in query.items()})
        request = urllib.request.Request(
            address, data=urllib.parse.urlencode(fields).encode() if fields is not None else None,
            headers={"Accept-Language": "en-US", **(headers or {})})
        try:
            response = self._opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:  # an answer, too: Roundcube refuses a sign-in with 401
            response = error
        with response:
            page = Page(response.status, response.url, response.read().decode())
        if '"request_token":"' in page.text:
            self._token = page.token
        return page

    # --- What people do ---------------------------------------------------------------------------------

    def sign_in(self, name, password, code=None):
        """The page that follows. Without `code` its field stays empty, where there is one."""
        form = self.get()
        fields = {"_task": "login", "_action": "login", "_timezone": "UTC", "_url": "", "_user": name, "_pass": password}
        if 'name="_mailkey_code"' in form.text:
            fields["_mailkey_code"] = code or ""
        elif code:
            raise AssertionError(f"the sign-in form has no field for a code: {form}")
        return self.post(fields, task="login")

    def sign_out(self):
        return self.get(task="logout", token=self._token)

    def subjects(self):
        """The mailbox's list: {uid: subject}."""
        page = self.remote(task="mail", action="list", mbox="INBOX")
        return dict(re.findall(r'add_message_row\((\d+),\{\\"subject\\":\\"(.*?)\\"', page.text))

    def compose(self):
        return self.get(task="mail", action="compose")

    def send(self, recipient, subject, text):
        """What Roundcube says when the message is sent, or is not."""
        page = self.compose()
        return self.post({
            "_task": "mail", "_action": "send", "_id": re.search(r'"compose_id":"(\w+)"', page.text).group(1),
            "_from": page.field("_from"), "_to": recipient, "_subject": subject, "_message": text, "_is_html": "0",
            "_framed": "1", "_store_target": "", "_attachments": "", "_draft_saveid": "",
        }, task="mail", framed=1)

    def filters(self):
        return self.get(task="settings", action="plugin.managesieve")

    def add_filter(self, name):
        """A filter that keeps everything."""
        self.filters()
        return self.post({
            "_task": "settings", "_action": "plugin.managesieve-save", "_framed": "1", "_fid": "", "_name": name,
            "_enabled": "1", "_join": "any", "_header[0]": "subject", "_action_type[0]": "keep",
        }, task="settings", action="plugin.managesieve-save", framed=1)
