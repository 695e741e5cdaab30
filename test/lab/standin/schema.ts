/** The tables that the runbooks may look at, with Gitea's own names and columns; Gitea has a hundred more. */

export const VERSION_TABLE = 'CREATE TABLE IF NOT EXISTS version (id BIGSERIAL PRIMARY KEY, version BIGINT)';

const stamps = 'created_unix BIGINT, updated_unix BIGINT';

/** From 1.24 on a column says whether who comes from there is asked for Gitea's own second factor. */
export const loginSource = (byColumn: boolean) => `CREATE TABLE IF NOT EXISTS login_source (
    id BIGSERIAL PRIMARY KEY, type INTEGER, name VARCHAR(255) UNIQUE, is_active BOOL NOT NULL DEFAULT false,
    is_sync_enabled BOOL NOT NULL DEFAULT false,${byColumn ? " two_factor_policy VARCHAR(255) NOT NULL DEFAULT ''," : ''}
    cfg TEXT, ${stamps})`;

export const TABLES: string[] = [
  `CREATE TABLE IF NOT EXISTS "user" (
    id BIGSERIAL PRIMARY KEY, lower_name VARCHAR(255) NOT NULL UNIQUE, name VARCHAR(255) NOT NULL UNIQUE,
    full_name VARCHAR(255), email VARCHAR(255) NOT NULL, keep_email_private BOOL,
    email_notifications_preference VARCHAR(20) NOT NULL DEFAULT 'enabled', passwd VARCHAR(255) NOT NULL,
    passwd_hash_algo VARCHAR(255) NOT NULL DEFAULT 'argon2', must_change_password BOOL NOT NULL DEFAULT false,
    login_type INTEGER, login_source BIGINT NOT NULL DEFAULT 0, login_name VARCHAR(255), type INTEGER,
    location VARCHAR(255), website VARCHAR(255), rands VARCHAR(32), salt VARCHAR(32), language VARCHAR(5),
    description VARCHAR(255), ${stamps}, last_login_unix BIGINT, last_repo_visibility BOOL,
    max_repo_creation INTEGER NOT NULL DEFAULT -1, is_active BOOL, is_admin BOOL,
    is_restricted BOOL NOT NULL DEFAULT false, allow_git_hook BOOL, allow_import_local BOOL,
    allow_create_organization BOOL DEFAULT true, prohibit_login BOOL NOT NULL DEFAULT false,
    avatar VARCHAR(2048) NOT NULL, avatar_email VARCHAR(255) NOT NULL, use_custom_avatar BOOL, num_followers INTEGER,
    num_following INTEGER NOT NULL DEFAULT 0, num_stars INTEGER, num_repos INTEGER, num_teams INTEGER,
    num_members INTEGER, visibility INTEGER NOT NULL DEFAULT 0,
    repo_admin_change_team_access BOOL NOT NULL DEFAULT false, diff_view_style VARCHAR(255) NOT NULL DEFAULT '',
    theme VARCHAR(255) NOT NULL DEFAULT '', keep_activity_private BOOL NOT NULL DEFAULT false)`,
  `CREATE TABLE IF NOT EXISTS email_address (
    id BIGSERIAL PRIMARY KEY, uid BIGINT NOT NULL, email VARCHAR(255) NOT NULL UNIQUE,
    lower_email VARCHAR(255) NOT NULL UNIQUE, is_activated BOOL, is_primary BOOL NOT NULL DEFAULT false)`,
  `CREATE TABLE IF NOT EXISTS repository (
    id BIGSERIAL PRIMARY KEY, owner_id BIGINT, owner_name VARCHAR(255), lower_name VARCHAR(255) NOT NULL,
    name VARCHAR(255) NOT NULL, description TEXT, website VARCHAR(2048), default_branch VARCHAR(255),
    is_private BOOL, is_empty BOOL, is_archived BOOL, is_mirror BOOL, status INTEGER NOT NULL DEFAULT 0,
    is_fork BOOL NOT NULL DEFAULT false, fork_id BIGINT, is_template BOOL NOT NULL DEFAULT false,
    size BIGINT NOT NULL DEFAULT 0, git_size BIGINT NOT NULL DEFAULT 0, lfs_size BIGINT NOT NULL DEFAULT 0,
    object_format_name VARCHAR(6) NOT NULL DEFAULT 'sha1', ${stamps}, UNIQUE (owner_id, lower_name))`,
  `CREATE TABLE IF NOT EXISTS access_token (
    id BIGSERIAL PRIMARY KEY, uid BIGINT, name VARCHAR(255), token_hash VARCHAR(255) UNIQUE, token_salt VARCHAR(255),
    token_last_eight VARCHAR(255), scope VARCHAR(255), ${stamps})`,
  `CREATE TABLE IF NOT EXISTS two_factor (
    id BIGSERIAL PRIMARY KEY, uid BIGINT UNIQUE, secret VARCHAR(255), scratch_salt VARCHAR(255),
    scratch_hash VARCHAR(255), last_used_passcode VARCHAR(10), ${stamps})`,
  `CREATE TABLE IF NOT EXISTS public_key (
    id BIGSERIAL PRIMARY KEY, owner_id BIGINT NOT NULL, name VARCHAR(255) NOT NULL, fingerprint VARCHAR(255) NOT NULL,
    content TEXT NOT NULL, mode INTEGER NOT NULL DEFAULT 2, type INTEGER NOT NULL DEFAULT 1,
    login_source_id BIGINT NOT NULL DEFAULT 0, ${stamps}, verified BOOL NOT NULL DEFAULT false)`,
  `CREATE TABLE IF NOT EXISTS lfs_meta_object (
    id BIGSERIAL PRIMARY KEY, oid VARCHAR(255) NOT NULL, size BIGINT NOT NULL, repository_id BIGINT NOT NULL, ${stamps},
    UNIQUE (oid, repository_id))`,
  'CREATE TABLE IF NOT EXISTS session (key CHAR(16) PRIMARY KEY, data BYTEA, expiry BIGINT)',
  `CREATE TABLE IF NOT EXISTS app_state (
    id VARCHAR(200) PRIMARY KEY, revision BIGINT, content TEXT)`,
  `CREATE TABLE IF NOT EXISTS branch (
    id BIGSERIAL PRIMARY KEY, repo_id BIGINT, name VARCHAR(255) NOT NULL, commit_id VARCHAR(255), commit_message TEXT,
    pusher_id BIGINT, is_deleted BOOL, deleted_by_id BIGINT, deleted_unix BIGINT, commit_time BIGINT, ${stamps},
    UNIQUE (repo_id, name))`,
  `CREATE TABLE IF NOT EXISTS repo_redirect (
    id BIGSERIAL PRIMARY KEY, owner_id BIGINT, lower_name VARCHAR(255) NOT NULL, redirect_repo_id BIGINT,
    UNIQUE (owner_id, lower_name))`,
  `CREATE TABLE IF NOT EXISTS issue (
    id BIGSERIAL PRIMARY KEY, repo_id BIGINT, index BIGINT, poster_id BIGINT, original_author VARCHAR(255),
    original_author_id BIGINT, name VARCHAR(255), content TEXT, content_version INTEGER NOT NULL DEFAULT 0,
    milestone_id BIGINT, priority INTEGER, is_closed BOOL, is_pull BOOL, num_comments INTEGER, ref VARCHAR(255),
    deadline_unix BIGINT, ${stamps}, closed_unix BIGINT, is_locked BOOL NOT NULL DEFAULT false,
    time_estimate BIGINT NOT NULL DEFAULT 0, UNIQUE (repo_id, index))`,
  'CREATE TABLE IF NOT EXISTS issue_index (group_id BIGINT PRIMARY KEY, max_index BIGINT)',
  `CREATE TABLE IF NOT EXISTS attachment (
    id BIGSERIAL PRIMARY KEY, uuid UUID UNIQUE, repo_id BIGINT, issue_id BIGINT, release_id BIGINT,
    uploader_id BIGINT DEFAULT 0, comment_id BIGINT, name VARCHAR(255), download_count BIGINT DEFAULT 0,
    size BIGINT DEFAULT 0, created_unix BIGINT)`,
  `CREATE TABLE IF NOT EXISTS package (
    id BIGSERIAL PRIMARY KEY, owner_id BIGINT NOT NULL, repo_id BIGINT, type VARCHAR(255) NOT NULL,
    name VARCHAR(255) NOT NULL, lower_name VARCHAR(255) NOT NULL, semver_compatible BOOL NOT NULL DEFAULT false,
    is_internal BOOL NOT NULL DEFAULT false, UNIQUE (owner_id, type, lower_name))`,
  `CREATE TABLE IF NOT EXISTS package_version (
    id BIGSERIAL PRIMARY KEY, package_id BIGINT NOT NULL, creator_id BIGINT NOT NULL DEFAULT 0,
    version VARCHAR(255) NOT NULL, lower_version VARCHAR(255) NOT NULL, created_unix BIGINT NOT NULL,
    is_internal BOOL NOT NULL DEFAULT false, metadata_json TEXT, download_count BIGINT NOT NULL DEFAULT 0,
    UNIQUE (package_id, lower_version))`,
  `CREATE TABLE IF NOT EXISTS package_file (
    id BIGSERIAL PRIMARY KEY, version_id BIGINT NOT NULL, blob_id BIGINT NOT NULL, name VARCHAR(255) NOT NULL,
    lower_name VARCHAR(255) NOT NULL, composite_key VARCHAR(255), is_lead BOOL NOT NULL DEFAULT false,
    created_unix BIGINT NOT NULL, UNIQUE (version_id, lower_name, composite_key))`,
  `CREATE TABLE IF NOT EXISTS package_blob (
    id BIGSERIAL PRIMARY KEY, size BIGINT NOT NULL DEFAULT 0, hash_md5 CHAR(32) NOT NULL UNIQUE,
    hash_sha1 CHAR(40) NOT NULL UNIQUE, hash_sha256 CHAR(64) NOT NULL UNIQUE, hash_sha512 CHAR(128) NOT NULL UNIQUE,
    created_unix BIGINT NOT NULL)`,
];
