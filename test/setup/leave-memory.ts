import { rmSync } from 'node:fs';

/** Takes away what `into-memory` has made. */
export default function leaveMemory(): void {
  const folder = process.env['GOLDEN_THREAD_TESTS_IN_MEMORY'];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
