"""House rule: the root of the source tree holds what is listed here and what .gitignore names; tests and measurements write elsewhere."""
import fnmatch

from _house import SOURCE, finish

ALLOWED = {
    ".ci", ".clang-format", ".clang-tidy", ".editorconfig", ".git", ".gitignore", "CHANGELOG.md", "CITATION.cff", "CMakeLists.txt",
    "CMakePresets.json", "CONTRIBUTING.md", "LICENSE", "README.md", "VERSION", "bench", "cmake", "configs", "docs", "include", "sim", "tests",
    "tools",
}


def main():
    ignored = [line.strip("/") for line in (SOURCE / ".gitignore").read_text(encoding="utf-8").split() if not line.startswith("#")]
    names = sorted(path.name for path in SOURCE.iterdir())
    strange = [name for name in names if name not in ALLOWED and not any(fnmatch.fnmatch(name, pattern) for pattern in ignored)]
    finish([f"{name}: does not belong into the root (tests/structure/root.py lists what does)" for name in strange], len(names))


main()
