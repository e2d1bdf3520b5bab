"""Machines of the lab: a Debian that boots its own systemd, in two seconds, without a container engine.

    network = Network()
    mail = Machine("mail", base.tree("trixie", PACKAGES), network)
    mail.boot()
    mail.run("systemctl", "is-active", "dovecot")
    with mail.inside():                       # this thread's sockets are the machine's
        clients.imap(10143, "alice@example.org", "secret")
    layer = mail.freeze()                     # shuts down; the next machine can start from here
    again = Machine("again", layer, network)

A machine is an overlay over a tree that is never written to, and systemd-nspawn in the namespaces of this program:
what is started ends with it. Units keep the sandboxes that Debian gives them. All machines and this program (the
address HOST) are on one bridge; there is no way out of it.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import threading
import time

HOST = "10.77.0.1"  # this program on the bridge
BRIDGE = "lab0"
CLONE_NEWNET = 0x40000000  # setns(2)
CGROUPS = pathlib.Path("/sys/fs/cgroup")  # the whole kernel's, also in a private namespace
BOOT_SECONDS = 90
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

_libc = ctypes.CDLL(None, use_errno=True)


class MachineFailed(Exception):
    """A machine does not boot, or a command in it failed; the text has what it said."""


def why_not():
    """Why machines cannot run here, or None. Call it in a private namespace."""
    for command, package in (("systemd-nspawn", "systemd-container"), ("ip", "iproute2"), ("mmdebstrap", "mmdebstrap")):
        if not shutil.which(command):
            return f"{command} is missing (Debian package {package}): run 'sudo packaging/prepare test'"
    if "overlay" not in pathlib.Path("/proc/filesystems").read_text():
        return "this kernel has no overlay file system"
    if subprocess.run(["mount", "-t", "cgroup2", "cgroup2", CGROUPS], capture_output=True).returncode:
        return "mounting a cgroup2 file system is not permitted here"
    for left in CGROUPS.glob("mailkey-lab-*"):
        # By a run that was killed, not by one that has just begun; the run of the other release may remove it first.
        with contextlib.suppress(FileNotFoundError):
            if time.time() - left.stat().st_ctime > 3600:
                _remove_cgroup(left)
    if subprocess.run(["ip", "link", "add", "try0", "type", "veth", "peer", "name", "try1"],
                      capture_output=True).returncode:
        return "making network interfaces is not permitted here"
    subprocess.run(["ip", "link", "del", "try0"], check=True)
    return None


class Network:
    """The bridge between the machines."""

    def __init__(self):
        for command in (f"link add {BRIDGE} type bridge", f"addr add {HOST}/24 dev {BRIDGE}", f"link set {BRIDGE} up"):
            subprocess.run(["ip", *command.split()], check=True)
        self._used = 1

    def address(self):
        """The next free address."""
        self._used += 1
        return f"10.77.0.{self._used}"


class Layer:
    """Trees that lie over each other, the newest first."""

    def __init__(self, *trees):
        self.trees = trees


class Machine:
    _numbers = 0

    def __init__(self, name, start, network, directory):
        """`start`: a tree (path) or a Layer. `directory`: where what it writes is kept, on a tmpfs or a disk."""
        Machine._numbers += 1
        self.name = name
        self.address = network.address()
        self.place = pathlib.Path(directory) / f"{name}-{Machine._numbers}"
        self.root = self.place / "root"
        self._start = start if isinstance(start, Layer) else Layer(pathlib.Path(start))
        self._written = self.place / "written"
        # Its own: where two machines share one, the systemd of each waits for the other's daemons, or ends them.
        self._cgroup = CGROUPS / f"mailkey-lab-{self.place.parent.name}-{self.place.name}"
        self.link = f"vb-{Machine._numbers}"
        self._leader = None
        self._nspawn = None
        for part in (self.place, self.root, self._written, self.place / "work"):
            part.mkdir()
        below = ":".join(str(tree) for tree in self._start.trees)
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        f"lowerdir={below},upperdir={self._written},workdir={self.place / 'work'}", self.root], check=True)
        (self.root / "usr/sbin/policy-rc.d").unlink(missing_ok=True)
        # With a number of its own: without one systemd takes this for its very first boot, and enables every unit.
        (self.root / "etc/machine-id").write_text(f"{Machine._numbers:032x}\n")
        (self.root / "etc/hostname").write_text(f"{name}\n")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost {name}\n::1 localhost\n{HOST} client\n")
        # Tests restart a service more often than an administrator: more than five starts within ten seconds are refused.
        settings = self.root / "etc/systemd/system.conf.d/lab.conf"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text("[Manager]\nDefaultStartLimitIntervalSec=0\n")

    # --- On and off -------------------------------------------------------------------------------------

    def boot(self):
        """Returns when systemd has started everything."""
        self._log = open(self.place / "console", "ab")
        self._cgroup.mkdir(exist_ok=True)
        self._nspawn = subprocess.Popen(
            ["sh", "-c", 'echo 0 >"$0/cgroup.procs" && exec "$@"', self._cgroup,
             "systemd-nspawn", f"--directory={self.root}", f"--machine={self.name}", "--register=no", "--keep-unit",
             f"--network-veth-extra={self.link}:host0", "--boot", "--console=pipe", "--link-journal=no",
             "--resolv-conf=off", "--timezone=off", "--quiet"],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + BOOT_SECONDS
        self._leader = self._wait_for(self._first_process, deadline, "does not start")
        for command in (f"link set {self.link} master {BRIDGE}", f"link set {self.link} up"):
            subprocess.run(["ip", *command.split()], check=True)
        for command in (f"addr add {self.address}/24 dev host0", "link set host0 up"):
            self._nsenter(["ip", *command.split()], ("-n",), check=True)
        self._wait_for(self._booted, deadline, "does not finish booting")
        return self

    def _first_process(self):
        if self._nspawn.poll() is not None:
            raise MachineFailed(f"{self.name} ended at once:\n{self.console()}")
        children = pathlib.Path(f"/proc/{self._nspawn.pid}/task/{self._nspawn.pid}/children").read_text().split()
        for child in children:
            # nspawn has helpers, which come and go; the machine's first process has a network of its own.
            with contextlib.suppress(FileNotFoundError):
                if os.readlink(f"/proc/{child}/ns/net") != os.readlink("/proc/self/ns/net"):
                    links = self._nsenter(["ip", "-o", "link"], ("-n",), leader=child)
                    if "host0" in links.stdout:
                        return child
        return None

    def _booted(self):
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state if state in ("running", "degraded") else None

    def _wait_for(self, found, deadline, complaint):
        while time.monotonic() < deadline:
            result = found()
            if result:
                return result
            time.sleep(0.05)
        raise MachineFailed(f"{self.name} {complaint}:\n{self.console()}")

    def shut_down(self):
        """As an administrator does; every service is stopped in order."""
        os.kill(int(self._leader), signal.SIGRTMIN + 4)  # systemd(1): poweroff.target
        try:
            self._nspawn.wait(60)
        except subprocess.TimeoutExpired:
            raise MachineFailed(f"{self.name} does not shut down:\n{self.console()}") from None
        self._is_off()

    def cut_power(self):
        """Every process of the machine ends at once."""
        if self._leader:
            os.kill(int(self._leader), signal.SIGKILL)
            self._nspawn.wait(30)
            self._is_off()

    def _is_off(self):
        self._leader = None
        self._log.close()
        _remove_cgroup(self._cgroup)

    def remove(self):
        """Off, and everything that it wrote forgotten."""
        self.cut_power()
        subprocess.run(["umount", "--lazy", self.root], check=True)
        shutil.rmtree(self.place, ignore_errors=True)

    def freeze(self):
        """Shut down; returns the Layer from which other machines can start as this one is now."""
        if self._leader:
            self.shut_down()
        subprocess.run(["umount", self.root], check=True)
        return Layer(self._written, *self._start.trees)

    # --- At work ----------------------------------------------------------------------------------------

    def run(self, *command, input="", check=True, directory="/root", user="root", seconds=300):
        """The finished process of a command, as a root shell would start it; text output."""
        words = ["env", "-i", f"PATH={PATH}", "LANG=C.UTF-8", "HOME=/root", "TERM=dumb", *map(str, command)]
        if user != "root":
            words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *words]
        # Ended by a program in the machine: what nsenter leaves behind there would keep our pipes open.
        words = ["timeout", "--kill-after=5", str(seconds), *words]
        process = self._nsenter(["sh", "-c", f"cd {shlex.quote(str(directory))} && exec \"$@\"", "sh", *words],
                                ("-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"), input=input, timeout=seconds + 30)
        if check and process.returncode:
            said = (process.stdout + process.stderr).strip()
            raise MachineFailed(f"{self.name}: {shlex.join(map(str, command))} (exit {process.returncode}):\n{said}")
        return process

    def shell(self, script, **options):
        """`script` as bash runs it, up to the first command that fails."""
        return self.run("bash", "-euo", "pipefail", "-c", script, **options)

    def terminal(self, *command):
        """The words with which a program of ours (such as pty) runs `command` in the machine."""
        return ["nsenter", "-t", str(self._leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w",
                "env", "-i", f"PATH={PATH}", "LANG=C.UTF-8", "HOME=/root", "TERM=dumb", *map(str, command)]

    def _nsenter(self, words, spaces, leader=None, check=False, input=None, timeout=60):
        return subprocess.run(["nsenter", "-t", str(leader or self._leader), *spaces, *map(str, words)],
                              capture_output=True, text=True, errors="replace", check=check, input=input, timeout=timeout)

    @contextlib.contextmanager
    def inside(self):
        """Sockets that this thread opens within are the machine's: 127.0.0.1 is its loopback."""
        with open(f"/proc/{threading.get_native_id()}/ns/net") as home:
            with open(f"/proc/{self._leader}/ns/net") as there:
                _setns(there)
            try:
                yield
            finally:
                _setns(home)

    # --- Files and log ----------------------------------------------------------------------------------

    def write(self, path, text, mode=0o644):
        """Write a file of the machine, in one step."""
        target = self.root / path.lstrip("/")
        draft = target.with_name(target.name + ".new")
        draft.write_text(text)
        draft.chmod(mode)
        draft.rename(target)

    def read(self, path):
        return (self.root / path.lstrip("/")).read_text()

    def edit(self, path, old, new):
        """Replace `old`, which must be in the file, as an administrator would with an editor."""
        text = self.read(path)
        if old not in text:
            raise MachineFailed(f"{self.name}: {path} has no {old!r}:\n{text}")
        self.write(path, text.replace(old, new), mode=(self.root / path.lstrip("/")).stat().st_mode & 0o7777)

    def log(self, *matches):
        """The journal of this boot, oldest entry first: dicts, as journalctl(1) has them in JSON."""
        # Read as a whole: a cursor that was taken while the journal had nothing new has been seen to hide what came next.
        listed = self.run("journalctl", "--boot", "--no-pager", "--output=json", *matches).stdout
        return [json.loads(line) for line in listed.splitlines()]

    def console(self, lines=30):
        return "\n".join((self.place / "console").read_text(errors="replace").splitlines()[-lines:])


def _remove_cgroup(top):
    """Remove a cgroup and those below it, when there are no processes in it; an end takes the kernel a moment."""
    for _ in range(50):
        for place, _, _ in os.walk(top, topdown=False):
            with contextlib.suppress(OSError):
                os.rmdir(place)
        if not top.exists():
            return
        time.sleep(0.02)


def _setns(file):
    if _libc.setns(file.fileno(), CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns: " + os.strerror(ctypes.get_errno()))
