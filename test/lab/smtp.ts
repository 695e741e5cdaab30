// A mail server that takes mail for tests: as strict as one that a provider runs, and it keeps what it took.
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';

export interface SmtpOptions {
  /** `smtps`: encrypted from the first byte. `starttls`: on request. `none`: never. */
  readonly mode: 'smtps' | 'starttls' | 'none';
  /** PEM; for the two that encrypt. */
  readonly key?: string;
  readonly cert?: string;
  /** Whoever is in here may send, and nobody else. Nobody is asked to sign in where there is none. */
  readonly users?: Readonly<Record<string, string>>;
  /** Answer to RCPT other than 250. */
  readonly recipient?: (address: string) => string | undefined;
  /** Says the credentials that it refuses in its answer, as a careless server does. */
  readonly echoes?: boolean;
  readonly greeting?: string;
}

interface Taken {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly user: string | undefined;
  readonly encrypted: boolean;
}

export interface Smtp {
  readonly port: number;
  readonly taken: Taken[];
  close(): Promise<void>;
}

/** Starts it on a free port (or `port`) of all addresses. */
export async function smtpServer(options: SmtpOptions, port = 0): Promise<Smtp> {
  const taken: Taken[] = [];
  const open = new Set<net.Socket>();
  const context = { key: options.key, cert: options.cert };
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => {});
    if (options.mode !== 'smtps') talk(socket, false, options, taken);
    else encrypt(socket, context, (secure) => talk(secure, true, options, taken));
  });
  server.listen(port);
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    taken,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function encrypt(socket: net.Socket, context: tls.SecureContextOptions, then: (secure: net.Socket) => void): void {
  const secure = new tls.TLSSocket(socket, { isServer: true, ...context });
  secure.on('error', () => socket.destroy());
  then(secure);
}

function talk(socket: net.Socket, encrypted: boolean, options: SmtpOptions, taken: Taken[]): void {
  const { mode, users } = options;
  let rest = '';
  let letter: string[] | undefined;
  let [user, from, to]: (string | undefined)[] = [];
  let greeted = false;
  let waiting: ((line: string) => unknown) | undefined;
  const say = (line: string) => socket.write(`${line}\r\n`);
  const signIn = (blob: string) => {
    const [, name = '', password = ''] = Buffer.from(blob, 'base64').toString().split('\0');
    if (users?.[name] !== password) return say(`535 5.7.8 Wrong${options.echoes ? ` ${blob} ${password}` : ''}`);
    user = name;
    return say('235 2.7.0 Welcome');
  };
  const command = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') {
      greeted = true;
      const more = [
        ...(mode === 'starttls' && !encrypted ? ['STARTTLS'] : []),
        ...(users && (encrypted || mode === 'none') ? ['AUTH PLAIN'] : []),
      ];
      return say(
        ['smtp.lab.test', ...more].map((word, i, all) => `250${i === all.length - 1 ? ' ' : '-'}${word}`).join('\r\n'),
      );
    }
    if (verb === 'QUIT') return socket.end('221 2.0.0 Bye\r\n');
    if (verb === 'NOOP') return say('250 2.0.0 OK');
    if (line.toUpperCase() === 'STARTTLS' && mode === 'starttls' && !encrypted) {
      say('220 2.0.0 Go on');
      socket.removeAllListeners('data');
      return encrypt(socket, { key: options.key, cert: options.cert }, (secure) =>
        talk(secure, true, { ...options, greeting: '' }, taken),
      );
    }
    if (!greeted) return say('503 5.5.1 EHLO first');
    const auth = /^AUTH PLAIN(?: (\S+))?$/i.exec(line);
    if (auth && users) {
      if (auth[1]) return signIn(auth[1]);
      waiting = signIn;
      return say('334 ');
    }
    if (users && user === undefined) return say('530 5.7.0 Sign in first');
    const mail = /^MAIL FROM:<([^>]*)>/i.exec(line);
    if (mail) {
      from = mail[1];
      return say('250 2.1.0 OK');
    }
    const rcpt = /^RCPT TO:<([^>]+)>/i.exec(line);
    if (rcpt && from !== undefined) {
      const answer = options.recipient?.(rcpt[1]!);
      if (answer === undefined) to = rcpt[1];
      return say(answer ?? '250 2.1.5 OK');
    }
    if (verb === 'DATA' && to !== undefined) {
      letter = [];
      return say('354 End with a dot');
    }
    return say('500 5.5.2 What?');
  };
  socket.on('data', (chunk) => {
    rest += chunk.toString('latin1');
    for (let at = rest.indexOf('\r\n'); at !== -1; at = rest.indexOf('\r\n')) {
      const line = rest.slice(0, at);
      rest = rest.slice(at + 2);
      if (letter && line === '.') {
        taken.push({ from: from!, to: to!, text: letter.join('\n'), user, encrypted });
        letter = undefined;
        say('250 2.0.0 Queued as 1');
      } else if (letter) letter.push(line.replace(/^\./, ''));
      else if (waiting) {
        const then = waiting;
        waiting = undefined;
        then(line);
      } else command(line);
    }
  });
  if (options.greeting !== '') say(options.greeting ?? '220 smtp.lab.test ESMTP');
}
