/**
 * A formula that has passed the allow-list. What cannot be written here cannot run: jsonata's own tree is never evaluated.
 * `at` is the offset of the construct in the formula's text.
 */
export type Node =
  | { readonly is: 'literal'; readonly value: string | number | boolean | null; readonly at: number }
  | { readonly is: 'name'; readonly name: string; readonly at: number }
  | { readonly is: 'context'; readonly at: number }
  | { readonly is: 'root'; readonly at: number }
  | { readonly is: 'path'; readonly steps: readonly Step[]; readonly at: number }
  | { readonly is: 'filtered'; readonly of: Node; readonly filters: readonly Node[]; readonly at: number }
  | { readonly is: 'binary'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node; readonly at: number }
  /** Brackets. They matter: a list in brackets is poured into the list around it, a bare one is not. */
  | { readonly is: 'group'; readonly of: Node; readonly at: number }
  | { readonly is: 'negate'; readonly of: Node; readonly at: number }
  | { readonly is: 'list'; readonly items: readonly Node[]; readonly constructed: boolean; readonly at: number }
  | { readonly is: 'object'; readonly pairs: readonly (readonly [key: Node, value: Node])[]; readonly at: number }
  | { readonly is: 'call'; readonly name: string; readonly args: readonly Node[]; readonly at: number }
  | { readonly is: 'condition'; readonly test: Node; readonly whenTrue: Node; readonly otherwise: Node | undefined; readonly at: number };

export interface Step {
  readonly node: Node;
  readonly filters: readonly Node[];
}

export const binaryOperators = ['&', '+', '-', '*', '/', '%', '=', '!=', '<', '<=', '>', '>=', 'and', 'or', 'in'] as const;
export type BinaryOperator = (typeof binaryOperators)[number];

/** The parts of a node that are nodes themselves. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.is) {
    case 'literal':
    case 'name':
    case 'context':
    case 'root':
      return [];
    case 'path':
      return node.steps.flatMap((step) => [step.node, ...step.filters]);
    case 'filtered':
      return [node.of, ...node.filters];
    case 'binary':
      return [node.left, node.right];
    case 'negate':
    case 'group':
      return [node.of];
    case 'list':
      return node.items;
    case 'object':
      return node.pairs.flat();
    case 'call':
      return node.args;
    case 'condition':
      return node.otherwise === undefined ? [node.test, node.whenTrue] : [node.test, node.whenTrue, node.otherwise];
  }
}

/** Every node of the formula, outermost first. */
export function* everyNode(node: Node): Generator<Node> {
  yield node;
  for (const child of childrenOf(node)) yield* everyNode(child);
}
