"""Mail programs of Debian, set up as their manuals say, for somebody at a machine of the lab.

    desk = Desk(machine)
    program = Mbsync(desk, "alice@example.org")
    program.keep("k7m2-9xqd-…")             # where this program keeps the password
    process = program.read()                # one run; desk.mail() has what it fetched

Every program checks the server's certificate against the machine's trust store, and signs in over TLS to the ports that
the guide opens. `refused` is what a run that is refused ends with: the exit status, and words that people would see;
`tries` how often it asks the server in such a run.
"""

import os
import re
import secrets
import subprocess

from terminal import Terminal

SERVER = "mail.example.org"
OTHER = "other.example.org"  # a name of the same machine for which it has no certificate
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"

PACKAGES = [
    "systemd", "systemd-sysv", "dbus", "ca-certificates", "python3", "libsasl2-modules",
    "isync", "fetchmail", "getmail6", "offlineimap3", "neomutt", "msmtp", "swaks", "libnet-ssleay-perl", "curl",
    "sieve-connect",
]


class Desk:
    """A user of the client machine, with a home directory of their own."""

    def __init__(self, machine):
        self.machine = machine
        self.user = "u" + secrets.token_hex(4)
        self.home = f"/home/{self.user}"
        machine.run("useradd", "--create-home", "--shell", "/bin/sh", self.user)
        self._place = machine.root / self.home.lstrip("/")
        # Numbers, because the machine's names mean nothing here.
        there = self._place.stat()
        self._owner = (there.st_uid, there.st_gid)

    def write(self, path, text):
        """A file in the home directory that nobody else can read."""
        self.machine.write(f"{self.home}/{path}", text, mode=0o600)
        os.chown(self._place / path, *self._owner)

    def run(self, script, input="", seconds=60):
        """The finished process of a line of shell; a program that goes on for longer than that fails the test."""
        return self.machine.run("timeout", "--kill-after=5", str(seconds), *self._words(script), input=input, check=False,
                                user=self.user, directory=self.home)

    def terminal(self, script):
        """The same at a terminal, with somebody who reads and types."""
        return Terminal(self.words(f"export COLUMNS=120 LINES=40; stty rows 40 columns 120; {script}"))

    def words(self, script):
        """The words with which a program of ours runs it."""
        user, group = self._owner
        return self.machine.terminal("setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups",
                                     *self._words(f"cd && {script}"))

    def _words(self, script):
        return ["env", f"HOME={self.home}", f"USER={self.user}", f"LOGNAME={self.user}", "TERM=xterm", "sh", "-c", script]

    def mail(self):
        """Every message below ~/Mail, one after the other."""
        files = sorted((self._place / "Mail").rglob("*"))
        return "\n".join(file.read_text(errors="replace") for file in files if file.is_file())


class Program:
    part = "imap"  # the protocol, as mailkey calls it
    tries = 1

    def __init__(self, desk, address, server=SERVER):
        self.desk = desk
        self.address = address
        self.server = server

    def keep(self, password):
        """In a file that the program, or a command of its configuration, reads."""
        self.desk.write("secret", password + "\n")
        self.set_up()

    def set_up(self):
        """Write the configuration."""


# --- Programs that fetch mail: read() is one run, and what it fetched is in ~/Mail ------------------------------


class Mbsync(Program):
    refused = (1, r"IMAP command 'AUTHENTICATE PLAIN <authdata>' returned an error: .*AUTHENTICATIONFAILED")

    def set_up(self):
        self.desk.write(".mbsyncrc", f"""
IMAPAccount work
Host {self.server}
User {self.address}
PassCmd "cat ~/secret"
TLSType IMAPS

IMAPStore far
Account work

MaildirStore near
Path ~/Mail/
Inbox ~/Mail/INBOX

Channel mail
Far :far:
Near :near:
Patterns INBOX
Create Near
""")

    def read(self):
        return self.desk.run("mkdir -p Mail && mbsync --all")


class Fetchmail(Program):
    refused = (3, r"Authorization failure on ")
    protocol = "imap"

    def keep(self, password):
        self.desk.write(".fetchmailrc", f"""
poll {self.server} protocol {self.protocol} user "{self.address}" password "{password}"
    ssl sslcertck fetchall mda "cat >>Mail/inbox"
""")

    def read(self):
        return self.desk.run("mkdir -p Mail && fetchmail")


class FetchmailPop3(Fetchmail):
    part = "pop3"
    protocol = "pop3"


class Getmail(Program):
    """getmail6 6.19.07, which Debian 13 has, now and then loses track of a message that it has fetched, from any server: it
    forks a process that writes it to the Maildir, and only then sets its handler of SIGCHLD, and waits for the handler to
    wake it, without asking whether that process has ended already. Where it has, nothing wakes getmail before `timeout`,
    which is 180 s unless set; then it complains of that process, takes the message for not delivered, and exits with 127.
    No setting avoids this: whatever writes to files or hands mail to a program forks. 6.19.09 waits in another way (issue
    245 of getmail6/getmail6).
    """

    refused = (127, r"credential/login error")

    # After the sign-in, and after the message was fetched: no refusal ends like this.
    LOST_ITS_CHILD = r"Delivery error \(delivery Maildir \S+ child operation error: waiting child pid \d+ timed out\)"
    RUNS = 6  # at most, because of that fault

    def set_up(self):
        self.desk.write("getmailrc", f"""
[retriever]
type = SimpleIMAPSSLRetriever
server = {self.server}
username = {self.address}
password_command = ("cat", "{self.desk.home}/secret")
ca_certs = {AUTHORITIES}
timeout = 10

[destination]
type = Maildir
path = ~/Mail/

[options]
read_all = false
""")

    def read(self):
        """One run, or as many as it takes to have one without that fault, as cron would start them; each signs in."""
        for _ in range(self.RUNS):
            process = self.desk.run("mkdir -p .getmail Mail/cur Mail/new Mail/tmp && getmail --rcfile ~/getmailrc")
            if not re.search(self.LOST_ITS_CHILD, process.stdout + process.stderr):
                break
        return process


class Offlineimap(Program):
    refused = (1, r"All authentication types failed:(\n.*AUTHENTICATIONFAILED.*){2}")
    tries = 2  # AUTHENTICATE PLAIN, then LOGIN

    def set_up(self):
        self.desk.write("secret.py", "def secret():\n    return open('secret').read().strip()\n")
        self.desk.write(".offlineimaprc", f"""
[general]
accounts = work
pythonfile = ~/secret.py
ui = basic

[Account work]
localrepository = near
remoterepository = far

[Repository near]
type = Maildir
localfolders = ~/Mail

[Repository far]
type = IMAP
remotehost = {self.server}
remoteuser = {self.address}
remotepasseval = secret()
ssl = yes
sslcacertfile = {AUTHORITIES}
""")

    def read(self):
        return self.desk.run("offlineimap -o")


class CurlImap(Program):
    refused = (67, r"curl: \(67\) Login denied")

    def keep(self, password):
        self.desk.write(".netrc", f'machine {self.server} login {self.address} password "{password}"\n')

    def read(self):
        return self.desk.run(f"mkdir -p Mail && curl -sS --netrc 'imaps://{self.server}/INBOX;MAILINDEX=1' -o Mail/message")


class CurlPop3(CurlImap):
    part = "pop3"

    def read(self):
        return self.desk.run(f"mkdir -p Mail && curl -sS --netrc 'pop3s://{self.server}/1' -o Mail/message")


class Imaplib(Program):
    refused = (1, r"imaplib\.IMAP4\.error: .*AUTHENTICATIONFAILED")

    SCRIPT = """
connection = imaplib.IMAP4_SSL(SERVER, ssl_context=ssl.create_default_context())
connection.login(ADDRESS, PASSWORD)
connection.select("INBOX")
_, parts = connection.fetch("1", "(RFC822)")
message = parts[0][1]
connection.logout()
"""

    def set_up(self):
        self.desk.write("read.py", f"""import imaplib, pathlib, poplib, ssl
SERVER, ADDRESS, PASSWORD = {self.server!r}, {self.address!r}, pathlib.Path("secret").read_text().strip()
{self.SCRIPT}
pathlib.Path("Mail").mkdir()
pathlib.Path("Mail/message").write_bytes(message)
""")

    def read(self):
        return self.desk.run("rm -rf Mail && python3 read.py")


class Poplib(Imaplib):
    part = "pop3"
    refused = (1, r"poplib\.error_proto: b'-ERR \[AUTH\] Authentication failed\.'")
    SCRIPT = """
connection = poplib.POP3_SSL(SERVER, context=ssl.create_default_context())
connection.user(ADDRESS)
connection.pass_(PASSWORD)
message = b"\\n".join(connection.retr(1)[1])
connection.quit()
"""


# --- Programs that send: send() is one run ----------------------------------------------------------------------


class Sender(Program):
    part = "smtp"

    def message(self, recipient, subject):
        return f"From: {self.address}\nTo: {recipient}\nSubject: {subject}\n\nHello.\n"


class Msmtp(Sender):
    refused = (77, r"authentication failed")  # EX_NOPERM of sysexits.h

    def set_up(self):
        self.desk.write(".msmtprc", f"""
account work
host {self.server}
port 587
tls on
tls_starttls on
auth on
user {self.address}
from {self.address}
passwordeval cat ~/secret
account default : work
""")

    def send(self, recipient, subject):
        return self.desk.run(f"msmtp {recipient}", input=self.message(recipient, subject))


class Swaks(Sender):
    refused = (28, r"No authentication type succeeded")

    def keep(self, password):
        self.desk.write(".swaksrc", f"""--server {self.server}
--port 587
--tls
--tls-verify
--tls-ca-path {AUTHORITIES}
--auth PLAIN
--auth-user {self.address}
--auth-password {password}
--auth-hide-password
--from {self.address}
""")

    def send(self, recipient, subject):
        return self.desk.run(f"swaks --to {recipient} --header 'Subject: {subject}'")


class CurlSmtp(Sender):
    refused = (67, r"curl: \(67\) Login denied")

    def keep(self, password):
        self.desk.write(".netrc", f'machine {self.server} login {self.address} password "{password}"\n')

    def send(self, recipient, subject):
        return self.desk.run(f"curl -sS --netrc --ssl-reqd smtp://{self.server}:587 --mail-from {self.address} "
                             f"--mail-rcpt {recipient} --upload-file -", input=self.message(recipient, subject))


class Smtplib(Sender):
    tries = 2  # AUTH PLAIN, then LOGIN
    refused = (1, r"smtplib\.SMTPAuthenticationError: \(535, ")

    def set_up(self):
        self.desk.write("send.py", f"""import pathlib, smtplib, ssl, sys
with smtplib.SMTP({self.server!r}, 587) as connection:
    connection.starttls(context=ssl.create_default_context())
    connection.login({self.address!r}, pathlib.Path("secret").read_text().strip())
    connection.sendmail({self.address!r}, sys.argv[1:], sys.stdin.read())
""")

    def send(self, recipient, subject):
        return self.desk.run(f"python3 send.py {recipient}", input=self.message(recipient, subject))


# --- One that reads, at a terminal, and sends -------------------------------------------------------------------


class Neomutt(Program):
    refused = (0, r"NeoMutt: \(no mailbox\)")
    tries = 3  # AUTHENTICATE PLAIN, AUTHENTICATE LOGIN, LOGIN

    def set_up(self):
        self.desk.write(".neomuttrc", f"""
set folder = imaps://{self.server}/
set spool_file = +INBOX
set imap_user = {self.address}
set imap_pass = "`cat ~/secret`"
set smtp_url = smtp://{self.server}:587
set smtp_user = {self.address}
set smtp_pass = "`cat ~/secret`"
set from = {self.address}
set ssl_starttls = yes
set ssl_force_tls = yes
set ssl_ca_certificates_file = {AUTHORITIES}
set copy = no
set wait_key = no
""")

    def open(self):
        return self.desk.terminal("mkdir -p Mail && neomutt")

    def read(self):
        """Open the mailbox, keep its first message in a file, and quit."""
        screen = self.open()
        if "(no mailbox)" not in screen.wait_for("(all)"):
            screen.type_line("|cat >Mail/message")
        screen.type_line("q")
        return subprocess.CompletedProcess("neomutt", 0, screen.end(), "")


class NeomuttSending(Neomutt):
    part = "smtp"
    refused = (1, r"SASL authentication failed")
    tries = 1

    def send(self, recipient, subject):
        return self.desk.run(f"neomutt -s {subject} {recipient}", input="Hello.\n")


# --- Filters ----------------------------------------------------------------------------------------------------


class SieveConnect(Program):
    part = "sieve"
    refused = (255, r"Authentication refused by server\n: \"Authentication failed\.\"")

    def act(self, *commands):
        self.desk.write("commands", "\n".join(commands) + "\n")
        return self.desk.run(f"exec 3<secret && sieve-connect --server {self.server} --port 4190 --user {self.address} "
                             "--passwordfd 3 --exec commands")

    def upload(self, name, text):
        """Store a script, make it the active one, and list what the server has."""
        self.desk.write(f"{name}.sieve", text)
        return self.act(f"put {name}.sieve {name}", f"activate {name}", "list")
