"""The packages under test: built once per run with packaging/build, and what is made from them."""

import functools
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
DEBS = CHECKOUT / "target/deb"
NAMES = ("mailkey", "libpam-mailkey", "mailkey-panel", "roundcube-plugins-mailkey")


@functools.cache
def build():
    """Build them from this checkout; returns {name: path}."""
    run([CHECKOUT / "packaging/build", "deb"])
    return {name: one(DEBS, name) for name in NAMES}


class Again:
    """A second build of the same source, in another place, with other names for what it needs and by somebody with other
    settings: it begins at once, beside other tests."""

    def __init__(self, directory):
        self.checkout = copy_of_checkout(directory / "an other place")
        # A file that git does not know, where debhelper would see it.
        (self.checkout / "packaging/debian/mailkey.links").write_text("/usr/sbin/mailkey /usr/sbin/stray\n")
        # Another name for the directory of the downloaded crates.
        home = directory / "crates"
        home.mkdir()
        (home / "registry").symlink_to(cargo_home() / "registry")
        self.process = subprocess.Popen(
            ["sh", "-c", 'umask 077; exec "$0" deb', self.checkout / "packaging/build"], text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env={
                **os.environ, "CARGO_HOME": str(home), "TZ": "Asia/Tokyo", "LC_ALL": "C", "RUSTFLAGS": "-C opt-level=1",
                "CFLAGS": "-O0", "DEB_BUILD_OPTIONS": "nostrip", "SOURCE_DATE_EPOCH": "1"})

    def packages(self):
        """What came out of it: {name: path}."""
        said, _ = self.process.communicate()
        assert self.process.returncode == 0, said
        return {name: one(self.checkout / "target/deb", name) for name in NAMES}


def cargo_home():
    """Where cargo keeps the crates that it has downloaded."""
    prepare = CHECKOUT / "packaging/prepare"
    return pathlib.Path(run(["sh", "-c", 'eval "$("$0" env)"; echo "${CARGO_HOME:-$HOME/.cargo}"', prepare]).strip())


@functools.cache
def build_again():
    """Begin the second build, once."""
    return Again(pathlib.Path(tempfile.mkdtemp(prefix="again.")))


def one(directory, name):
    """The only package file of that name there."""
    found = list(directory.glob(f"{name}_*.deb"))
    assert len(found) == 1, f"{directory} has {found} for {name}"
    return found[0]


def run(command, **options):
    """A command that must succeed; returns what it printed."""
    command = [str(word) for word in command]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def unpack(package, directory):
    """The files of a package, with DEBIAN/ for what dpkg knows about it."""
    run(["dpkg-deb", "--raw-extract", package, directory])
    return directory


def field(package, name):
    """A field of its control file; the version for instance."""
    return run(["dpkg-deb", "--field", package, name]).strip()


def next_version(current, directory, version, change=lambda name, tree: None):
    """The packages of a later version, made from the `current` ones: both {name: path}. `change(name, tree)` may do more to
    what is in them. Its module has other bytes than today's, so that one sees which of the two is installed."""
    directory.mkdir()
    made = {}
    for name, package in current.items():
        tree = unpack(package, directory / f"{name}.tree")
        control = tree / "DEBIAN/control"
        today = field(package, "Version")
        text = re.sub(rf"^Version: {re.escape(today)}$", f"Version: {version}", control.read_text(), flags=re.M)
        control.write_text(re.sub(rf"(\([<>=]+) {re.escape(today)}\)", rf"\1 {version})", text))
        for module in tree.glob("usr/lib/*/security/pam_mailkey.so"):
            with module.open("ab") as file:
                file.write(version.encode())
        change(name, tree)
        (tree / "DEBIAN/md5sums").unlink()  # of today's files
        made[name] = directory / f"{name}_{version}.deb"
        run(["dpkg-deb", "--root-owner-group", "--build", tree, made[name]])
        shutil.rmtree(tree)
    return made


def copy_of_checkout(directory):
    """The files of this checkout that git knows, as they are now, as a checkout of their own."""
    directory.mkdir(parents=True)
    git = ["git", "-c", f"safe.directory={CHECKOUT}"]
    files = [name for name in run([*git, "-C", CHECKOUT, "ls-files", "-z"]).split("\0") if name and (CHECKOUT / name).exists()]
    for name in files:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, directory / name, follow_symlinks=False)
    run(["git", "-C", directory, "init", "--quiet"])
    run(["git", "-C", directory, "add", "--all"])
    author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    run(["git", *author, "-C", directory, "commit", "--quiet", "--no-verify", "--message", "copy"], env={**os.environ, "HOME": "/"})
    return directory
