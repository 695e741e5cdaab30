// Every diagram is read by Mermaid's own parsers, so that no page shows an error box in place of a picture.
import t from 'tap';
import { blocksOf, pages } from './pages.ts';

// Mermaid cleans the text of flow charts with DOMPurify, which needs a window to exist at all. This one has just enough
// for it to start, find out that it cannot clean here, and hand the text back unchanged.
class Element {}
const document = { nodeType: 9, implementation: {}, createElement: () => ({}) };
Object.assign(globalThis, { window: { document, Element } });
const { default: mermaid } = await import('mermaid');

t.test('the parser tells a broken diagram from a good one', async (t) => {
  await t.resolves(mermaid.parse('flowchart LR\n  a["one (1)"] -->|to| b[(two)]'));
  await t.resolves(mermaid.parse('sequenceDiagram\n  participant a as one\n  a->>a: look'));
  await t.rejects(mermaid.parse('flowchart LR\n  a --> --> b'));
  await t.rejects(mermaid.parse('sequenceDiagram\n  a->>>>b'));
  await t.rejects(mermaid.parse('no diagram at all'));
});

for (const { path, text } of pages) {
  for (const block of blocksOf(text, 'mermaid')) {
    t.test(`${path}:${block.line}`, async (t) => {
      await t.resolves(mermaid.parse(block.text));
    });
  }
}

t.test('the architecture page has its three diagrams', async (t) => {
  const page = pages.find(({ path }) => path === 'docs/architecture.md');
  t.equal(blocksOf(page?.text ?? '', 'mermaid').length, 3);
});
