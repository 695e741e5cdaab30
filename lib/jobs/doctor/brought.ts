import type { CheckResult } from '../../core/event.ts';
import { quote } from '../../core/quote.ts';
import type { Spec } from '../../core/spec.ts';
import { kinds } from '../../kinds/index.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { Contributions } from '../../phases/contributions.ts';
import type { Check, Examined, Reach } from '../../phases/phase.ts';
import { result } from '../converge/check-result.ts';
import { answerTo, ask } from '../converge/questions.ts';

type Brought = Pick<Contributions, 'checks' | 'examined' | 'reaches'>;

/** Shell that asks for what the phases bring. `trust` is the text of tls.caBundle, or empty. */
export function broughtScript({ checks, examined, reaches }: Brought, trust: string): string {
  const specs = examined.map(({ id, spec }) => ({ id, script: kindOf(spec).snippet([spec]) }));
  return [ask('check', checks), ask('spec', specs), ask('reach', reaches.map(curl(trust)))].filter(Boolean).join('\n');
}

const curl =
  (trust: string) =>
  ({ id, url, ownRoots }: Reach) => {
    const roots = ownRoots && trust !== '';
    const call = `curl -sS -o /dev/null --max-time 10 -w '%{http_code}' ${roots ? '--cacert /dev/stdin ' : ''}${quote(url)} 2>&1`;
    const fed = roots ? `printf '%s' ${quote(trust)} | ${call}` : call;
    return { id, script: `command -v curl >/dev/null 2>&1 || { echo none; exit; }\n${fed}\necho` };
  };

/** The volumes and the like that phases want examined, as far as the text of the script tells; pure. */
export function examinations({ examined }: Brought, text: string): CheckResult[] {
  return examined.map(({ id, title, spec }: Examined) => {
    const kind = kindOf(spec);
    const found = kind.parse(answerTo(id, 'spec', text), [spec]).get(spec.id);
    const { status, detail, next } = kind.examine!(spec, found);
    return result(id, status, title, detail, next);
  });
}

/** What the phases themselves judge; pure. */
export const answers = ({ checks }: Brought, text: string): CheckResult[] =>
  checks.map(({ id, title, judge }: Check) => {
    const { status, detail, next } = judge(answerTo(id, 'check', text));
    return result(id, status, title, detail, next);
  });

/** Whether the host gets through to what the phases need; pure. */
export const reached = ({ reaches }: Brought, text: string): CheckResult[] =>
  reaches.map(({ id, title, url }) => {
    const answer = answerTo(id, 'reach', text).trim();
    if (answer === 'none') return result(id, 'skip', title, 'the host has no curl yet; the deploy installs it');
    const code = /^(\d{3})$/.exec(answer)?.[1];
    const good = code !== undefined && code !== '000' && Number(code) < 500;
    return result(
      id,
      good ? 'pass' : 'fail',
      title,
      good
        ? `${url} answers`
        : `${url}: ${
            firstLine(answer)
              .replace(/\s*000$/, '')
              .trim() || 'no answer'
          }`,
      `on the host: curl -v ${url}; check its DNS, its firewall and its way out`,
    );
  });

const firstLine = (text: string) => text.split('\n')[0]!;

// biome-ignore lint/suspicious/noExplicitAny: each kind has its own spec and observation, and reads back its own.
const kindOf = (spec: Spec) => kinds[spec.kind] as Kind<any, any>;
