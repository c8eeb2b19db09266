/**
 * Trees of *all* and *any* over terms, in the form that NFD's rules have: clauses that must all hold, each a choice between
 * lists of terms. Kleene's logic is distributive, so nothing changes its value on the way.
 */

/** A condition over terms. `all` of nothing always holds, `any` of nothing never. */
export type Tree<Term> =
  | { readonly term: Term }
  | { readonly all: readonly Tree<Term>[] }
  | { readonly any: readonly Tree<Term>[] };

/** Lists of terms, one of which must hold as a whole. */
export type Clause<Term> = readonly (readonly Term[])[];

/** Alternatives that one clause may have. */
export const MAX_ALTERNATIVES = 256;

/** The clauses of a tree; null past {@link MAX_ALTERNATIVES}. */
export function clausesOf<Term>(tree: Tree<Term>): readonly Clause<Term>[] | null {
  if ("term" in tree) return [[[tree.term]]];
  if ("all" in tree) {
    const clauses: Clause<Term>[] = [];
    for (const child of tree.all) {
      const found = clausesOf(child);
      if (found === null) return null;
      clauses.push(...found);
    }
    return clauses;
  }
  const alternatives: (readonly Term[])[] = [];
  for (const child of tree.any) {
    const found = clausesOf(child);
    const product = found === null ? null : productOf(found);
    if (product === null || alternatives.length + product.length > MAX_ALTERNATIVES) return null;
    alternatives.push(...product);
  }
  // One that always holds makes the rest idle.
  return alternatives.some((terms) => terms.length === 0) ? [] : [alternatives];
}

/** The alternatives that all clauses together leave. */
export function productOf<Term>(clauses: readonly Clause<Term>[]): Clause<Term> | null {
  let product: (readonly Term[])[] = [[]];
  for (const clause of clauses) {
    if (product.length * clause.length > MAX_ALTERNATIVES) return null;
    product = product.flatMap((before) => clause.map((terms) => [...before, ...terms]));
  }
  return product;
}
