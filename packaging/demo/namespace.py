"""Private namespaces: how a program gets a machine of its own to play with, and leaves no trace on the real one.

A program calls `enter()` first. It starts itself again under unshare(1), in its own mount and process
namespaces (and, when asked, its own network), and returns inside, with an empty directory:

    directory = namespace.enter(network=True)

Everything started inside ends with the program, also when it is killed, because the kernel ends a process
namespace with its first process. What is mounted inside is never seen outside. The directory is removed by
the outer process.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

INSIDE = "MAILKEY_DEMO_DIRECTORY"  # set in the inner process: the directory


def enter(network=False):
    """Continue in private namespaces; returns the directory (pathlib.Path) that belongs to this run."""
    inside = os.environ.get(INSIDE)
    if inside:
        _become_first_process()
        if network:
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        _private_dev(pathlib.Path(inside))
        return pathlib.Path(inside)

    if os.geteuid() != 0:
        sys.exit(f"This must run as root, for private mounts: sudo {' '.join(sys.argv)}")
    directory = tempfile.mkdtemp(prefix="mailkey-demo.", dir=_place_for_programs())
    os.chmod(directory, 0o711)  # daemons that have dropped root must get through
    # setpriv: should this process be killed, unshare ends too, and with it everything inside.
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--propagation", "private",
               "--pid", "--fork", "--mount-proc", "--kill-child"]
    if network:
        command.append("--net")
    # Ctrl-C reaches the inner process by itself (same terminal). unshare ignores SIGTERM, so what is meant to end
    # us kills it, and the kernel everything inside.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(
        [*command, sys.executable, *sys.argv],
        env={**os.environ, INSIDE: directory, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    signal.signal(signal.SIGTERM, lambda *_: child.kill())
    signal.signal(signal.SIGHUP, lambda *_: child.kill())
    status = child.wait()
    shutil.rmtree(directory, ignore_errors=True)
    sys.exit(status if status >= 0 else 128 - status)


def is_inside():
    """Whether this process is the inner one of enter()."""
    return INSIDE in os.environ


def require():
    """Stop a program that is about to mount over /etc of the real machine."""
    if not is_inside():
        raise RuntimeError("call namespace.enter() first: outside a private namespace this would change the machine")


def bind(source, target):
    """Lay `source` over `target`, in this namespace only."""
    require()
    subprocess.run(["mount", "--bind", str(source), str(target)], check=True)


def _place_for_programs():
    """A directory that anybody may pass through and from which a module can be loaded (/tmp may be noexec)."""
    for place in ("/tmp", "/var/tmp", "/var/lib"):
        passable = os.stat(place).st_mode & 0o001
        if passable and not os.statvfs(place).f_flag & os.ST_NOEXEC:
            return place
    sys.exit("/tmp, /var/tmp and /var/lib are all mounted noexec: a PAM module cannot be loaded from there")


def _become_first_process():
    """Fork: the child goes on with the program, the parent is the namespace's init, which only waits."""
    child = os.fork()
    if child == 0:
        return
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the child decides what ctrl-C means
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: os.kill(child, number))
    while True:
        pid, status = os.wait()  # also reaps daemons whose parents have gone
        if pid == child:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _private_dev(directory):
    """A /dev with a log socket of our own: syslog lines come to us, and the machine's /dev stays as it is."""
    require()
    real = directory / "real-dev"
    real.mkdir()
    subprocess.run(["mount", "--rbind", "/dev", real], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755,nosuid", "tmpfs", "/dev"], check=True)
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        pathlib.Path("/dev", name).touch()
        bind(real / name, f"/dev/{name}")
    for name in ("pts", "shm"):
        pathlib.Path("/dev", name).mkdir()
        if (real / name).is_dir():
            subprocess.run(["mount", "--rbind", real / name, f"/dev/{name}"], check=True)
    os.symlink("pts/ptmx", "/dev/ptmx")
    os.symlink("/proc/self/fd", "/dev/fd")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"fd/{number}", f"/dev/{name}")
    subprocess.run(["umount", "--recursive", "--lazy", real], check=True)
    real.rmdir()
