"""House rule: the library keeps no state. Its objects hold no writable data but what is named here with a reason."""
import re
import subprocess

from _house import BINARY, finish

ALLOWED = {}
# Instrumentation of sanitizers and gcov, not ours.
FOREIGN = re.compile(r"^(__gcov|__sancov|__asan|__odr_asan|__lsan|\.L|\.LPBX|__llvm)")
# nm -f posix types: data, bss, common, small data; the .data.rel.ro of constant tables with pointers is read-only after loading.
WRITABLE = set("dDbBCcSsGg")


def constant_sections(archive):
    """Names of symbols that lie in read-only-after-relocation sections (objdump knows the section, nm only the letter)."""
    listing = subprocess.run(["objdump", "-t", str(archive)], capture_output=True, text=True, check=True).stdout
    names = set()
    for line in listing.splitlines():
        match = re.match(r"^[0-9a-f]+ .{7} (\S+)\s+[0-9a-f]+\s+(?:\.hidden )?(\S+)$", line)
        if match and (match.group(1).startswith(".data.rel.ro") or match.group(1).startswith(".rodata")):
            names.add(match.group(2))
    return names


def main():
    archive = BINARY / "libuxosim.a"
    constant = constant_sections(archive)
    listing = subprocess.run(["nm", "-A", "-f", "posix", str(archive)], capture_output=True, text=True, check=True).stdout
    findings = []
    checked = 0
    for line in listing.splitlines():
        match = re.match(r"^.*\[(.*)\]: (\S+) (\w)\b", line)
        if not match:
            continue
        checked += 1
        member, name, kind = match.groups()
        if kind in WRITABLE and name not in constant and not FOREIGN.match(name) and (member, name) not in ALLOWED:
            findings.append(f"{member}: {name} is writable for the life of the program ({kind})")
    finish(findings, checked)


main()
