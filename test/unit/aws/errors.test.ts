import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import t from 'tap';
import { checkAccount } from '../../../lib/aws/identity.ts';
import type { Aws } from '../../../lib/aws/settings.ts';
import { stateBucket } from '../../../lib/aws/state-bucket.ts';
import { troubleOf } from '../../../lib/aws/trouble.ts';
import { findZone } from '../../../lib/aws/zones.ts';
import type { RunbookError } from '../../../lib/core/errors.ts';
import { secretRequests } from '../../../lib/secrets/aws-requests.ts';
import { type Answer, errorAnswer, refusalAnswer } from '../../lab/wire.ts';
import { cloud, environment, json, section, xml } from './cloud.ts';

const failure = (work: Promise<unknown>): Promise<RunbookError> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: RunbookError) => error,
  );

const read = (aws: Aws) => secretRequests(aws).read('gitea/inputs_key', 'AWSCURRENT');

t.test('the names that the services give to the same thing', async (t) => {
  const is = (name: string, status = 400) => troubleOf({ name, $metadata: { httpStatusCode: status } });
  for (const name of ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenProviderError'])
    t.equal(is(name), 'expired', name);
  for (const name of [
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
  ])
    t.equal(is(name, 403), 'invalid', name);
  for (const name of [
    'ThrottlingException',
    'Throttling',
    'SlowDown',
    'TooManyRequestsException',
    'RequestLimitExceeded',
  ])
    t.equal(is(name, 503), 'throttled', name);
  t.equal(is('RequestTimeTooSkewed', 403), 'clock');
  t.equal(is('AccessDenied', 403), 'denied');
  t.equal(is('AccessDeniedException'), 'denied');
  t.equal(is('Unknown', 403), 'denied', 'an answer without a body has no name');
  t.equal(is('Unknown', 429), 'throttled');
  t.equal(is('InternalServiceError', 500), 'failing');
  t.equal(is('Unknown', 301), 'region');
  t.equal(is('MalformedPolicy'), 'other');
  t.equal(is('constructor'), 'other', 'a name is not looked up among what every object has');
  t.equal(troubleOf({ name: 'Error', code: 'ECONNREFUSED' }), 'unreachable');
  t.equal(troubleOf(Object.assign(new AggregateError([]), { code: 'ENOTFOUND' })), 'unreachable');
  t.equal(troubleOf(undefined), 'other');
  t.equal(troubleOf(new Error('AccessDenied: ExpiredToken')), 'other', 'what the text says makes no difference');
});

t.test('each refusal as the service says it, with exit code 14 and a next step', async (t) => {
  const table: [refusal: 'denied' | 'expired', ask: (aws: Aws) => Promise<unknown>, what: RegExp, next: RegExp][] = [
    ['denied', read, /AWS denies secretsmanager:GetSecretValue on gitea\/inputs_key$/, /in IAM.*get-caller-identity/],
    ['denied', (aws) => findZone(aws, 'git.example.com'), /denies route53:ListHostedZonesByName$/, /in IAM/],
    ['denied', checkAccount, /denies sts:GetCallerIdentity/, /in IAM/],
    ['expired', read, /have expired/, /log in again: aws sso login/],
    ['expired', (aws) => findZone(aws, 'git.example.com'), /have expired/, /log in again/],
    ['expired', checkAccount, /have expired/, /log in again/],
  ];
  for (const [refusal, ask, what, next] of table) {
    const { aws } = await cloud(t, (_, asked) => refusalAnswer(asked, refusal));
    const error = await failure(ask(aws));
    t.match(error, {
      name: 'RunbookError',
      exitCode: 14,
      parts: { what, next, where: /AWS account 123456789012, eu-central-1/ },
    });
    t.match(error.parts.cause, /HTTP 4\d\d/, "the service's own words");
  }
  const { aws } = await cloud(t, (_, asked) => errorAnswer(asked, 403, 'SignatureDoesNotMatch', 'no'));
  t.match(await failure(checkAccount(aws)), { exitCode: 14, parts: { what: /does not accept the credentials/ } });
});

t.test('throttled for a while is not a failure; throttled for ever is one', async (t) => {
  let left = 2;
  const { aws, seen } = await cloud(t, (_, asked) =>
    left-- > 0 ? refusalAnswer(asked, 'throttle') : json({ SecretString: 'x', VersionStages: ['AWSCURRENT'] }),
  );
  t.match(await read(aws), { value: 'x' });
  t.equal(seen.length, 3);
  left = 1000;
  t.match(await failure(read(aws)), {
    exitCode: 14,
    parts: { what: /still throttles secretsmanager:GetSecretValue/, next: /wait a minute/ },
  });
});

t.test('nobody there', async (t) => {
  environment(t, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
  const port = await closedPort();
  const error = await failure(read(section({ endpoint: `http://127.0.0.1:${port}` })));
  t.match(error, {
    exitCode: 14,
    parts: { what: /no answer to secretsmanager:GetSecretValue/, next: /aws\.endpoint/ },
  });
  t.match(error.parts.cause, /ECONNREFUSED/);
});

t.test('no credentials anywhere', async (t) => {
  environment(t, { HOME: t.testdir() });
  const error = await failure(read(section({ endpoint: 'http://127.0.0.1:9' })));
  t.match(error, {
    exitCode: 14,
    parts: { what: /no AWS credentials/, next: /aws sso login .*AWS_PROFILE.*get-caller-identity/ },
  });
  const profile = await failure(read(section({ endpoint: 'http://127.0.0.1:9', profile: 'ops' })));
  t.match(profile, { exitCode: 14, parts: { what: /no AWS credentials/, next: /aws sso login --profile ops/ } });
});

t.test('credentials of another account', async (t) => {
  const { aws } = await cloud(t, () =>
    xml(`<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::210987654321:user/ops</Arn>
      <Account>210987654321</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`),
  );
  t.match(await failure(checkAccount(aws)), {
    exitCode: 14,
    parts: { what: /of account 210987654321 .*aws\.accountId is 123456789012/, next: /AWS_PROFILE/ },
  });
  t.same(await checkAccount({ ...aws, accountId: '210987654321' }), {
    account: '210987654321',
    arn: 'arn:aws:iam::210987654321:user/ops',
  });
});

t.test('an answer that repeats a secret is not shown', async (t) => {
  const { aws } = await cloud(t, (_, asked) => errorAnswer(asked, 400, 'ValidationException', `Value ${asked.body}`));
  const error = await failure(secretRequests(aws).create('gitea/inputs_key', 'hunter2'));
  t.match(error, { exitCode: 14, parts: { what: /AWS refused secretsmanager:CreateSecret on gitea\/inputs_key/ } });
  t.notMatch(inspect(error, { depth: 9, showHidden: true }), /hunter2/);
});

t.test('a bucket that answers 403', async (t) => {
  const listed = (names: string): Answer =>
    xml(`<ListAllMyBucketsResult><Buckets>${names}</Buckets></ListAllMyBucketsResult>`);
  const about = async (list: Answer | 'denied') => {
    const { aws } = await cloud(t, (operation, asked) =>
      operation.startsWith('s3 HEAD')
        ? errorAnswer(asked, 403, '', '')
        : list === 'denied'
          ? refusalAnswer(asked, 'denied')
          : list,
    );
    return failure(stateBucket(aws));
  };
  const bucket = 'gitea-state-123456789012-eu-central-1';
  const own = (region: string) =>
    listed(`<Bucket><Name>${bucket}</Name><BucketRegion>${region}</BucketRegion></Bucket>`);
  t.match(await about(listed('')), {
    exitCode: 22,
    parts: { what: `the bucket ${bucket} belongs to another AWS account` },
  });
  t.match(await about(own('eu-central-1')), { exitCode: 14, parts: { what: `AWS denies s3:ListBucket on ${bucket}` } });
  t.match(await about(own('eu-west-1')), {
    exitCode: 22,
    parts: { what: /is in eu-west-1, aws\.region is eu-central-1/ },
  });
  t.match(await about('denied'), { exitCode: 14, parts: { what: /or it belongs to another account/ } });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
