#!/usr/bin/env python3
"""Inputs of the fuzz targets: packed one a line in Corpus/TARGET.hex, unpacked one a file for libFuzzer.

    corpus.py seeds TARGET FOLDER      the seeds, as files
    corpus.py unpack TARGET FOLDER     the seeds and the committed inputs, as files
    corpus.py pack TARGET FOLDER       the files of FOLDER that are no seeds become the committed inputs
    corpus.py add TARGET FILE...       keeps these inputs as well, a finding's for instance
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import seeds

CORPUS = Path(__file__).parent / "Corpus"


def committed(target: str) -> set[bytes]:
    file = CORPUS / f"{target}.hex"
    return {bytes.fromhex(line) for line in file.read_text().splitlines()} if file.exists() else set()


def commit(target: str, inputs: set[bytes]) -> None:
    CORPUS.mkdir(exist_ok=True)
    lines = [data.hex() for data in sorted(inputs, key=lambda data: (len(data), data))]
    (CORPUS / f"{target}.hex").write_text("".join(f"{line}\n" for line in lines))


def unpack(inputs: set[bytes], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for data in inputs:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["seeds", "unpack", "pack", "add"])
    parser.add_argument("target")
    parser.add_argument("paths", nargs="+", type=Path)
    options = parser.parse_args()
    target, paths = options.target, options.paths
    match options.verb:
        case "seeds":
            unpack(set(seeds.of(target)), paths[0])
        case "unpack":
            unpack(set(seeds.of(target)) | committed(target), paths[0])
        case "pack":
            commit(target, {file.read_bytes() for file in paths[0].iterdir()} - set(seeds.of(target)))
        case "add":
            commit(target, committed(target) | {file.read_bytes() for file in paths})


if __name__ == "__main__":
    main()
