"""House rule: links between pages of the project lead to a file that exists, and to a heading of it where they name one.

Not here: links to other sites, which differ from day to day; commands and files in code (docs_commands.py).
"""
import re

from _house import SOURCE, files, finish, text


def without_code(content):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", content, flags=re.S | re.M))


def anchors(path):
    """Of the headings of a page, as those who show it make them."""
    headings = re.findall(r"^#+ +(.*?) *$", re.sub(r"^```.*?^```", "", text(path), flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def wrong(page, target):
    """Why a link of a page leads nowhere; None if it leads somewhere."""
    name, _, heading = target.partition("#")
    path = (SOURCE / page).parent / name if name else SOURCE / page
    if not path.exists():
        return f"there is no {name}"
    if heading and path.suffix == ".md" and heading not in anchors(path.resolve().relative_to(SOURCE)):
        return f"{name or 'the page'} has no heading #{heading}"
    return None


def main():
    pages = [path.relative_to(SOURCE) for path in sorted(SOURCE.glob("*.md"))] + files(["docs", "tests", "bench", "configs", "tools"], {".md"})
    findings, checked = [], 0
    for page in pages:
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(text(page))):
            if re.match(r"[a-z]+:", target):
                continue
            checked += 1
            reason = wrong(page, target)
            if reason:
                findings.append(f"{page}: ({target}): {reason}")
    finish(findings, checked)


main()
