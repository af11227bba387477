"""Fails unless every C++ and YAML block of the guides stands, word for word, in a file of this folder.

usage: check_blocks.py GUIDE_FOLDER SNIPPET_FOLDER

A block may begin anywhere in a file and be indented there; "..." on a line of its own stands for any lines.
"""

import pathlib
import re
import sys
import textwrap


def blocks(text):
    """Pairs of language and text."""
    return re.findall(r"^```(cpp|yaml)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def bare(lines):
    return [line.strip() for line in lines]


def contains(file, part):
    return any(file[i:i + len(part)] == part for i in range(len(file) - len(part) + 1))


def is_quoted(block, files):
    parts = [bare(textwrap.dedent(part).strip("\n").splitlines()) for part in re.split(r"^\s*\.\.\.\s*$", block, flags=re.MULTILINE)]
    return any(all(contains(file, part) for part in parts if part) for file in files)


def main():
    guides, snippets = map(pathlib.Path, sys.argv[1:3])
    files = {language: [bare(path.read_text().splitlines()) for path in snippets.glob(f"*.{language}")] for language in ("cpp", "yaml")}
    checked, failures = 0, []
    for guide in sorted(guides.glob("*.md")):
        for language, block in blocks(guide.read_text()):
            checked += 1
            if not is_quoted(block, files[language]):
                failures.append(f"{guide.name}: in no {language} file of {snippets.name}:\n{block}")
    print("\n".join(failures) if failures else f"{checked} blocks are compiled or read")
    sys.exit(bool(failures) or checked == 0)


main()
