// Managed by gitea-runbooks: changes made here are overwritten by the next deploy.
// The waiting room of requests for which Gitea is not there. Who is here goes on when nobody holds and a health check that
// began after his arrival was good: an older one may be of the Gitea that has just been stopped.
import fs from 'fs';

const gitea = 'http://192.168.77.3:3000/api/healthz';
const flag = '/etc/nginx/runbooks/hold';
// A restart that was announced is waited for as long as clients usually have patience, any other absence for less.
const longest = 120_000;
const unannounced = 25_000;

// 'ok': when the last good check began. 'asking': somebody is about it. 'outage': others have waited in vain.
const gate = ngx.shared.gate;

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

async function wait(r) {
  const arrived = Date.now();
  let free = arrived;
  while (Date.now() - arrived < longest) {
    if (held()) free = Date.now();
    else {
      await probe();
      if (ready(arrived)) return r.return(204);
      // After a wait in vain nobody else is made to wait for a while: a quick answer is the better one then.
      const patience = gate.get('outage') ? 1500 : unannounced;
      if (Date.now() - free > patience) {
        gate.set('outage', 1);
        break;
      }
    }
    await new Promise((next) => setTimeout(next, 100 + Math.random() * 100));
  }
  r.return(403);
}

export default { wait };
