"""Our packages in the version after this one, for tests of upgrades.

There is no earlier release to upgrade from yet. So the packages of this checkout are the previous ones, and the next
are made of them: another version, a PAM service file that has changed, and a database that has moved on by a migration
that adds something. When there is a release, its packages take the place of the previous ones.
"""

import re
import shutil
import subprocess

NEXT = "0.1.0+next"
CHANGED = "/etc/pam.d/mailkey-imap"  # what the next version says differently
NEW_LINE = "# Something new in the next version.\n"

# As a later version's `mailkey init` leaves the database: a schema that older code may go on with.
MIGRATION = """
sqlite3 /var/lib/mailkey/mailkey.db <<'EOT'
BEGIN IMMEDIATE;
CREATE TABLE compatibility (oldest INTEGER NOT NULL);
INSERT INTO compatibility SELECT user_version FROM pragma_user_version;
CREATE TABLE something_new (account INTEGER);
PRAGMA user_version = 1000;
COMMIT;
EOT
"""


def make_next(debs, place):
    """Write the next packages into `place`; `debs` is the directory of this version's."""
    place.mkdir(parents=True)
    for name in ("mailkey", "libpam-mailkey"):
        old = next(debs.glob(f"{name}_*.deb"))
        tree = place / name
        subprocess.run(["dpkg-deb", "--raw-extract", old, tree], check=True)
        control = tree / "DEBIAN/control"
        text = control.read_text()
        version = re.search(r"^Version: (.*)$", text, re.M).group(1)
        control.write_text(text.replace(version, NEXT))
        if name == "mailkey":
            postinst = tree / "DEBIAN/postinst"
            postinst.write_text(postinst.read_text() + MIGRATION)
        else:
            with open(tree / CHANGED.lstrip("/"), "a") as service:
                service.write(NEW_LINE)
            # dpkg compares what is on disk with the sums of the package.
            (tree / "DEBIAN/md5sums").unlink()
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", tree, place], check=True, capture_output=True)
        shutil.rmtree(tree)
