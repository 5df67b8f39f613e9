"""The Dockerfile against the tree: each step of its build stage, with Cargo reading the manifests in place of building."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import ROOT, read

# Finds each crate of the workspace and what the lock file says of it, as a build does before it compiles anything.
CARGO = """#!/bin/sh
host=$(rustc -vV | sed -n 's/^host: //p')
test "$1" = build && exec "$REAL_CARGO" metadata --locked --offline --filter-platform "$host" --format-version 1 >/dev/null
"""


def instructions(text):
    """Instruction and argument of each step."""
    text = re.sub(r"(?m)^#.*\n", "", text).replace("\\\n", "")
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


def is_sent(path, rules):
    """Whether `.dockerignore` lets a path into what is built from."""
    ignored = False
    for rule in rules:
        pattern = rule.removeprefix("!")
        if pattern == "*" or path == pattern or path.startswith(f"{pattern}/"):
            ignored = not rule.startswith("!")
    return not ignored


class Dockerfile(unittest.TestCase):
    def setUp(self):
        self.rules = [line for line in read(".dockerignore").splitlines() if line and not line.startswith("#")]

    def copy(self, sources, into):
        for source in sources:
            self.assertTrue(is_sent(source, self.rules), f".dockerignore holds {source} back")
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, into, dirs_exist_ok=True)
            else:
                into.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, into)

    def test_each_step_of_the_build_finds_its_files(self):
        build_stage = read("Dockerfile").rsplit("\nFROM ", 1)[0]
        with tempfile.TemporaryDirectory() as directory:
            directory = pathlib.Path(directory)
            tree, programs = directory / "tree", directory / "programs"
            tree.mkdir()
            programs.mkdir()
            (programs / "cargo").write_text(CARGO)
            (programs / "cargo").chmod(0o755)
            environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}",
                           "REAL_CARGO": shutil.which("cargo")}
            builds = 0
            for instruction, argument in instructions(build_stage):
                if instruction == "COPY":
                    *sources, into = argument.split()
                    self.copy(sources, tree / into)
                elif instruction == "RUN":
                    done = subprocess.run(["sh", "-ec", argument], cwd=tree, env=environment, check=False,
                                          capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, f"{argument}\n{done.stderr}")
                    builds += "cargo build" in argument
            self.assertEqual(builds, 2, "the dependencies, and the program")


if __name__ == "__main__":
    unittest.main()
