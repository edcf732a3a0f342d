import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

/** A verb's action says how the process ends. */
export type Run = (work: () => Promise<number>) => Promise<void>;

/** Adds one verb to the program. */
export type AddVerb = (program: Command, terminal: Terminal, run: Run) => void;
