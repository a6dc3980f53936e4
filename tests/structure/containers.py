"""House rule: the container recipes install what tools/dev.sh installs to build, and both the same to run; every file that they copy is there."""
import re

from _house import SOURCE, finish, text

DOCKER, APPTAINER, SCRIPT = "tools/cluster/Dockerfile", "tools/cluster/apptainer.def", "tools/dev.sh"


def installed(content):
    """Packages of each installation in a recipe, in order."""
    joined = content.replace("\\\n", " ")
    return [re.split(r"\s+&&|\n", words)[0].split() for words in re.findall(r"install -y --no-install-recommends(.*)", joined)]


def main():
    findings = []
    docker, apptainer = text(DOCKER), text(APPTAINER)
    wanted = re.search(r"^build_packages=\((.*?)\)", text(SCRIPT), re.S | re.M).group(1).split()
    lists = {DOCKER: installed(docker), APPTAINER: installed(apptainer)}
    for path, stages in lists.items():
        if len(stages) != 2:
            findings.append(f"{path}: {len(stages)} installations, not one to build and one to run")
        elif stages[0] != wanted:
            findings.append(f"{path}: builds with other packages than {SCRIPT}: {sorted(set(stages[0]) ^ set(wanted)) or 'order'}")
    if lists[DOCKER][1:] != lists[APPTAINER][1:]:
        findings.append(f"{DOCKER} and {APPTAINER} run with different packages")
    copied = [name for line in re.findall(r"^COPY (?!--from)(.*) \S+$", docker, re.M) for name in line.split()]
    files = re.findall(r"^    (\S+) /uxosim/\S+$", apptainer, re.M)
    if sorted(copied) != sorted(files):
        findings.append(f"{DOCKER} and {APPTAINER} copy different files: {sorted(set(copied) ^ set(files))}")
    findings += [f"there is no {name} to copy" for name in copied if not (SOURCE / name).exists()]
    finish(findings, len(copied) + len(wanted))


main()
