// Generated from schema/gitea.config.schema.json by schema/generate.ts. Do not edit.

/** The file as a person writes it: what has a default may be left out. */
export interface ConfigInput {
  /**
   * The machine that Gitea runs on: a bare Debian 12/13 or Ubuntu 22.04/24.04 that answers SSH.
   */
  host: {
    /**
     * Where the machine comes from. `existing` is a host that you already have.
     */
    provider?: 'existing';
    /**
     * IP address or host name at which the machine answers SSH.
     */
    address: string;
    /**
     * TCP port of the host's own SSH server (not of Gitea's).
     */
    port?: number;
    /**
     * Account to log in as. Any other than root needs sudo without a password.
     */
    user?: string;
    /**
     * Private SSH key to log in with. Without it the keys of the SSH agent are offered.
     */
    identityFile?: string;
    /**
     * File with the host's pinned SSH key. Commit it: a host whose key is not in it is refused.
     */
    knownHosts?: string;
    /**
     * Directory on the host that holds all data: repositories, database, certificates. Moving it later means moving the data first.
     */
    dataPath?: string;
    /**
     * `auto` makes a swap file when the host has little memory and no swap; `off` leaves swap alone.
     */
    swap?: 'auto' | 'off';
    /**
     * Turn off password logins to the host. Kept only when a second connection proves that you still get in.
     */
    hardenSsh?: boolean;
    /**
     * Let the distribution install its security updates by itself.
     */
    unattendedUpgrades?: boolean;
  };
  /**
   * Name under which people reach Gitea. Its DNS record must point at the host before the certificate can be issued.
   */
  domain: string;
  /**
   * The first administrator. Created once, with a random password that must be changed at the first sign-in.
   */
  admin: {
    /**
     * Sign-in name. Gitea keeps some for itself, `admin` among them.
     */
    username: string;
    /**
     * Mail address of that account.
     */
    email: string;
  };
  /**
   * Container images, each with a version in its tag. Add `@sha256:...` to pin the very bytes.
   */
  images?: {
    /**
     * Gitea itself. Must be a rootless image (the tag ends in `-rootless`).
     */
    gitea?: string;
    /**
     * PostgreSQL 18, the Debian variant.
     */
    postgres?: string;
    /**
     * The reverse proxy.
     */
    nginx?: string;
    /**
     * The ACME client that fetches the certificate.
     */
    certbot?: string;
  };
  /**
   * Gitea as its users see it.
   */
  gitea?: {
    /**
     * Name shown on every page and in mails.
     */
    title?: string;
    /**
     * TCP port on the host for git over SSH. It shows in every SSH clone address.
     */
    sshPort?: number;
    /**
     * Show nothing, not even public repositories, to people who are not signed in.
     */
    requireSignIn?: boolean;
    /**
     * Seconds that Gitea may take to become healthy, a database migration included.
     */
    startTimeout?: number;
  };
  /**
   * Nginx in front of Gitea.
   */
  proxy?: {
    /**
     * Largest request that is let through: pushes over HTTPS, LFS files, packages. `0` means no limit.
     */
    maxUploadSize?: string;
    /**
     * Sign-in attempts a minute that one address may make.
     */
    loginRequestsPerMinute?: number;
  };
  /**
   * The certificate, issued and renewed over ACME (Let's Encrypt unless `directory` says otherwise).
   */
  tls: {
    /**
     * Contact address of the ACME account. Let's Encrypt no longer mails about expiry: `status` shows it.
     */
    email: string;
    /**
     * Certificate profile: `classic` is the default of Let's Encrypt, `tlsserver` lasts 45 days, `shortlived` 160 hours.
     */
    profile?: 'classic' | 'tlsserver' | 'shortlived';
    /**
     * Use Let's Encrypt's staging service: certificates that browsers refuse, limits that are hard to hit. Try a new domain with it first.
     */
    staging?: boolean;
    /**
     * Directory URL of another ACME server. Cannot be combined with `staging`.
     */
    directory?: string;
    /**
     * PEM file on your machine with the root certificates of that ACME server, where the public ones do not cover it.
     */
    caBundle?: string;
    /**
     * When the host looks whether the certificate is due, as a systemd OnCalendar expression. At least once a day, at minutes of your own.
     */
    renewCalendar?: string;
  };
  /**
   * The container engine on the host.
   */
  docker?: {
    /**
     * Pull-through mirror that is asked before Docker Hub.
     */
    registryMirror?: string;
    /**
     * Size at which a container's log file is rotated.
     */
    logMaxSize?: string;
    /**
     * Log files kept for each container.
     */
    logMaxFiles?: number;
  };
  /**
   * The network between the containers.
   */
  network?: {
    /**
     * Addresses of the network between proxy and Gitea. Change it only where it collides with a network of yours.
     */
    subnet?: string;
  };
  /**
   * Where the generated secrets are kept. Never in this file.
   */
  secrets?: {
    /**
     * `file` keeps them in one file beside this one, readable by you only.
     */
    source?: 'file';
    /**
     * That file. Made on first use with mode 0600. Back it up, never commit it: without it two-factor sign-in and stored credentials are lost.
     */
    file?: string;
  };
  /**
   * The checks from outside at the end of a deploy.
   */
  verify?: {
    /**
     * DNS server to ask instead of the system's own.
     */
    dnsServer?: string;
    /**
     * Size in MiB of the test push through the proxy. Must fit into `proxy.maxUploadSize`.
     */
    pushSizeMiB?: number;
  };
}

/** What the library works with: every default filled in, every local path absolute. */
export interface Config {
  /**
   * The machine that Gitea runs on: a bare Debian 12/13 or Ubuntu 22.04/24.04 that answers SSH.
   */
  host: {
    /**
     * Where the machine comes from. `existing` is a host that you already have.
     */
    provider: 'existing';
    /**
     * IP address or host name at which the machine answers SSH.
     */
    address: string;
    /**
     * TCP port of the host's own SSH server (not of Gitea's).
     */
    port: number;
    /**
     * Account to log in as. Any other than root needs sudo without a password.
     */
    user: string;
    /**
     * Private SSH key to log in with. Without it the keys of the SSH agent are offered.
     */
    identityFile?: string;
    /**
     * File with the host's pinned SSH key. Commit it: a host whose key is not in it is refused.
     */
    knownHosts: string;
    /**
     * Directory on the host that holds all data: repositories, database, certificates. Moving it later means moving the data first.
     */
    dataPath: string;
    /**
     * `auto` makes a swap file when the host has little memory and no swap; `off` leaves swap alone.
     */
    swap: 'auto' | 'off';
    /**
     * Turn off password logins to the host. Kept only when a second connection proves that you still get in.
     */
    hardenSsh: boolean;
    /**
     * Let the distribution install its security updates by itself.
     */
    unattendedUpgrades: boolean;
  };
  /**
   * Name under which people reach Gitea. Its DNS record must point at the host before the certificate can be issued.
   */
  domain: string;
  /**
   * The first administrator. Created once, with a random password that must be changed at the first sign-in.
   */
  admin: {
    /**
     * Sign-in name. Gitea keeps some for itself, `admin` among them.
     */
    username: string;
    /**
     * Mail address of that account.
     */
    email: string;
  };
  /**
   * Container images, each with a version in its tag. Add `@sha256:...` to pin the very bytes.
   */
  images: {
    /**
     * Gitea itself. Must be a rootless image (the tag ends in `-rootless`).
     */
    gitea: string;
    /**
     * PostgreSQL 18, the Debian variant.
     */
    postgres: string;
    /**
     * The reverse proxy.
     */
    nginx: string;
    /**
     * The ACME client that fetches the certificate.
     */
    certbot: string;
  };
  /**
   * Gitea as its users see it.
   */
  gitea: {
    /**
     * Name shown on every page and in mails.
     */
    title: string;
    /**
     * TCP port on the host for git over SSH. It shows in every SSH clone address.
     */
    sshPort: number;
    /**
     * Show nothing, not even public repositories, to people who are not signed in.
     */
    requireSignIn: boolean;
    /**
     * Seconds that Gitea may take to become healthy, a database migration included.
     */
    startTimeout: number;
  };
  /**
   * Nginx in front of Gitea.
   */
  proxy: {
    /**
     * Largest request that is let through: pushes over HTTPS, LFS files, packages. `0` means no limit.
     */
    maxUploadSize: string;
    /**
     * Sign-in attempts a minute that one address may make.
     */
    loginRequestsPerMinute: number;
  };
  /**
   * The certificate, issued and renewed over ACME (Let's Encrypt unless `directory` says otherwise).
   */
  tls: {
    /**
     * Contact address of the ACME account. Let's Encrypt no longer mails about expiry: `status` shows it.
     */
    email: string;
    /**
     * Certificate profile: `classic` is the default of Let's Encrypt, `tlsserver` lasts 45 days, `shortlived` 160 hours.
     */
    profile: 'classic' | 'tlsserver' | 'shortlived';
    /**
     * Use Let's Encrypt's staging service: certificates that browsers refuse, limits that are hard to hit. Try a new domain with it first.
     */
    staging: boolean;
    /**
     * Directory URL of another ACME server. Cannot be combined with `staging`.
     */
    directory?: string;
    /**
     * PEM file on your machine with the root certificates of that ACME server, where the public ones do not cover it.
     */
    caBundle?: string;
    /**
     * When the host looks whether the certificate is due, as a systemd OnCalendar expression. At least once a day, at minutes of your own.
     */
    renewCalendar: string;
  };
  /**
   * The container engine on the host.
   */
  docker: {
    /**
     * Pull-through mirror that is asked before Docker Hub.
     */
    registryMirror?: string;
    /**
     * Size at which a container's log file is rotated.
     */
    logMaxSize: string;
    /**
     * Log files kept for each container.
     */
    logMaxFiles: number;
  };
  /**
   * The network between the containers.
   */
  network: {
    /**
     * Addresses of the network between proxy and Gitea. Change it only where it collides with a network of yours.
     */
    subnet: string;
  };
  /**
   * Where the generated secrets are kept. Never in this file.
   */
  secrets: {
    /**
     * `file` keeps them in one file beside this one, readable by you only.
     */
    source: 'file';
    /**
     * That file. Made on first use with mode 0600. Back it up, never commit it: without it two-factor sign-in and stored credentials are lost.
     */
    file: string;
  };
  /**
   * The checks from outside at the end of a deploy.
   */
  verify: {
    /**
     * DNS server to ask instead of the system's own.
     */
    dnsServer?: string;
    /**
     * Size in MiB of the test push through the proxy. Must fit into `proxy.maxUploadSize`.
     */
    pushSizeMiB: number;
  };
}
