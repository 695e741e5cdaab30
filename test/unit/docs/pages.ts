import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the project. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

export const read = (path: string) => readFileSync(join(root, path), 'utf8');
export const exists = (path: string) => existsSync(join(root, path));

/** A page of the documentation, by its path in the repository. */
interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page: its language, its text, and the line on which it begins. */
interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

/** Every page that is written by hand or generated: the two of the top folder and all below docs/. */
export const pages: readonly Page[] = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`)
    .sort(),
].map((path) => ({ path, text: read(path) }));

export function blocksOf(text: string, language?: string): Block[] {
  const blocks: Block[] = [];
  for (const match of text.matchAll(/^```(\w*)[^\n]*\n([\s\S]*?)^```$/gm)) {
    const line = text.slice(0, match.index).split('\n').length;
    if (language === undefined || match[1] === language)
      blocks.push({ language: match[1] ?? '', text: match[2] ?? '', line });
  }
  return blocks;
}

/** The text without fenced blocks and comments: what a reader reads as prose. */
export const proseOf = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '').replace(/<!--[\s\S]*?-->/g, '');

/** The anchors of a page's headings, as GitHub and Gitea make them. */
export const anchorsOf = (text: string) =>
  [...proseOf(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
