import type { Block, Node } from "./graph.ts";

/** All that the statements of a block need, themselves included, with the number of users. */
export function usesOf(block: Block): Map<Node, number> {
  const uses = new Map<Node, number>();
  const pending: Node[] = [];
  const use = (node: Node, users = 1) => {
    if (!uses.has(node)) pending.push(node);
    uses.set(node, (uses.get(node) ?? 0) + users);
  };
  const visit = ({ statements }: Block): void => {
    for (const statement of statements) {
      use(statement, 0);
      if (!statement.loop) continue;
      visit(statement.loop.body);
      for (const node of statement.loop.next) use(node);
    }
  };
  visit(block);
  for (let node = pending.pop(); node; node = pending.pop()) for (const operand of node.args) use(operand);
  return uses;
}
