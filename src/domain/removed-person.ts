/** What stands in place of a person whose name was removed, by the code of the removal: the same for ever, and for nobody else. */
export function placeholderOf(code: string): string {
  return `[removed person ${code}]`;
}

/** What stands in place of a text that a removed person wrote, or that tells of one. */
export function removedText(placeholder: string): string {
  return `${placeholder.slice(0, -1)}: text removed]`;
}

/** Finds either in a text. */
export const removedPerson = /\[removed person [0-9a-f]{8}(?:: text removed)?\]/;
