import type { About } from '../document/document.js';

/** The page that a reader of a pack opens first. */
export function packReadme(about: About, ids: readonly string[], tree: { readonly size: number; readonly root: string }): string {
  return `# Evidence pack

Organisation: ${about.organisation.replace(/[\r\n]+/g, ' ')}
Made: ${about.at}${about.asOf === undefined ? '' : `, as of ${about.asOf}`}, by ${about.product}
Improvements: ${ids.join(', ')}
Gaps in their golden threads: ${about.gaps}
Gates switched off by policy: ${about.gatesOff.length === 0 ? 'none' : about.gatesOff.join('; ').replace(/[\r\n]+/g, ' ')}

## What is in it

| file | what it is |
| --- | --- |
| \`SHA256SUMS\` | the SHA-256 of every other file, as \`sha256sum\` writes it |
| \`verify.sh\`, \`verify.py\` | check the pack: the files alone (any Unix), and everything (Python 3.8 or later, nothing else) |
| \`about.json\` | what the pack was made from: instant, policy and directory by hash, end of the journal, the sample if it is one |
| \`journal.json\` | every journal entry about these improvements, each with a proof that it is in the journal |
| \`IMP-…/register-entry.json\` | the entry of the improvement register, canonical JSON |
| \`IMP-…/history.json\` | every earlier state of that entry: when, by whom, why, and its SHA-256 |
| \`IMP-…/thread.html\`, \`.md\`, \`.svg\` | the golden thread to read, and its picture |
| \`IMP-…/decisions.json\`, \`measurements.json\` | who decided what and why; what was measured, with all numbers |
| \`IMP-…/run-chart-….svg\` | the weeks before and after, with the limits of the baseline |
| \`IMP-…/evidence/….json\` | snapshots that were taken when they were relied on; the name is the SHA-256 of the content |
| \`IMP-…/records.json\`, \`records/…\` | the record versions that the improvement rests on, as they were read from their systems |

Of a record that is confidential at its source, only the number is given.

## How to verify it without golden-thread

1. \`sh verify.sh\`, or \`sha256sum -c SHA256SUMS\`: every file is the one that was packed. Note the SHA-256 of \`SHA256SUMS\` itself when you receive the pack.
2. \`python3 verify.py\`: the files agree with each other and with the journal. It names each file or entry that does not hold, and ends with 1.
3. Compare the root that it prints with an anchor of the journal's entry ${tree.size} that was kept elsewhere (in a ticket, a log, another mount):
   \`python3 verify.py --root HEX\`. With it, nothing in the journal up to there can have been changed, not even by somebody who has the database and the key.

## How the hashes are computed

All are SHA-256 in lower-case hex over UTF-8.

- Canonical JSON has the keys of each object sorted (by UTF-16 code units) and no blanks.
- Text of an entry: \`bodyHash\` = SHA-256(\`sealed.salt\` followed by \`sealed.text\`). A text that was removed for the protection of persons leaves its hash.
- Entry: \`hash\` = SHA-256 of the JSON array \`[seq, at, actor, kind, subject, bodyHash, previous, key]\` without blanks, where \`actor\` is the pseudonym and \`previous\`
  the hash of the entry before; with a \`key\`, HMAC-SHA-256 with the key of that name, which only the organisation can compute.
- Tree (RFC 6962, section 2.1): leaf = SHA-256(0x00 followed by the JSON array of the same members and \`hash\`), node = SHA-256(0x01, left, right). A proof holds when leaf
  and \`path\` lead to \`root\` (RFC 9162, section 2.1.3.2). This pack's tree has ${tree.size} entries and the root \`${tree.root}\`.
- Snapshot: SHA-256 of the file, which is the canonical JSON of \`content\` in the register entry's \`evidence\`.
- Record version: \`sha256\` of the file in \`records/\`. \`contentHash\` is the product's own: without the fields that change by themselves.

What it shows: that nothing in the pack was changed since, and that decisions, measurements and snapshots are those that were journalled. What it does not show: that the records in the
other systems were true; compare them there by number.
`;
}
