"""comma_locale.py - a locale whose numbers have a decimal comma, made for a test where the machine has none.

    environment(folder)     variables of the environment, to be merged into others; None: it cannot be made here
"""
import pathlib
import shutil
import subprocess

NAME = "de_DE.UTF-8"


def environment(folder):
    made = pathlib.Path(folder).resolve() / "locales"
    made.mkdir(exist_ok=True)
    if shutil.which("localedef") is None:
        return None
    # Exit code 1 says that there were warnings.
    subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", made / NAME], capture_output=True, check=False)
    variables = {"LOCPATH": str(made), "LC_ALL": NAME, "LANG": NAME}
    said = subprocess.run(["locale", "decimal_point"], env=variables | {"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False).stdout
    return variables if said.strip() == "," else None
