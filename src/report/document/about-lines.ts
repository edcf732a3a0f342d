import type { About, Cell } from './document.js';

/** What every report says of itself, in the same words and order in each format. */
export function aboutFacts(about: About): readonly { readonly name: string; readonly value: Cell }[] {
  const { period, asOf, gatesOff } = about;
  return [
    { name: 'Organisation', value: about.organisation },
    { name: 'Made at', value: { instant: about.at } },
    asOf === undefined ? { name: 'Shows', value: 'what is known now' } : { name: 'As of', value: { instant: asOf } },
    ...(period === undefined ? [] : [{ name: 'Period', value: `${period.from} to ${period.to} (${about.timeZone})` }]),
    {
      name: 'Gates switched off by policy',
      value: gatesOff.length === 0 ? 'none' : ({ mark: 'bad', text: gatesOff.join(', ') } satisfies Cell),
    },
    {
      name: 'Gaps',
      value: about.gaps === 0 ? { mark: 'good', text: 'none' } : { mark: 'bad', text: String(about.gaps) },
    },
    ...(about.notes ?? []).map((note) => ({ name: 'Note', value: note })),
    {
      name: 'Made from',
      value: `journal entry ${about.journal.seq} (${about.journal.hash.slice(0, 16)}…), policy ${about.policyHash.slice(0, 16)}…, directory ${about.directoryHash.slice(0, 16)}…, ${about.product}`,
    },
  ];
}
