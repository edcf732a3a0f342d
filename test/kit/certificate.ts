import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM of a certificate and its key. */
export interface Made {
  readonly key: string;
  readonly cert: string;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'key.pem'];

/** A self-signed certificate for `name` (a host, or who presents it), made for this run; undefined where there is no openssl. */
export function makeCertificate(name = 'localhost'): Made | undefined {
  return make((openssl) =>
    openssl('req', '-x509', ...newKey, '-days', '2', '-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`, '-out', 'cert.pem'),
  );
}

/** The same for `localhost`, good for a day of the year 2020. */
export function makeExpiredCertificate(): Made | undefined {
  return make((openssl, folder) => {
    writeFileSync(join(folder, 'index.txt'), '');
    const authority = ['database = index.txt', 'new_certs_dir = .', 'rand_serial = yes', 'default_md = sha256', 'policy = policy'];
    const sections = [
      '[ca]',
      'default_ca = own',
      '[own]',
      ...authority,
      '[policy]',
      'commonName = supplied',
      '[extra]',
      'subjectAltName = DNS:localhost',
    ];
    writeFileSync(join(folder, 'ca.cnf'), sections.join('\n'));
    openssl('req', '-new', ...newKey, '-subj', '/CN=localhost', '-out', 'request.pem');
    const span = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'];
    openssl(
      'ca',
      '-batch',
      '-selfsign',
      '-config',
      'ca.cnf',
      '-keyfile',
      'key.pem',
      '-in',
      'request.pem',
      '-extensions',
      'extra',
      ...span,
      '-out',
      'cert.pem',
    );
  });
}

function make(run: (openssl: (...args: readonly string[]) => void, folder: string) => void): Made | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'golden-thread-tls-'));
  try {
    run((...args) => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' }), folder);
    return { key: readFileSync(join(folder, 'key.pem'), 'utf8'), cert: readFileSync(join(folder, 'cert.pem'), 'utf8') };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
