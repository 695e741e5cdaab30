/** What kind of failure an error of the SDK is. */
export type Trouble =
  | 'noCredentials'
  | 'expired'
  | 'invalid'
  | 'clock'
  | 'denied'
  | 'throttled'
  | 'unreachable'
  | 'failing'
  | 'region'
  | 'other';

// The services have grown over twenty years, and each family has names of its own for the same thing.
const byName: Readonly<Record<string, Trouble>> = {
  ...all('noCredentials', 'CredentialsProviderError', 'ProviderError'),
  ...all(
    'expired',
    'ExpiredToken',
    'ExpiredTokenException',
    'RequestExpired',
    'TokenProviderError',
    'TokenRefreshRequired',
  ),
  ...all(
    'invalid',
    'InvalidClientTokenId',
    'UnrecognizedClientException',
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
  ),
  ...all('invalid', 'InvalidSignatureException', 'IncompleteSignature', 'IncompleteSignatureException', 'AuthFailure'),
  ...all('invalid', 'InvalidToken', 'MissingAuthenticationToken', 'MissingAuthenticationTokenException'),
  ...all('clock', 'RequestTimeTooSkewed', 'RequestInTheFuture'),
  ...all('denied', 'AccessDenied', 'AccessDeniedException', 'Forbidden', 'UnauthorizedOperation', 'AllAccessDisabled'),
  ...all('throttled', 'Throttling', 'ThrottlingException', 'ThrottledException', 'RequestThrottled', 'SlowDown'),
  ...all('throttled', 'RequestThrottledException', 'TooManyRequestsException', 'RequestLimitExceeded'),
  ...all('throttled', 'PriorRequestNotComplete', 'BandwidthLimitExceeded'),
  ...all('unreachable', 'TimeoutError', 'AbortError', 'RequestTimeout', 'RequestTimeoutException', 'NetworkingError'),
  ...all('region', 'PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'),
};

/** Codes of sockets and of the resolver. */
const codes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EPROTO'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED'],
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
]);

/** The fields of an SDK error that tell what it is. */
export interface SdkError {
  readonly name?: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** By name, then by the socket's code, then by HTTP status; never by message. */
export function troubleOf(error: unknown): Trouble {
  const { name = '', code } = (error ?? {}) as SdkError;
  const known = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (known !== undefined) return known;
  if (typeof code === 'string' && codes.has(code)) return 'unreachable';
  const status = statusOf(error) ?? 0;
  if (status === 301) return 'region';
  if (status === 401 || status === 403) return 'denied';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'failing' : 'other';
}

/** The HTTP status of the answer; undefined when there was none. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError | undefined)?.$metadata?.httpStatusCode;
}

function all(trouble: Trouble, ...names: readonly string[]): Record<string, Trouble> {
  return Object.fromEntries(names.map((name) => [name, trouble]));
}
