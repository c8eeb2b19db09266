// A transform of the AssemblyScript compiler: the core's string literals become static bytes.
//
// The compiler would lay a literal out as a managed string: 20 bytes of header, then two bytes a character. The core has no managed objects, and
// reads bytes; so each distinct literal becomes { u8 length, bytes }, once, and the expression its address (type Ascii, assembly/ascii.ts).
// One of more than 255 bytes has the length 0: only what ends it in another way can read it.
// Specs keep their strings.
import { LiteralKind, Node, NodeKind, Source } from "assemblyscript";
import { Transform } from "assemblyscript/transform";

export default class AsciiTexts extends Transform {
  afterParse(parser) {
    const texts = new Map();
    for (const source of parser.sources) {
      const path = source.normalizedPath;
      if (!path.startsWith("assembly/") || path.startsWith("assembly/spec/")) continue;
      for (const statement of source.statements) {
        if (statement.kind !== NodeKind.Import && statement.kind !== NodeKind.Export)
          replaceIn(statement, texts);
      }
    }
    if (texts.size === 0) return;
    parser.parseFile(declarations(texts), "assembly/~texts.ts", true);
    while (parser.nextFile() !== null);
  }
}

/** Replaces the string literals below a node, except in declarations of types and decorators. */
function replaceIn(node, texts) {
  // Asks the compiler, which wants the name itself.
  if (node.kind === NodeKind.Call && node.expression.text === "offsetof") return;
  for (const [name, value] of Object.entries(node)) {
    if (
      name === "range" ||
      name === "parent" ||
      name === "decorators" ||
      name === "type" ||
      name === "typeArguments"
    )
      continue;
    if (Array.isArray(value)) {
      value.forEach((child, i) => {
        if (isText(child)) value[i] = addressOf(child, texts);
        else if (isNode(child)) replaceIn(child, texts);
      });
    } else if (isText(value)) node[name] = addressOf(value, texts);
    else if (isNode(value)) replaceIn(value, texts);
  }
}

function isNode(value) {
  return value instanceof Node && !(value instanceof Source);
}

function isText(value) {
  return isNode(value) && value.kind === NodeKind.Literal && value.literalKind === LiteralKind.String;
}

function addressOf(literal, texts) {
  const text = literal.value;
  if (/[^\x20-\x7e]/.test(text)) throw new Error(`not ASCII: ${JSON.stringify(text)}`);
  if (!texts.has(text)) texts.set(text, `__text${texts.size}`);
  return Node.createIdentifierExpression(texts.get(text), literal.range);
}

/** All texts in one piece of memory, since each piece costs some bytes; a text's name is its place there. */
function declarations(texts) {
  const bytes = [];
  const names = [...texts].map(([text, name]) => {
    const at = bytes.length;
    bytes.push(text.length < 256 ? text.length : 0, ...Buffer.from(text, "ascii"));
    return `@global @lazy const ${name}: usize = __texts + ${at};`;
  });
  return [`@global @lazy const __texts: usize = memory.data<u8>([${bytes.join(", ")}]);`, ...names].join(
    "\n",
  );
}
