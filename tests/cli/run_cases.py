#!/usr/bin/python3
"""Runs the program on broken inputs and compares what it says, word for word.

    run_cases.py PROGRAM FOLDER... [--update] [--only NAME]

Each FOLDER/*.case is one case: a text in sections that begin with a line "=== ...":

    === arguments                 optional, one argument a line; default: check / scenario.yaml
    === file NAME                 a file of the working folder, as it stands
    === file NAME escaped         the same with \\xNN, \\n, \\\\ and {{COUNT*TEXT}} (TEXT repeated) replaced, line ends joined
    === absent NAME               a file of FOLDER/common that this case does not have
    === exit                      the exit code
    === stderr                    what the program must write there, exactly

What is before the first section says why the case exists. The files of FOLDER/common are copied into the working folder first.
A case fails when the exit code or the text differ, when anything is written to stdout, when the program dies of a signal, takes more
than 10 s, or leaves or changes a file. --update writes what the program did into the case; read the difference before committing it.
"""
import argparse
import concurrent.futures
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TIME_LIMIT_S = 10


def unescape(text):
    text = re.sub(r"\{\{(\d+)\*(.*?)\}\}", lambda match: match.group(2) * int(match.group(1)), text.replace("\n", ""))
    simple = {"n": b"\n", "t": b"\t", "r": b"\r", "\\": b"\\"}
    parts = re.split(r"\\(x[0-9A-Fa-f]{2}|[ntr\\])", text)
    done = b""
    for index, part in enumerate(parts):
        if index % 2 == 0:
            done += part.encode("utf-8")
        else:
            done += simple[part] if part in simple else bytes([int(part[1:], 16)])
    return done


class Case:
    def __init__(self, path):
        self.path = path
        self.arguments = ["check", "scenario.yaml"]
        self.files = {}
        self.absent = []
        self.exit = None
        self.stderr = ""
        pieces = re.split(r"^=== (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        self.reason = pieces[0]
        for head, body in zip(pieces[1::2], pieces[2::2]):
            self.take(head.split(), body)

    def take(self, head, body):
        if head[0] == "arguments":
            self.arguments = body.splitlines()
        elif head[0] == "file":
            self.files[head[1]] = unescape(body) if head[2:] == ["escaped"] else body.encode("utf-8")
        elif head[0] == "absent":
            self.absent.append(head[1])
        elif head[0] == "exit":
            self.exit = int(body)
        elif head[0] == "stderr":
            self.stderr = body
        else:
            sys.exit(f"{self.path}: unknown section {' '.join(head)}")

    def prepare(self, folder):
        common = self.path.parent / "common"
        if common.is_dir():
            for source in sorted(common.iterdir()):
                if source.name not in self.absent:
                    shutil.copy(source, folder / source.name)
        for name, content in self.files.items():
            (folder / name).write_bytes(content)

    def update(self, code, stderr):
        text = re.split(r"^=== exit\n", self.path.read_text(encoding="utf-8"), flags=re.MULTILINE)[0]
        self.path.write_text(f"{text}=== exit\n{code}\n=== stderr\n{stderr}", encoding="utf-8")


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def run(program, case, update):
    """What is wrong, as a list of sentences."""
    with tempfile.TemporaryDirectory(prefix="uxosim-case-") as name:
        folder = pathlib.Path(name)
        case.prepare(folder)
        before = contents(folder)
        try:
            done = subprocess.run([program, *case.arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=TIME_LIMIT_S, check=False)
        except subprocess.TimeoutExpired:
            return [f"took more than {TIME_LIMIT_S} s"]
        after = contents(folder)
    wrong = []
    stderr = done.stderr.decode("utf-8", "backslashreplace")
    if done.returncode < 0:
        wrong.append(f"died of signal {-done.returncode}")
    for path in sorted(set(before) | set(after)):
        if before.get(path, ...) != after.get(path, ...):
            wrong.append(f"touched the file {path}")
    if done.stdout:
        wrong.append("wrote to stdout: " + repr(done.stdout[:200]))
    if update and not wrong:
        case.update(done.returncode, stderr)
        return []
    if done.returncode != case.exit:
        wrong.append(f"exit code {done.returncode}, expected {case.exit}")
    if stderr != case.stderr:
        wrong.append("stderr differs:\n" + "".join(difflib.unified_diff(case.stderr.splitlines(True), stderr.splitlines(True),
                                                                        "expected", "got")))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folder", nargs="+", type=pathlib.Path)
    parser.add_argument("--update", action="store_true", help="write what the program did into the cases")
    parser.add_argument("--only", help="run the case of this name only")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    cases = [Case(path) for folder in options.folder for path in sorted(folder.glob("*.case"))
             if options.only in (None, path.stem)]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        results = list(pool.map(lambda case: run(program, case, options.update), cases))
    for case, wrong in zip(cases, results):
        failed += bool(wrong)
        for sentence in wrong:
            print(f"{case.path.name}: {sentence}")
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
