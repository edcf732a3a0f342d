import { type Json, type JsonObject, asText, isList, isObject } from '../json.js';

/** Node types of the Atlassian Document Format and what may stand inside; an empty list marks a leaf. */
const blocks = [
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'codeBlock',
  'blockquote',
  'panel',
  'rule',
  'table',
  'mediaSingle',
  'mediaGroup',
  'expand',
  'taskList',
  'decisionList',
  'blockCard',
  'layoutSection',
];
const inline = ['text', 'hardBreak', 'inlineCard', 'mention', 'emoji', 'date', 'status', 'placeholder', 'mediaInline'];
const inside: Readonly<Record<string, readonly string[]>> = {
  doc: blocks,
  paragraph: inline,
  heading: inline,
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: ['paragraph', 'bulletList', 'orderedList', 'codeBlock', 'mediaSingle', 'taskList'],
  codeBlock: ['text'],
  blockquote: ['paragraph', 'bulletList', 'orderedList', 'codeBlock'],
  panel: ['paragraph', 'heading', 'bulletList', 'orderedList', 'codeBlock', 'rule', 'taskList', 'blockCard'],
  table: ['tableRow'],
  tableRow: ['tableCell', 'tableHeader'],
  tableCell: blocks.filter((type) => type !== 'table' && type !== 'expand'),
  tableHeader: blocks.filter((type) => type !== 'table' && type !== 'expand'),
  expand: blocks,
  taskList: ['taskItem', 'taskList'],
  taskItem: inline,
  decisionList: ['decisionItem'],
  decisionItem: inline,
  layoutSection: ['layoutColumn'],
  layoutColumn: blocks,
  mediaSingle: ['media'],
  mediaGroup: ['media'],
};
const leaves = new Set([
  'text',
  'hardBreak',
  'inlineCard',
  'mention',
  'emoji',
  'date',
  'status',
  'placeholder',
  'mediaInline',
  'rule',
  'blockCard',
  'media',
]);
const marks = new Set([
  'strong',
  'em',
  'code',
  'link',
  'strike',
  'underline',
  'subsup',
  'textColor',
  'backgroundColor',
  'annotation',
  'border',
  'alignment',
  'indentation',
  'breakout',
]);
/** Attributes without which a node is invalid. */
const needed: Readonly<Record<string, readonly string[]>> = {
  heading: ['level'],
  panel: ['panelType'],
  mention: ['id'],
  date: ['timestamp'],
  status: ['text', 'color'],
};
/** Nodes that need at least one child. */
const neverEmpty = new Set([
  'bulletList',
  'orderedList',
  'listItem',
  'table',
  'tableRow',
  'tableCell',
  'tableHeader',
  'panel',
  'blockquote',
  'taskList',
  'decisionList',
  'expand',
]);

/** Whether a value claims to be a document at all: what Jira checks before it looks inside. */
export function isDocument(value: Json | undefined): value is JsonObject {
  return isObject(value) && value['type'] === 'doc' && value['version'] === 1 && isList(value['content']);
}

/** The first thing wrong inside a document, or undefined. Empty text nodes, unknown nodes, marks and missing attributes are refused. */
export function problemOf(node: Json | undefined, path = 'doc'): string | undefined {
  if (!isObject(node)) return `${path} is no node`;
  const type = node['type'];
  if (typeof type !== 'string') return `${path} has no type`;
  if (inside[type] === undefined && !leaves.has(type)) return `${path}: unknown node '${type}'`;
  if (type === 'text' && (typeof node['text'] !== 'string' || node['text'] === '')) return `${path}: empty text node`;
  const attributes = isObject(node['attrs']) ? node['attrs'] : {};
  const missing = needed[type]?.find((name) => attributes[name] === undefined);
  if (missing !== undefined) return `${path}: '${type}' lacks attrs.${missing}`;
  const mark = (isList(node['marks']) ? node['marks'] : []).find((each) => !isObject(each) || !marks.has(asText(each['type'])));
  if (mark !== undefined) return `${path}: unknown mark`;
  return leaves.has(type) ? undefined : problemInside(node, type, path);
}

function problemInside(node: JsonObject, type: string, path: string): string | undefined {
  const content = node['content'] ?? [];
  if (!isList(content)) return `${path}: content is no list`;
  if (content.length === 0 && neverEmpty.has(type)) return `${path}: '${type}' is empty`;
  for (const [index, child] of content.entries()) {
    const childType = isObject(child) ? asText(child['type']) : '';
    const where = `${path}.${type}[${index}]`;
    const problem = problemOf(child, where);
    if (problem !== undefined) return problem;
    if (!inside[type]?.includes(childType)) return `${where}: '${childType}' may not stand in '${type}'`;
  }
  return undefined;
}

/** A document of one paragraph per line; an empty document for empty text. */
export function documentOf(text: string): JsonObject {
  const content = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ type: 'paragraph', content: [{ type: 'text', text: line }] }));
  return { type: 'doc', version: 1, content };
}

/** The words of a document, a line per block. */
export function plainText(node: Json | undefined): string {
  if (!isObject(node)) return '';
  if (node['type'] === 'text') return asText(node['text']);
  if (node['type'] === 'hardBreak') return '\n';
  const content = isList(node['content']) ? node['content'] : [];
  const isBlock = !content.every((child) => isObject(child) && leaves.has(asText(child['type'])));
  return content.map(plainText).join(isBlock ? '\n' : '');
}
