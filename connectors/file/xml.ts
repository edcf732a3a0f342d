import sax from 'sax';
import { unusable } from './row.js';

/** What an XML part is made of, names without their prefix. */
export interface XmlHandlers {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Deepest nesting of a workbook's parts; the format itself needs about ten. */
const maxDepth = 64;

/**
 * Reads XML piece by piece. A document type is refused, so that it can declare no entities (they could grow without bounds or name
 * files). Fails with `record` when it is no XML.
 */
export async function* readXml(chunks: AsyncIterable<Buffer>, handlers: XmlHandlers): AsyncGenerator<undefined> {
  const parser = sax.parser(true, { position: false });
  const decoder = new TextDecoder('utf-8');
  let depth = 0;
  const fail = (what: string): never => {
    throw unusable(`the workbook cannot be read: ${what}`, 'open it in a spreadsheet program and save it again as .xlsx');
  };
  parser.onerror = (error) => fail(error.message.split('\n', 1)[0] ?? '');
  parser.ondoctype = () => fail('it declares a document type');
  parser.onopentag = (node) => {
    depth += 1;
    if (depth > maxDepth) fail('it is nested too deep');
    handlers.open?.(localName(node.name), node.attributes as Record<string, string>);
  };
  parser.onclosetag = (name) => {
    depth -= 1;
    handlers.close?.(localName(name));
  };
  parser.ontext = (text) => handlers.text?.(text);
  parser.oncdata = (text) => handlers.text?.(text);
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk, { stream: true }));
    yield undefined;
  }
  parser.write(decoder.decode()).close();
}

/** Reads it to its end. */
export async function readWholeXml(chunks: AsyncIterable<Buffer>, handlers: XmlHandlers): Promise<void> {
  for await (const _piece of readXml(chunks, handlers)) continue;
}

/** The value of an attribute whatever its prefix is: `r:id` as `id`. */
export function attribute(attributes: Readonly<Record<string, string>>, name: string): string | undefined {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  return Object.entries(attributes).find(([key]) => localName(key) === name)?.[1];
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
