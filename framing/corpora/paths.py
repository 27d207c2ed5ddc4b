"""Which files a corpus holds: one file, or a folder with its folders, in the order of their paths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from framing.corpora.rows import WHOLE_FILE
from framing.errors import CorpusError
from framing.protocols import Rejection


class File(NamedTuple):
    """A file to read, and its name for messages: its path below the corpus folder."""

    path: Path
    name: str


def files(root: Path, suffixes: frozenset[str], pattern: str | None = None) -> Iterator[File | Rejection]:
    """Yield the files of a corpus with one of the suffixes, sorted by path, and what in its folder is none.

    Hidden files and folders (`.name`) are passed over, and with a `pattern` (`*.csv`, `2024/*.txt`; matched from the
    right) all that do not match. Links to folders are not followed, links to files outside of the folder are not read.

    Raises:
        CorpusError: there is nothing at `root`, or it is a file of another format.
    """
    if root.is_dir():
        yield from _sorted_files(root, suffixes, pattern)
    elif not root.exists():
        raise CorpusError(f"{root}: there is no such file or folder; mend the path, which is relative to {Path.cwd()}")
    elif root.suffix.lower() not in suffixes:
        raise CorpusError(f"{root}: {_unknown(root.name, suffixes)}")
    else:
        yield File(root, printable(root.name))


def printable(name: str) -> str:
    """Return a file name that can be written as UTF-8: its undecodable bytes as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _sorted_files(root: Path, suffixes: frozenset[str], pattern: str | None) -> Iterator[File | Rejection]:
    found = sorted(_walk(root))
    n_files = 0
    for name, refused in found:
        if pattern and not refused and not PurePosixPath(name).match(pattern):
            continue
        path = root / name
        problem = refused or _problem(path, root, suffixes)
        if problem:
            yield Rejection(printable(name), WHOLE_FILE, problem)
        else:
            n_files += 1
            yield File(path, printable(name))
    if not n_files:
        raise CorpusError(
            f"{root}: the folder holds no file to read{f' that matches {pattern!r}' if pattern else ''}; "
            f"expected one that ends in {', '.join(sorted(suffixes))}"
        )


def _walk(root: Path) -> Iterator[tuple[str, str]]:
    """Yield every file below a folder with an empty text, and every folder that cannot be entered with the reason."""
    refused: list[OSError] = []
    for folder, subfolders, names in os.walk(root, onerror=refused.append):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        here = Path(folder).relative_to(root)
        for name in subfolders:
            if os.path.islink(os.path.join(folder, name)):
                yield (here / name).as_posix(), "a link to a folder, which is not followed; copy the folder"
        for name in names:
            if not name.startswith("."):
                yield (here / name).as_posix(), ""
    for error in refused:
        name = Path(error.filename).relative_to(root).as_posix()
        yield name, f"the folder cannot be read ({error.strerror}); allow it, or take it out of the corpus"


def _problem(path: Path, root: Path, suffixes: frozenset[str]) -> str | None:
    if path.is_symlink() and not path.exists():
        return "a broken link; mend it, or take it out of the corpus"
    if path.is_symlink() and not path.resolve().is_relative_to(root.resolve()):
        return "a link to a file outside of the corpus folder, which is not read; copy the file into the folder"
    if not path.is_file():
        return "neither a file nor a folder, expected a file; take it out of the corpus"
    return None if path.suffix.lower() in suffixes else _unknown(path.name, suffixes)


def _unknown(name: str, suffixes: frozenset[str]) -> str:
    return (
        f"no format that is read here, expected a name that ends in {', '.join(sorted(suffixes))}; "
        "convert it, take it out, or choose files by a pattern"
    )
