// Managed by gitea-runbooks: changes made here are overwritten by the next deploy.
// The waiting room of requests and of SSH connections for which Gitea is not there. Who is here goes on when nobody holds and
// a health check that began after his arrival was good: an older one may be of the Gitea that has just been stopped. Health
// is that of HTTP for both: Gitea's SSH port opens before anybody can be served there.
import fs from 'fs';

const gitea = 'http://172.31.250.3:3000/api/healthz';
const flag = '/etc/nginx/runbooks/hold';
// A restart that was announced is waited for as long as clients usually have patience, any other absence for less.
const longest = 120_000;
const unannounced = 25_000;

// 'ok': when the last good check began. 'asking': somebody is about it. 'outage': others have waited in vain.
// HTTP and SSH have one each, of its own name.
const gate = ngx.shared.gate || ngx.shared.ssh_gate;

// The flag's time is the end of its validity: whoever set it and died does not keep requests waiting.
function held() {
  try {
    return fs.statSync(flag).mtimeMs > Date.now();
  } catch (error) {
    return false;
  }
}

// One asks for all who wait, in all workers; the turn ends by itself if he leaves. Nobody asks while nobody waits.
async function probe() {
  if (!gate.add('asking', 1, 2000)) return;
  const started = Date.now();
  try {
    if ((await ngx.fetch(gitea)).status === 200) {
      gate.set('ok', started);
      gate.delete('outage');
    }
  } catch (error) {
    // not there yet
  }
  gate.delete('asking');
}

const ready = (arrived) => !held() && (gate.get('ok') || 0) >= arrived;

// Whether he who arrives now is let go on, when it is settled.
async function letOn() {
  const arrived = Date.now();
  let free = arrived;
  while (Date.now() - arrived < longest) {
    if (held()) free = Date.now();
    else {
      await probe();
      if (ready(arrived)) return true;
      // After a wait in vain nobody else is made to wait for a while: a quick answer is the better one then.
      const patience = gate.get('outage') ? 1500 : unannounced;
      if (Date.now() - free > patience) {
        gate.set('outage', 1);
        break;
      }
    }
    await new Promise((next) => setTimeout(next, 100 + Math.random() * 100));
  }
  return false;
}

async function wait(r) {
  r.return((await letOn()) ? 204 : 403);
}

// Which way an SSH connection takes, and its wait where that is the room.
const sshWay = () => (held() ? 'ssh_room' : 'ssh');

async function sshWait(s) {
  if (await letOn()) s.allow();
  else s.deny();
}

export default { wait, sshWay, sshWait };
