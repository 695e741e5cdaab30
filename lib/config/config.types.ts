// Generated from schema/gitea.config.schema.json by schema/generate.ts. Do not edit.

/** The file as a person writes it: what has a default may be left out. */
export interface ConfigInput {
  /**
   * The machine that Gitea runs on: a bare Debian 12/13 or Ubuntu 22.04/24.04 that answers SSH, or one that `infra` makes on AWS.
   */
  host: {
    /**
     * Where the machine comes from. `existing` is a host that you already have; `aws` is one that `infra` makes from the section `aws`.
     */
    provider?: 'existing' | 'aws';
    /**
     * IP address or host name at which the machine answers SSH. Needed for an `existing` host; of one on AWS the inventory knows it.
     */
    address?: string;
    /**
     * TCP port of the host's own SSH server (not of Gitea's).
     */
    port?: number;
    /**
     * Account to log in as. Any other than root needs sudo without a password. On AWS it is the image's own, `ubuntu`.
     */
    user?: string;
    /**
     * Private SSH key to log in with. Without it the keys of the SSH agent are offered; on AWS, the key that `infra` made.
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
     * Block device of its own for `dataPath`, by a name that stays. The deploy mounts it, and makes a file system on it only where it finds nothing at all. On AWS the inventory knows it.
     */
    dataDevice?: string;
    /**
     * `auto` makes a swap file when the host has little memory and no swap; `off` takes that one away again, and leaves any other swap alone.
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
   * The AWS side, for `host.provider: aws` and for `secrets.source: aws-secrets-manager`. What `infra` makes follows from here; docs/runbooks/infra.md says what each part costs.
   */
  aws?: {
    /**
     * Account that everything is made in. Credentials of any other account are refused before anything is touched.
     */
    accountId: string;
    /**
     * Region that everything is made in.
     */
    region: string;
    /**
     * Profile of your AWS configuration to take credentials from. Without it they are found as the AWS tools find them.
     */
    profile?: string;
    /**
     * What the names of everything that is made begin with. Another instance in the same account needs another one. Changing it later makes everything anew.
     */
    name?: string;
    /**
     * Size of the host: x86-64, of a generation with NVMe disks.
     */
    instanceType?: string;
    /**
     * Zone of host and data volume; the volume cannot leave it. By default the first one of the region (`a`).
     */
    availabilityZone?: string;
    /**
     * Size of the system disk: packages and container images.
     */
    rootVolumeGiB?: number;
    /**
     * Size of the data volume. It can grow at any time (`infra apply`, then `deploy`), never shrink.
     */
    dataVolumeGiB?: number;
    /**
     * How operators reach the host: `ssh` through port 22 from `sshFrom`; `ssm` through Session Manager, with port 22 closed altogether.
     */
    access?: 'ssh' | 'ssm';
    /**
     * Networks that may reach port 22. Needed for `access: ssh`; the whole Internet is refused.
     */
    sshFrom?: string[];
    /**
     * Also give the host an IPv6 address and the domain an AAAA record.
     */
    ipv6?: boolean;
    /**
     * `route53` keeps the domain's record in the account's hosted zone; `external` leaves it to you.
     */
    dns?: 'route53' | 'external';
    /**
     * Hosted zone of the domain, where the account has several of that name.
     */
    zoneId?: string;
    /**
     * Bucket of Terraform's state. By default `<name>-state-<accountId>-<region>`.
     */
    stateBucket?: string;
    /**
     * Bucket of the backups. By default `<name>-backup-<accountId>-<region>`.
     */
    backupBucket?: string;
    /**
     * Days during which nobody without a special right can delete a backup, and for which deleted ones stay restorable.
     */
    objectLockDays?: number;
    /**
     * Tags on everything that is made, besides the project's own.
     */
    tags?: {
      [k: string]: string;
    };
    /**
     * File with what `infra apply` made; `deploy` and all others read the host from it. Commit it: it holds no secret.
     */
    inventory?: string;
    /**
     * One address for all AWS services, in place of AWS itself.
     */
    endpoint?: string;
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
    /**
     * The program that keeps the backups.
     */
    restic?: string;
  };
  /**
   * Which releases `update --check` says are due. [More](../runbooks/update.md).
   */
  updates?: {
    /**
     * How far a release may be from the one in use: the same line (`patch`), the next lines too (`minor`), or anything (`major`).
     */
    policy?: {
      /**
       * Gitea. 1.27 to 28 is a `minor` step, as 1.26 to 1.27 was.
       */
      gitea?: 'none' | 'patch' | 'minor' | 'major';
      /**
       * PostgreSQL. 18.5 to 18.6 is a `patch`; another major release is refused, whatever stands here.
       */
      postgres?: 'none' | 'patch' | 'minor' | 'major';
      /**
       * Nginx. Of its lines those with an even number are stable; others are not due, unless one of them is in use.
       */
      nginx?: 'none' | 'patch' | 'minor' | 'major';
      /**
       * Certbot, which has mended its releases in the next line only.
       */
      certbot?: 'none' | 'patch' | 'minor' | 'major';
      /**
       * restic.
       */
      restic?: 'none' | 'patch' | 'minor' | 'major';
    };
    /**
     * How old a release must be: others meet its mistakes first.
     */
    holdBack?: string;
    /**
     * Components that stay as they are, until a date.
     *
     * Items: A component that stays as it is.
     */
    pinned?: {
      /**
       * Which one.
       */
      component: 'gitea' | 'postgres' | 'nginx' | 'certbot' | 'restic';
      /**
       * Why. It is shown wherever the component is.
       */
      reason: string;
      /**
       * The first day on which it may be updated again, so that it is not forgotten.
       */
      until: string;
    }[];
    /**
     * Credentials of registries that do not show everything to everybody, or give more to who says who it is (`docker.io`).
     */
    registries?: {
      [k: string]: {
        /**
         * The account.
         */
        user: string;
        /**
         * Its password or token, by the name of a secret under which you [keep it](../concepts/security.md#secrets-of-your-own).
         */
        password: {
          /**
           * The name of a secret of yours.
           */
          secret: string;
        };
      };
    };
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
    /**
     * How people sign in.
     */
    signIn?: {
      /**
       * `required`: who has no second factor has to set one up before anything else. Needs Gitea 1.24 or newer.
       */
      twoFactor?: 'optional' | 'required';
      /**
       * Whether the sign-in page asks for a password. Turn it off only once a sign-in by OpenID Connect works, for the administrator as well. Off needs Gitea 1.23 or newer.
       */
      passwordForm?: boolean;
      /**
       * Make an account for who comes from an OAuth2 or OpenID Connect source for the first time. Without it an administrator makes it, and its owner links it.
       */
      autoRegister?: boolean;
      /**
       * What happens at `autoRegister` when an account of that name or address exists: `login` asks for its password once, `auto` links without asking (only for a source that you trust with every account), `disabled` refuses.
       */
      accountLinking?: 'login' | 'auto' | 'disabled';
      /**
       * What of a source names a new account.
       */
      username?: 'nickname' | 'preferred_username' | 'email' | 'userid';
      /**
       * Other servers that people can sign in with, by OpenID Connect or OAuth2: each is a button of the sign-in page. One that is taken out of the config becomes inactive, and its accounts stay; those that were made in the browser are left alone. [How to](../concepts/sign-in.md).
       *
       * Items: One of them.
       */
      sources?: {
        /**
         * What the button says, and a part of the callback URL that the provider has to know: `https://DOMAIN/user/oauth2/NAME/callback`. With another name it is another source, with accounts of its own.
         */
        name: string;
        /**
         * Gitea's name for what is spoken there. `openidConnect` is for everything that has a discovery document: Keycloak, Authentik, Microsoft Entra, Google, GitLab, another Gitea.
         */
        provider?:
          | 'openidConnect'
          | 'bitbucket'
          | 'discord'
          | 'dropbox'
          | 'facebook'
          | 'gitea'
          | 'github'
          | 'gitlab'
          | 'gplus'
          | 'mastodon'
          | 'nextcloud'
          | 'twitter'
          | 'yandex';
        /**
         * Where the provider describes itself: the issuer with `/.well-known/openid-configuration`. For `openidConnect`, which needs it, alone. Gitea must reach it when it starts and at the sign-in, with a certificate that its image trusts.
         */
        discoveryUrl?: string;
        /**
         * What the provider calls this Gitea.
         */
        clientId: string;
        /**
         * The secret that belongs to it.
         */
        clientSecret: {
          /**
           * The secret that belongs to `clientId`, by the name under which it is [kept with the secrets](../concepts/security.md#secrets-of-your-own).
           */
          secret: string;
        };
        /**
         * What is asked for beside `openid`. `email` and `profile` are wanted for `autoRegister`.
         */
        scopes?: string[];
        /**
         * The provider's addresses, for a server of your own. `nextcloud` needs them, `github`, `gitlab`, `gitea` and `mastodon` have those of the public service.
         */
        urls?: {
          /**
           * Where people sign in; for `mastodon` the address of the server.
           */
          authorize?: string;
          /**
           * Where Gitea gets the token.
           */
          token?: string;
          /**
           * Where Gitea asks who it is.
           */
          profile?: string;
          /**
           * Where Gitea asks for addresses; `github` alone has it.
           */
          email?: string;
        };
        /**
         * Who may come at all.
         */
        requiredClaim?: {
          /**
           * Claim that must be there.
           */
          name: string;
          /**
           * Value that it must have, or have among others.
           */
          value?: string;
        };
        /**
         * Groups that decide what somebody is, at each sign-in anew.
         */
        groups?: {
          /**
           * Claim that has the names of the groups.
           */
          claim: string;
          /**
           * Group of the administrators. Who is not in it is none, whatever was set in the browser.
           */
          admin?: string;
          /**
           * Group of the restricted users. Who is not in it is not restricted, whatever was set in the browser.
           */
          restricted?: string;
        };
        /**
         * Picture on the button. Browsers fetch it from there.
         */
        iconUrl?: string;
        /**
         * Trust the provider's second factor: who comes from there is not asked for the one of Gitea.
         */
        skipTwoFactor?: boolean;
      }[];
    };
    /**
     * Everything else that Gitea knows, by section and key of its app.ini, spelt as Gitea does; `DEFAULT` is what stands before the first section. A value is text, a number, true or false, or `{ secret: NAME }` for one that is [kept with the secrets](../concepts/security.md#secrets-of-your-own). What the deploy sets itself is refused, with the key to use instead. [More](../runbooks/deploy.md#settings-of-gitea).
     */
    settings?: {
      [k: string]: {
        [k: string]:
          | string
          | number
          | boolean
          | {
              secret: string;
            };
      };
    };
  };
  /**
   * How Gitea sends mail. Without this section it sends none: no password reset, no notifications. [More](../runbooks/deploy.md#mail).
   */
  mail?: {
    /**
     * Name or IP address of the SMTP server. Its certificate must be for it, and from an authority that Gitea's image knows.
     */
    host: string;
    /**
     * `smtps`: encrypted from the first byte. `starttls`: begins in clear; Gitea goes on in clear, with the password, when the server (or somebody in between) offers no encryption. `none`: in clear, for a server in a network of your own, and without a password.
     */
    tls?: 'smtps' | 'starttls' | 'none';
    /**
     * TCP port of the SMTP server. Without it 465 for `smtps`, 587 for `starttls`, 25 for `none`.
     */
    port?: number;
    /**
     * Address that mails come from.
     */
    from: string;
    /**
     * Account on the SMTP server; needs `password`.
     */
    user?: string;
    /**
     * Password of that account.
     */
    password?: {
      /**
       * Password of that account, by the name under which it is [kept with the secrets](../concepts/security.md#secrets-of-your-own).
       */
      secret: string;
    };
    /**
     * Mail people about what they watch and where they are named; each can turn it off for themselves.
     */
    notifications?: boolean;
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
     * Attempts a minute that one address may make to prove who it is: by the sign-in form, a second factor, recovery; and as many wrong passwords by basic authentication.
     */
    loginRequestsPerMinute?: number;
    /**
     * Seconds that a restart of Gitea is put off while somebody has a request or a git session under way that takes long: an upload, a large push or clone. Nobody waits meanwhile. What takes longer still is cut. `0` puts nothing off.
     */
    restartPatience?: number;
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
   * The network between the containers, and who may reach the host.
   */
  network?: {
    /**
     * Addresses of the network between proxy and Gitea. Change it only where it collides with a network of yours.
     */
    subnet?: string;
    /**
     * Close what Docker publishes on the host and this file does not name, and keep containers from the cloud's metadata service. Kept only when a second connection proves that you still get in.
     */
    firewall?: boolean;
    /**
     * Who may reach what. What is left out is open as it says.
     */
    allow?: {
      /**
       * Networks that may reach the host's own SSH server (`host.port`). Without it, everybody.
       */
      ssh?: string[];
      /**
       * Networks that may reach Gitea: port 443 and `gitea.sshPort`, and port 80 unless the certificate is from Let's Encrypt, whose challenges come from everywhere. Without it, everybody.
       */
      web?: string[];
      /**
       * Networks that may reach everything else on the host, whoever listens there; an empty list is nobody. Without it, other services of the host are left to its own firewall, and other published ports of containers are closed. Gitea's containers come from `network.subnet`: what they need of the host itself, such as a mail server, takes it in the list.
       */
      other?: string[];
    };
  };
  /**
   * Where the generated secrets are kept. Never in this file.
   */
  secrets?: {
    /**
     * `file` keeps them in one file beside this one, readable by you only; `aws-secrets-manager` in the account of the section `aws`. By default the latter for a host on AWS, else the former.
     */
    source?: 'file' | 'aws-secrets-manager';
    /**
     * That file. Made on first use with mode 0600. Back it up, never commit it: without it two-factor sign-in and stored credentials are lost.
     */
    file?: string;
  };
  /**
   * Backups: of everything that cannot be made again, taken while people work. [More](../concepts/backup.md).
   */
  backup?: {
    /**
     * Take backups. Turned off, nothing that was taken is removed.
     */
    enabled?: boolean;
    /**
     * The copy on the host, from which most is restored.
     */
    local?: {
      /**
       * Directory on the host for it: best on another disk than `host.dataPath`. It takes about as much room as the data.
       */
      path?: string;
    };
    /**
     * The copy off the host: without one the loss of the host is the loss of everything. On AWS the bucket that `infra` makes.
     */
    remote?: {
      /**
       * Where it is, as restic writes it: `s3:https://…`, `sftp:…`, `rest:…`, `b2:…`, `azure:…`, `gs:…`. Two repositories are made below it, `archive` and `recent`.
       */
      repository: string;
      /**
       * What restic needs to get there, by the names of its environment variables: a text, or the name of a secret under which you [keep it](../concepts/security.md#secrets-of-your-own).
       */
      environment?: {
        [k: string]:
          | string
          | {
              secret: string;
            };
      };
      /**
       * Most KiB a second that go there.
       */
      uploadLimit?: number;
    };
    /**
     * What may be lost at most when the host is lost, and how long it may take until it is back.
     */
    objectives?: {
      /**
       * Age of what is written to the database when it has left the host: users, issues, comments.
       */
      database?: string;
      /**
       * The same for repositories, attachments and packages. A generation is made as often.
       */
      repositories?: string;
      /**
       * Time from the command to a Gitea that works again.
       */
      restore?: string;
    };
    /**
     * When the whole is read, as systemd writes a calendar; in between only what has changed is. Must come at least once a day.
     */
    calendar?: string;
    /**
     * When a seventh of all that is stored is read back, another one each day. Must come at least once a day.
     */
    verifyCalendar?: string;
    /**
     * The newest generation is restored beside what is in use, looked at and taken away again. [More](../runbooks/drill.md).
     */
    drill?: {
      /**
       * When, as systemd writes a calendar.
       */
      calendar?: string;
      /**
       * How long ago the last one may be that has passed, before `status` is not well.
       */
      maxAge?: string;
    };
    /**
     * How many generations are kept: of each of the last so many hours, days, … that have one, the last. What is in the bucket of AWS is thinned out by an operator only.
     */
    retention?: {
      /**
       * In hours, of those between two whole ones.
       */
      hours?: number;
      /**
       * In days.
       */
      days?: number;
      /**
       * In weeks.
       */
      weeks?: number;
      /**
       * In months.
       */
      months?: number;
      /**
       * In years.
       */
      years?: number;
    };
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
   * The machine that Gitea runs on: a bare Debian 12/13 or Ubuntu 22.04/24.04 that answers SSH, or one that `infra` makes on AWS.
   */
  host: {
    /**
     * Where the machine comes from. `existing` is a host that you already have; `aws` is one that `infra` makes from the section `aws`.
     */
    provider: 'existing' | 'aws';
    /**
     * IP address or host name at which the machine answers SSH. Needed for an `existing` host; of one on AWS the inventory knows it.
     */
    address: string;
    /**
     * TCP port of the host's own SSH server (not of Gitea's).
     */
    port: number;
    /**
     * Account to log in as. Any other than root needs sudo without a password. On AWS it is the image's own, `ubuntu`.
     */
    user: string;
    /**
     * Private SSH key to log in with. Without it the keys of the SSH agent are offered; on AWS, the key that `infra` made.
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
     * Block device of its own for `dataPath`, by a name that stays. The deploy mounts it, and makes a file system on it only where it finds nothing at all. On AWS the inventory knows it.
     */
    dataDevice?: string;
    /**
     * `auto` makes a swap file when the host has little memory and no swap; `off` takes that one away again, and leaves any other swap alone.
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
   * The AWS side, for `host.provider: aws` and for `secrets.source: aws-secrets-manager`. What `infra` makes follows from here; docs/runbooks/infra.md says what each part costs.
   */
  aws?: {
    /**
     * Account that everything is made in. Credentials of any other account are refused before anything is touched.
     */
    accountId: string;
    /**
     * Region that everything is made in.
     */
    region: string;
    /**
     * Profile of your AWS configuration to take credentials from. Without it they are found as the AWS tools find them.
     */
    profile?: string;
    /**
     * What the names of everything that is made begin with. Another instance in the same account needs another one. Changing it later makes everything anew.
     */
    name: string;
    /**
     * Size of the host: x86-64, of a generation with NVMe disks.
     */
    instanceType: string;
    /**
     * Zone of host and data volume; the volume cannot leave it. By default the first one of the region (`a`).
     */
    availabilityZone: string;
    /**
     * Size of the system disk: packages and container images.
     */
    rootVolumeGiB: number;
    /**
     * Size of the data volume. It can grow at any time (`infra apply`, then `deploy`), never shrink.
     */
    dataVolumeGiB: number;
    /**
     * How operators reach the host: `ssh` through port 22 from `sshFrom`; `ssm` through Session Manager, with port 22 closed altogether.
     */
    access: 'ssh' | 'ssm';
    /**
     * Networks that may reach port 22. Needed for `access: ssh`; the whole Internet is refused.
     */
    sshFrom: string[];
    /**
     * Also give the host an IPv6 address and the domain an AAAA record.
     */
    ipv6: boolean;
    /**
     * `route53` keeps the domain's record in the account's hosted zone; `external` leaves it to you.
     */
    dns: 'route53' | 'external';
    /**
     * Hosted zone of the domain, where the account has several of that name.
     */
    zoneId?: string;
    /**
     * Bucket of Terraform's state. By default `<name>-state-<accountId>-<region>`.
     */
    stateBucket: string;
    /**
     * Bucket of the backups. By default `<name>-backup-<accountId>-<region>`.
     */
    backupBucket: string;
    /**
     * Days during which nobody without a special right can delete a backup, and for which deleted ones stay restorable.
     */
    objectLockDays: number;
    /**
     * Tags on everything that is made, besides the project's own.
     */
    tags: {
      [k: string]: string;
    };
    /**
     * File with what `infra apply` made; `deploy` and all others read the host from it. Commit it: it holds no secret.
     */
    inventory: string;
    /**
     * One address for all AWS services, in place of AWS itself.
     */
    endpoint?: string;
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
    /**
     * The program that keeps the backups.
     */
    restic: string;
  };
  /**
   * Which releases `update --check` says are due. [More](../runbooks/update.md).
   */
  updates: {
    /**
     * How far a release may be from the one in use: the same line (`patch`), the next lines too (`minor`), or anything (`major`).
     */
    policy: {
      /**
       * Gitea. 1.27 to 28 is a `minor` step, as 1.26 to 1.27 was.
       */
      gitea: 'none' | 'patch' | 'minor' | 'major';
      /**
       * PostgreSQL. 18.5 to 18.6 is a `patch`; another major release is refused, whatever stands here.
       */
      postgres: 'none' | 'patch' | 'minor' | 'major';
      /**
       * Nginx. Of its lines those with an even number are stable; others are not due, unless one of them is in use.
       */
      nginx: 'none' | 'patch' | 'minor' | 'major';
      /**
       * Certbot, which has mended its releases in the next line only.
       */
      certbot: 'none' | 'patch' | 'minor' | 'major';
      /**
       * restic.
       */
      restic: 'none' | 'patch' | 'minor' | 'major';
    };
    /**
     * How old a release must be: others meet its mistakes first.
     */
    holdBack: string;
    /**
     * Components that stay as they are, until a date.
     *
     * Items: A component that stays as it is.
     */
    pinned: {
      /**
       * Which one.
       */
      component: 'gitea' | 'postgres' | 'nginx' | 'certbot' | 'restic';
      /**
       * Why. It is shown wherever the component is.
       */
      reason: string;
      /**
       * The first day on which it may be updated again, so that it is not forgotten.
       */
      until: string;
    }[];
    /**
     * Credentials of registries that do not show everything to everybody, or give more to who says who it is (`docker.io`).
     */
    registries: {
      [k: string]: {
        /**
         * The account.
         */
        user: string;
        /**
         * Its password or token, by the name of a secret under which you [keep it](../concepts/security.md#secrets-of-your-own).
         */
        password: {
          /**
           * The name of a secret of yours.
           */
          secret: string;
        };
      };
    };
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
    /**
     * How people sign in.
     */
    signIn: {
      /**
       * `required`: who has no second factor has to set one up before anything else. Needs Gitea 1.24 or newer.
       */
      twoFactor: 'optional' | 'required';
      /**
       * Whether the sign-in page asks for a password. Turn it off only once a sign-in by OpenID Connect works, for the administrator as well. Off needs Gitea 1.23 or newer.
       */
      passwordForm: boolean;
      /**
       * Make an account for who comes from an OAuth2 or OpenID Connect source for the first time. Without it an administrator makes it, and its owner links it.
       */
      autoRegister: boolean;
      /**
       * What happens at `autoRegister` when an account of that name or address exists: `login` asks for its password once, `auto` links without asking (only for a source that you trust with every account), `disabled` refuses.
       */
      accountLinking: 'login' | 'auto' | 'disabled';
      /**
       * What of a source names a new account.
       */
      username: 'nickname' | 'preferred_username' | 'email' | 'userid';
      /**
       * Other servers that people can sign in with, by OpenID Connect or OAuth2: each is a button of the sign-in page. One that is taken out of the config becomes inactive, and its accounts stay; those that were made in the browser are left alone. [How to](../concepts/sign-in.md).
       *
       * Items: One of them.
       */
      sources: {
        /**
         * What the button says, and a part of the callback URL that the provider has to know: `https://DOMAIN/user/oauth2/NAME/callback`. With another name it is another source, with accounts of its own.
         */
        name: string;
        /**
         * Gitea's name for what is spoken there. `openidConnect` is for everything that has a discovery document: Keycloak, Authentik, Microsoft Entra, Google, GitLab, another Gitea.
         */
        provider:
          | 'openidConnect'
          | 'bitbucket'
          | 'discord'
          | 'dropbox'
          | 'facebook'
          | 'gitea'
          | 'github'
          | 'gitlab'
          | 'gplus'
          | 'mastodon'
          | 'nextcloud'
          | 'twitter'
          | 'yandex';
        /**
         * Where the provider describes itself: the issuer with `/.well-known/openid-configuration`. For `openidConnect`, which needs it, alone. Gitea must reach it when it starts and at the sign-in, with a certificate that its image trusts.
         */
        discoveryUrl?: string;
        /**
         * What the provider calls this Gitea.
         */
        clientId: string;
        /**
         * The secret that belongs to it.
         */
        clientSecret: {
          /**
           * The secret that belongs to `clientId`, by the name under which it is [kept with the secrets](../concepts/security.md#secrets-of-your-own).
           */
          secret: string;
        };
        /**
         * What is asked for beside `openid`. `email` and `profile` are wanted for `autoRegister`.
         */
        scopes: string[];
        /**
         * The provider's addresses, for a server of your own. `nextcloud` needs them, `github`, `gitlab`, `gitea` and `mastodon` have those of the public service.
         */
        urls?: {
          /**
           * Where people sign in; for `mastodon` the address of the server.
           */
          authorize?: string;
          /**
           * Where Gitea gets the token.
           */
          token?: string;
          /**
           * Where Gitea asks who it is.
           */
          profile?: string;
          /**
           * Where Gitea asks for addresses; `github` alone has it.
           */
          email?: string;
        };
        /**
         * Who may come at all.
         */
        requiredClaim?: {
          /**
           * Claim that must be there.
           */
          name: string;
          /**
           * Value that it must have, or have among others.
           */
          value?: string;
        };
        /**
         * Groups that decide what somebody is, at each sign-in anew.
         */
        groups?: {
          /**
           * Claim that has the names of the groups.
           */
          claim: string;
          /**
           * Group of the administrators. Who is not in it is none, whatever was set in the browser.
           */
          admin?: string;
          /**
           * Group of the restricted users. Who is not in it is not restricted, whatever was set in the browser.
           */
          restricted?: string;
        };
        /**
         * Picture on the button. Browsers fetch it from there.
         */
        iconUrl?: string;
        /**
         * Trust the provider's second factor: who comes from there is not asked for the one of Gitea.
         */
        skipTwoFactor: boolean;
      }[];
    };
    /**
     * Everything else that Gitea knows, by section and key of its app.ini, spelt as Gitea does; `DEFAULT` is what stands before the first section. A value is text, a number, true or false, or `{ secret: NAME }` for one that is [kept with the secrets](../concepts/security.md#secrets-of-your-own). What the deploy sets itself is refused, with the key to use instead. [More](../runbooks/deploy.md#settings-of-gitea).
     */
    settings: {
      [k: string]: {
        [k: string]:
          | string
          | number
          | boolean
          | {
              secret: string;
            };
      };
    };
  };
  /**
   * How Gitea sends mail. Without this section it sends none: no password reset, no notifications. [More](../runbooks/deploy.md#mail).
   */
  mail?: {
    /**
     * Name or IP address of the SMTP server. Its certificate must be for it, and from an authority that Gitea's image knows.
     */
    host: string;
    /**
     * `smtps`: encrypted from the first byte. `starttls`: begins in clear; Gitea goes on in clear, with the password, when the server (or somebody in between) offers no encryption. `none`: in clear, for a server in a network of your own, and without a password.
     */
    tls: 'smtps' | 'starttls' | 'none';
    /**
     * TCP port of the SMTP server. Without it 465 for `smtps`, 587 for `starttls`, 25 for `none`.
     */
    port: number;
    /**
     * Address that mails come from.
     */
    from: string;
    /**
     * Account on the SMTP server; needs `password`.
     */
    user?: string;
    /**
     * Password of that account.
     */
    password?: {
      /**
       * Password of that account, by the name under which it is [kept with the secrets](../concepts/security.md#secrets-of-your-own).
       */
      secret: string;
    };
    /**
     * Mail people about what they watch and where they are named; each can turn it off for themselves.
     */
    notifications: boolean;
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
     * Attempts a minute that one address may make to prove who it is: by the sign-in form, a second factor, recovery; and as many wrong passwords by basic authentication.
     */
    loginRequestsPerMinute: number;
    /**
     * Seconds that a restart of Gitea is put off while somebody has a request or a git session under way that takes long: an upload, a large push or clone. Nobody waits meanwhile. What takes longer still is cut. `0` puts nothing off.
     */
    restartPatience: number;
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
   * The network between the containers, and who may reach the host.
   */
  network: {
    /**
     * Addresses of the network between proxy and Gitea. Change it only where it collides with a network of yours.
     */
    subnet: string;
    /**
     * Close what Docker publishes on the host and this file does not name, and keep containers from the cloud's metadata service. Kept only when a second connection proves that you still get in.
     */
    firewall: boolean;
    /**
     * Who may reach what. What is left out is open as it says.
     */
    allow: {
      /**
       * Networks that may reach the host's own SSH server (`host.port`). Without it, everybody.
       */
      ssh?: string[];
      /**
       * Networks that may reach Gitea: port 443 and `gitea.sshPort`, and port 80 unless the certificate is from Let's Encrypt, whose challenges come from everywhere. Without it, everybody.
       */
      web?: string[];
      /**
       * Networks that may reach everything else on the host, whoever listens there; an empty list is nobody. Without it, other services of the host are left to its own firewall, and other published ports of containers are closed. Gitea's containers come from `network.subnet`: what they need of the host itself, such as a mail server, takes it in the list.
       */
      other?: string[];
    };
  };
  /**
   * Where the generated secrets are kept. Never in this file.
   */
  secrets: {
    /**
     * `file` keeps them in one file beside this one, readable by you only; `aws-secrets-manager` in the account of the section `aws`. By default the latter for a host on AWS, else the former.
     */
    source: 'file' | 'aws-secrets-manager';
    /**
     * That file. Made on first use with mode 0600. Back it up, never commit it: without it two-factor sign-in and stored credentials are lost.
     */
    file: string;
  };
  /**
   * Backups: of everything that cannot be made again, taken while people work. [More](../concepts/backup.md).
   */
  backup: {
    /**
     * Take backups. Turned off, nothing that was taken is removed.
     */
    enabled: boolean;
    /**
     * The copy on the host, from which most is restored.
     */
    local: {
      /**
       * Directory on the host for it: best on another disk than `host.dataPath`. It takes about as much room as the data.
       */
      path: string;
    };
    /**
     * The copy off the host: without one the loss of the host is the loss of everything. On AWS the bucket that `infra` makes.
     */
    remote?: {
      /**
       * Where it is, as restic writes it: `s3:https://…`, `sftp:…`, `rest:…`, `b2:…`, `azure:…`, `gs:…`. Two repositories are made below it, `archive` and `recent`.
       */
      repository: string;
      /**
       * What restic needs to get there, by the names of its environment variables: a text, or the name of a secret under which you [keep it](../concepts/security.md#secrets-of-your-own).
       */
      environment: {
        [k: string]:
          | string
          | {
              secret: string;
            };
      };
      /**
       * Most KiB a second that go there.
       */
      uploadLimit?: number;
    };
    /**
     * What may be lost at most when the host is lost, and how long it may take until it is back.
     */
    objectives: {
      /**
       * Age of what is written to the database when it has left the host: users, issues, comments.
       */
      database: string;
      /**
       * The same for repositories, attachments and packages. A generation is made as often.
       */
      repositories: string;
      /**
       * Time from the command to a Gitea that works again.
       */
      restore: string;
    };
    /**
     * When the whole is read, as systemd writes a calendar; in between only what has changed is. Must come at least once a day.
     */
    calendar: string;
    /**
     * When a seventh of all that is stored is read back, another one each day. Must come at least once a day.
     */
    verifyCalendar: string;
    /**
     * The newest generation is restored beside what is in use, looked at and taken away again. [More](../runbooks/drill.md).
     */
    drill: {
      /**
       * When, as systemd writes a calendar.
       */
      calendar: string;
      /**
       * How long ago the last one may be that has passed, before `status` is not well.
       */
      maxAge: string;
    };
    /**
     * How many generations are kept: of each of the last so many hours, days, … that have one, the last. What is in the bucket of AWS is thinned out by an operator only.
     */
    retention: {
      /**
       * In hours, of those between two whole ones.
       */
      hours: number;
      /**
       * In days.
       */
      days: number;
      /**
       * In weeks.
       */
      weeks: number;
      /**
       * In months.
       */
      months: number;
      /**
       * In years.
       */
      years: number;
    };
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
