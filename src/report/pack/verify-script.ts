/**
 * Checks a pack with nothing but Python 3.8 and its standard library. Written from the description in the pack's README, sharing no line with the product, so
 * that an auditor need not trust the product to check what it made.
 */
export const verifyPython = String.raw`#!/usr/bin/env python3
"""Verifies this evidence pack without golden-thread. Usage: python3 verify.py [folder] [--root HEX]

--root: the root of the journal's tree as it was noted elsewhere (an anchor) for the same number of entries.
Ends with 0 when everything holds, with 1 and one line for each thing that does not.
"""
import hashlib
import json
import os
import sys


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode("utf-8")).hexdigest()


def read(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


def load(*parts):
    return json.loads(read(*parts).decode("utf-8"))


class Check:
    def __init__(self, folder):
        self.folder = folder
        self.problems = []
        self.notes = []

    def expect(self, holds, where, what):
        if not holds:
            self.problems.append("%s: %s" % (where, what))
        return holds

    def sums(self):
        """Every file is as it was listed, none is missing, none was added."""
        listed = {}
        for line in read(self.folder, "SHA256SUMS").decode("utf-8").splitlines():
            digest, _, name = line.partition("  ")
            listed[name] = digest
        for name, digest in sorted(listed.items()):
            path = os.path.join(self.folder, *name.split("/"))
            if self.expect(os.path.isfile(path), name, "is missing"):
                self.expect(sha256(read(path)) == digest, name, "is not the file that was packed")
        for root, _, files in os.walk(self.folder):
            for file in files:
                name = os.path.relpath(os.path.join(root, file), self.folder).replace(os.sep, "/")
                if name != "SHA256SUMS":
                    self.expect(name in listed, name, "was not in the pack when it was made")

    def journal(self, root):
        """Each entry is the one that the tree holds, and each text the one that the entry holds."""
        extract = load(self.folder, "journal.json")
        tree = extract["tree"]
        if root is not None:
            self.expect(root.lower() == tree["root"], "journal.json", "leads to another root than the one that was noted elsewhere")
        previous = 0
        for item in extract["entries"]:
            entry, proof = item["entry"], item["proof"]
            where = "journal.json: entry %s" % entry.get("seq")
            self.expect(entry["seq"] > previous, where, "is out of order")
            previous = entry["seq"]
            head = [entry["seq"], entry["at"], entry["pseudonym"], entry["kind"], entry["subject"], entry["bodyHash"], entry["previous"], entry.get("key")]
            self.expect(json.loads(proof["leaf"]) == head + [entry["hash"]], where, "is not the one that is proven")
            if entry.get("key") is None:
                text = json.dumps(head, separators=(",", ":"), ensure_ascii=False)
                self.expect(sha256(text) == entry["hash"], where, "has another hash than its own")
            sealed = entry.get("sealed")
            if sealed is None:
                self.notes.append("%s: its text was removed from the journal; only its hash is left" % where)
            else:
                self.expect(sha256(sealed["salt"] + sealed["text"]) == entry["bodyHash"], where, "has another text than was journalled")
                said = json.loads(sealed["text"])
                self.expect(said.get("body") == entry.get("body") and said.get("actor") == entry.get("actor"), where, "shows another text than the sealed one")
            self.expect(proof["size"] == tree["size"] and proof["root"] == tree["root"], where, "is proven against another tree")
            self.expect(self.leads_to(proof, tree), where, "is not in the journal with this root")
        return extract["entries"]

    @staticmethod
    def leads_to(proof, tree):
        """RFC 9162, section 2.1.3.2: leaves are hashed with 0x00 before them, nodes with 0x01."""
        node = hashlib.sha256(b"\x00" + proof["leaf"].encode("utf-8")).digest()
        at, last = proof["seq"] - 1, tree["size"] - 1
        if not 0 <= at <= last:
            return False
        for sibling in proof["path"]:
            other = bytes.fromhex(sibling)
            if last == 0:
                return False
            if at % 2 == 1 or at == last:
                node = hashlib.sha256(b"\x01" + other + node).digest()
                while at % 2 == 0 and at != 0:
                    at //= 2
                    last //= 2
            else:
                node = hashlib.sha256(b"\x01" + node + other).digest()
            at //= 2
            last //= 2
        return last == 0 and node.hex() == tree["root"]

    def improvement(self, name, entries):
        entry = load(self.folder, name, "register-entry.json")
        own = [item["entry"] for item in entries if item["entry"]["subject"] == entry["id"]]
        known = [each for each in own if "body" in each]
        whole = len(known) == len(own) and "beforeAdoption" not in entry
        self.expect(entry["id"] == name, name + "/register-entry.json", "is the entry of " + str(entry["id"]))
        self.relied(name, entry, known, whole)
        for file, member, kind in (("measurements.json", "measurements", "effect-measured"), ("decisions.json", "decisions", "decision-taken")):
            where = "%s/%s" % (name, file)
            items = load(self.folder, name, file)
            self.expect(items == entry[member], where, "differs from the register entry")
            said = [each["body"] for each in known if each["kind"] == kind]
            for item in items:
                if whole:
                    self.expect(any(item == body for body in said), where, "says something of %s that the journal does not" % item.get("at"))
            for body in said:
                self.expect(any(item == body for item in items), where, "lacks what the journal has of %s" % body.get("at"))

    def relied(self, name, entry, known, whole):
        hashes = [each["hash"] for each in entry["evidence"]]
        said = [each["body"].get("hash") for each in known if each["kind"] == "evidence-kept"]
        for digest in hashes:
            where = "%s/evidence/%s.json" % (name, digest)
            path = os.path.join(self.folder, name, "evidence", digest + ".json")
            if self.expect(os.path.isfile(path), where, "is missing"):
                self.expect(sha256(read(path)) == digest, where, "is not the snapshot that was relied on")
            if whole:
                self.expect(digest in said, where, "is not in the journal")
        for digest in said:
            self.expect(digest in hashes, name + "/register-entry.json", "lacks the snapshot %s that the journal has" % digest)
        for record in load(self.folder, name, "records.json"):
            if "file" in record:
                where = "%s/%s" % (name, record["file"])
                path = os.path.join(self.folder, name, *record["file"].split("/"))
                if self.expect(os.path.isfile(path), where, "is missing"):
                    self.expect(sha256(read(path)) == record["sha256"], where, "is not the version that was relied on")


def main(arguments):
    root = None
    if "--root" in arguments:
        at = arguments.index("--root")
        root = arguments[at + 1]
        del arguments[at : at + 2]
    folder = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    check = Check(folder)
    try:
        check.sums()
        entries = check.journal(root)
        for name in load(folder, "about.json")["improvements"]:
            check.improvement(name, entries)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        check.problems.append("the pack cannot be read: %s: %s" % (type(error).__name__, error))
    for note in check.notes:
        print("note: " + note)
    for problem in check.problems:
        print("WRONG  " + problem)
    if check.problems:
        print("%d things do not hold." % len(check.problems))
        return 1
    print("Everything holds. Compare the root %s with an anchor that was kept elsewhere." % load(folder, "journal.json")["tree"]["root"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
`;

/** The files alone, for a machine without Python: what every Unix has. */
export const verifyShell = String.raw`#!/bin/sh
# Checks that every file is the one that was packed. Whether the files agree with the journal, verify.py checks.
cd "$(dirname "$0")" || exit 1
if command -v sha256sum >/dev/null 2>&1; then sha256sum -c --quiet SHA256SUMS; else shasum -a 256 -c --quiet SHA256SUMS; fi || exit 1
listed=$(wc -l <SHA256SUMS)
present=$(find . -type f ! -name SHA256SUMS | wc -l)
[ "$listed" -eq "$present" ] || { echo "there are $present files, and $listed were packed"; exit 1; }
echo "All $present files are as they were packed."
`;
