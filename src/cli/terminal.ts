import { describeFailure, type Failure } from '../kit/index.js';

/** Where the verbs print: answers to stdout, everything about the run to stderr. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  /** Answers that are not lines: a document. */
  readonly bytes?: (bytes: Uint8Array) => void;
  /** A person is looking: progress bars instead of log lines. */
  readonly isInteractive: boolean;
}

/** Strips control characters: ticket text must not be able to move the cursor or forge a line. */
export function safe(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is removed
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ');
}

/** The process's own terminal. */
export function processTerminal(): Terminal {
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    bytes: (bytes) => void process.stdout.write(bytes),
    isInteractive: process.stderr.isTTY === true && process.env['CI'] === undefined,
  };
}

/** Problems one below the other, each with its place and remedy. */
export function printProblems(terminal: Terminal, problems: readonly Failure[]): void {
  for (const problem of problems) terminal.err(describeFailure(problem).split('\n').map(safe).join('\n'));
  if (problems.length > 1) terminal.err(`${problems.length} problems`);
}

/** Columns as wide as their widest cell; the last one unpadded. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows].map((row) => row.map(safe));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => (column === head.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
