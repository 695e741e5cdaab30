import { quote } from '../../core/quote.ts';

interface Question {
  readonly id: string;
  readonly script: string;
}

/** Shell that asks what phases want to know: each line of an answer becomes a row of `word`, the question's id and the line. */
export function ask(word: string, questions: readonly Question[]): string {
  return questions
    .map(({ id, script }) => `( ${script}\n) 2>/dev/null </dev/null | sed ${quote(`s/^/${word}\t${id}\t/`)}`)
    .join('\n');
}

/** The answer to one of the questions, without a line end; pure. */
export function answerTo(id: string, word: string, text: string): string {
  const start = `${word}\t${id}\t`;
  return text
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map((line) => line.slice(start.length))
    .join('\n');
}
