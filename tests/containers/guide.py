"""The guide in README.md, as a program reads it: which commands stand under which heading.

    guide = Guide(README)
    for block in guide.blocks("3. Dovecot"):
        machine.shell(block)

A block that begins with ```sh is run as it stands; other blocks are for reading. The headings are the ones of the
document, so a step that is renamed or loses its commands fails the tests instead of leaving them out.
"""

import re


class Guide:
    def __init__(self, path):
        self._blocks = {}
        heading = None
        block = None
        for line in path.read_text().splitlines():
            if block is not None:
                if line == "```":
                    self._blocks[heading].append("\n".join(block))
                    block = None
                else:
                    block.append(line)
            elif match := re.fullmatch(r"#+ (.*)", line):
                heading = match.group(1)
                self._blocks.setdefault(heading, [])
            elif line == "```sh":
                block = []
        if block is not None:
            raise ValueError(f"{path}: a block of commands under {heading!r} does not end")

    def blocks(self, heading):
        """The blocks of commands under `heading`, in order; there is at least one."""
        blocks = self._blocks.get(heading)
        if not blocks:
            raise KeyError(f"README.md has no commands under the heading {heading!r}")
        return blocks
