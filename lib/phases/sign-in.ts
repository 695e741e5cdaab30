import type { Config } from '../config/config.types.ts';
import type { CheckStatus } from '../core/event.ts';
import { quote } from '../core/quote.ts';
import { givenSecret } from '../core/secrets.ts';
import type { SignInSource } from '../core/spec.ts';
import { containers } from './layout.ts';
import type { Check, DesiredInput, Phase } from './phase.ts';

const name = 'sign-in';

type Source = Config['gitea']['signIn']['sources'][number];

/** The sources that people sign in with. Without any it sees to it that none of ours is left. */
export function signInOf(phases: readonly Phase[]): Phase {
  return {
    name,
    needs: ['stack'],
    desired: (input) => {
      const [hold] = phases.flatMap((phase) => phase.hold?.(input) ?? []);
      if (!hold) return [];
      const { signIn, startTimeout: timeout } = input.config.gitea;
      const sources = signIn.sources.map((source) => sourceOf(source, input));
      const { gitea, database } = containers;
      return [{ kind: 'sources', id: 'sources', phase: name, gitea, database, sources, hold, timeout }];
    },
    checks: ({ gitea }) => gitea.signIn.sources.flatMap(discoveryCheck),
  };
}

/** By the names of Gitea's own settings, with each that the config can say. */
function sourceOf(source: Source, { secrets }: DesiredInput): SignInSource {
  const { clientId, clientSecret, provider, discoveryUrl = '', scopes, urls, requiredClaim, groups, iconUrl } = source;
  return {
    name: source.name,
    secret: givenSecret(secrets, clientSecret.secret),
    skipTwoFactor: source.skipTwoFactor,
    settings: {
      Provider: provider,
      ClientID: clientId,
      OpenIDConnectAutoDiscoveryURL: discoveryUrl,
      CustomURLMapping: urls ? customUrls(urls) : null,
      IconURL: iconUrl ?? '',
      Scopes: scopes.length > 0 ? scopes : null,
      RequiredClaimName: requiredClaim?.name ?? '',
      RequiredClaimValue: requiredClaim?.value ?? '',
      GroupClaimName: groups?.claim ?? '',
      AdminGroup: groups?.admin ?? '',
      RestrictedGroup: groups?.restricted ?? '',
    },
  };
}

const customUrls = ({ authorize, token, profile, email }: NonNullable<Source['urls']>) => ({
  ...(authorize === undefined ? {} : { AuthURL: authorize }),
  ...(token === undefined ? {} : { TokenURL: token }),
  ...(profile === undefined ? {} : { ProfileURL: profile }),
  ...(email === undefined ? {} : { EmailURL: email }),
});

/** Seconds for the document. */
const limit = 15;

/** Whether Gitea gets the document, with a certificate that it trusts; before there is a container the host is asked. */
function discoveryCheck({ name, discoveryUrl }: Source): Check[] {
  if (discoveryUrl === undefined) return [];
  const script = `set -- curl
if [ "$(docker inspect -f '{{.State.Running}}' ${quote(containers.gitea)} 2>/dev/null)" = true ]; then set -- docker exec ${quote(containers.gitea)} curl; fi
command -v "$1" >/dev/null 2>&1 || { echo nowhere; exit; }
"$@" -q -sS -L --max-redirs 9 --proto-redir =https --max-time ${limit} -w '\\n%{http_code}\\n' ${quote(discoveryUrl)} 2>&1 | head -c 65536`;
  return [
    {
      id: `sign-in.${name}`,
      title: `sign-in source ${name}`,
      script,
      judge: (answer) => judgeDiscovery(discoveryUrl, answer),
    },
  ];
}

interface Verdict {
  readonly status: CheckStatus;
  readonly detail: string;
  readonly next: string;
}

/** What the request came to; pure. */
export function judgeDiscovery(url: string, answer: string): Verdict {
  const fail = (detail: string, next: string): Verdict => ({ status: 'fail', detail: `${url} ${detail}`, next });
  if (answer.trim() === 'nowhere')
    return { status: 'skip', detail: 'the host has no curl yet; the deploy installs it', next: 'deploy first' };
  const lines = answer.trim().split('\n');
  const code = lines.at(-1) ?? '';
  const said = /^curl: \((\d+)\) .*/m.exec(answer);
  if (said?.[1] === '60')
    return fail(
      `shows a certificate that Gitea does not trust: ${said[0]}`,
      "use a certificate from an authority that Gitea's image knows",
    );
  if (said) return fail(`cannot be reached: ${said[0]}`, `on the host: curl -v ${quote(url)}`);
  if (!/^2\d\d$/.test(code)) return fail(`answers ${code || 'nothing'}`, "take the URL from the provider's own pages");
  const document = documentIn(lines.slice(0, -1).join('\n'));
  const missing = ['issuer', 'authorization_endpoint', 'token_endpoint'].filter(
    (key) => typeof document?.[key] !== 'string',
  );
  if (!document || missing.length > 0)
    return fail(
      `is no discovery document: it has no ${missing.join(', ')}`,
      "take the URL from the provider's own pages",
    );
  return { status: 'pass', detail: `${String(document.issuer)} describes itself`, next: '' };
}

function documentIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
