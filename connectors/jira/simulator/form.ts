/** One part of a form. */
export interface FormPart {
  readonly name: string;
  readonly filename: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** The parts of a multipart body (RFC 7578); undefined when it is none or is malformed. */
export function readForm(contentType: string | undefined, body: Buffer): readonly FormPart[] | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType ?? '')?.[1];
  if (boundary === undefined) return undefined;
  const parts: FormPart[] = [];
  const delimiter = Buffer.from(`--${boundary}`);
  let at = body.indexOf(delimiter);
  for (; at >= 0;) {
    const start = at + delimiter.length;
    if (body.subarray(start, start + 2).toString() === '--') return parts;
    const end = body.indexOf(Buffer.from(`\r\n--${boundary}`), start);
    const blank = body.indexOf('\r\n\r\n', start);
    if (end < 0 || blank < 0 || blank > end) return undefined;
    const head = body.subarray(start, blank).toString('utf8');
    const field = (pattern: RegExp): string => pattern.exec(head)?.[1] ?? '';
    parts.push({
      name: field(/\bname="([^"]*)"/i),
      filename: field(/\bfilename="([^"]*)"/i),
      type: field(/content-type:\s*([^\r\n]+)/i).trim(),
      bytes: Buffer.from(body.subarray(blank + 4, end)),
    });
    at = end + 2;
  }
  return undefined;
}
