"""Thunderbird without a screen, driven from inside as its own tests do: through Marionette, a socket on loopback that takes
scripts and runs them with all rights of the program.

    bird = Thunderbird(desk)
    bird.start()
    bird.add_account("alice@example.org", "k7m2-9xqd-…")   # the password goes where Thunderbird keeps passwords
    seen = bird.open_inbox("Hello", seconds=30)              # the subjects of what it has
    bird.quit()                                             # start() goes on with the same profile

It takes the lab's certificate authority as companies do it, by a policy; it asks no machine's trust store on Linux.
"""

import itertools
import json
import socket
import subprocess
import time

from client_programs import SERVER

PACKAGES = ["systemd", "systemd-sysv", "dbus", "ca-certificates", "thunderbird"]

PORTS = itertools.count(2828)  # Marionette's; one for each profile
SECONDS = 60
AUTHORITY = "/usr/local/share/ca-certificates/lab.crt"

ADD_ACCOUNT = """
const [host, address, password] = arguments;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const server = MailServices.accounts.createIncomingServer(address, host, "imap");
server.port = 993;
server.socketType = Ci.nsMsgSocketType.SSL;
server.authMethod = Ci.nsMsgAuthMethod.passwordCleartext;
server.loginAtStartUp = false;
server.doBiff = false;
const account = MailServices.accounts.createAccount();
const identity = MailServices.accounts.createIdentity();
identity.email = address;
account.incomingServer = server;
account.addIdentity(identity);
const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
login.init(`imap://${host}`, null, `imap://${host}`, address, password, "", "");
await Services.logins.addLoginAsync(login);
"""

# Until that message is there; those of the last time are there at once.
OPEN_INBOX = """
const [subject, seconds] = arguments;
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const root = MailServices.accounts.allServers.find(server => server.type == "imap").rootFolder;
let subjects = [];
root.server.performExpand(null);
for (const end = Date.now() + 1000 * seconds; Date.now() < end && !subjects.includes(subject); ) {
  await new Promise(resolve => setTimeout(resolve, 200));
  const inbox = root.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
  if (inbox) {
    inbox.updateFolder(null);
    subjects = [...inbox.messages].map(message => message.mime2DecodedSubject);
  }
}
return subjects;
"""


class Thunderbird:
    def __init__(self, desk):
        self.desk = desk
        self._port = next(PORTS)
        desk.run("mkdir -m 700 profile")
        desk.write("profile/user.js", f'user_pref("marionette.port", {self._port});\n')
        desk.machine.run("mkdir", "-p", "/etc/thunderbird/policies")
        policies = {"Certificates": {"Install": [AUTHORITY]}, "DisableAppUpdate": True}
        desk.machine.write("/etc/thunderbird/policies/policies.json", json.dumps({"policies": policies}))

    def start(self):
        # setpriv: should this program end it, the program in the machine ends, too.
        words = self.desk.words("exec setpriv --pdeathsig KILL thunderbird --headless --marionette "
                                "--remote-allow-system-access --no-remote --profile ~/profile")
        self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                         stderr=subprocess.DEVNULL)
        self._marionette = _Marionette(self.desk.machine, self._port)
        self._marionette.call("WebDriver:NewSession", capabilities={})
        self._marionette.call("Marionette:SetContext", value="chrome")
        self._marionette.call("WebDriver:SetTimeouts", script=1000 * SECONDS)

    def add_account(self, address, password):
        self._run(ADD_ACCOUNT, SERVER, address, password)

    def open_inbox(self, subject, seconds):
        """The subjects in it as soon as that one is there, or after so many seconds."""
        return self._run(OPEN_INBOX, subject, seconds)

    def quit(self):
        """As by its menu; the profile is complete on disk then."""
        self._marionette.call("Marionette:Quit", flags=["eForceQuit"])
        self._process.wait(SECONDS)

    def kill(self):
        """Whatever it is doing."""
        self._process.kill()
        self._process.wait()

    def _run(self, script, *arguments):
        """What the script returns; it may use await."""
        whole = ("const done = arguments[arguments.length - 1];"
                 f"(async (...arguments_) => {{ {script.replace('= arguments;', '= arguments_;')} }})(...arguments)"
                 ".then(value => done({ value }), error => done({ error: `${error} ${error.stack}` }));")
        answer = self._marionette.call("WebDriver:ExecuteAsyncScript", script=whole, args=list(arguments))["value"]
        if "error" in answer:
            raise AssertionError(f"Thunderbird: {answer['error']}")
        return answer.get("value")


class _Marionette:
    """Messages are `LENGTH:JSON`: [0, number, command, parameters] there, [1, number, error, result] back."""

    def __init__(self, machine, port):
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with machine.inside():
                    self._socket = socket.create_connection(("127.0.0.1", port), timeout=2 * SECONDS)
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self._bytes = self._socket.makefile("rb")
        self._numbers = itertools.count(1)
        self._receive()  # it says which protocol it speaks

    def call(self, command, **parameters):
        message = json.dumps([0, next(self._numbers), command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._receive()
        if error:
            raise AssertionError(f"Thunderbird, {command}: {error}")
        return result

    def _receive(self):
        length = b""
        while (byte := self._bytes.read(1)) != b":":
            if not byte:
                raise AssertionError("Thunderbird has ended")
            length += byte
        return json.loads(self._bytes.read(int(length)))
