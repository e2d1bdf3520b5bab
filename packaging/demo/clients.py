"""One login by a mail program, in each protocol, with a clear answer.

    answer = clients.imap(port, "anna@example.test", "password")
    answer.accepted, answer.text

A server that breaks off, is not there, or says anything that is neither yes nor no raises an exception:
a test must never take that for a refusal.

`tls` (ssl.SSLContext): the connection is encrypted, from the first byte for IMAP and POP3, after STARTTLS for SMTP and
sieve; the certificate must be for `host`.
"""

import base64
import contextlib
import imaplib
import poplib
import re
import smtplib
import socket
from dataclasses import dataclass

HOST = "127.0.0.1"
SECONDS = 30


@dataclass(frozen=True)
class Answer:
    accepted: bool
    text: str  # what the server said
    temporary: bool = False  # "try again later": what clients do not take for a wrong password

    def __bool__(self):
        return self.accepted

    def __str__(self):
        return ("accepted" if self.accepted else "refused") + f" ({self.text})"


def connect(host, port, source=None, tls=None):
    """A TCP connection; `source` is the local address to come from (any 127.x.y.z)."""
    connection = socket.create_connection((host, port), timeout=SECONDS, source_address=(source, 0) if source else None)
    return tls.wrap_socket(connection, server_hostname=host) if tls else connection


class _Imap(imaplib.IMAP4):
    def __init__(self, host, port, source, tls):
        self.source, self.tls = source, tls
        super().__init__(host, port)

    def _create_socket(self, timeout):
        return connect(self.host, self.port, self.source, self.tls)


class _Pop3(poplib.POP3):
    def __init__(self, host, port, source, tls):
        self.source, self.tls = source, tls
        super().__init__(host, port)

    def _create_socket(self, timeout):
        return connect(self.host, self.port, self.source, self.tls)


def _plain(user, password):
    """The SASL PLAIN response (RFC 4616)."""
    return b"\0".join((b"", _bytes(user), _bytes(password)))


def _bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def imap_session(port, user, password, source=None, host=HOST, tls=None):
    """(connection, answer); the connection is None when refused. The caller logs out."""
    connection = _Imap(host, port, source, tls)
    try:
        # Through SASL, because the LOGIN command cannot carry every password byte.
        _, data = connection.authenticate("PLAIN", lambda _: _plain(user, password))
    except imaplib.IMAP4.abort:
        connection.shutdown()
        raise
    except imaplib.IMAP4.error as error:
        connection.shutdown()
        text = _text(error.args[0])
        if "[UNAVAILABLE]" in text:
            return None, Answer(False, text, temporary=True)
        if "AUTHENTICATIONFAILED" not in text and "[EXPIRED]" not in text and "[AUTHORIZATIONFAILED]" not in text:
            raise
        return None, Answer(False, text)
    return connection, Answer(True, _text(data[0]))


def imap(port, user, password, source=None, host=HOST, tls=None):
    connection, answer = imap_session(port, user, password, source, host, tls)
    if connection:
        connection.logout()
    return answer


def pop3(port, user, password, source=None, host=HOST, tls=None):
    connection = _Pop3(host, port, source, tls)
    try:
        connection.user(user)
        text = _text(connection.pass_(password))
    except poplib.error_proto as error:
        connection.close()
        text = _text(error.args[0])
        if "[AUTH]" not in text and "[SYS/TEMP]" not in text:
            raise
        return Answer(False, text, temporary="[SYS/TEMP]" in text)
    connection.quit()
    return Answer(True, text)


def smtp(port, user, password, source=None, host=HOST, tls=None, message=None, recipient=None):
    """SMTP AUTH; with `message` (text) it is also sent, from the user to `recipient`."""
    with smtplib.SMTP(host, port, local_hostname="client.example.test", timeout=SECONDS,
                      source_address=(source, 0) if source else None) as connection:
        if tls:
            connection.starttls(context=tls)
        connection.ehlo()
        code, text = connection.docmd("AUTH", "PLAIN " + base64.b64encode(_plain(user, password)).decode())
        if code == 235:
            if message is not None:
                connection.sendmail(user, [recipient], message)
            return Answer(True, f"{code} {_text(text)}")
        if code in (535, 454):
            return Answer(False, f"{code} {_text(text)}", temporary=code == 454)
        raise smtplib.SMTPAuthenticationError(code, text)


def sieve(port, user, password, source=None, host=HOST, tls=None):
    """ManageSieve (RFC 5804): greeting with capabilities, AUTHENTICATE, and the list of scripts."""
    with contextlib.ExitStack() as closing:
        connection = closing.enter_context(connect(host, port, source))
        stream = closing.enter_context(connection.makefile("rwb"))
        kind, greeting = _sieve_response(stream)
        if kind != "OK":
            raise ConnectionError(f"the sieve server greets with {greeting}")
        if tls:
            stream.write(b"STARTTLS\r\n")
            stream.flush()
            kind, text = _sieve_response(stream)
            if kind != "OK":
                raise ConnectionError(f"the sieve server answers STARTTLS with {kind} {text}")
            connection = closing.enter_context(tls.wrap_socket(connection, server_hostname=host))
            stream = closing.enter_context(connection.makefile("rwb"))
            _sieve_response(stream)  # the capabilities again, after the handshake (RFC 5804, 2.2)
        encoded = base64.b64encode(_plain(user, password))
        # A non-synchronising literal: any length, no quoting.
        stream.write(b'AUTHENTICATE "PLAIN" {%d+}\r\n%s\r\n' % (len(encoded), encoded))
        stream.flush()
        kind, text = _sieve_response(stream)
        if kind == "NO":
            return Answer(False, text, temporary="TRYLATER" in text)
        if kind != "OK":
            raise ConnectionError(f"the sieve server answers {kind} {text}")
        stream.write(b"LISTSCRIPTS\r\n")
        stream.flush()
        listed, reason = _sieve_response(stream)
        if listed != "OK":
            raise ConnectionError(f"signed in, but LISTSCRIPTS answers {listed} {reason}")
        stream.write(b"LOGOUT\r\n")
        stream.flush()
        return Answer(True, text)


def _sieve_response(stream):
    """Read lines up to the OK, NO or BYE that ends a response: (word, rest of that line)."""
    while True:
        line = stream.readline()
        if not line:
            raise ConnectionError("the sieve server closed the connection")
        match = re.match(rb"(OK|NO|BYE)\b\s*(.*)", line.rstrip(b"\r\n"))
        if match:
            return match.group(1).decode(), match.group(0).decode("utf-8", "replace")


def _text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
