// Managed by gitea-runbooks: changes made here are overwritten by the next deploy.
// Wrong passwords by basic authentication, counted by address. git asks without credentials first and is told 401 by design;
// only an answer 401 to credentials is a guess.
import crypto from 'crypto';

const limit = 10;
const wrong = ngx.shared.wrong;
const right = ngx.shared.right;
// Where Gitea looks at them and a good answer proves them: on a page or a public file they are not read at all.
const proving = /^\/(api\/v1\/|[^/]+\/[^/]+\/(info\/refs$|git-(upload|receive)-pack$|info\/lfs\/))/;

const credentials = (r) => r.headersIn.Authorization || '';
// What was let in is known by its hash: nothing that could be used is kept.
const known = (r) => crypto.createHash('sha256').update(credentials(r)).digest('base64url');

// When the answer is logged.
function count(r) {
  if (!/^basic /i.test(credentials(r))) return '';
  const status = r.variables.status;
  if (status === '401') {
    const from = r.variables.remote_addr;
    // What has expired is gone for `get` but counted on by `incr`.
    if (!wrong.get(from)) wrong.delete(from);
    return String(wrong.incr(from, 1, 0));
  }
  if (status[0] === '2' && proving.test(r.variables.uri)) right.set(known(r), 1);
  return '';
}

// Before anything is asked of Gitea.
function tooOften(r) {
  return (wrong.get(r.variables.remote_addr) || 0) >= limit && !right.has(known(r)) ? '1' : '';
}

export default { count, tooOften };
