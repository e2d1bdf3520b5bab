"""A browser of the panel, as quick as Python allows: one connection, cookies, and the sign-in form."""

import http.client
import re
import urllib.parse


class Browser:
    def __init__(self, port, address):
        self.address = address  # as the web server in front would say
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {}
        self.body = ""

    def cookie(self):
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path):
        """The status."""
        return self._send("GET", path, None)

    def sign_in(self, name, password):
        self.get("/sign-in")
        token = re.search(r'name="csrf" value="([^"]*)"', self.body).group(1)
        status = self._send("POST", "/sign-in", {"csrf": token, "name": name, "password": password})
        if status != 303:
            raise PermissionError(f"{name} is not signed in: {status}")

    def _send(self, method, path, fields):
        headers = {"X-Forwarded-For": self.address, "Cookie": self.cookie()}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        self.body = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie") or []:
            name, value = value.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer.status
