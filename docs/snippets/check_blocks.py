"""Fails unless every C++ block of the guides stands, word for word, in a program of this folder.

usage: check_blocks.py GUIDE_FOLDER SNIPPET_FOLDER

A block may begin anywhere in a program and be indented there; "..." on a line of its own stands for any lines.
"""

import pathlib
import re
import sys
import textwrap


def blocks(text):
    return re.findall(r"^```cpp\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def bare(lines):
    return [line.strip() for line in lines]


def contains(program, part):
    return any(program[i:i + len(part)] == part for i in range(len(program) - len(part) + 1))


def is_compiled(block, programs):
    parts = [bare(textwrap.dedent(part).strip("\n").splitlines()) for part in re.split(r"^\s*\.\.\.\s*$", block, flags=re.MULTILINE)]
    return any(all(contains(program, part) for part in parts if part) for program in programs)


def main():
    guides, snippets = map(pathlib.Path, sys.argv[1:3])
    programs = [bare(path.read_text().splitlines()) for path in snippets.glob("*.cpp")]
    checked, failures = 0, []
    for guide in sorted(guides.glob("*.md")):
        for block in blocks(guide.read_text()):
            checked += 1
            if not is_compiled(block, programs):
                failures.append(f"{guide.name}: in no program of {snippets.name}:\n{block}")
    print("\n".join(failures) if failures else f"{checked} blocks are compiled")
    sys.exit(bool(failures) or checked == 0)


main()
