/** A Jira Cloud site on loopback: REST v3 with its real quirks, a virtual clock, a fault switchboard and a journal. */
export { type JiraControl, jiraControl } from './control.js';
export type * from './control/shapes.js';
export type { Fault, FaultCount, FaultKind, LimitReason } from './faults.js';
export type { JournalEntry } from './journal.js';
export { type JiraSimulator, type JiraSimulatorOptions, startJiraSimulator } from './server.js';
export type { Switches } from './switches.js';
