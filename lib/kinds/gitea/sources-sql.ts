import { databaseOwner } from '../../core/database-roles.ts';
import type { SignInSource } from '../../core/spec.ts';

/** What Gitea calls OAuth2 and OpenID Connect among the types of its sources. */
export const oauth2 = 6;

/**
 * Where the marks are: rows of Gitea's own table of odd values, whose ids it only reads by name. One a source: behind this
 * comes its id; the content is its name in the config, the revision when it was last changed in a way that a running Gitea
 * does not see, in microseconds since 1970.
 */
export const markOf = 'gitea-runbooks/sign-in-source/';

/**
 * Settings of a source that Gitea passes to the library which speaks with the provider, when it starts or first needs it.
 * All others it looks up at each sign-in. Read at 1.22.6 and 1.25.4.
 */
export const readOnce = [
  'Provider',
  'ClientID',
  'OpenIDConnectAutoDiscoveryURL',
  'CustomURLMapping',
  'Scopes',
] as const;

/**
 * Every source with what its mark says. Of a client secret a hash, with the id in it: the value itself never leaves the
 * database. Older versions have no column two_factor_policy.
 */
export const found = `set local role ${databaseOwner}; select 'source', translate(encode(convert_to(jsonb_build_object(
'id', s.id, 'type', s.type, 'name', s.name, 'active', s.is_active, 'policy', to_jsonb(s) -> 'two_factor_policy',
'settings', case when s.type = ${oauth2} and s.cfg is json object then s.cfg::jsonb - 'ClientSecret' else '{}' end,
'secret', case when s.type = ${oauth2} and s.cfg is json object then encode(sha256(convert_to(concat(s.id, ':', s.cfg::jsonb ->> 'ClientSecret'), 'UTF8')), 'hex') end,
'mark', m.content, 'changed', m.revision)::text, 'UTF8'), 'base64'), chr(10), '')
from login_source s left join app_state m on m.id = '${markOf}' || s.id order by s.id`.replaceAll('\n', ' ');

/** When a source was last changed in a way that Gitea sees only when it starts; 0 for never. */
export const lastChange = `set local role ${databaseOwner}; select coalesce(max(revision), 0) from app_state where id like '${markOf}%'`;

/**
 * Brings the sources about, whatever was found before: a source of that name is taken over, else the one that carries the
 * name as its mark. What is marked and wanted no more becomes inactive and loses its mark: from then on it is its
 * administrator's. All values pass as one base64 text, in which nothing has a meaning to SQL.
 */
export function bringAbout(sources: readonly SignInSource[]): string[] {
  const wanted = sources.map(({ name, secret, skipTwoFactor, settings }) => ({
    ...{ name, skip: skipTwoFactor, settings: { ...settings, ClientSecret: secret.reveal() } },
  }));
  const text = Buffer.from(JSON.stringify(wanted)).toString('base64');
  return [
    // What a row holds stands in the details of some errors.
    'set local log_error_verbosity = terse;',
    `set local role ${databaseOwner};`,
    `do $sources$
declare
  read_once constant text[] := array[${[...readOnce, 'ClientSecret'].map((key) => `'${key}'`).join(', ')}];
  by_column constant boolean := exists (select from pg_attribute where attrelid = 'login_source'::regclass and attname = 'two_factor_policy' and not attisdropped);
  seconds constant bigint := extract(epoch from now())::bigint;
  one jsonb;
  there login_source%rowtype;
  had jsonb;
  has jsonb;
  changed bigint;
  kept bigint[] := '{}';
begin
  for one in select * from jsonb_array_elements(convert_from(decode('${text}', 'base64'), 'UTF8')::jsonb) loop
    select s.* into there from login_source s left join app_state m on m.id = '${markOf}' || s.id
      where s.name = one ->> 'name' or (m.content = one ->> 'name' and s.id <> all (kept))
      order by s.name = one ->> 'name' desc, s.id limit 1;
    if there.id is null then
      insert into login_source (type, name, is_active, is_sync_enabled, cfg, created_unix, updated_unix)
        values (${oauth2}, one ->> 'name', true, false, '{}', seconds, seconds) returning * into there;
      changed := 0;
    elsif there.type <> ${oauth2} then
      raise exception 'the name is that of a source of another type';
    else
      changed := null;
    end if;
    had := case when there.cfg is json object then there.cfg::jsonb else '{}' end;
    has := had || (one -> 'settings') || case when by_column then '{}' else jsonb_build_object('SkipLocalTwoFA', one -> 'skip') end;
    if changed is null and (not there.is_active or there.name <> one ->> 'name' or exists (
      select from unnest(read_once) as key
      where coalesce(nullif(nullif(nullif(had -> key, 'null'), '[]'), '{}'), '""') <> coalesce(nullif(has -> key, 'null'), '""'))) then
      changed := extract(epoch from clock_timestamp()) * 1000000;
    end if;
    update login_source set name = one ->> 'name', is_active = true, cfg = has::text, updated_unix = seconds where id = there.id;
    if by_column then
      execute 'update login_source set two_factor_policy = $1 where id = $2' using case when (one -> 'skip')::boolean then 'skip' else '' end, there.id;
    end if;
    insert into app_state as m (id, revision, content) values ('${markOf}' || there.id, coalesce(changed, 0), one ->> 'name')
      on conflict (id) do update set content = excluded.content, revision = coalesce(changed, m.revision);
    kept := kept || there.id;
  end loop;
  update login_source s set is_active = false, updated_unix = seconds from app_state m
    where m.id = '${markOf}' || s.id and s.id <> all (kept) and s.is_active;
  delete from app_state where id like '${markOf}%' and id <> all (select '${markOf}' || unnest(kept));
end
$sources$;`,
  ];
}
