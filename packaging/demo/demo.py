"""The demonstration behind packaging/try: one account, every kind of login, real daemons."""

import argparse
import base64
import os
import pathlib
import signal
import sys
import time

import namespace
import clients
import panel
import roundcube
from account import CommandFailed, Mailkey, Phone, WebmailSession
from mailserver import DOMAIN, MailServer, NotStarted
from panel import Panel
from roundcube import Roundcube, Site
from syslog_catcher import is_attempt

ADDRESS = f"demo@{DOMAIN}"
PASSWORD = "correct horse battery staple"
WEBMAIL = "127.0.0.9"  # the webmail of this demonstration signs in from an address of its own

COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ


def paint(code, text):
    return f"\x1b[{code}m{text}\x1b[0m" if COLOUR else text


def heading(text):
    print("\n" + paint("1", text))


class Table:
    """Makes logins and shows each with its answer, as it comes."""

    def __init__(self, server):
        self.server = server
        self.unexpected = 0
        self.shown = 0
        self.left_out = []

    # What a person calls each port, and the client that speaks its protocol.
    PLACES = {
        "imap": ("IMAP", clients.imap),
        "pop3": ("POP3", clients.pop3),
        "submission": ("SMTP (Dovecot)", clients.smtp),
        "smtp": ("SMTP (Postfix)", clients.smtp),
        "smtp-saslauthd": ("SMTP (saslauthd)", clients.smtp),
        "sieve": ("Sieve", clients.sieve),
        "webmail": ("Webmail", clients.imap),
    }

    def login(self, part, what, credential, expected, **more):
        """Sign in at `part` with `credential`; `what` says to the reader what that is."""
        name, client = self.PLACES[part]
        port = self.server.port[part]
        if port is None:
            self.left_out.append(name)
            return
        try:
            answer = client(port, ADDRESS, credential, **more)
            got, text = ("accepted" if answer.accepted else "refused"), answer.text
        except Exception as error:  # whatever happens to one login, the others are shown too
            got, text = "error", f"{type(error).__name__}: {error}"
        self.show(name, what, got, expected, text)

    def show(self, name, what, got, expected, text):
        """One answer."""
        as_expected = got == expected
        self.shown += 1
        self.unexpected += not as_expected
        mark = paint("32", "✔") if as_expected else paint("31", "✘")
        print(f"  {mark} {name:<17} {what:<42} {got:<9} {paint('2', text[:60])}")
        if not as_expected:
            print(f"    {paint('31', 'expected: ' + expected)}")


def story(server, mailkey, service):
    """The logins of the demonstration, in the order in which they make sense; returns the table."""
    table = Table(server)
    mailkey.add_user(ADDRESS, PASSWORD)
    print(f"\nThe account is {ADDRESS}, its password is “{PASSWORD}”.")

    heading("Two-factor sign-in is off")
    table.login("imap", "own password", PASSWORD, "accepted")

    heading("Two-factor sign-in is turned on")
    shown, phone, recovery_codes = mailkey.enable_totp_on_a_terminal(ADDRESS)
    print(indented(shown))
    app = mailkey.app_password(ADDRESS, "Phone")
    only_imap = mailkey.app_password(ADDRESS, "Reader", protocols=["imap"])
    print(f"  app password “Phone”:              {app['password']}")
    print(f"  app password “Reader” (imap only): {only_imap['password']}")
    print(f"  recovery codes:                    {' '.join(recovery_codes[:5])}")
    print(f"                                     {' '.join(recovery_codes[5:])}")

    heading("Mail programs: only an app password opens")
    table.login("imap", "own password", PASSWORD, "refused")
    table.login("imap", "app password", app["password"], "accepted")
    table.login("pop3", "app password", app["password"], "accepted")
    table.login("sieve", "app password", app["password"], "accepted")
    for part, subject in (("submission", "through Dovecot"), ("smtp", "through Postfix")):
        if server.delivers:
            message = f"From: {ADDRESS}\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\n\r\nHello.\r\n"
            table.login(part, "app password, and a message is sent", app["password"], "accepted",
                        message=message, recipient=ADDRESS)
        else:
            table.login(part, "app password", app["password"], "accepted")
    table.login("smtp-saslauthd", "app password", app["password"], "accepted")
    received(table, app["password"])
    table.login("imap", "app password limited to imap", only_imap["password"], "accepted")
    table.login("smtp", "app password limited to imap", only_imap["password"], "refused")

    heading("Webmail: password and code, each code once")
    table.login("webmail", "app password", app["password"], "refused")
    table.login("webmail", "password alone", PASSWORD, "refused")
    code = phone.code()
    table.login("webmail", f"password + code {code}", PASSWORD + code, "accepted")
    table.login("webmail", f"password + code {code} again", PASSWORD + code, "refused")
    table.login("webmail", f"password + recovery code {recovery_codes[0]}", PASSWORD + recovery_codes[0], "accepted")
    table.login("webmail", "password + that recovery code again", PASSWORD + recovery_codes[0], "refused")

    heading("A webmail that stays signed in (webmail_session = \"exchange\", what our Roundcube plugin does)")
    session = WebmailSession()
    at_webmail = {"source": WEBMAIL}
    table.login("webmail", "password and code open a session", session.opening(PASSWORD, phone.code()), "accepted",
                **at_webmail)
    table.login("webmail", "next page: the session credential alone", session.credential, "accepted", **at_webmail)
    table.login("webmail", "and the next one", session.credential, "accepted", **at_webmail)
    table.login("smtp", "session credential", session.credential, "accepted", **at_webmail)
    table.login("sieve", "session credential", session.credential, "accepted", **at_webmail)
    table.login("smtp", "session credential from another address", session.credential, "refused")
    table.login("imap", "session credential in a mail program", session.credential, "refused")
    table.login("webmail", "sign-out ends the session", session.closing, "accepted", **at_webmail)
    table.login("webmail", "what the webmail held", session.credential, "refused", **at_webmail)

    heading("The phone is lost: its app password is revoked")
    mailkey.run("app-password", "revoke", ADDRESS, app["id"])
    table.login("imap", "revoked app password", app["password"], "refused")
    table.login("imap", "the other app password", only_imap["password"], "accepted")

    heading("Two-factor sign-in is turned off again")
    mailkey.run("totp", "disable", ADDRESS)
    table.login("imap", "own password", PASSWORD, "accepted")

    heading(f"The panel ({service.url}/): its owner does all of that alone")
    by_herself(table, panel.Visitor(service.url))
    return table


def by_herself(table, visitor):
    """Signs in to the panel, turns two-factor sign-in on, makes an app password, and reads mail with it."""
    def shows(what, page, wanted):
        table.show("Panel", what, "shown" if page.place == wanted else "elsewhere", "shown", f"{page.place} {page.title}")
        return page

    shows("own password", visitor.post("/sign-in", name=ADDRESS, password=PASSWORD), "/")
    visitor.get("/two-factor")
    page = shows("two-factor sign-in: a secret is shown", visitor.post("/two-factor/enrol", label="Phone"),
                 "/two-factor/enrol")
    phone = Phone(page.inner("secret") or "")
    shows("a code of the phone turns it on", visitor.post("/two-factor/confirm", code=phone.code()),
          "/two-factor/recovery-codes")
    table.login("imap", "own password", PASSWORD, "refused")
    visitor.post("/two-factor/recovery-codes/done")
    page = visitor.post("/app-passwords", name="Laptop", protocols=["imap", "smtp"], expires="never")
    secret = page.inner("app-password") or ""
    shows("an app password is made", page, f"/app-passwords/{secret[:4]}/created")
    table.login("imap", f"app password {secret}", secret, "accepted")

    other = panel.Visitor(visitor.url)
    shows("the app password, from another browser", other.post("/sign-in", name=ADDRESS, password=secret), "/sign-in")
    shows("own password: the code is missing", other.post("/sign-in", name=ADDRESS, password=PASSWORD),
          "/sign-in/code")
    shows("the code", other.post("/sign-in/code", code=phone.code()), "/")


def received(table, app_password):
    """Read the sent messages back over IMAP; delivery takes a moment."""
    sent = [part for part in ("submission", "smtp") if table.server.port[part]]
    if not sent or not table.server.delivers:
        return
    table.shown += 1
    count, deadline = 0, time.monotonic() + 15
    while count < len(sent) and time.monotonic() < deadline:
        connection, answer = clients.imap_session(table.server.port["imap"], ADDRESS, app_password)
        if not connection:
            break
        count = int(connection.select("INBOX", readonly=True)[1][0])
        connection.logout()
        time.sleep(0.1)
    arrived = count == len(sent)
    table.unexpected += not arrived
    mark = paint("32", "✔") if arrived else paint("31", "✘")
    print(f"  {mark} {'IMAP':<17} {'the sent messages are read back':<42} {count} of {len(sent)}")


def keep(server, mailkey, service, webmail):
    """Leave everything running for a person with a mail program, a browser and, if she likes, a phone."""
    address, fresh, password = f"you@{DOMAIN}", f"new@{DOMAIN}", "your own password"
    mailkey.add_user(address, password)
    mailkey.add_user(fresh, password)
    print("\n" + "─" * 78)
    heading("For your own mail program")
    shown, phone, codes = mailkey.enable_totp_on_a_terminal(address)
    app = mailkey.app_password(address, "My mail program")
    print(indented(shown))
    port = server.port
    print(f"""
  Account        {address}
  App password   {app['password']}      (mail programs; not on the webmail port)
  Password       {password}   (webmail port, followed at once by the code of the phone:
                 scan the QR code with an authenticator app)
  Recovery       {", ".join(codes[:3])}, …      (webmail port, in place of a code)

  IMAP           127.0.0.1 port {port['imap']}, no encryption (loopback only), password “normal”
  SMTP           127.0.0.1 port {port['smtp'] or port['submission']}, the same
  POP3 / Sieve   127.0.0.1 port {port['pop3']} / {port['sieve']}
  Webmail        127.0.0.1 port {port['webmail']}: IMAP as a webmail would use it, for example
                 curl --user '{address}:{password}CODE' imap://127.0.0.1:{port['webmail']}/

  Panel          {service.url}/  in a browser on this machine: the same account and password, and the code of
                 the phone. To turn two-factor sign-in on yourself: {fresh}, “{password}”
{browser(webmail, address, password, phone)}
  In another terminal, as root:
    {mailkey.command} --config {mailkey.config} app-password list {address}
    {mailkey.command} --config {mailkey.config} session list {address}
    {mailkey.command} --config {mailkey.config} log {address}
    tail -f {server.directory}/syslog

  Stop with ctrl-C: the server and everything in {server.directory} are removed.
""")
    sys.stdout.flush()
    while True:
        signal.pause()


def browser(webmail, address, password, phone):
    """What a person with a browser needs to know."""
    if not webmail:
        return ""
    secret = base64.b32encode(phone.secret).decode()
    return f"""
  Roundcube      {webmail.sites['roundcube'].url}  in a browser on this machine:
                 user {address}, password “{password}”, and the code of the phone;
                 or a code without a phone: oathtool --totp --base32 {secret}
"""


def indented(text):
    return "\n".join("  " + line for line in text.rstrip().splitlines())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--built", type=pathlib.Path, required=True, help="cargo's directory with the built files")
    parser.add_argument("--keep", action="store_true", help="leave the server running until ctrl-C")
    parser.add_argument("--webmail", action="store_true", help="the same, with Roundcube")
    options = parser.parse_args()
    if options.webmail and not roundcube.installed():
        sys.exit("Roundcube is not installed as this needs it; what 'packaging/prepare webmail' says tells why")
    module, command, program = (options.built.resolve() / name for name in ("libmailkey.so", "mailkey", "mailkey-panel"))
    for file in (module, command, program):
        if not file.exists():
            sys.exit(f"{file} is missing: run 'cargo build --release', or simply 'sudo packaging/try'")

    directory = namespace.enter()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    mailkey = Mailkey(command, directory / "mailkey.toml")
    server = MailServer(directory, module, mailkey.config, saslauthd=True)
    service = Panel(directory, program, mailkey.config)
    webmail = None
    try:
        panel.private_group(directory)
        mailkey.init(directory / "data")
        mailkey.configure({"webmail_session": "exchange", "webmail_hosts": [WEBMAIL]})
        began = time.monotonic()
        server.start()
        service.start()
        print(f"A private mail server runs in {directory}, and the panel at {service.url}/ "
              f"(ready after {time.monotonic() - began:.1f} s).")
        table = story(server, mailkey, service)
        heading("What the module wrote to syslog")
        for line in server.syslog.since(0, is_attempt):
            print("  " + paint("2", line[line.find("result=") :]))
        summary(table)
        if options.webmail:
            plugin = {"mailkey_panel_url": service.url + "/"}
            webmail = Roundcube(server, [Site("roundcube", address=WEBMAIL, plugin_config=plugin)])
            webmail.start()
        if options.keep or options.webmail:
            keep(server, mailkey, service, webmail)
        print("\nTo try it with your own mail program and browser: sudo packaging/try --keep"
              "\nand Roundcube in your browser, too:             sudo packaging/try --webmail")
        return 1 if table.unexpected else 0
    except KeyboardInterrupt:
        print("\nStopped; nothing is left behind.")
        return 0
    except (CommandFailed, NotStarted) as error:
        print(f"\n{paint('31', 'The demonstration could not go on:')} {error}", file=sys.stderr)
        print("\nThe daemons' own words:\n" + server.daemon_logs(), file=sys.stderr)
        print("\nIf a port or a package is the reason, mend it and run this again: it starts from nothing each time."
              "\nOtherwise please report it with the text above.", file=sys.stderr)
        return 1
    finally:
        if webmail:
            webmail.stop()
        service.stop()
        server.stop()


def summary(table):
    if table.left_out:
        print("\nLeft out, because its package is not installed here: " + ", ".join(dict.fromkeys(table.left_out)))
    if table.unexpected:
        heading(f"{table.unexpected} of {table.shown} answers were not as expected.")
        print("Please report this with the output above.")
    else:
        heading(f"All {table.shown} answers were as expected.")


if __name__ == "__main__":
    sys.exit(main())
