/** Cases in which the core and the oracle once differed, made small. */
import type { VectorCase } from "./vector.ts";

export const REGRESSIONS: readonly VectorCase[] = [
  {
    name: "a key that stands twice is found before what is wrong above it",
    documents: [
      {
        id: "d",
        dialect: "native",
        text: '{"apiVersion":"hostfit/v1.0","kind":"Requirements","nonsense":1,"requires":{"a.x":{"n":"1","n":"2"}}}',
      },
    ],
    facts: { text: '{"kind":"Host"}' },
  },
];
