import type { Secret } from '../secret.ts';
import type { HoldSpec } from './containers.ts';
import type { Wanted } from './wanted.ts';

/** A Gitea user that must exist. */
export interface AccountSpec extends Wanted {
  readonly kind: 'account';
  readonly username: string;
  readonly email: string;
  readonly admin: boolean;
  readonly mustChangePassword: boolean;
  /** Sees nothing but its own repositories and what it is invited to. */
  readonly restricted?: boolean;
  /** Names of the containers to ask and to act through. */
  readonly gitea: string;
  readonly database: string;
  /** Root-only file on the host that holds the password until the secret store has it. */
  readonly passwordFile: string;
  /** For an account that exists and that nobody can sign in to, because its first password was lost on the way. */
  readonly newPassword?: Secret;
  /** Needs a second factor, which nobody ever uses: a token is enough, but Gitea lets nobody in who has none. */
  readonly secondFactor?: boolean;
  /** Scopes of an access token to be made with the account; its value goes to `tokenFile`. */
  readonly token?: { readonly name: string; readonly scopes: string; readonly file: string };
}

/**
 * Ways to sign in by OAuth2 and OpenID Connect, all that are wanted. One that a deploy has made and that is not among them
 * becomes inactive; those of others are left alone.
 */
export interface SourcesSpec extends Wanted {
  readonly kind: 'sources';
  /** Names of the containers to ask and to restart. */
  readonly gitea: string;
  readonly database: string;
  readonly sources: readonly SignInSource[];
  readonly hold: HoldSpec;
  /** Seconds that Gitea may take to become healthy. */
  readonly timeout: number;
}

export interface SignInSource {
  /** What the button says. */
  readonly name: string;
  readonly secret: Secret;
  readonly skipTwoFactor: boolean;
  /** By Gitea's names. Others that it has stay as they are. */
  readonly settings: Readonly<Record<string, unknown>>;
}
