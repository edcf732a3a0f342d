import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The worker bundled as the product is. It dies and starts again in much less time. */
export interface BundledWorker {
  readonly program: string;
  remove(): void;
}

/** Bundles it into a folder of its own, beside which the packages are found. */
export async function bundleWorker(): Promise<BundledWorker> {
  const folder = mkdtempSync(join(root, 'dist', 'worker-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, [join(root, '.ci/bundle.mjs'), folder, 'test/fault/worker']);
  } catch (error) {
    remove();
    throw error;
  }
  return { program: join(folder, 'test/fault/worker.js'), remove };
}
