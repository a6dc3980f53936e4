"""House rule: every command, sub-command, option and file that the documentation shows exists; the version is the same everywhere."""
import os
import re
import subprocess
import sys

from _house import BINARY, SOURCE, files, finish, text

PROGRAM = os.environ.get("UXOSIM", str(BINARY / "uxosim"))


def code(content):
    """The code of a Markdown page: fenced blocks and `spans`, one string each."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```", content, re.S | re.M)
    fenced = [block for language, block in blocks if language in ("", "sh", "bash", "console", "text")]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", content, flags=re.S | re.M))
    return fenced + spans


def help_of(arguments):
    done = subprocess.run([PROGRAM, *arguments, "--help"], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def wrong_command(command, options, known):
    """Why a documented `uxosim COMMAND ... --option` does not exist; None if it does."""
    if command not in known:
        known[command] = help_of(command.split())
    if known[command] is None:
        return f"there is no `uxosim {command}`"
    for option in options:
        if not re.search(re.escape(option) + r"(?![\w-])", known[command]):
            return f"`uxosim {command}` has no {option}"
    return None


def findings_in(path, known):
    dev = subprocess.run([str(SOURCE / "tools/dev.sh"), "help"], capture_output=True, text=True, check=True).stdout
    for snippet in code(text(path)):
        for line in snippet.replace("\\\n", " ").splitlines():
            for command, rest in re.findall(r"(?:^|[\s/])uxosim (sweep [a-z]+|[a-z]+)\b([^|;#&]*)", line):
                reason = wrong_command(command, re.findall(r"(?<!\S)--[a-z][a-z-]*", rest), known)
                if reason:
                    yield f"{path}: {reason}: {line.strip()}"
            for command in re.findall(r"tools/dev\.sh ([a-z-]+)", line):
                if not re.search(rf"^  .*\b{command}\b", dev, re.M):
                    yield f"{path}: there is no `tools/dev.sh {command}`"
            for name in re.findall(r"(?<![\w./-])((?:configs|tools|docs|tests|sim|include|cmake)/[\w./-]*\w)(?![\w*<{])", line):
                if not (SOURCE / name).exists() and not list(SOURCE.glob(name + "*")):
                    yield f"{path}: there is no {name}"


def main():
    if not os.path.exists(PROGRAM):
        print(f"{PROGRAM} is not built")
        sys.exit(1)
    pages = [path for path in (SOURCE / "README.md", SOURCE / "CONTRIBUTING.md") if path.exists()]
    pages = [path.relative_to(SOURCE) for path in pages] + files(["docs"], {".md"})
    known = {}
    version = text("VERSION").strip()
    citation = [] if f"\nversion: {version}\n" in text("CITATION.cff") else [f"CITATION.cff: the version is not {version}"]
    finish(citation + [finding for page in pages for finding in findings_in(page, known)], len(pages))


main()
