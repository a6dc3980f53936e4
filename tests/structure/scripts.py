"""House rule: shell scripts pass shellcheck, Python scripts compile."""
import ast
import subprocess

from _house import SOURCE, files, finish, text


def main():
    findings = []
    scripts = files(("tools", "tests", "bench", "cmake", "configs"), {".sh", ".sbatch"})
    scripts += [path for path in [(SOURCE / ".ci/run").relative_to(SOURCE)] if (SOURCE / path).exists()]
    done = subprocess.run(["shellcheck", "--external-sources", *map(str, scripts)], cwd=SOURCE, capture_output=True, text=True)
    if done.returncode:
        findings.append(done.stdout + done.stderr)
    python = files(("tools", "tests", "bench", "cmake", "configs"), {".py"})
    for path in python:
        try:
            ast.parse(text(path))
        except SyntaxError as error:
            findings.append(f"{path}:{error.lineno}: {error.msg}")
    finish(findings, len(scripts) + len(python))


main()
