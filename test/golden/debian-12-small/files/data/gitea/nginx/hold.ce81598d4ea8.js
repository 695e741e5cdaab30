// Managed by gitea-runbooks: changes made here are overwritten by the next deploy.
// Gitea restarts in seconds, when its settings or secrets change. Who comes meanwhile waits for it and is not sent away.
const gitea = 'http://192.168.77.3:3000/api/healthz';
const longest = 25_000;

// After a wait in vain nobody else is made to wait for a while: that is no restart, and a quick answer is the better one.
const outage = ngx.shared.outage;

async function ready() {
  try {
    return (await ngx.fetch(gitea)).status === 200;
  } catch (error) {
    return false;
  }
}

async function wait(r) {
  const end = Date.now() + longest;
  while (!outage.get('on') && Date.now() < end) {
    if (await ready()) return r.internalRedirect('@again');
    await new Promise((next) => setTimeout(next, 250 + Math.random() * 250));
  }
  outage.set('on', '1');
  r.internalRedirect('@unavailable');
}

// A body flows through: of any other request Gitea may have had a part already, which cannot be sent again.
function waitIfBodiless(r) {
  const length = r.headersIn['Content-Length'] || '0';
  const bodiless = (r.method === 'GET' || r.method === 'HEAD') && length === '0' && !r.headersIn['Transfer-Encoding'];
  return bodiless ? wait(r) : r.internalRedirect('@unavailable');
}

export default { wait, waitIfBodiless };
