import { RunbookError } from '../core/errors.ts';
import { type Aws, placeOf } from './settings.ts';
import { type SdkError, type Trouble, troubleOf } from './trouble.ts';

/**
 * Whatever the SDK threw as a `credentialsRefused` (exit 14) with a next step. `doing` is the action as IAM calls it and
 * what it was for: "secretsmanager:GetSecretValue on gitea/inputs_key". The service's own words are the cause; values in
 * `hide` are taken out of them.
 */
export function cloudError(error: unknown, doing: string, aws: Aws, hide: readonly string[] = []): RunbookError {
  if (error instanceof RunbookError) return error;
  const said = words(error);
  const secret = hide.some((value) => value !== '' && said.includes(value));
  const { what, next } = told[troubleOf(error)](doing, aws);
  return new RunbookError(
    'credentialsRefused',
    { where: placeOf(aws), what, cause: secret ? '(the answer repeats a secret and is not shown)' : said, next },
    secret ? undefined : { cause: error },
  );
}

type Told = (doing: string, aws: Aws) => { readonly what: string; readonly next: string };

const told: Readonly<Record<Trouble, Told>> = {
  noCredentials: (_, aws) => ({
    what: 'no AWS credentials that can be used were found',
    next: `${login(aws)}, or set ${aws.profile === undefined ? 'AWS_PROFILE, or ' : ''}AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; try with: ${whoAmI(aws)}`,
  }),
  expired: (_, aws) => ({
    what: 'the AWS credentials have expired',
    next: `log in again: ${login(aws)}, or take new temporary keys; then run the same command again`,
  }),
  invalid: (doing, aws) => ({
    what: `AWS does not accept the credentials (${doing})`,
    next: `check the key, its secret and that it is active; try with: ${whoAmI(aws)}`,
  }),
  clock: (doing) => ({
    what: `AWS refuses requests of this machine because its clock is wrong (${doing})`,
    next: 'set the clock of this machine: timedatectl set-ntp true',
  }),
  denied: (doing, aws) => ({
    what: `AWS denies ${doing}`,
    next: `allow it to this user or role in IAM, or use another one (docs/runbooks/infra.md lists what each runbook needs); who you are: ${whoAmI(aws)}`,
  }),
  throttled: (doing) => ({
    what: `AWS still throttles ${doing} after several attempts`,
    next: 'wait a minute and run the same command again: it goes on from where things are',
  }),
  unreachable: (doing, aws) => ({
    what: `no answer to ${doing}`,
    next: `check the network, a proxy and ${aws.endpoint === undefined ? 'aws.region' : 'aws.endpoint'}, then run the same command again; try with: ${whoAmI(aws)}`,
  }),
  failing: (doing) => ({
    what: `AWS itself fails at ${doing}`,
    next: 'run the same command again in a few minutes; https://health.aws.amazon.com/health/status tells about disturbances',
  }),
  region: (doing, aws) => ({
    what: `${doing} belongs to another region than ${aws.region}`,
    next: 'correct aws.region',
  }),
  other: (doing) => ({ what: `AWS refused ${doing}`, next: 'see the cause; then run the same command again' }),
};

const forProfile = ({ profile }: Aws) => (profile === undefined ? '' : ` --profile ${profile}`);
const login = (aws: Aws) => `aws sso login${forProfile(aws)} (or aws configure${forProfile(aws)})`;
const whoAmI = (aws: Aws) =>
  `aws sts get-caller-identity${forProfile(aws)}${aws.endpoint === undefined ? '' : ` --endpoint-url ${aws.endpoint}`}`;

/** Name and message as one line that cannot grow without end, with the id that AWS's support asks for. */
function words(error: unknown): string {
  const { name, message, code, $metadata } = error as Error & SdkError;
  const title = typeof code === 'string' && code !== name ? `${name} ${code}` : name;
  const { httpStatusCode: status, requestId: id } = $metadata ?? {};
  const about = [status === undefined ? '' : `HTTP ${status}`, id === undefined ? '' : `request ${id}`].filter(Boolean);
  const text = String(message)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, 600);
  return `${title}: ${text}${about.length > 0 ? ` (${about.join(', ')})` : ''}`;
}
