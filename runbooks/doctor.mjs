#!/usr/bin/env zx
// What is wrong, and how is it put right? Run it before the first deploy and whenever something looks odd.
import {
  connect,
  doctor,
  formatProblem,
  loadConfig,
  renderChecks,
  runbook,
  testMail,
  trustHostKey,
} from 'gitea-runbooks';

await runbook({
  name: 'doctor',
  purpose: 'Check everything that is known to go wrong, on this machine, on the host and from outside, with the fix.',
  flags: {
    'trust-host-key': { value: 'SHA256:…', describe: "record the host's SSH key if this is its fingerprint, and end" },
    'test-mail': { value: 'ADDRESS', describe: 'send a mail to this address as Gitea would, and end' },
  },
  examples: [
    'npx zx runbooks/doctor.mjs',
    'npx zx runbooks/doctor.mjs --test-mail you@example.com',
    'npx zx runbooks/doctor.mjs --trust-host-key SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
  ],
  exitCodes: ['configInvalid', 'hostUnreachable', 'hostKeyMismatch', 'credentialsRefused', 'checkFailed', 'refused'],
  async main({ flags, signal, onEvent, askPassphrase, color }) {
    const { config, warnings } = loadConfig(flags.config, flags.overlay);
    for (const warning of warnings) onEvent({ type: 'warning', text: formatProblem(warning) });
    const fingerprint = flags['trust-host-key'];
    if (fingerprint) {
      await trustHostKey(config, fingerprint, signal);
      return { text: `Recorded in ${config.host.knownHosts}: ${fingerprint}`, json: { recorded: fingerprint } };
    }
    const host = await connect(config, { askPassphrase, signal });
    try {
      const to = flags['test-mail'];
      if (to !== undefined) onEvent({ type: 'step', text: `sending a mail to ${to}` });
      const checks = to === undefined ? await doctor(config, host, { signal }) : [await testMail(config, host, to)];
      const failed = checks.some(({ status }) => status === 'fail');
      if (to === undefined) onEvent({ type: 'step', text: `looked at ${checks.length} things` });
      return { text: renderChecks(checks, { color }), json: { checks }, exit: failed ? 'checkFailed' : 'done' };
    } finally {
      await host.close();
    }
  },
});
