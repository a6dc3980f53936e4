"""House rule: includes go down only (base < scenario < model < engine < result < tools), and each big library has one home."""
import fnmatch
import re

from _house import C_FOLDERS, SOURCE, files, finish, text

RANK = {"base": 0, "scenario": 1, "model": 2, "engine": 3, "result": 4, "tools": 5}
# Headers without a .c file of their own name; the room is said here.
HEADER_ONLY = {"work_store": "engine"}
# Library header -> the only files that may include it.
HOMES = {
    r"(gdal|ogr|cpl)[a-z_0-9]*\.h": ["include/uxosim/gdal_library.h"],
    r"uxosim/gdal_library\.h": ["sim/base/gdal_library.c", "sim/scenario/layers*", "tools/cmd_export*.c", "tools/cmd_districts*.c", "tools/*geo*"],
    r"dlfcn\.h": ["sim/base/gdal_library.c", "tools/canvas_library.c"],
    r"(cairo|pango)[a-z-]*\.h|pango/.*": ["tools/canvas_library.h"],
    r"proj(_experimental)?\.h": ["sim/scenario/layers_c*"],
    r"(hdf5|H5\w*)\.h|hdf5_hl\.h": ["sim/result/*"],
    r"libdeflate\.h": ["sim/result/result_pack*", "tools/report_layers.c"],
    r"xlsxwriter.*\.h": ["tools/*xlsx*"],
    r"zlib\.h": ["tools/xlsx_parts.c"],
    r"omp\.h": ["sim/engine/*", "tools/main.c"],  # main: how many threads there are, for --version
    r"yaml\.h": ["sim/scenario/yaml*"],
    r"openssl/.*": ["sim/base/digest*"],
    r"(imm|x86|emm|xmm|avx)\w*intrin\.h": ["sim/model/kernels*"],
}


def room_of_header(name):
    """Room of include/uxosim/<name>.h: that of sim/<room>/<name>.c or <name>_<part>.c; None if there is neither."""
    if name in HEADER_ONLY:
        return HEADER_ONLY[name]
    for pattern in (f"*/{name}.c", f"*/{name}_*.c"):
        rooms = {path.parent.name for path in (SOURCE / "sim").glob(pattern)}
        if len(rooms) == 1:
            return rooms.pop()
    return None


def room_of_file(path):
    if path.parts[0] == "include":
        return room_of_header(path.stem)
    return "tools" if path.parts[0] == "tools" else path.parts[1]


def room_of_include(path, included):
    if included.startswith("uxosim/"):
        return room_of_header(included[len("uxosim/"):-len(".h")])
    if included == "uxosim_build_info.h":
        return "tools"
    return room_of_file(path) if (SOURCE / path).parent.joinpath(included).exists() else None


def main():
    findings = []
    paths = files(C_FOLDERS, {".c", ".h"})
    for path in paths:
        room = room_of_file(path)
        if room not in RANK:
            findings.append(f"{path}: belongs to no room (a header has a .c file of its name in sim/<room>/)")
            continue
        for number, line in enumerate(text(path).splitlines(), 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match and match.group(1) == '"':
                other = room_of_include(path, match.group(2))
                if other is None:
                    findings.append(f"{path}:{number}: {match.group(2)} is nowhere")
                elif RANK[other] > RANK[room]:
                    findings.append(f"{path}:{number}: {room} may not include {match.group(2)} of {other}")
            if match:
                for header, homes in HOMES.items():
                    if re.fullmatch(header, match.group(2)) and not any(fnmatch.fnmatch(str(path), home) for home in homes):
                        findings.append(f"{path}:{number}: {match.group(2)} only in {', '.join(homes)}")
            if re.match(r"\s*#\s*pragma\s+omp", line) and room != "engine":
                findings.append(f"{path}:{number}: OpenMP only in sim/engine")
    finish(findings, len(paths))


main()
