// Generated from schema/gitea.config.schema.json by schema/generate.ts. Do not edit.
// @ts-nocheck
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
export const validate = validate20;

const schema31 = {"type":"object","additionalProperties":false,"required":["host","domain","admin","tls"],"properties":{"host":{"type":"object","additionalProperties":false,"if":{"properties":{"provider":{"const":"aws"}},"required":["provider"]},"else":{"required":["address"]},"properties":{"provider":{"type":"string","enum":["existing","aws"],"default":"existing","examples":["existing","aws"]},"address":{"type":"string","x-allowed":"an IP address or a host name that this machine can reach, not a loopback one","pattern":"^[^\\s/@]+$","examples":["203.0.113.10"]},"port":{"type":"integer","minimum":1,"maximum":65535,"default":22,"examples":[22]},"user":{"type":"string","x-allowed":"a Linux account name: lower-case letters, digits, `_` and `-`","pattern":"^[a-z_][a-z0-9_-]{0,31}$","default":"root","examples":["root","debian"]},"identityFile":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","examples":["~/.ssh/id_ed25519"]},"knownHosts":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.known_hosts","examples":["gitea.known_hosts"]},"dataPath":{"type":"string","x-allowed":"an absolute path of letters, digits, `.`, `_` and `-`, outside the system's own directories","pattern":"^/[A-Za-z0-9._/-]+$","default":"/srv/gitea","examples":["/srv/gitea","/data/gitea"]},"dataDevice":{"type":"string","x-allowed":"a path below /dev/disk/","pattern":"^/dev/disk/[A-Za-z0-9._/+:-]+$","examples":["/dev/disk/by-id/scsi-0DO_Volume_gitea"]},"swap":{"type":"string","enum":["auto","off"],"default":"auto","examples":["auto"]},"hardenSsh":{"type":"boolean","default":true,"examples":[true]},"unattendedUpgrades":{"type":"boolean","default":true,"examples":[true]}}},"aws":{"type":"object","additionalProperties":false,"required":["accountId","region"],"properties":{"accountId":{"type":"string","x-allowed":"12 digits, in quotes","pattern":"^[0-9]{12}$","examples":["123456789012"]},"region":{"type":"string","x-allowed":"a region's code name","pattern":"^[a-z]{2}(-[a-z]+)+-[0-9]$","examples":["eu-central-1"]},"profile":{"type":"string","x-allowed":"a name without spaces","pattern":"^[^\\s\\p{Cc}]+$","examples":["ops"]},"name":{"type":"string","x-allowed":"2 to 20 lower-case letters, digits and `-`, beginning with a letter","pattern":"^[a-z][a-z0-9-]{0,18}[a-z0-9]$","default":"gitea","examples":["gitea","gitea-staging"]},"instanceType":{"type":"string","x-allowed":"an instance type","pattern":"^[a-z][a-z0-9-]*\\.[a-z0-9-]+$","default":"t3.medium","examples":["t3.medium","m7i.large"]},"availabilityZone":{"type":"string","x-allowed":"the region followed by one letter","pattern":"^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$","examples":["eu-central-1b"]},"rootVolumeGiB":{"type":"integer","minimum":20,"maximum":1000,"default":30,"examples":[30]},"dataVolumeGiB":{"type":"integer","minimum":10,"maximum":16384,"default":50,"examples":[50]},"access":{"type":"string","enum":["ssh","ssm"],"default":"ssh","examples":["ssh"]},"sshFrom":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","default":[],"examples":[["198.51.100.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}},"ipv6":{"type":"boolean","default":false,"examples":[true]},"dns":{"type":"string","enum":["route53","external"],"default":"route53","examples":["route53"]},"zoneId":{"type":"string","x-allowed":"the zone's id","pattern":"^[A-Z0-9]{1,32}$","examples":["Z0123456789ABCDEFGHIJ"]},"stateBucket":{"type":"string","x-allowed":"a bucket name","pattern":"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$","examples":["example-gitea-state"]},"backupBucket":{"type":"string","x-allowed":"a bucket name","pattern":"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$","examples":["example-gitea-backup"]},"objectLockDays":{"type":"integer","minimum":1,"maximum":3650,"default":30,"examples":[30]},"tags":{"type":"object","additionalProperties":{"type":"string","x-allowed":"a text of at most 256 characters","pattern":"^[^\\p{Cc}]{0,256}$"},"x-allowed":"names with text values","default":{},"examples":[{"team":"platform"}]},"inventory":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.inventory.json","examples":["gitea.inventory.json"]},"endpoint":{"type":"string","x-allowed":"an http:// or https:// URL without a path, user name, password or query","examples":["http://192.0.2.7:5000"]}}},"domain":{"type":"string","x-allowed":"a full host name in lower case, without scheme, port or trailing dot","pattern":"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$","examples":["git.example.com"]},"admin":{"type":"object","additionalProperties":false,"required":["username","email"],"properties":{"username":{"type":"string","x-allowed":"at most 40 letters, digits, `-`, `_` or `.`, beginning and ending with a letter or digit, no two signs in a row","pattern":"^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$","examples":["gitadmin"]},"email":{"type":"string","x-allowed":"a mail address","pattern":"^[^\\s@]+@[^\\s@]+$","examples":["gitadmin@example.com"]}}},"images":{"type":"object","additionalProperties":false,"default":{},"properties":{"gitea":{"type":"string","x-allowed":"repository:tag, with the tag naming a version","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"gitea/gitea:1.27.3-rootless","examples":["gitea/gitea:28.1.0-rootless"]},"postgres":{"type":"string","x-allowed":"repository:tag, with the tag naming a version","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"postgres:18.6","examples":["postgres:18.6"]},"nginx":{"type":"string","x-allowed":"repository:tag or repository@sha256:...","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"nginx:1.30.4-alpine","examples":["nginx:1.30.4-alpine"]},"certbot":{"type":"string","x-allowed":"repository:tag or repository@sha256:...","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"certbot/certbot:v5.9.0","examples":["certbot/certbot:v5.9.0"]},"restic":{"type":"string","x-allowed":"repository:tag or repository@sha256:...","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"restic/restic:0.19.1","examples":["restic/restic:0.19.1"]}}},"updates":{"type":"object","additionalProperties":false,"default":{},"properties":{"policy":{"type":"object","additionalProperties":false,"default":{},"properties":{"gitea":{"type":"string","enum":["none","patch","minor","major"],"default":"patch","examples":["minor"]},"postgres":{"type":"string","enum":["none","patch","minor","major"],"default":"patch","examples":["minor"]},"nginx":{"type":"string","enum":["none","patch","minor","major"],"default":"patch","examples":["minor"]},"certbot":{"type":"string","enum":["none","patch","minor","major"],"default":"minor","examples":["minor"]},"restic":{"type":"string","enum":["none","patch","minor","major"],"default":"patch","examples":["minor"]}}},"holdBack":{"type":"string","x-allowed":"a number with h or d","pattern":"^(0|[1-9][0-9]{0,3})[hd]$","default":"3d","examples":["7d","0d"]},"pinned":{"type":"array","x-allowed":"a list of components with reason and until","default":[],"examples":[[{"component":"gitea","reason":"our theme needs 1.27","until":"2027-02-01"}]],"items":{"type":"object","x-allowed":"a component with reason and until","additionalProperties":false,"required":["component","reason","until"],"properties":{"component":{"type":"string","enum":["gitea","postgres","nginx","certbot","restic"],"examples":["gitea"]},"reason":{"type":"string","x-allowed":"1 to 200 characters on one line","pattern":"^[^\\p{Cc}]{1,200}$","examples":["our theme needs 1.27"]},"until":{"type":"string","x-allowed":"a date such as 2027-02-01","pattern":"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$","examples":["2027-02-01"]}}}},"registries":{"type":"object","x-allowed":"names of registries with user and password","default":{},"additionalProperties":{"type":"object","x-allowed":"user and password","additionalProperties":false,"required":["user","password"],"properties":{"user":{"type":"string","description":"The account.","x-allowed":"1 to 128 characters on one line, without spaces at its ends","pattern":"^(?! )[^\\p{Cc}:]{1,128}(?<! )$","examples":["example-bot"]},"password":{"type":"object","description":"Its password or token, by the name of a secret under which you [keep it](../concepts/security.md#secrets-of-your-own).","x-allowed":"a reference to a kept secret","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","description":"The name of a secret of yours.","x-allowed":"the name of a secret of yours, such as registry_token","examples":["registry_token"]}}}}},"examples":[{"docker.io":{"user":"example-bot","password":{"secret":"registry_token"}}}]}}},"gitea":{"type":"object","additionalProperties":false,"default":{},"properties":{"title":{"type":"string","x-allowed":"1 to 64 characters on one line","pattern":"^[^\\p{Cc}]{1,64}$","default":"Gitea","examples":["Our Git"]},"sshPort":{"type":"integer","minimum":1,"maximum":65535,"default":2222,"examples":[2222]},"requireSignIn":{"type":"boolean","default":false,"examples":[true]},"startTimeout":{"type":"integer","minimum":30,"maximum":3600,"default":300,"examples":[900]},"signIn":{"type":"object","additionalProperties":false,"default":{},"properties":{"twoFactor":{"type":"string","enum":["optional","required"],"default":"optional","examples":["required"]},"passwordForm":{"type":"boolean","default":true,"examples":[false]},"autoRegister":{"type":"boolean","default":false,"examples":[true]},"accountLinking":{"type":"string","enum":["login","auto","disabled"],"default":"login","examples":["auto"]},"username":{"type":"string","enum":["nickname","preferred_username","email","userid"],"default":"nickname","examples":["preferred_username"]},"sources":{"type":"array","x-allowed":"a list of sources","default":[],"examples":[[{"name":"company","discoveryUrl":"https://id.example.com/realms/main/.well-known/openid-configuration","clientId":"gitea","clientSecret":{"secret":"company_client"},"scopes":["email","profile","groups"],"requiredClaim":{"name":"groups","value":"git-users"},"groups":{"claim":"groups","admin":"git-admins","restricted":"guests"},"iconUrl":"https://id.example.com/logo.svg","skipTwoFactor":true}],[{"name":"github","provider":"github","clientId":"Iv1.0123456789abcdef","clientSecret":{"secret":"github_client"},"urls":{"authorize":"https://github.example.com/login/oauth/authorize","token":"https://github.example.com/login/oauth/access_token","profile":"https://github.example.com/api/v3/user","email":"https://github.example.com/api/v3/user/emails"}}]],"items":{"type":"object","x-allowed":"a source with name, clientId, clientSecret and, for OpenID Connect, discoveryUrl","additionalProperties":false,"required":["name","clientId","clientSecret"],"properties":{"name":{"type":"string","x-allowed":"1 to 64 letters, digits, \".\", \"_\" and \"-\", a letter or digit first","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$","examples":["company"]},"provider":{"type":"string","enum":["openidConnect","bitbucket","discord","dropbox","facebook","gitea","github","gitlab","gplus","mastodon","nextcloud","twitter","yandex"],"default":"openidConnect","examples":["github"]},"discoveryUrl":{"type":"string","x-allowed":"an https:// URL with /.well-known/","examples":["https://id.example.com/realms/main/.well-known/openid-configuration"]},"clientId":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["gitea"]},"clientSecret":{"type":"object","x-allowed":"a reference to a kept secret","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","x-allowed":"the name of a secret of yours, such as company_client","examples":["company_client"]}}},"scopes":{"type":"array","x-allowed":"a list of scopes such as email","default":[],"examples":[["email","profile"]],"items":{"type":"string","x-allowed":"a scope: 1 to 128 printable characters without spaces, commas, quotes and backslashes","pattern":"^[!#-+\\--\\[\\]-~]{1,128}$"}},"urls":{"type":"object","additionalProperties":false,"properties":{"authorize":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/login/oauth/authorize"]},"token":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/login/oauth/access_token"]},"profile":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/api/v3/user"]},"email":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/api/v3/user/emails"]}}},"requiredClaim":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["groups"]},"value":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["git-users"]}}},"groups":{"type":"object","additionalProperties":false,"required":["claim"],"properties":{"claim":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["groups"]},"admin":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["git-admins"]},"restricted":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["guests"]}}},"iconUrl":{"type":"string","x-allowed":"an https:// URL","examples":["https://id.example.com/logo.svg"]},"skipTwoFactor":{"type":"boolean","default":false,"examples":[true]}}}}}},"settings":{"type":"object","x-allowed":"sections with keys","additionalProperties":{"type":"object","x-allowed":"keys with values","additionalProperties":{"type":["string","number","boolean","object"],"x-allowed":"a text on one line, a number, true or false, or { secret: NAME }","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","x-allowed":"the name of a secret of yours, such as storage_key"}}}},"default":{},"examples":[{"service":{"DEFAULT_KEEP_EMAIL_PRIVATE":true}}]}}},"mail":{"type":"object","additionalProperties":false,"required":["host","from"],"properties":{"host":{"type":"string","x-allowed":"a host name or an IP address","examples":["smtp.example.com"]},"tls":{"type":"string","enum":["smtps","starttls","none"],"default":"smtps","examples":["starttls"]},"port":{"type":"integer","minimum":1,"maximum":65535,"examples":[2465]},"from":{"type":"string","x-allowed":"a mail address","examples":["git@example.com"]},"user":{"type":"string","x-allowed":"1 to 128 characters on one line, without spaces at its ends","pattern":"^(?! )[^\\p{Cc}]{1,128}(?<! )$","examples":["git@example.com"]},"password":{"type":"object","x-allowed":"a reference to a kept secret","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","x-allowed":"the name of a secret of yours, such as mail_password","examples":["mail_password"]}}},"notifications":{"type":"boolean","default":true,"examples":[false]}}},"proxy":{"type":"object","additionalProperties":false,"default":{},"properties":{"maxUploadSize":{"type":"string","x-allowed":"a size as Nginx takes it: a number with k, m or g, or \"0\"","pattern":"^(0|[1-9][0-9]{0,9}[kKmMgG]?)$","default":"512m","examples":["512m","2g"]},"loginRequestsPerMinute":{"type":"integer","minimum":1,"maximum":6000,"default":10,"examples":[10]},"restartPatience":{"type":"integer","minimum":0,"maximum":3600,"default":120,"examples":[120]}}},"tls":{"type":"object","additionalProperties":false,"required":["email"],"properties":{"email":{"type":"string","x-allowed":"a mail address","pattern":"^[^\\s@]+@[^\\s@]+$","examples":["ops@example.com"]},"profile":{"type":"string","enum":["classic","tlsserver","shortlived"],"default":"classic","examples":["tlsserver"]},"staging":{"type":"boolean","default":false,"examples":[true]},"directory":{"type":"string","x-allowed":"an https:// URL","pattern":"^[^\\s]+$","examples":["https://acme.example.com/dir"]},"caBundle":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","examples":["acme-ca.pem"]},"renewCalendar":{"type":"string","x-allowed":"a systemd OnCalendar expression, see systemd.time(7)","pattern":"^[^\\p{Cc}]+$","default":"*-*-* 03,15:27:00","examples":["*-*-* 03,15:27:00","*-*-* 04:12:00 Europe/Vienna"]}}},"docker":{"type":"object","additionalProperties":false,"default":{},"properties":{"registryMirror":{"type":"string","x-allowed":"an http:// or https:// URL without a path","pattern":"^[^\\s]+$","examples":["https://mirror.example.com"]},"logMaxSize":{"type":"string","x-allowed":"a number with k, m or g","pattern":"^[1-9][0-9]{0,5}[kmg]$","default":"10m","examples":["10m"]},"logMaxFiles":{"type":"integer","minimum":1,"maximum":100,"default":5,"examples":[5]}}},"network":{"type":"object","additionalProperties":false,"default":{},"properties":{"subnet":{"type":"string","x-allowed":"a private IPv4 network with a prefix of 16 to 28","pattern":"^[0-9.]+/[0-9]+$","default":"172.31.250.0/24","examples":["10.123.45.0/24"]},"firewall":{"type":"boolean","default":true,"examples":[true]},"allow":{"type":"object","additionalProperties":false,"default":{},"properties":{"ssh":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","examples":[["198.51.100.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}},"web":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","examples":[["198.51.100.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}},"other":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","examples":[["192.0.2.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}}}}}},"secrets":{"type":"object","additionalProperties":false,"default":{},"properties":{"source":{"type":"string","enum":["file","aws-secrets-manager"],"examples":["file"]},"file":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.secrets.yaml","examples":["gitea.secrets.yaml"]}}},"backup":{"type":"object","additionalProperties":false,"default":{},"properties":{"enabled":{"type":"boolean","default":true,"examples":[false]},"local":{"type":"object","additionalProperties":false,"default":{},"properties":{"path":{"type":"string","x-allowed":"an absolute path of letters, digits, `.`, `_` and `-`, outside the system's own directories","pattern":"^/[A-Za-z0-9._/-]*$","default":"/var/backups/gitea","examples":["/mnt/backup/gitea"]}}},"remote":{"type":"object","additionalProperties":false,"required":["repository"],"properties":{"repository":{"type":"string","x-allowed":"an address as restic writes it, without a password","pattern":"^(s3|sftp|rest|b2|azure|gs|swift):[^\\s]+$","examples":["s3:https://s3.example.com/backup/gitea","rest:https://backup.example.com/gitea"]},"environment":{"type":"object","x-allowed":"names of environment variables with a text or { secret: name }","default":{},"additionalProperties":{"type":["string","object"],"x-allowed":"a text on one line, or { secret: NAME }","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","x-allowed":"the name of a secret of yours, such as backup_access_key"}}},"examples":[{"AWS_ACCESS_KEY_ID":"backup","AWS_SECRET_ACCESS_KEY":{"secret":"backup_access_key"}}]},"uploadLimit":{"type":"integer","minimum":16,"maximum":10485760,"examples":[10240]}}},"objectives":{"type":"object","additionalProperties":false,"default":{},"properties":{"database":{"type":"string","x-allowed":"a number with s, m or h","pattern":"^[1-9][0-9]{0,5}[smh]$","default":"60s","examples":["2m"]},"repositories":{"type":"string","x-allowed":"a number with s, m or h","pattern":"^[1-9][0-9]{0,5}[smh]$","default":"5m","examples":["15m"]},"restore":{"type":"string","x-allowed":"a number with s, m or h","pattern":"^[1-9][0-9]{0,5}[smh]$","default":"30m","examples":["1h"]}}},"calendar":{"type":"string","x-allowed":"an expression of systemd.time(7)","default":"*-*-* 02:10:00","examples":["*-*-* 03:00:00"]},"verifyCalendar":{"type":"string","x-allowed":"an expression of systemd.time(7)","default":"*-*-* 05:20:00","examples":["*-*-* 06:00:00"]},"drill":{"type":"object","additionalProperties":false,"default":{},"properties":{"calendar":{"type":"string","x-allowed":"an expression of systemd.time(7)","default":"Sun *-*-* 04:40:00","examples":["Sat *-*-* 03:00:00"]},"maxAge":{"type":"string","x-allowed":"a number with h or d","pattern":"^[1-9][0-9]{0,3}[hd]$","default":"8d","examples":["32d"]}}},"retention":{"type":"object","additionalProperties":false,"default":{},"properties":{"hours":{"type":"integer","minimum":0,"maximum":1000,"default":48,"examples":[24]},"days":{"type":"integer","minimum":0,"maximum":1000,"default":14,"examples":[7]},"weeks":{"type":"integer","minimum":0,"maximum":1000,"default":8,"examples":[4]},"months":{"type":"integer","minimum":0,"maximum":1000,"default":12,"examples":[6]},"years":{"type":"integer","minimum":0,"maximum":1000,"default":3,"examples":[1]}}}}},"verify":{"type":"object","additionalProperties":false,"default":{},"properties":{"dnsServer":{"type":"string","x-allowed":"address:port, an IPv6 address in brackets","pattern":"^[^\\s]+:[0-9]+$","examples":["198.51.100.53:53","[2001:db8::53]:53"]},"pushSizeMiB":{"type":"integer","minimum":1,"maximum":4096,"default":100,"examples":[100]}}}}};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[^\\s/@]+$", "u");
const pattern5 = new RegExp("^[a-z_][a-z0-9_-]{0,31}$", "u");
const pattern6 = new RegExp("^[^\\p{Cc}]+$", "u");
const pattern8 = new RegExp("^/[A-Za-z0-9._/-]+$", "u");
const pattern9 = new RegExp("^/dev/disk/[A-Za-z0-9._/+:-]+$", "u");
const pattern10 = new RegExp("^[0-9]{12}$", "u");
const pattern11 = new RegExp("^[a-z]{2}(-[a-z]+)+-[0-9]$", "u");
const pattern12 = new RegExp("^[^\\s\\p{Cc}]+$", "u");
const pattern13 = new RegExp("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", "u");
const pattern14 = new RegExp("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", "u");
const pattern15 = new RegExp("^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$", "u");
const pattern16 = new RegExp("^[0-9a-fA-F.:]+/[0-9]{1,3}$", "u");
const pattern17 = new RegExp("^[A-Z0-9]{1,32}$", "u");
const pattern18 = new RegExp("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", "u");
const pattern20 = new RegExp("^[^\\p{Cc}]{0,256}$", "u");
const pattern22 = new RegExp("^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "u");
const pattern23 = new RegExp("^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$", "u");
const pattern24 = new RegExp("^[^\\s@]+@[^\\s@]+$", "u");
const pattern25 = new RegExp("^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$", "u");
const pattern30 = new RegExp("^(0|[1-9][0-9]{0,3})[hd]$", "u");
const pattern31 = new RegExp("^[^\\p{Cc}]{1,200}$", "u");
const pattern32 = new RegExp("^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "u");
const pattern33 = new RegExp("^(?! )[^\\p{Cc}:]{1,128}(?<! )$", "u");
const pattern34 = new RegExp("^[^\\p{Cc}]{1,64}$", "u");
const pattern35 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "u");
const pattern36 = new RegExp("^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$", "u");
const pattern37 = new RegExp("^[!#-+\\--\\[\\]-~]{1,128}$", "u");
const pattern43 = new RegExp("^(?! )[^\\p{Cc}]{1,128}(?<! )$", "u");
const pattern44 = new RegExp("^(0|[1-9][0-9]{0,9}[kKmMgG]?)$", "u");
const pattern46 = new RegExp("^[^\\s]+$", "u");
const pattern50 = new RegExp("^[1-9][0-9]{0,5}[kmg]$", "u");
const pattern51 = new RegExp("^[0-9.]+/[0-9]+$", "u");
const pattern56 = new RegExp("^/[A-Za-z0-9._/-]*$", "u");
const pattern57 = new RegExp("^(s3|sftp|rest|b2|azure|gs|swift):[^\\s]+$", "u");
const pattern58 = new RegExp("^[1-9][0-9]{0,5}[smh]$", "u");
const pattern61 = new RegExp("^[1-9][0-9]{0,3}[hd]$", "u");
const pattern62 = new RegExp("^[^\\s]+:[0-9]+$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.images === undefined){
data.images = {};
}
if(data.updates === undefined){
data.updates = {};
}
if(data.gitea === undefined){
data.gitea = {};
}
if(data.proxy === undefined){
data.proxy = {};
}
if(data.docker === undefined){
data.docker = {};
}
if(data.network === undefined){
data.network = {};
}
if(data.secrets === undefined){
data.secrets = {};
}
if(data.backup === undefined){
data.backup = {};
}
if(data.verify === undefined){
data.verify = {};
}
if(data.host === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "host"},message:"must have required property '"+"host"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.domain === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "domain"},message:"must have required property '"+"domain"+"'"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.admin === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "admin"},message:"must have required property '"+"admin"+"'"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.tls === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "tls"},message:"must have required property '"+"tls"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.host !== undefined){
let data0 = data.host;
const _errs4 = errors;
let valid1 = true;
const _errs5 = errors;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
let missing0;
if((data0.provider === undefined) && (missing0 = "provider")){
const err5 = {};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
if(data0.provider !== undefined){
if("aws" !== data0.provider){
const err6 = {};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
}
var _valid0 = _errs5 === errors;
errors = _errs4;
if(vErrors !== null){
if(_errs4){
vErrors.length = _errs4;
}
else {
vErrors = null;
}
}
if(!_valid0){
const _errs7 = errors;
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.address === undefined){
const err7 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/else/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
var _valid0 = _errs7 === errors;
valid1 = _valid0;
}
if(!valid1){
const err8 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/if",keyword:"if",params:{failingKeyword: "else"},message:"must match \"else\" schema"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.provider === undefined){
data0.provider = "existing";
}
if(data0.port === undefined){
data0.port = 22;
}
if(data0.user === undefined){
data0.user = "root";
}
if(data0.knownHosts === undefined){
data0.knownHosts = "gitea.known_hosts";
}
if(data0.dataPath === undefined){
data0.dataPath = "/srv/gitea";
}
if(data0.swap === undefined){
data0.swap = "auto";
}
if(data0.hardenSsh === undefined){
data0.hardenSsh = true;
}
if(data0.unattendedUpgrades === undefined){
data0.unattendedUpgrades = true;
}
for(const key1 in data0){
if(!(func1.call(schema31.properties.host.properties, key1))){
const err9 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
let data2 = data0.provider;
if(typeof data2 !== "string"){
const err10 = {instancePath:instancePath+"/host/provider",schemaPath:"#/properties/host/properties/provider/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(!((data2 === "existing") || (data2 === "aws"))){
const err11 = {instancePath:instancePath+"/host/provider",schemaPath:"#/properties/host/properties/provider/enum",keyword:"enum",params:{allowedValues: schema31.properties.host.properties.provider.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data0.address !== undefined){
let data3 = data0.address;
if(typeof data3 === "string"){
if(!pattern4.test(data3)){
const err12 = {instancePath:instancePath+"/host/address",schemaPath:"#/properties/host/properties/address/pattern",keyword:"pattern",params:{pattern: "^[^\\s/@]+$"},message:"must match pattern \""+"^[^\\s/@]+$"+"\""};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/host/address",schemaPath:"#/properties/host/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
let data4 = data0.port;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err14 = {instancePath:instancePath+"/host/port",schemaPath:"#/properties/host/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 65535 || isNaN(data4)){
const err15 = {instancePath:instancePath+"/host/port",schemaPath:"#/properties/host/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data4 < 1 || isNaN(data4)){
const err16 = {instancePath:instancePath+"/host/port",schemaPath:"#/properties/host/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
let data5 = data0.user;
if(typeof data5 === "string"){
if(!pattern5.test(data5)){
const err17 = {instancePath:instancePath+"/host/user",schemaPath:"#/properties/host/properties/user/pattern",keyword:"pattern",params:{pattern: "^[a-z_][a-z0-9_-]{0,31}$"},message:"must match pattern \""+"^[a-z_][a-z0-9_-]{0,31}$"+"\""};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/host/user",schemaPath:"#/properties/host/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data0.identityFile !== undefined){
let data6 = data0.identityFile;
if(typeof data6 === "string"){
if(!pattern6.test(data6)){
const err19 = {instancePath:instancePath+"/host/identityFile",schemaPath:"#/properties/host/properties/identityFile/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/host/identityFile",schemaPath:"#/properties/host/properties/identityFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
let data7 = data0.knownHosts;
if(typeof data7 === "string"){
if(!pattern6.test(data7)){
const err21 = {instancePath:instancePath+"/host/knownHosts",schemaPath:"#/properties/host/properties/knownHosts/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/host/knownHosts",schemaPath:"#/properties/host/properties/knownHosts/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
let data8 = data0.dataPath;
if(typeof data8 === "string"){
if(!pattern8.test(data8)){
const err23 = {instancePath:instancePath+"/host/dataPath",schemaPath:"#/properties/host/properties/dataPath/pattern",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9._/-]+$"},message:"must match pattern \""+"^/[A-Za-z0-9._/-]+$"+"\""};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/host/dataPath",schemaPath:"#/properties/host/properties/dataPath/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data0.dataDevice !== undefined){
let data9 = data0.dataDevice;
if(typeof data9 === "string"){
if(!pattern9.test(data9)){
const err25 = {instancePath:instancePath+"/host/dataDevice",schemaPath:"#/properties/host/properties/dataDevice/pattern",keyword:"pattern",params:{pattern: "^/dev/disk/[A-Za-z0-9._/+:-]+$"},message:"must match pattern \""+"^/dev/disk/[A-Za-z0-9._/+:-]+$"+"\""};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/host/dataDevice",schemaPath:"#/properties/host/properties/dataDevice/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
let data10 = data0.swap;
if(typeof data10 !== "string"){
const err27 = {instancePath:instancePath+"/host/swap",schemaPath:"#/properties/host/properties/swap/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(!((data10 === "auto") || (data10 === "off"))){
const err28 = {instancePath:instancePath+"/host/swap",schemaPath:"#/properties/host/properties/swap/enum",keyword:"enum",params:{allowedValues: schema31.properties.host.properties.swap.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(typeof data0.hardenSsh !== "boolean"){
const err29 = {instancePath:instancePath+"/host/hardenSsh",schemaPath:"#/properties/host/properties/hardenSsh/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(typeof data0.unattendedUpgrades !== "boolean"){
const err30 = {instancePath:instancePath+"/host/unattendedUpgrades",schemaPath:"#/properties/host/properties/unattendedUpgrades/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.aws !== undefined){
let data13 = data.aws;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.name === undefined){
data13.name = "gitea";
}
if(data13.instanceType === undefined){
data13.instanceType = "t3.medium";
}
if(data13.rootVolumeGiB === undefined){
data13.rootVolumeGiB = 30;
}
if(data13.dataVolumeGiB === undefined){
data13.dataVolumeGiB = 50;
}
if(data13.access === undefined){
data13.access = "ssh";
}
if(data13.sshFrom === undefined){
data13.sshFrom = [];
}
if(data13.ipv6 === undefined){
data13.ipv6 = false;
}
if(data13.dns === undefined){
data13.dns = "route53";
}
if(data13.objectLockDays === undefined){
data13.objectLockDays = 30;
}
if(data13.tags === undefined){
data13.tags = {};
}
if(data13.inventory === undefined){
data13.inventory = "gitea.inventory.json";
}
if(data13.accountId === undefined){
const err32 = {instancePath:instancePath+"/aws",schemaPath:"#/properties/aws/required",keyword:"required",params:{missingProperty: "accountId"},message:"must have required property '"+"accountId"+"'"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data13.region === undefined){
const err33 = {instancePath:instancePath+"/aws",schemaPath:"#/properties/aws/required",keyword:"required",params:{missingProperty: "region"},message:"must have required property '"+"region"+"'"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
for(const key2 in data13){
if(!(func1.call(schema31.properties.aws.properties, key2))){
const err34 = {instancePath:instancePath+"/aws",schemaPath:"#/properties/aws/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data13.accountId !== undefined){
let data14 = data13.accountId;
if(typeof data14 === "string"){
if(!pattern10.test(data14)){
const err35 = {instancePath:instancePath+"/aws/accountId",schemaPath:"#/properties/aws/properties/accountId/pattern",keyword:"pattern",params:{pattern: "^[0-9]{12}$"},message:"must match pattern \""+"^[0-9]{12}$"+"\""};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
else {
const err36 = {instancePath:instancePath+"/aws/accountId",schemaPath:"#/properties/aws/properties/accountId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data13.region !== undefined){
let data15 = data13.region;
if(typeof data15 === "string"){
if(!pattern11.test(data15)){
const err37 = {instancePath:instancePath+"/aws/region",schemaPath:"#/properties/aws/properties/region/pattern",keyword:"pattern",params:{pattern: "^[a-z]{2}(-[a-z]+)+-[0-9]$"},message:"must match pattern \""+"^[a-z]{2}(-[a-z]+)+-[0-9]$"+"\""};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/aws/region",schemaPath:"#/properties/aws/properties/region/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data13.profile !== undefined){
let data16 = data13.profile;
if(typeof data16 === "string"){
if(!pattern12.test(data16)){
const err39 = {instancePath:instancePath+"/aws/profile",schemaPath:"#/properties/aws/properties/profile/pattern",keyword:"pattern",params:{pattern: "^[^\\s\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\s\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/aws/profile",schemaPath:"#/properties/aws/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
let data17 = data13.name;
if(typeof data17 === "string"){
if(!pattern13.test(data17)){
const err41 = {instancePath:instancePath+"/aws/name",schemaPath:"#/properties/aws/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,18}[a-z0-9]$"},message:"must match pattern \""+"^[a-z][a-z0-9-]{0,18}[a-z0-9]$"+"\""};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
else {
const err42 = {instancePath:instancePath+"/aws/name",schemaPath:"#/properties/aws/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
let data18 = data13.instanceType;
if(typeof data18 === "string"){
if(!pattern14.test(data18)){
const err43 = {instancePath:instancePath+"/aws/instanceType",schemaPath:"#/properties/aws/properties/instanceType/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"},message:"must match pattern \""+"^[a-z][a-z0-9-]*\\.[a-z0-9-]+$"+"\""};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
else {
const err44 = {instancePath:instancePath+"/aws/instanceType",schemaPath:"#/properties/aws/properties/instanceType/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data13.availabilityZone !== undefined){
let data19 = data13.availabilityZone;
if(typeof data19 === "string"){
if(!pattern15.test(data19)){
const err45 = {instancePath:instancePath+"/aws/availabilityZone",schemaPath:"#/properties/aws/properties/availabilityZone/pattern",keyword:"pattern",params:{pattern: "^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$"},message:"must match pattern \""+"^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$"+"\""};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/aws/availabilityZone",schemaPath:"#/properties/aws/properties/availabilityZone/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
let data20 = data13.rootVolumeGiB;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
const err47 = {instancePath:instancePath+"/aws/rootVolumeGiB",schemaPath:"#/properties/aws/properties/rootVolumeGiB/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 1000 || isNaN(data20)){
const err48 = {instancePath:instancePath+"/aws/rootVolumeGiB",schemaPath:"#/properties/aws/properties/rootVolumeGiB/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(data20 < 20 || isNaN(data20)){
const err49 = {instancePath:instancePath+"/aws/rootVolumeGiB",schemaPath:"#/properties/aws/properties/rootVolumeGiB/minimum",keyword:"minimum",params:{comparison: ">=", limit: 20},message:"must be >= 20"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
let data21 = data13.dataVolumeGiB;
if(!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21)))){
const err50 = {instancePath:instancePath+"/aws/dataVolumeGiB",schemaPath:"#/properties/aws/properties/dataVolumeGiB/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if((typeof data21 == "number") && (isFinite(data21))){
if(data21 > 16384 || isNaN(data21)){
const err51 = {instancePath:instancePath+"/aws/dataVolumeGiB",schemaPath:"#/properties/aws/properties/dataVolumeGiB/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16384},message:"must be <= 16384"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data21 < 10 || isNaN(data21)){
const err52 = {instancePath:instancePath+"/aws/dataVolumeGiB",schemaPath:"#/properties/aws/properties/dataVolumeGiB/minimum",keyword:"minimum",params:{comparison: ">=", limit: 10},message:"must be >= 10"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
let data22 = data13.access;
if(typeof data22 !== "string"){
const err53 = {instancePath:instancePath+"/aws/access",schemaPath:"#/properties/aws/properties/access/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(!((data22 === "ssh") || (data22 === "ssm"))){
const err54 = {instancePath:instancePath+"/aws/access",schemaPath:"#/properties/aws/properties/access/enum",keyword:"enum",params:{allowedValues: schema31.properties.aws.properties.access.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
let data23 = data13.sshFrom;
if(Array.isArray(data23)){
const len0 = data23.length;
for(let i0=0; i0<len0; i0++){
let data24 = data23[i0];
if(typeof data24 === "string"){
if(!pattern16.test(data24)){
const err55 = {instancePath:instancePath+"/aws/sshFrom/" + i0,schemaPath:"#/properties/aws/properties/sshFrom/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9a-fA-F.:]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/aws/sshFrom/" + i0,schemaPath:"#/properties/aws/properties/sshFrom/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/aws/sshFrom",schemaPath:"#/properties/aws/properties/sshFrom/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(typeof data13.ipv6 !== "boolean"){
const err58 = {instancePath:instancePath+"/aws/ipv6",schemaPath:"#/properties/aws/properties/ipv6/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
let data26 = data13.dns;
if(typeof data26 !== "string"){
const err59 = {instancePath:instancePath+"/aws/dns",schemaPath:"#/properties/aws/properties/dns/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(!((data26 === "route53") || (data26 === "external"))){
const err60 = {instancePath:instancePath+"/aws/dns",schemaPath:"#/properties/aws/properties/dns/enum",keyword:"enum",params:{allowedValues: schema31.properties.aws.properties.dns.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(data13.zoneId !== undefined){
let data27 = data13.zoneId;
if(typeof data27 === "string"){
if(!pattern17.test(data27)){
const err61 = {instancePath:instancePath+"/aws/zoneId",schemaPath:"#/properties/aws/properties/zoneId/pattern",keyword:"pattern",params:{pattern: "^[A-Z0-9]{1,32}$"},message:"must match pattern \""+"^[A-Z0-9]{1,32}$"+"\""};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
else {
const err62 = {instancePath:instancePath+"/aws/zoneId",schemaPath:"#/properties/aws/properties/zoneId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
if(data13.stateBucket !== undefined){
let data28 = data13.stateBucket;
if(typeof data28 === "string"){
if(!pattern18.test(data28)){
const err63 = {instancePath:instancePath+"/aws/stateBucket",schemaPath:"#/properties/aws/properties/stateBucket/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"+"\""};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
else {
const err64 = {instancePath:instancePath+"/aws/stateBucket",schemaPath:"#/properties/aws/properties/stateBucket/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data13.backupBucket !== undefined){
let data29 = data13.backupBucket;
if(typeof data29 === "string"){
if(!pattern18.test(data29)){
const err65 = {instancePath:instancePath+"/aws/backupBucket",schemaPath:"#/properties/aws/properties/backupBucket/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"+"\""};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
else {
const err66 = {instancePath:instancePath+"/aws/backupBucket",schemaPath:"#/properties/aws/properties/backupBucket/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
let data30 = data13.objectLockDays;
if(!(((typeof data30 == "number") && (!(data30 % 1) && !isNaN(data30))) && (isFinite(data30)))){
const err67 = {instancePath:instancePath+"/aws/objectLockDays",schemaPath:"#/properties/aws/properties/objectLockDays/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if((typeof data30 == "number") && (isFinite(data30))){
if(data30 > 3650 || isNaN(data30)){
const err68 = {instancePath:instancePath+"/aws/objectLockDays",schemaPath:"#/properties/aws/properties/objectLockDays/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3650},message:"must be <= 3650"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(data30 < 1 || isNaN(data30)){
const err69 = {instancePath:instancePath+"/aws/objectLockDays",schemaPath:"#/properties/aws/properties/objectLockDays/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
let data31 = data13.tags;
if(data31 && typeof data31 == "object" && !Array.isArray(data31)){
for(const key3 in data31){
let data32 = data31[key3];
if(typeof data32 === "string"){
if(!pattern20.test(data32)){
const err70 = {instancePath:instancePath+"/aws/tags/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/aws/properties/tags/additionalProperties/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]{0,256}$"},message:"must match pattern \""+"^[^\\p{Cc}]{0,256}$"+"\""};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
else {
const err71 = {instancePath:instancePath+"/aws/tags/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/aws/properties/tags/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
}
else {
const err72 = {instancePath:instancePath+"/aws/tags",schemaPath:"#/properties/aws/properties/tags/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
let data33 = data13.inventory;
if(typeof data33 === "string"){
if(!pattern6.test(data33)){
const err73 = {instancePath:instancePath+"/aws/inventory",schemaPath:"#/properties/aws/properties/inventory/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
else {
const err74 = {instancePath:instancePath+"/aws/inventory",schemaPath:"#/properties/aws/properties/inventory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if(data13.endpoint !== undefined){
if(typeof data13.endpoint !== "string"){
const err75 = {instancePath:instancePath+"/aws/endpoint",schemaPath:"#/properties/aws/properties/endpoint/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
}
else {
const err76 = {instancePath:instancePath+"/aws",schemaPath:"#/properties/aws/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
if(data.domain !== undefined){
let data35 = data.domain;
if(typeof data35 === "string"){
if(!pattern22.test(data35)){
const err77 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
else {
const err78 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
if(data.admin !== undefined){
let data36 = data.admin;
if(data36 && typeof data36 == "object" && !Array.isArray(data36)){
if(data36.username === undefined){
const err79 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/required",keyword:"required",params:{missingProperty: "username"},message:"must have required property '"+"username"+"'"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(data36.email === undefined){
const err80 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/required",keyword:"required",params:{missingProperty: "email"},message:"must have required property '"+"email"+"'"};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
for(const key4 in data36){
if(!((key4 === "username") || (key4 === "email"))){
const err81 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
if(data36.username !== undefined){
let data37 = data36.username;
if(typeof data37 === "string"){
if(!pattern23.test(data37)){
const err82 = {instancePath:instancePath+"/admin/username",schemaPath:"#/properties/admin/properties/username/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$"},message:"must match pattern \""+"^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$"+"\""};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/admin/username",schemaPath:"#/properties/admin/properties/username/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data36.email !== undefined){
let data38 = data36.email;
if(typeof data38 === "string"){
if(!pattern24.test(data38)){
const err84 = {instancePath:instancePath+"/admin/email",schemaPath:"#/properties/admin/properties/email/pattern",keyword:"pattern",params:{pattern: "^[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^[^\\s@]+@[^\\s@]+$"+"\""};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
else {
const err85 = {instancePath:instancePath+"/admin/email",schemaPath:"#/properties/admin/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
}
else {
const err86 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
let data39 = data.images;
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
if(data39.gitea === undefined){
data39.gitea = "gitea/gitea:1.27.3-rootless";
}
if(data39.postgres === undefined){
data39.postgres = "postgres:18.6";
}
if(data39.nginx === undefined){
data39.nginx = "nginx:1.30.4-alpine";
}
if(data39.certbot === undefined){
data39.certbot = "certbot/certbot:v5.9.0";
}
if(data39.restic === undefined){
data39.restic = "restic/restic:0.19.1";
}
for(const key5 in data39){
if(!(((((key5 === "gitea") || (key5 === "postgres")) || (key5 === "nginx")) || (key5 === "certbot")) || (key5 === "restic"))){
const err87 = {instancePath:instancePath+"/images",schemaPath:"#/properties/images/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
let data40 = data39.gitea;
if(typeof data40 === "string"){
if(!pattern25.test(data40)){
const err88 = {instancePath:instancePath+"/images/gitea",schemaPath:"#/properties/images/properties/gitea/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
else {
const err89 = {instancePath:instancePath+"/images/gitea",schemaPath:"#/properties/images/properties/gitea/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
let data41 = data39.postgres;
if(typeof data41 === "string"){
if(!pattern25.test(data41)){
const err90 = {instancePath:instancePath+"/images/postgres",schemaPath:"#/properties/images/properties/postgres/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
else {
const err91 = {instancePath:instancePath+"/images/postgres",schemaPath:"#/properties/images/properties/postgres/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
let data42 = data39.nginx;
if(typeof data42 === "string"){
if(!pattern25.test(data42)){
const err92 = {instancePath:instancePath+"/images/nginx",schemaPath:"#/properties/images/properties/nginx/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
else {
const err93 = {instancePath:instancePath+"/images/nginx",schemaPath:"#/properties/images/properties/nginx/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
let data43 = data39.certbot;
if(typeof data43 === "string"){
if(!pattern25.test(data43)){
const err94 = {instancePath:instancePath+"/images/certbot",schemaPath:"#/properties/images/properties/certbot/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/images/certbot",schemaPath:"#/properties/images/properties/certbot/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
let data44 = data39.restic;
if(typeof data44 === "string"){
if(!pattern25.test(data44)){
const err96 = {instancePath:instancePath+"/images/restic",schemaPath:"#/properties/images/properties/restic/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
else {
const err97 = {instancePath:instancePath+"/images/restic",schemaPath:"#/properties/images/properties/restic/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
else {
const err98 = {instancePath:instancePath+"/images",schemaPath:"#/properties/images/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
let data45 = data.updates;
if(data45 && typeof data45 == "object" && !Array.isArray(data45)){
if(data45.policy === undefined){
data45.policy = {};
}
if(data45.holdBack === undefined){
data45.holdBack = "3d";
}
if(data45.pinned === undefined){
data45.pinned = [];
}
if(data45.registries === undefined){
data45.registries = {};
}
for(const key6 in data45){
if(!((((key6 === "policy") || (key6 === "holdBack")) || (key6 === "pinned")) || (key6 === "registries"))){
const err99 = {instancePath:instancePath+"/updates",schemaPath:"#/properties/updates/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
let data46 = data45.policy;
if(data46 && typeof data46 == "object" && !Array.isArray(data46)){
if(data46.gitea === undefined){
data46.gitea = "patch";
}
if(data46.postgres === undefined){
data46.postgres = "patch";
}
if(data46.nginx === undefined){
data46.nginx = "patch";
}
if(data46.certbot === undefined){
data46.certbot = "minor";
}
if(data46.restic === undefined){
data46.restic = "patch";
}
for(const key7 in data46){
if(!(((((key7 === "gitea") || (key7 === "postgres")) || (key7 === "nginx")) || (key7 === "certbot")) || (key7 === "restic"))){
const err100 = {instancePath:instancePath+"/updates/policy",schemaPath:"#/properties/updates/properties/policy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
let data47 = data46.gitea;
if(typeof data47 !== "string"){
const err101 = {instancePath:instancePath+"/updates/policy/gitea",schemaPath:"#/properties/updates/properties/policy/properties/gitea/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(!((((data47 === "none") || (data47 === "patch")) || (data47 === "minor")) || (data47 === "major"))){
const err102 = {instancePath:instancePath+"/updates/policy/gitea",schemaPath:"#/properties/updates/properties/policy/properties/gitea/enum",keyword:"enum",params:{allowedValues: schema31.properties.updates.properties.policy.properties.gitea.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
let data48 = data46.postgres;
if(typeof data48 !== "string"){
const err103 = {instancePath:instancePath+"/updates/policy/postgres",schemaPath:"#/properties/updates/properties/policy/properties/postgres/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if(!((((data48 === "none") || (data48 === "patch")) || (data48 === "minor")) || (data48 === "major"))){
const err104 = {instancePath:instancePath+"/updates/policy/postgres",schemaPath:"#/properties/updates/properties/policy/properties/postgres/enum",keyword:"enum",params:{allowedValues: schema31.properties.updates.properties.policy.properties.postgres.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
let data49 = data46.nginx;
if(typeof data49 !== "string"){
const err105 = {instancePath:instancePath+"/updates/policy/nginx",schemaPath:"#/properties/updates/properties/policy/properties/nginx/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(!((((data49 === "none") || (data49 === "patch")) || (data49 === "minor")) || (data49 === "major"))){
const err106 = {instancePath:instancePath+"/updates/policy/nginx",schemaPath:"#/properties/updates/properties/policy/properties/nginx/enum",keyword:"enum",params:{allowedValues: schema31.properties.updates.properties.policy.properties.nginx.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
let data50 = data46.certbot;
if(typeof data50 !== "string"){
const err107 = {instancePath:instancePath+"/updates/policy/certbot",schemaPath:"#/properties/updates/properties/policy/properties/certbot/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(!((((data50 === "none") || (data50 === "patch")) || (data50 === "minor")) || (data50 === "major"))){
const err108 = {instancePath:instancePath+"/updates/policy/certbot",schemaPath:"#/properties/updates/properties/policy/properties/certbot/enum",keyword:"enum",params:{allowedValues: schema31.properties.updates.properties.policy.properties.certbot.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
let data51 = data46.restic;
if(typeof data51 !== "string"){
const err109 = {instancePath:instancePath+"/updates/policy/restic",schemaPath:"#/properties/updates/properties/policy/properties/restic/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if(!((((data51 === "none") || (data51 === "patch")) || (data51 === "minor")) || (data51 === "major"))){
const err110 = {instancePath:instancePath+"/updates/policy/restic",schemaPath:"#/properties/updates/properties/policy/properties/restic/enum",keyword:"enum",params:{allowedValues: schema31.properties.updates.properties.policy.properties.restic.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
else {
const err111 = {instancePath:instancePath+"/updates/policy",schemaPath:"#/properties/updates/properties/policy/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
let data52 = data45.holdBack;
if(typeof data52 === "string"){
if(!pattern30.test(data52)){
const err112 = {instancePath:instancePath+"/updates/holdBack",schemaPath:"#/properties/updates/properties/holdBack/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,3})[hd]$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,3})[hd]$"+"\""};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
}
else {
const err113 = {instancePath:instancePath+"/updates/holdBack",schemaPath:"#/properties/updates/properties/holdBack/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
let data53 = data45.pinned;
if(Array.isArray(data53)){
const len1 = data53.length;
for(let i1=0; i1<len1; i1++){
let data54 = data53[i1];
if(data54 && typeof data54 == "object" && !Array.isArray(data54)){
if(data54.component === undefined){
const err114 = {instancePath:instancePath+"/updates/pinned/" + i1,schemaPath:"#/properties/updates/properties/pinned/items/required",keyword:"required",params:{missingProperty: "component"},message:"must have required property '"+"component"+"'"};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(data54.reason === undefined){
const err115 = {instancePath:instancePath+"/updates/pinned/" + i1,schemaPath:"#/properties/updates/properties/pinned/items/required",keyword:"required",params:{missingProperty: "reason"},message:"must have required property '"+"reason"+"'"};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(data54.until === undefined){
const err116 = {instancePath:instancePath+"/updates/pinned/" + i1,schemaPath:"#/properties/updates/properties/pinned/items/required",keyword:"required",params:{missingProperty: "until"},message:"must have required property '"+"until"+"'"};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
for(const key8 in data54){
if(!(((key8 === "component") || (key8 === "reason")) || (key8 === "until"))){
const err117 = {instancePath:instancePath+"/updates/pinned/" + i1,schemaPath:"#/properties/updates/properties/pinned/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
if(data54.component !== undefined){
let data55 = data54.component;
if(typeof data55 !== "string"){
const err118 = {instancePath:instancePath+"/updates/pinned/" + i1+"/component",schemaPath:"#/properties/updates/properties/pinned/items/properties/component/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
if(!(((((data55 === "gitea") || (data55 === "postgres")) || (data55 === "nginx")) || (data55 === "certbot")) || (data55 === "restic"))){
const err119 = {instancePath:instancePath+"/updates/pinned/" + i1+"/component",schemaPath:"#/properties/updates/properties/pinned/items/properties/component/enum",keyword:"enum",params:{allowedValues: schema31.properties.updates.properties.pinned.items.properties.component.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data54.reason !== undefined){
let data56 = data54.reason;
if(typeof data56 === "string"){
if(!pattern31.test(data56)){
const err120 = {instancePath:instancePath+"/updates/pinned/" + i1+"/reason",schemaPath:"#/properties/updates/properties/pinned/items/properties/reason/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]{1,200}$"},message:"must match pattern \""+"^[^\\p{Cc}]{1,200}$"+"\""};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
else {
const err121 = {instancePath:instancePath+"/updates/pinned/" + i1+"/reason",schemaPath:"#/properties/updates/properties/pinned/items/properties/reason/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
if(data54.until !== undefined){
let data57 = data54.until;
if(typeof data57 === "string"){
if(!pattern32.test(data57)){
const err122 = {instancePath:instancePath+"/updates/pinned/" + i1+"/until",schemaPath:"#/properties/updates/properties/pinned/items/properties/until/pattern",keyword:"pattern",params:{pattern: "^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},message:"must match pattern \""+"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"+"\""};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
else {
const err123 = {instancePath:instancePath+"/updates/pinned/" + i1+"/until",schemaPath:"#/properties/updates/properties/pinned/items/properties/until/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
}
else {
const err124 = {instancePath:instancePath+"/updates/pinned/" + i1,schemaPath:"#/properties/updates/properties/pinned/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
}
else {
const err125 = {instancePath:instancePath+"/updates/pinned",schemaPath:"#/properties/updates/properties/pinned/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
let data58 = data45.registries;
if(data58 && typeof data58 == "object" && !Array.isArray(data58)){
for(const key9 in data58){
let data59 = data58[key9];
if(data59 && typeof data59 == "object" && !Array.isArray(data59)){
if(data59.user === undefined){
const err126 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/updates/properties/registries/additionalProperties/required",keyword:"required",params:{missingProperty: "user"},message:"must have required property '"+"user"+"'"};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
if(data59.password === undefined){
const err127 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/updates/properties/registries/additionalProperties/required",keyword:"required",params:{missingProperty: "password"},message:"must have required property '"+"password"+"'"};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
for(const key10 in data59){
if(!((key10 === "user") || (key10 === "password"))){
const err128 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/updates/properties/registries/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data59.user !== undefined){
let data60 = data59.user;
if(typeof data60 === "string"){
if(!pattern33.test(data60)){
const err129 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/user",schemaPath:"#/properties/updates/properties/registries/additionalProperties/properties/user/pattern",keyword:"pattern",params:{pattern: "^(?! )[^\\p{Cc}:]{1,128}(?<! )$"},message:"must match pattern \""+"^(?! )[^\\p{Cc}:]{1,128}(?<! )$"+"\""};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
else {
const err130 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/user",schemaPath:"#/properties/updates/properties/registries/additionalProperties/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
if(data59.password !== undefined){
let data61 = data59.password;
if(data61 && typeof data61 == "object" && !Array.isArray(data61)){
if(data61.secret === undefined){
const err131 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/password",schemaPath:"#/properties/updates/properties/registries/additionalProperties/properties/password/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
for(const key11 in data61){
if(!(key11 === "secret")){
const err132 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/password",schemaPath:"#/properties/updates/properties/registries/additionalProperties/properties/password/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
if(data61.secret !== undefined){
if(typeof data61.secret !== "string"){
const err133 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/password/secret",schemaPath:"#/properties/updates/properties/registries/additionalProperties/properties/password/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
}
}
else {
const err134 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/password",schemaPath:"#/properties/updates/properties/registries/additionalProperties/properties/password/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
}
else {
const err135 = {instancePath:instancePath+"/updates/registries/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/updates/properties/registries/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
}
else {
const err136 = {instancePath:instancePath+"/updates/registries",schemaPath:"#/properties/updates/properties/registries/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
else {
const err137 = {instancePath:instancePath+"/updates",schemaPath:"#/properties/updates/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
let data63 = data.gitea;
if(data63 && typeof data63 == "object" && !Array.isArray(data63)){
if(data63.title === undefined){
data63.title = "Gitea";
}
if(data63.sshPort === undefined){
data63.sshPort = 2222;
}
if(data63.requireSignIn === undefined){
data63.requireSignIn = false;
}
if(data63.startTimeout === undefined){
data63.startTimeout = 300;
}
if(data63.signIn === undefined){
data63.signIn = {};
}
if(data63.settings === undefined){
data63.settings = {};
}
for(const key12 in data63){
if(!((((((key12 === "title") || (key12 === "sshPort")) || (key12 === "requireSignIn")) || (key12 === "startTimeout")) || (key12 === "signIn")) || (key12 === "settings"))){
const err138 = {instancePath:instancePath+"/gitea",schemaPath:"#/properties/gitea/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
let data64 = data63.title;
if(typeof data64 === "string"){
if(!pattern34.test(data64)){
const err139 = {instancePath:instancePath+"/gitea/title",schemaPath:"#/properties/gitea/properties/title/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]{1,64}$"},message:"must match pattern \""+"^[^\\p{Cc}]{1,64}$"+"\""};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
else {
const err140 = {instancePath:instancePath+"/gitea/title",schemaPath:"#/properties/gitea/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
let data65 = data63.sshPort;
if(!(((typeof data65 == "number") && (!(data65 % 1) && !isNaN(data65))) && (isFinite(data65)))){
const err141 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if((typeof data65 == "number") && (isFinite(data65))){
if(data65 > 65535 || isNaN(data65)){
const err142 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if(data65 < 1 || isNaN(data65)){
const err143 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
if(typeof data63.requireSignIn !== "boolean"){
const err144 = {instancePath:instancePath+"/gitea/requireSignIn",schemaPath:"#/properties/gitea/properties/requireSignIn/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
let data67 = data63.startTimeout;
if(!(((typeof data67 == "number") && (!(data67 % 1) && !isNaN(data67))) && (isFinite(data67)))){
const err145 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
if((typeof data67 == "number") && (isFinite(data67))){
if(data67 > 3600 || isNaN(data67)){
const err146 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600"};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if(data67 < 30 || isNaN(data67)){
const err147 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 30},message:"must be >= 30"};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
let data68 = data63.signIn;
if(data68 && typeof data68 == "object" && !Array.isArray(data68)){
if(data68.twoFactor === undefined){
data68.twoFactor = "optional";
}
if(data68.passwordForm === undefined){
data68.passwordForm = true;
}
if(data68.autoRegister === undefined){
data68.autoRegister = false;
}
if(data68.accountLinking === undefined){
data68.accountLinking = "login";
}
if(data68.username === undefined){
data68.username = "nickname";
}
if(data68.sources === undefined){
data68.sources = [];
}
for(const key13 in data68){
if(!((((((key13 === "twoFactor") || (key13 === "passwordForm")) || (key13 === "autoRegister")) || (key13 === "accountLinking")) || (key13 === "username")) || (key13 === "sources"))){
const err148 = {instancePath:instancePath+"/gitea/signIn",schemaPath:"#/properties/gitea/properties/signIn/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
let data69 = data68.twoFactor;
if(typeof data69 !== "string"){
const err149 = {instancePath:instancePath+"/gitea/signIn/twoFactor",schemaPath:"#/properties/gitea/properties/signIn/properties/twoFactor/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
if(!((data69 === "optional") || (data69 === "required"))){
const err150 = {instancePath:instancePath+"/gitea/signIn/twoFactor",schemaPath:"#/properties/gitea/properties/signIn/properties/twoFactor/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.twoFactor.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
if(typeof data68.passwordForm !== "boolean"){
const err151 = {instancePath:instancePath+"/gitea/signIn/passwordForm",schemaPath:"#/properties/gitea/properties/signIn/properties/passwordForm/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
if(typeof data68.autoRegister !== "boolean"){
const err152 = {instancePath:instancePath+"/gitea/signIn/autoRegister",schemaPath:"#/properties/gitea/properties/signIn/properties/autoRegister/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
let data72 = data68.accountLinking;
if(typeof data72 !== "string"){
const err153 = {instancePath:instancePath+"/gitea/signIn/accountLinking",schemaPath:"#/properties/gitea/properties/signIn/properties/accountLinking/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
if(!(((data72 === "login") || (data72 === "auto")) || (data72 === "disabled"))){
const err154 = {instancePath:instancePath+"/gitea/signIn/accountLinking",schemaPath:"#/properties/gitea/properties/signIn/properties/accountLinking/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.accountLinking.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
let data73 = data68.username;
if(typeof data73 !== "string"){
const err155 = {instancePath:instancePath+"/gitea/signIn/username",schemaPath:"#/properties/gitea/properties/signIn/properties/username/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
if(!((((data73 === "nickname") || (data73 === "preferred_username")) || (data73 === "email")) || (data73 === "userid"))){
const err156 = {instancePath:instancePath+"/gitea/signIn/username",schemaPath:"#/properties/gitea/properties/signIn/properties/username/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.username.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
let data74 = data68.sources;
if(Array.isArray(data74)){
const len2 = data74.length;
for(let i2=0; i2<len2; i2++){
let data75 = data74[i2];
if(data75 && typeof data75 == "object" && !Array.isArray(data75)){
if(data75.provider === undefined){
data75.provider = "openidConnect";
}
if(data75.scopes === undefined){
data75.scopes = [];
}
if(data75.skipTwoFactor === undefined){
data75.skipTwoFactor = false;
}
if(data75.name === undefined){
const err157 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
if(data75.clientId === undefined){
const err158 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/required",keyword:"required",params:{missingProperty: "clientId"},message:"must have required property '"+"clientId"+"'"};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
if(data75.clientSecret === undefined){
const err159 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/required",keyword:"required",params:{missingProperty: "clientSecret"},message:"must have required property '"+"clientSecret"+"'"};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
for(const key14 in data75){
if(!(func1.call(schema31.properties.gitea.properties.signIn.properties.sources.items.properties, key14))){
const err160 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
if(data75.name !== undefined){
let data76 = data75.name;
if(typeof data76 === "string"){
if(!pattern35.test(data76)){
const err161 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"+"\""};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
else {
const err162 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
let data77 = data75.provider;
if(typeof data77 !== "string"){
const err163 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/provider",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/provider/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
if(!(((((((((((((data77 === "openidConnect") || (data77 === "bitbucket")) || (data77 === "discord")) || (data77 === "dropbox")) || (data77 === "facebook")) || (data77 === "gitea")) || (data77 === "github")) || (data77 === "gitlab")) || (data77 === "gplus")) || (data77 === "mastodon")) || (data77 === "nextcloud")) || (data77 === "twitter")) || (data77 === "yandex"))){
const err164 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/provider",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/provider/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.sources.items.properties.provider.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
if(data75.discoveryUrl !== undefined){
if(typeof data75.discoveryUrl !== "string"){
const err165 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/discoveryUrl",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/discoveryUrl/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
if(data75.clientId !== undefined){
let data79 = data75.clientId;
if(typeof data79 === "string"){
if(!pattern36.test(data79)){
const err166 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/clientId",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientId/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
else {
const err167 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/clientId",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
}
if(data75.clientSecret !== undefined){
let data80 = data75.clientSecret;
if(data80 && typeof data80 == "object" && !Array.isArray(data80)){
if(data80.secret === undefined){
const err168 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/clientSecret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
for(const key15 in data80){
if(!(key15 === "secret")){
const err169 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/clientSecret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
if(data80.secret !== undefined){
if(typeof data80.secret !== "string"){
const err170 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/clientSecret/secret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
}
else {
const err171 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/clientSecret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
let data82 = data75.scopes;
if(Array.isArray(data82)){
const len3 = data82.length;
for(let i3=0; i3<len3; i3++){
let data83 = data82[i3];
if(typeof data83 === "string"){
if(!pattern37.test(data83)){
const err172 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/scopes/" + i3,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/scopes/items/pattern",keyword:"pattern",params:{pattern: "^[!#-+\\--\\[\\]-~]{1,128}$"},message:"must match pattern \""+"^[!#-+\\--\\[\\]-~]{1,128}$"+"\""};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
else {
const err173 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/scopes/" + i3,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/scopes/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
}
}
else {
const err174 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/scopes",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/scopes/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
if(data75.urls !== undefined){
let data84 = data75.urls;
if(data84 && typeof data84 == "object" && !Array.isArray(data84)){
for(const key16 in data84){
if(!((((key16 === "authorize") || (key16 === "token")) || (key16 === "profile")) || (key16 === "email"))){
const err175 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/urls",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
if(data84.authorize !== undefined){
if(typeof data84.authorize !== "string"){
const err176 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/urls/authorize",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/authorize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
if(data84.token !== undefined){
if(typeof data84.token !== "string"){
const err177 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/urls/token",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/token/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
if(data84.profile !== undefined){
if(typeof data84.profile !== "string"){
const err178 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/urls/profile",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
if(data84.email !== undefined){
if(typeof data84.email !== "string"){
const err179 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/urls/email",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
}
else {
const err180 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/urls",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
if(data75.requiredClaim !== undefined){
let data89 = data75.requiredClaim;
if(data89 && typeof data89 == "object" && !Array.isArray(data89)){
if(data89.name === undefined){
const err181 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/requiredClaim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
for(const key17 in data89){
if(!((key17 === "name") || (key17 === "value"))){
const err182 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/requiredClaim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
if(data89.name !== undefined){
let data90 = data89.name;
if(typeof data90 === "string"){
if(!pattern36.test(data90)){
const err183 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/requiredClaim/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/name/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
else {
const err184 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/requiredClaim/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
if(data89.value !== undefined){
let data91 = data89.value;
if(typeof data91 === "string"){
if(!pattern36.test(data91)){
const err185 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/requiredClaim/value",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/value/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
else {
const err186 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/requiredClaim/value",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
}
else {
const err187 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/requiredClaim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
if(data75.groups !== undefined){
let data92 = data75.groups;
if(data92 && typeof data92 == "object" && !Array.isArray(data92)){
if(data92.claim === undefined){
const err188 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/required",keyword:"required",params:{missingProperty: "claim"},message:"must have required property '"+"claim"+"'"};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
for(const key18 in data92){
if(!(((key18 === "claim") || (key18 === "admin")) || (key18 === "restricted"))){
const err189 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
if(data92.claim !== undefined){
let data93 = data92.claim;
if(typeof data93 === "string"){
if(!pattern36.test(data93)){
const err190 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups/claim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/claim/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
}
else {
const err191 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups/claim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/claim/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
if(data92.admin !== undefined){
let data94 = data92.admin;
if(typeof data94 === "string"){
if(!pattern36.test(data94)){
const err192 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups/admin",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/admin/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
}
else {
const err193 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups/admin",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/admin/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
if(data92.restricted !== undefined){
let data95 = data92.restricted;
if(typeof data95 === "string"){
if(!pattern36.test(data95)){
const err194 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups/restricted",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/restricted/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
else {
const err195 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups/restricted",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/restricted/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
}
}
else {
const err196 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/groups",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
if(data75.iconUrl !== undefined){
if(typeof data75.iconUrl !== "string"){
const err197 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/iconUrl",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/iconUrl/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(typeof data75.skipTwoFactor !== "boolean"){
const err198 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2+"/skipTwoFactor",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/skipTwoFactor/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
}
else {
const err199 = {instancePath:instancePath+"/gitea/signIn/sources/" + i2,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
}
else {
const err200 = {instancePath:instancePath+"/gitea/signIn/sources",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
else {
const err201 = {instancePath:instancePath+"/gitea/signIn",schemaPath:"#/properties/gitea/properties/signIn/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
let data98 = data63.settings;
if(data98 && typeof data98 == "object" && !Array.isArray(data98)){
for(const key19 in data98){
let data99 = data98[key19];
if(data99 && typeof data99 == "object" && !Array.isArray(data99)){
for(const key20 in data99){
let data100 = data99[key20];
if((((typeof data100 !== "string") && (!((typeof data100 == "number") && (isFinite(data100))))) && (typeof data100 !== "boolean")) && (!(data100 && typeof data100 == "object" && !Array.isArray(data100)))){
const err202 = {instancePath:instancePath+"/gitea/settings/" + key19.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/type",keyword:"type",params:{type: schema31.properties.gitea.properties.settings.additionalProperties.additionalProperties.type},message:"must be string,number,boolean,object"};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
if(data100 && typeof data100 == "object" && !Array.isArray(data100)){
if(data100.secret === undefined){
const err203 = {instancePath:instancePath+"/gitea/settings/" + key19.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
for(const key21 in data100){
if(!(key21 === "secret")){
const err204 = {instancePath:instancePath+"/gitea/settings/" + key19.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key20.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key21},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
}
if(data100.secret !== undefined){
if(typeof data100.secret !== "string"){
const err205 = {instancePath:instancePath+"/gitea/settings/" + key19.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key20.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret",schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
}
}
}
}
else {
const err206 = {instancePath:instancePath+"/gitea/settings/" + key19.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
}
else {
const err207 = {instancePath:instancePath+"/gitea/settings",schemaPath:"#/properties/gitea/properties/settings/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
else {
const err208 = {instancePath:instancePath+"/gitea",schemaPath:"#/properties/gitea/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
if(data.mail !== undefined){
let data102 = data.mail;
if(data102 && typeof data102 == "object" && !Array.isArray(data102)){
if(data102.tls === undefined){
data102.tls = "smtps";
}
if(data102.notifications === undefined){
data102.notifications = true;
}
if(data102.host === undefined){
const err209 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/required",keyword:"required",params:{missingProperty: "host"},message:"must have required property '"+"host"+"'"};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
if(data102.from === undefined){
const err210 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'"};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
for(const key22 in data102){
if(!(((((((key22 === "host") || (key22 === "tls")) || (key22 === "port")) || (key22 === "from")) || (key22 === "user")) || (key22 === "password")) || (key22 === "notifications"))){
const err211 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key22},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
if(data102.host !== undefined){
if(typeof data102.host !== "string"){
const err212 = {instancePath:instancePath+"/mail/host",schemaPath:"#/properties/mail/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
let data104 = data102.tls;
if(typeof data104 !== "string"){
const err213 = {instancePath:instancePath+"/mail/tls",schemaPath:"#/properties/mail/properties/tls/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
if(!(((data104 === "smtps") || (data104 === "starttls")) || (data104 === "none"))){
const err214 = {instancePath:instancePath+"/mail/tls",schemaPath:"#/properties/mail/properties/tls/enum",keyword:"enum",params:{allowedValues: schema31.properties.mail.properties.tls.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
if(data102.port !== undefined){
let data105 = data102.port;
if(!(((typeof data105 == "number") && (!(data105 % 1) && !isNaN(data105))) && (isFinite(data105)))){
const err215 = {instancePath:instancePath+"/mail/port",schemaPath:"#/properties/mail/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
if((typeof data105 == "number") && (isFinite(data105))){
if(data105 > 65535 || isNaN(data105)){
const err216 = {instancePath:instancePath+"/mail/port",schemaPath:"#/properties/mail/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
if(data105 < 1 || isNaN(data105)){
const err217 = {instancePath:instancePath+"/mail/port",schemaPath:"#/properties/mail/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
}
}
if(data102.from !== undefined){
if(typeof data102.from !== "string"){
const err218 = {instancePath:instancePath+"/mail/from",schemaPath:"#/properties/mail/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
}
if(data102.user !== undefined){
let data107 = data102.user;
if(typeof data107 === "string"){
if(!pattern43.test(data107)){
const err219 = {instancePath:instancePath+"/mail/user",schemaPath:"#/properties/mail/properties/user/pattern",keyword:"pattern",params:{pattern: "^(?! )[^\\p{Cc}]{1,128}(?<! )$"},message:"must match pattern \""+"^(?! )[^\\p{Cc}]{1,128}(?<! )$"+"\""};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
else {
const err220 = {instancePath:instancePath+"/mail/user",schemaPath:"#/properties/mail/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
}
if(data102.password !== undefined){
let data108 = data102.password;
if(data108 && typeof data108 == "object" && !Array.isArray(data108)){
if(data108.secret === undefined){
const err221 = {instancePath:instancePath+"/mail/password",schemaPath:"#/properties/mail/properties/password/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
for(const key23 in data108){
if(!(key23 === "secret")){
const err222 = {instancePath:instancePath+"/mail/password",schemaPath:"#/properties/mail/properties/password/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key23},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
}
if(data108.secret !== undefined){
if(typeof data108.secret !== "string"){
const err223 = {instancePath:instancePath+"/mail/password/secret",schemaPath:"#/properties/mail/properties/password/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
}
}
else {
const err224 = {instancePath:instancePath+"/mail/password",schemaPath:"#/properties/mail/properties/password/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
}
if(typeof data102.notifications !== "boolean"){
const err225 = {instancePath:instancePath+"/mail/notifications",schemaPath:"#/properties/mail/properties/notifications/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
else {
const err226 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
let data111 = data.proxy;
if(data111 && typeof data111 == "object" && !Array.isArray(data111)){
if(data111.maxUploadSize === undefined){
data111.maxUploadSize = "512m";
}
if(data111.loginRequestsPerMinute === undefined){
data111.loginRequestsPerMinute = 10;
}
if(data111.restartPatience === undefined){
data111.restartPatience = 120;
}
for(const key24 in data111){
if(!(((key24 === "maxUploadSize") || (key24 === "loginRequestsPerMinute")) || (key24 === "restartPatience"))){
const err227 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
}
let data112 = data111.maxUploadSize;
if(typeof data112 === "string"){
if(!pattern44.test(data112)){
const err228 = {instancePath:instancePath+"/proxy/maxUploadSize",schemaPath:"#/properties/proxy/properties/maxUploadSize/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,9}[kKmMgG]?)$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,9}[kKmMgG]?)$"+"\""};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
}
else {
const err229 = {instancePath:instancePath+"/proxy/maxUploadSize",schemaPath:"#/properties/proxy/properties/maxUploadSize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
let data113 = data111.loginRequestsPerMinute;
if(!(((typeof data113 == "number") && (!(data113 % 1) && !isNaN(data113))) && (isFinite(data113)))){
const err230 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
if((typeof data113 == "number") && (isFinite(data113))){
if(data113 > 6000 || isNaN(data113)){
const err231 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/maximum",keyword:"maximum",params:{comparison: "<=", limit: 6000},message:"must be <= 6000"};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
if(data113 < 1 || isNaN(data113)){
const err232 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
let data114 = data111.restartPatience;
if(!(((typeof data114 == "number") && (!(data114 % 1) && !isNaN(data114))) && (isFinite(data114)))){
const err233 = {instancePath:instancePath+"/proxy/restartPatience",schemaPath:"#/properties/proxy/properties/restartPatience/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
if((typeof data114 == "number") && (isFinite(data114))){
if(data114 > 3600 || isNaN(data114)){
const err234 = {instancePath:instancePath+"/proxy/restartPatience",schemaPath:"#/properties/proxy/properties/restartPatience/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600"};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
if(data114 < 0 || isNaN(data114)){
const err235 = {instancePath:instancePath+"/proxy/restartPatience",schemaPath:"#/properties/proxy/properties/restartPatience/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
}
}
else {
const err236 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
if(data.tls !== undefined){
let data115 = data.tls;
if(data115 && typeof data115 == "object" && !Array.isArray(data115)){
if(data115.profile === undefined){
data115.profile = "classic";
}
if(data115.staging === undefined){
data115.staging = false;
}
if(data115.renewCalendar === undefined){
data115.renewCalendar = "*-*-* 03,15:27:00";
}
if(data115.email === undefined){
const err237 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "email"},message:"must have required property '"+"email"+"'"};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
for(const key25 in data115){
if(!((((((key25 === "email") || (key25 === "profile")) || (key25 === "staging")) || (key25 === "directory")) || (key25 === "caBundle")) || (key25 === "renewCalendar"))){
const err238 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key25},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
}
if(data115.email !== undefined){
let data116 = data115.email;
if(typeof data116 === "string"){
if(!pattern24.test(data116)){
const err239 = {instancePath:instancePath+"/tls/email",schemaPath:"#/properties/tls/properties/email/pattern",keyword:"pattern",params:{pattern: "^[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^[^\\s@]+@[^\\s@]+$"+"\""};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
}
else {
const err240 = {instancePath:instancePath+"/tls/email",schemaPath:"#/properties/tls/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
}
let data117 = data115.profile;
if(typeof data117 !== "string"){
const err241 = {instancePath:instancePath+"/tls/profile",schemaPath:"#/properties/tls/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
if(!(((data117 === "classic") || (data117 === "tlsserver")) || (data117 === "shortlived"))){
const err242 = {instancePath:instancePath+"/tls/profile",schemaPath:"#/properties/tls/properties/profile/enum",keyword:"enum",params:{allowedValues: schema31.properties.tls.properties.profile.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
if(typeof data115.staging !== "boolean"){
const err243 = {instancePath:instancePath+"/tls/staging",schemaPath:"#/properties/tls/properties/staging/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
if(data115.directory !== undefined){
let data119 = data115.directory;
if(typeof data119 === "string"){
if(!pattern46.test(data119)){
const err244 = {instancePath:instancePath+"/tls/directory",schemaPath:"#/properties/tls/properties/directory/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},message:"must match pattern \""+"^[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
}
else {
const err245 = {instancePath:instancePath+"/tls/directory",schemaPath:"#/properties/tls/properties/directory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
}
if(data115.caBundle !== undefined){
let data120 = data115.caBundle;
if(typeof data120 === "string"){
if(!pattern6.test(data120)){
const err246 = {instancePath:instancePath+"/tls/caBundle",schemaPath:"#/properties/tls/properties/caBundle/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err246];
}
else {
vErrors.push(err246);
}
errors++;
}
}
else {
const err247 = {instancePath:instancePath+"/tls/caBundle",schemaPath:"#/properties/tls/properties/caBundle/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err247];
}
else {
vErrors.push(err247);
}
errors++;
}
}
let data121 = data115.renewCalendar;
if(typeof data121 === "string"){
if(!pattern6.test(data121)){
const err248 = {instancePath:instancePath+"/tls/renewCalendar",schemaPath:"#/properties/tls/properties/renewCalendar/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err248];
}
else {
vErrors.push(err248);
}
errors++;
}
}
else {
const err249 = {instancePath:instancePath+"/tls/renewCalendar",schemaPath:"#/properties/tls/properties/renewCalendar/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err249];
}
else {
vErrors.push(err249);
}
errors++;
}
}
else {
const err250 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err250];
}
else {
vErrors.push(err250);
}
errors++;
}
}
let data122 = data.docker;
if(data122 && typeof data122 == "object" && !Array.isArray(data122)){
if(data122.logMaxSize === undefined){
data122.logMaxSize = "10m";
}
if(data122.logMaxFiles === undefined){
data122.logMaxFiles = 5;
}
for(const key26 in data122){
if(!(((key26 === "registryMirror") || (key26 === "logMaxSize")) || (key26 === "logMaxFiles"))){
const err251 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key26},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err251];
}
else {
vErrors.push(err251);
}
errors++;
}
}
if(data122.registryMirror !== undefined){
let data123 = data122.registryMirror;
if(typeof data123 === "string"){
if(!pattern46.test(data123)){
const err252 = {instancePath:instancePath+"/docker/registryMirror",schemaPath:"#/properties/docker/properties/registryMirror/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},message:"must match pattern \""+"^[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err252];
}
else {
vErrors.push(err252);
}
errors++;
}
}
else {
const err253 = {instancePath:instancePath+"/docker/registryMirror",schemaPath:"#/properties/docker/properties/registryMirror/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err253];
}
else {
vErrors.push(err253);
}
errors++;
}
}
let data124 = data122.logMaxSize;
if(typeof data124 === "string"){
if(!pattern50.test(data124)){
const err254 = {instancePath:instancePath+"/docker/logMaxSize",schemaPath:"#/properties/docker/properties/logMaxSize/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[kmg]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[kmg]$"+"\""};
if(vErrors === null){
vErrors = [err254];
}
else {
vErrors.push(err254);
}
errors++;
}
}
else {
const err255 = {instancePath:instancePath+"/docker/logMaxSize",schemaPath:"#/properties/docker/properties/logMaxSize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err255];
}
else {
vErrors.push(err255);
}
errors++;
}
let data125 = data122.logMaxFiles;
if(!(((typeof data125 == "number") && (!(data125 % 1) && !isNaN(data125))) && (isFinite(data125)))){
const err256 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err256];
}
else {
vErrors.push(err256);
}
errors++;
}
if((typeof data125 == "number") && (isFinite(data125))){
if(data125 > 100 || isNaN(data125)){
const err257 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100"};
if(vErrors === null){
vErrors = [err257];
}
else {
vErrors.push(err257);
}
errors++;
}
if(data125 < 1 || isNaN(data125)){
const err258 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err258];
}
else {
vErrors.push(err258);
}
errors++;
}
}
}
else {
const err259 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err259];
}
else {
vErrors.push(err259);
}
errors++;
}
let data126 = data.network;
if(data126 && typeof data126 == "object" && !Array.isArray(data126)){
if(data126.subnet === undefined){
data126.subnet = "172.31.250.0/24";
}
if(data126.firewall === undefined){
data126.firewall = true;
}
if(data126.allow === undefined){
data126.allow = {};
}
for(const key27 in data126){
if(!(((key27 === "subnet") || (key27 === "firewall")) || (key27 === "allow"))){
const err260 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key27},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err260];
}
else {
vErrors.push(err260);
}
errors++;
}
}
let data127 = data126.subnet;
if(typeof data127 === "string"){
if(!pattern51.test(data127)){
const err261 = {instancePath:instancePath+"/network/subnet",schemaPath:"#/properties/network/properties/subnet/pattern",keyword:"pattern",params:{pattern: "^[0-9.]+/[0-9]+$"},message:"must match pattern \""+"^[0-9.]+/[0-9]+$"+"\""};
if(vErrors === null){
vErrors = [err261];
}
else {
vErrors.push(err261);
}
errors++;
}
}
else {
const err262 = {instancePath:instancePath+"/network/subnet",schemaPath:"#/properties/network/properties/subnet/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err262];
}
else {
vErrors.push(err262);
}
errors++;
}
if(typeof data126.firewall !== "boolean"){
const err263 = {instancePath:instancePath+"/network/firewall",schemaPath:"#/properties/network/properties/firewall/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err263];
}
else {
vErrors.push(err263);
}
errors++;
}
let data129 = data126.allow;
if(data129 && typeof data129 == "object" && !Array.isArray(data129)){
for(const key28 in data129){
if(!(((key28 === "ssh") || (key28 === "web")) || (key28 === "other"))){
const err264 = {instancePath:instancePath+"/network/allow",schemaPath:"#/properties/network/properties/allow/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key28},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err264];
}
else {
vErrors.push(err264);
}
errors++;
}
}
if(data129.ssh !== undefined){
let data130 = data129.ssh;
if(Array.isArray(data130)){
const len4 = data130.length;
for(let i4=0; i4<len4; i4++){
let data131 = data130[i4];
if(typeof data131 === "string"){
if(!pattern16.test(data131)){
const err265 = {instancePath:instancePath+"/network/allow/ssh/" + i4,schemaPath:"#/properties/network/properties/allow/properties/ssh/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9a-fA-F.:]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err265];
}
else {
vErrors.push(err265);
}
errors++;
}
}
else {
const err266 = {instancePath:instancePath+"/network/allow/ssh/" + i4,schemaPath:"#/properties/network/properties/allow/properties/ssh/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err266];
}
else {
vErrors.push(err266);
}
errors++;
}
}
}
else {
const err267 = {instancePath:instancePath+"/network/allow/ssh",schemaPath:"#/properties/network/properties/allow/properties/ssh/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err267];
}
else {
vErrors.push(err267);
}
errors++;
}
}
if(data129.web !== undefined){
let data132 = data129.web;
if(Array.isArray(data132)){
const len5 = data132.length;
for(let i5=0; i5<len5; i5++){
let data133 = data132[i5];
if(typeof data133 === "string"){
if(!pattern16.test(data133)){
const err268 = {instancePath:instancePath+"/network/allow/web/" + i5,schemaPath:"#/properties/network/properties/allow/properties/web/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9a-fA-F.:]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err268];
}
else {
vErrors.push(err268);
}
errors++;
}
}
else {
const err269 = {instancePath:instancePath+"/network/allow/web/" + i5,schemaPath:"#/properties/network/properties/allow/properties/web/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err269];
}
else {
vErrors.push(err269);
}
errors++;
}
}
}
else {
const err270 = {instancePath:instancePath+"/network/allow/web",schemaPath:"#/properties/network/properties/allow/properties/web/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err270];
}
else {
vErrors.push(err270);
}
errors++;
}
}
if(data129.other !== undefined){
let data134 = data129.other;
if(Array.isArray(data134)){
const len6 = data134.length;
for(let i6=0; i6<len6; i6++){
let data135 = data134[i6];
if(typeof data135 === "string"){
if(!pattern16.test(data135)){
const err271 = {instancePath:instancePath+"/network/allow/other/" + i6,schemaPath:"#/properties/network/properties/allow/properties/other/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9a-fA-F.:]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err271];
}
else {
vErrors.push(err271);
}
errors++;
}
}
else {
const err272 = {instancePath:instancePath+"/network/allow/other/" + i6,schemaPath:"#/properties/network/properties/allow/properties/other/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err272];
}
else {
vErrors.push(err272);
}
errors++;
}
}
}
else {
const err273 = {instancePath:instancePath+"/network/allow/other",schemaPath:"#/properties/network/properties/allow/properties/other/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err273];
}
else {
vErrors.push(err273);
}
errors++;
}
}
}
else {
const err274 = {instancePath:instancePath+"/network/allow",schemaPath:"#/properties/network/properties/allow/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err274];
}
else {
vErrors.push(err274);
}
errors++;
}
}
else {
const err275 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err275];
}
else {
vErrors.push(err275);
}
errors++;
}
let data136 = data.secrets;
if(data136 && typeof data136 == "object" && !Array.isArray(data136)){
if(data136.file === undefined){
data136.file = "gitea.secrets.yaml";
}
for(const key29 in data136){
if(!((key29 === "source") || (key29 === "file"))){
const err276 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key29},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err276];
}
else {
vErrors.push(err276);
}
errors++;
}
}
if(data136.source !== undefined){
let data137 = data136.source;
if(typeof data137 !== "string"){
const err277 = {instancePath:instancePath+"/secrets/source",schemaPath:"#/properties/secrets/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err277];
}
else {
vErrors.push(err277);
}
errors++;
}
if(!((data137 === "file") || (data137 === "aws-secrets-manager"))){
const err278 = {instancePath:instancePath+"/secrets/source",schemaPath:"#/properties/secrets/properties/source/enum",keyword:"enum",params:{allowedValues: schema31.properties.secrets.properties.source.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err278];
}
else {
vErrors.push(err278);
}
errors++;
}
}
let data138 = data136.file;
if(typeof data138 === "string"){
if(!pattern6.test(data138)){
const err279 = {instancePath:instancePath+"/secrets/file",schemaPath:"#/properties/secrets/properties/file/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err279];
}
else {
vErrors.push(err279);
}
errors++;
}
}
else {
const err280 = {instancePath:instancePath+"/secrets/file",schemaPath:"#/properties/secrets/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err280];
}
else {
vErrors.push(err280);
}
errors++;
}
}
else {
const err281 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err281];
}
else {
vErrors.push(err281);
}
errors++;
}
let data139 = data.backup;
if(data139 && typeof data139 == "object" && !Array.isArray(data139)){
if(data139.enabled === undefined){
data139.enabled = true;
}
if(data139.local === undefined){
data139.local = {};
}
if(data139.objectives === undefined){
data139.objectives = {};
}
if(data139.calendar === undefined){
data139.calendar = "*-*-* 02:10:00";
}
if(data139.verifyCalendar === undefined){
data139.verifyCalendar = "*-*-* 05:20:00";
}
if(data139.drill === undefined){
data139.drill = {};
}
if(data139.retention === undefined){
data139.retention = {};
}
for(const key30 in data139){
if(!((((((((key30 === "enabled") || (key30 === "local")) || (key30 === "remote")) || (key30 === "objectives")) || (key30 === "calendar")) || (key30 === "verifyCalendar")) || (key30 === "drill")) || (key30 === "retention"))){
const err282 = {instancePath:instancePath+"/backup",schemaPath:"#/properties/backup/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key30},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err282];
}
else {
vErrors.push(err282);
}
errors++;
}
}
if(typeof data139.enabled !== "boolean"){
const err283 = {instancePath:instancePath+"/backup/enabled",schemaPath:"#/properties/backup/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err283];
}
else {
vErrors.push(err283);
}
errors++;
}
let data141 = data139.local;
if(data141 && typeof data141 == "object" && !Array.isArray(data141)){
if(data141.path === undefined){
data141.path = "/var/backups/gitea";
}
for(const key31 in data141){
if(!(key31 === "path")){
const err284 = {instancePath:instancePath+"/backup/local",schemaPath:"#/properties/backup/properties/local/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key31},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err284];
}
else {
vErrors.push(err284);
}
errors++;
}
}
let data142 = data141.path;
if(typeof data142 === "string"){
if(!pattern56.test(data142)){
const err285 = {instancePath:instancePath+"/backup/local/path",schemaPath:"#/properties/backup/properties/local/properties/path/pattern",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9._/-]*$"},message:"must match pattern \""+"^/[A-Za-z0-9._/-]*$"+"\""};
if(vErrors === null){
vErrors = [err285];
}
else {
vErrors.push(err285);
}
errors++;
}
}
else {
const err286 = {instancePath:instancePath+"/backup/local/path",schemaPath:"#/properties/backup/properties/local/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err286];
}
else {
vErrors.push(err286);
}
errors++;
}
}
else {
const err287 = {instancePath:instancePath+"/backup/local",schemaPath:"#/properties/backup/properties/local/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err287];
}
else {
vErrors.push(err287);
}
errors++;
}
if(data139.remote !== undefined){
let data143 = data139.remote;
if(data143 && typeof data143 == "object" && !Array.isArray(data143)){
if(data143.environment === undefined){
data143.environment = {};
}
if(data143.repository === undefined){
const err288 = {instancePath:instancePath+"/backup/remote",schemaPath:"#/properties/backup/properties/remote/required",keyword:"required",params:{missingProperty: "repository"},message:"must have required property '"+"repository"+"'"};
if(vErrors === null){
vErrors = [err288];
}
else {
vErrors.push(err288);
}
errors++;
}
for(const key32 in data143){
if(!(((key32 === "repository") || (key32 === "environment")) || (key32 === "uploadLimit"))){
const err289 = {instancePath:instancePath+"/backup/remote",schemaPath:"#/properties/backup/properties/remote/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key32},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err289];
}
else {
vErrors.push(err289);
}
errors++;
}
}
if(data143.repository !== undefined){
let data144 = data143.repository;
if(typeof data144 === "string"){
if(!pattern57.test(data144)){
const err290 = {instancePath:instancePath+"/backup/remote/repository",schemaPath:"#/properties/backup/properties/remote/properties/repository/pattern",keyword:"pattern",params:{pattern: "^(s3|sftp|rest|b2|azure|gs|swift):[^\\s]+$"},message:"must match pattern \""+"^(s3|sftp|rest|b2|azure|gs|swift):[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err290];
}
else {
vErrors.push(err290);
}
errors++;
}
}
else {
const err291 = {instancePath:instancePath+"/backup/remote/repository",schemaPath:"#/properties/backup/properties/remote/properties/repository/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err291];
}
else {
vErrors.push(err291);
}
errors++;
}
}
let data145 = data143.environment;
if(data145 && typeof data145 == "object" && !Array.isArray(data145)){
for(const key33 in data145){
let data146 = data145[key33];
if((typeof data146 !== "string") && (!(data146 && typeof data146 == "object" && !Array.isArray(data146)))){
const err292 = {instancePath:instancePath+"/backup/remote/environment/" + key33.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/backup/properties/remote/properties/environment/additionalProperties/type",keyword:"type",params:{type: schema31.properties.backup.properties.remote.properties.environment.additionalProperties.type},message:"must be string,object"};
if(vErrors === null){
vErrors = [err292];
}
else {
vErrors.push(err292);
}
errors++;
}
if(data146 && typeof data146 == "object" && !Array.isArray(data146)){
if(data146.secret === undefined){
const err293 = {instancePath:instancePath+"/backup/remote/environment/" + key33.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/backup/properties/remote/properties/environment/additionalProperties/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err293];
}
else {
vErrors.push(err293);
}
errors++;
}
for(const key34 in data146){
if(!(key34 === "secret")){
const err294 = {instancePath:instancePath+"/backup/remote/environment/" + key33.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/backup/properties/remote/properties/environment/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key34},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err294];
}
else {
vErrors.push(err294);
}
errors++;
}
}
if(data146.secret !== undefined){
if(typeof data146.secret !== "string"){
const err295 = {instancePath:instancePath+"/backup/remote/environment/" + key33.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret",schemaPath:"#/properties/backup/properties/remote/properties/environment/additionalProperties/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err295];
}
else {
vErrors.push(err295);
}
errors++;
}
}
}
}
}
else {
const err296 = {instancePath:instancePath+"/backup/remote/environment",schemaPath:"#/properties/backup/properties/remote/properties/environment/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err296];
}
else {
vErrors.push(err296);
}
errors++;
}
if(data143.uploadLimit !== undefined){
let data148 = data143.uploadLimit;
if(!(((typeof data148 == "number") && (!(data148 % 1) && !isNaN(data148))) && (isFinite(data148)))){
const err297 = {instancePath:instancePath+"/backup/remote/uploadLimit",schemaPath:"#/properties/backup/properties/remote/properties/uploadLimit/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err297];
}
else {
vErrors.push(err297);
}
errors++;
}
if((typeof data148 == "number") && (isFinite(data148))){
if(data148 > 10485760 || isNaN(data148)){
const err298 = {instancePath:instancePath+"/backup/remote/uploadLimit",schemaPath:"#/properties/backup/properties/remote/properties/uploadLimit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10485760},message:"must be <= 10485760"};
if(vErrors === null){
vErrors = [err298];
}
else {
vErrors.push(err298);
}
errors++;
}
if(data148 < 16 || isNaN(data148)){
const err299 = {instancePath:instancePath+"/backup/remote/uploadLimit",schemaPath:"#/properties/backup/properties/remote/properties/uploadLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 16},message:"must be >= 16"};
if(vErrors === null){
vErrors = [err299];
}
else {
vErrors.push(err299);
}
errors++;
}
}
}
}
else {
const err300 = {instancePath:instancePath+"/backup/remote",schemaPath:"#/properties/backup/properties/remote/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err300];
}
else {
vErrors.push(err300);
}
errors++;
}
}
let data149 = data139.objectives;
if(data149 && typeof data149 == "object" && !Array.isArray(data149)){
if(data149.database === undefined){
data149.database = "60s";
}
if(data149.repositories === undefined){
data149.repositories = "5m";
}
if(data149.restore === undefined){
data149.restore = "30m";
}
for(const key35 in data149){
if(!(((key35 === "database") || (key35 === "repositories")) || (key35 === "restore"))){
const err301 = {instancePath:instancePath+"/backup/objectives",schemaPath:"#/properties/backup/properties/objectives/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key35},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err301];
}
else {
vErrors.push(err301);
}
errors++;
}
}
let data150 = data149.database;
if(typeof data150 === "string"){
if(!pattern58.test(data150)){
const err302 = {instancePath:instancePath+"/backup/objectives/database",schemaPath:"#/properties/backup/properties/objectives/properties/database/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[smh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[smh]$"+"\""};
if(vErrors === null){
vErrors = [err302];
}
else {
vErrors.push(err302);
}
errors++;
}
}
else {
const err303 = {instancePath:instancePath+"/backup/objectives/database",schemaPath:"#/properties/backup/properties/objectives/properties/database/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err303];
}
else {
vErrors.push(err303);
}
errors++;
}
let data151 = data149.repositories;
if(typeof data151 === "string"){
if(!pattern58.test(data151)){
const err304 = {instancePath:instancePath+"/backup/objectives/repositories",schemaPath:"#/properties/backup/properties/objectives/properties/repositories/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[smh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[smh]$"+"\""};
if(vErrors === null){
vErrors = [err304];
}
else {
vErrors.push(err304);
}
errors++;
}
}
else {
const err305 = {instancePath:instancePath+"/backup/objectives/repositories",schemaPath:"#/properties/backup/properties/objectives/properties/repositories/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err305];
}
else {
vErrors.push(err305);
}
errors++;
}
let data152 = data149.restore;
if(typeof data152 === "string"){
if(!pattern58.test(data152)){
const err306 = {instancePath:instancePath+"/backup/objectives/restore",schemaPath:"#/properties/backup/properties/objectives/properties/restore/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[smh]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[smh]$"+"\""};
if(vErrors === null){
vErrors = [err306];
}
else {
vErrors.push(err306);
}
errors++;
}
}
else {
const err307 = {instancePath:instancePath+"/backup/objectives/restore",schemaPath:"#/properties/backup/properties/objectives/properties/restore/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err307];
}
else {
vErrors.push(err307);
}
errors++;
}
}
else {
const err308 = {instancePath:instancePath+"/backup/objectives",schemaPath:"#/properties/backup/properties/objectives/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err308];
}
else {
vErrors.push(err308);
}
errors++;
}
if(typeof data139.calendar !== "string"){
const err309 = {instancePath:instancePath+"/backup/calendar",schemaPath:"#/properties/backup/properties/calendar/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err309];
}
else {
vErrors.push(err309);
}
errors++;
}
if(typeof data139.verifyCalendar !== "string"){
const err310 = {instancePath:instancePath+"/backup/verifyCalendar",schemaPath:"#/properties/backup/properties/verifyCalendar/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err310];
}
else {
vErrors.push(err310);
}
errors++;
}
let data155 = data139.drill;
if(data155 && typeof data155 == "object" && !Array.isArray(data155)){
if(data155.calendar === undefined){
data155.calendar = "Sun *-*-* 04:40:00";
}
if(data155.maxAge === undefined){
data155.maxAge = "8d";
}
for(const key36 in data155){
if(!((key36 === "calendar") || (key36 === "maxAge"))){
const err311 = {instancePath:instancePath+"/backup/drill",schemaPath:"#/properties/backup/properties/drill/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key36},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err311];
}
else {
vErrors.push(err311);
}
errors++;
}
}
if(typeof data155.calendar !== "string"){
const err312 = {instancePath:instancePath+"/backup/drill/calendar",schemaPath:"#/properties/backup/properties/drill/properties/calendar/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err312];
}
else {
vErrors.push(err312);
}
errors++;
}
let data157 = data155.maxAge;
if(typeof data157 === "string"){
if(!pattern61.test(data157)){
const err313 = {instancePath:instancePath+"/backup/drill/maxAge",schemaPath:"#/properties/backup/properties/drill/properties/maxAge/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,3}[hd]$"},message:"must match pattern \""+"^[1-9][0-9]{0,3}[hd]$"+"\""};
if(vErrors === null){
vErrors = [err313];
}
else {
vErrors.push(err313);
}
errors++;
}
}
else {
const err314 = {instancePath:instancePath+"/backup/drill/maxAge",schemaPath:"#/properties/backup/properties/drill/properties/maxAge/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err314];
}
else {
vErrors.push(err314);
}
errors++;
}
}
else {
const err315 = {instancePath:instancePath+"/backup/drill",schemaPath:"#/properties/backup/properties/drill/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err315];
}
else {
vErrors.push(err315);
}
errors++;
}
let data158 = data139.retention;
if(data158 && typeof data158 == "object" && !Array.isArray(data158)){
if(data158.hours === undefined){
data158.hours = 48;
}
if(data158.days === undefined){
data158.days = 14;
}
if(data158.weeks === undefined){
data158.weeks = 8;
}
if(data158.months === undefined){
data158.months = 12;
}
if(data158.years === undefined){
data158.years = 3;
}
for(const key37 in data158){
if(!(((((key37 === "hours") || (key37 === "days")) || (key37 === "weeks")) || (key37 === "months")) || (key37 === "years"))){
const err316 = {instancePath:instancePath+"/backup/retention",schemaPath:"#/properties/backup/properties/retention/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key37},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err316];
}
else {
vErrors.push(err316);
}
errors++;
}
}
let data159 = data158.hours;
if(!(((typeof data159 == "number") && (!(data159 % 1) && !isNaN(data159))) && (isFinite(data159)))){
const err317 = {instancePath:instancePath+"/backup/retention/hours",schemaPath:"#/properties/backup/properties/retention/properties/hours/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err317];
}
else {
vErrors.push(err317);
}
errors++;
}
if((typeof data159 == "number") && (isFinite(data159))){
if(data159 > 1000 || isNaN(data159)){
const err318 = {instancePath:instancePath+"/backup/retention/hours",schemaPath:"#/properties/backup/properties/retention/properties/hours/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err318];
}
else {
vErrors.push(err318);
}
errors++;
}
if(data159 < 0 || isNaN(data159)){
const err319 = {instancePath:instancePath+"/backup/retention/hours",schemaPath:"#/properties/backup/properties/retention/properties/hours/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err319];
}
else {
vErrors.push(err319);
}
errors++;
}
}
let data160 = data158.days;
if(!(((typeof data160 == "number") && (!(data160 % 1) && !isNaN(data160))) && (isFinite(data160)))){
const err320 = {instancePath:instancePath+"/backup/retention/days",schemaPath:"#/properties/backup/properties/retention/properties/days/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err320];
}
else {
vErrors.push(err320);
}
errors++;
}
if((typeof data160 == "number") && (isFinite(data160))){
if(data160 > 1000 || isNaN(data160)){
const err321 = {instancePath:instancePath+"/backup/retention/days",schemaPath:"#/properties/backup/properties/retention/properties/days/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err321];
}
else {
vErrors.push(err321);
}
errors++;
}
if(data160 < 0 || isNaN(data160)){
const err322 = {instancePath:instancePath+"/backup/retention/days",schemaPath:"#/properties/backup/properties/retention/properties/days/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err322];
}
else {
vErrors.push(err322);
}
errors++;
}
}
let data161 = data158.weeks;
if(!(((typeof data161 == "number") && (!(data161 % 1) && !isNaN(data161))) && (isFinite(data161)))){
const err323 = {instancePath:instancePath+"/backup/retention/weeks",schemaPath:"#/properties/backup/properties/retention/properties/weeks/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err323];
}
else {
vErrors.push(err323);
}
errors++;
}
if((typeof data161 == "number") && (isFinite(data161))){
if(data161 > 1000 || isNaN(data161)){
const err324 = {instancePath:instancePath+"/backup/retention/weeks",schemaPath:"#/properties/backup/properties/retention/properties/weeks/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err324];
}
else {
vErrors.push(err324);
}
errors++;
}
if(data161 < 0 || isNaN(data161)){
const err325 = {instancePath:instancePath+"/backup/retention/weeks",schemaPath:"#/properties/backup/properties/retention/properties/weeks/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err325];
}
else {
vErrors.push(err325);
}
errors++;
}
}
let data162 = data158.months;
if(!(((typeof data162 == "number") && (!(data162 % 1) && !isNaN(data162))) && (isFinite(data162)))){
const err326 = {instancePath:instancePath+"/backup/retention/months",schemaPath:"#/properties/backup/properties/retention/properties/months/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err326];
}
else {
vErrors.push(err326);
}
errors++;
}
if((typeof data162 == "number") && (isFinite(data162))){
if(data162 > 1000 || isNaN(data162)){
const err327 = {instancePath:instancePath+"/backup/retention/months",schemaPath:"#/properties/backup/properties/retention/properties/months/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err327];
}
else {
vErrors.push(err327);
}
errors++;
}
if(data162 < 0 || isNaN(data162)){
const err328 = {instancePath:instancePath+"/backup/retention/months",schemaPath:"#/properties/backup/properties/retention/properties/months/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err328];
}
else {
vErrors.push(err328);
}
errors++;
}
}
let data163 = data158.years;
if(!(((typeof data163 == "number") && (!(data163 % 1) && !isNaN(data163))) && (isFinite(data163)))){
const err329 = {instancePath:instancePath+"/backup/retention/years",schemaPath:"#/properties/backup/properties/retention/properties/years/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err329];
}
else {
vErrors.push(err329);
}
errors++;
}
if((typeof data163 == "number") && (isFinite(data163))){
if(data163 > 1000 || isNaN(data163)){
const err330 = {instancePath:instancePath+"/backup/retention/years",schemaPath:"#/properties/backup/properties/retention/properties/years/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err330];
}
else {
vErrors.push(err330);
}
errors++;
}
if(data163 < 0 || isNaN(data163)){
const err331 = {instancePath:instancePath+"/backup/retention/years",schemaPath:"#/properties/backup/properties/retention/properties/years/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err331];
}
else {
vErrors.push(err331);
}
errors++;
}
}
}
else {
const err332 = {instancePath:instancePath+"/backup/retention",schemaPath:"#/properties/backup/properties/retention/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err332];
}
else {
vErrors.push(err332);
}
errors++;
}
}
else {
const err333 = {instancePath:instancePath+"/backup",schemaPath:"#/properties/backup/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err333];
}
else {
vErrors.push(err333);
}
errors++;
}
let data164 = data.verify;
if(data164 && typeof data164 == "object" && !Array.isArray(data164)){
if(data164.pushSizeMiB === undefined){
data164.pushSizeMiB = 100;
}
for(const key38 in data164){
if(!((key38 === "dnsServer") || (key38 === "pushSizeMiB"))){
const err334 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key38},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err334];
}
else {
vErrors.push(err334);
}
errors++;
}
}
if(data164.dnsServer !== undefined){
let data165 = data164.dnsServer;
if(typeof data165 === "string"){
if(!pattern62.test(data165)){
const err335 = {instancePath:instancePath+"/verify/dnsServer",schemaPath:"#/properties/verify/properties/dnsServer/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+:[0-9]+$"},message:"must match pattern \""+"^[^\\s]+:[0-9]+$"+"\""};
if(vErrors === null){
vErrors = [err335];
}
else {
vErrors.push(err335);
}
errors++;
}
}
else {
const err336 = {instancePath:instancePath+"/verify/dnsServer",schemaPath:"#/properties/verify/properties/dnsServer/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err336];
}
else {
vErrors.push(err336);
}
errors++;
}
}
let data166 = data164.pushSizeMiB;
if(!(((typeof data166 == "number") && (!(data166 % 1) && !isNaN(data166))) && (isFinite(data166)))){
const err337 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err337];
}
else {
vErrors.push(err337);
}
errors++;
}
if((typeof data166 == "number") && (isFinite(data166))){
if(data166 > 4096 || isNaN(data166)){
const err338 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4096},message:"must be <= 4096"};
if(vErrors === null){
vErrors = [err338];
}
else {
vErrors.push(err338);
}
errors++;
}
if(data166 < 1 || isNaN(data166)){
const err339 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err339];
}
else {
vErrors.push(err339);
}
errors++;
}
}
}
else {
const err340 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err340];
}
else {
vErrors.push(err340);
}
errors++;
}
}
else {
const err341 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err341];
}
else {
vErrors.push(err341);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export { schema31 as schema };
