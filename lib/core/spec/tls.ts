import type { Wanted } from './wanted.ts';

/** A certificate file that lets Nginx start before the first issue; it is replaced by the real one. */
export interface PlaceholderSpec extends Wanted {
  readonly kind: 'placeholder';
  readonly domain: string;
  readonly directory: string;
  readonly uid: number;
}

/** The Let's Encrypt (or other ACME) certificate of the domain. */
export interface CertificateSpec extends Wanted {
  readonly kind: 'certificate';
  readonly domain: string;
  readonly email: string;
  readonly image: string;
  readonly uid: number;
  /** ACME directory URL. */
  readonly server: string;
  readonly profile: string;
  readonly network: string;
  readonly stateDirectory: string;
  readonly webroot: string;
  readonly directory: string;
  /** PEM file on the host with further roots that the ACME client must trust. */
  readonly caBundle?: string;
  /** host:port at which the running proxy shows the certificate that it has loaded. */
  readonly served: string;
  readonly container: string;
  readonly reload: readonly string[];
}
