// Generated from schema/gitea.config.schema.json by schema/generate.ts. Do not edit.
// @ts-nocheck
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
export const validate = validate20;

const schema31 = {"type":"object","additionalProperties":false,"required":["host","domain","admin","tls"],"properties":{"host":{"type":"object","additionalProperties":false,"if":{"properties":{"provider":{"const":"aws"}},"required":["provider"]},"else":{"required":["address"]},"properties":{"provider":{"type":"string","enum":["existing","aws"],"default":"existing","examples":["existing","aws"]},"address":{"type":"string","x-allowed":"an IP address or a host name that this machine can reach, not a loopback one","pattern":"^[^\\s/@]+$","examples":["203.0.113.10"]},"port":{"type":"integer","minimum":1,"maximum":65535,"default":22,"examples":[22]},"user":{"type":"string","x-allowed":"a Linux account name: lower-case letters, digits, `_` and `-`","pattern":"^[a-z_][a-z0-9_-]{0,31}$","default":"root","examples":["root","debian"]},"identityFile":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","examples":["~/.ssh/id_ed25519"]},"knownHosts":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.known_hosts","examples":["gitea.known_hosts"]},"dataPath":{"type":"string","x-allowed":"an absolute path of letters, digits, `.`, `_` and `-`, outside the system's own directories","pattern":"^/[A-Za-z0-9._/-]+$","default":"/srv/gitea","examples":["/srv/gitea","/data/gitea"]},"dataDevice":{"type":"string","x-allowed":"a path below /dev/disk/","pattern":"^/dev/disk/[A-Za-z0-9._/+:-]+$","examples":["/dev/disk/by-id/scsi-0DO_Volume_gitea"]},"swap":{"type":"string","enum":["auto","off"],"default":"auto","examples":["auto"]},"hardenSsh":{"type":"boolean","default":true,"examples":[true]},"unattendedUpgrades":{"type":"boolean","default":true,"examples":[true]}}},"aws":{"type":"object","additionalProperties":false,"required":["accountId","region"],"properties":{"accountId":{"type":"string","x-allowed":"12 digits, in quotes","pattern":"^[0-9]{12}$","examples":["123456789012"]},"region":{"type":"string","x-allowed":"a region's code name","pattern":"^[a-z]{2}(-[a-z]+)+-[0-9]$","examples":["eu-central-1"]},"profile":{"type":"string","x-allowed":"a name without spaces","pattern":"^[^\\s\\p{Cc}]+$","examples":["ops"]},"name":{"type":"string","x-allowed":"2 to 20 lower-case letters, digits and `-`, beginning with a letter","pattern":"^[a-z][a-z0-9-]{0,18}[a-z0-9]$","default":"gitea","examples":["gitea","gitea-staging"]},"instanceType":{"type":"string","x-allowed":"an instance type","pattern":"^[a-z][a-z0-9-]*\\.[a-z0-9-]+$","default":"t3.medium","examples":["t3.medium","m7i.large"]},"availabilityZone":{"type":"string","x-allowed":"the region followed by one letter","pattern":"^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$","examples":["eu-central-1b"]},"rootVolumeGiB":{"type":"integer","minimum":20,"maximum":1000,"default":30,"examples":[30]},"dataVolumeGiB":{"type":"integer","minimum":10,"maximum":16384,"default":50,"examples":[50]},"access":{"type":"string","enum":["ssh","ssm"],"default":"ssh","examples":["ssh"]},"sshFrom":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","default":[],"examples":[["198.51.100.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}},"ipv6":{"type":"boolean","default":false,"examples":[true]},"dns":{"type":"string","enum":["route53","external"],"default":"route53","examples":["route53"]},"zoneId":{"type":"string","x-allowed":"the zone's id","pattern":"^[A-Z0-9]{1,32}$","examples":["Z0123456789ABCDEFGHIJ"]},"stateBucket":{"type":"string","x-allowed":"a bucket name","pattern":"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$","examples":["example-gitea-state"]},"backupBucket":{"type":"string","x-allowed":"a bucket name","pattern":"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$","examples":["example-gitea-backup"]},"objectLockDays":{"type":"integer","minimum":1,"maximum":3650,"default":30,"examples":[30]},"tags":{"type":"object","additionalProperties":{"type":"string","x-allowed":"a text of at most 256 characters","pattern":"^[^\\p{Cc}]{0,256}$"},"x-allowed":"names with text values","default":{},"examples":[{"team":"platform"}]},"inventory":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.inventory.json","examples":["gitea.inventory.json"]},"endpoint":{"type":"string","x-allowed":"an http:// or https:// URL without a path, user name, password or query","examples":["http://192.0.2.7:5000"]}}},"domain":{"type":"string","x-allowed":"a full host name in lower case, without scheme, port or trailing dot","pattern":"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$","examples":["git.example.com"]},"admin":{"type":"object","additionalProperties":false,"required":["username","email"],"properties":{"username":{"type":"string","x-allowed":"at most 40 letters, digits, `-`, `_` or `.`, beginning and ending with a letter or digit, no two signs in a row","pattern":"^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$","examples":["gitadmin"]},"email":{"type":"string","x-allowed":"a mail address","pattern":"^[^\\s@]+@[^\\s@]+$","examples":["gitadmin@example.com"]}}},"images":{"type":"object","additionalProperties":false,"default":{},"properties":{"gitea":{"type":"string","x-allowed":"repository:tag, with the tag naming a version","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"gitea/gitea:1.27.3-rootless","examples":["gitea/gitea:28.1.0-rootless"]},"postgres":{"type":"string","x-allowed":"repository:tag, with the tag naming a version","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"postgres:18.6","examples":["postgres:18.6"]},"nginx":{"type":"string","x-allowed":"repository:tag or repository@sha256:...","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"nginx:1.30.4-alpine","examples":["nginx:1.30.4-alpine"]},"certbot":{"type":"string","x-allowed":"repository:tag or repository@sha256:...","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"certbot/certbot:v5.9.0","examples":["certbot/certbot:v5.9.0"]}}},"gitea":{"type":"object","additionalProperties":false,"default":{},"properties":{"title":{"type":"string","x-allowed":"1 to 64 characters on one line","pattern":"^[^\\p{Cc}]{1,64}$","default":"Gitea","examples":["Our Git"]},"sshPort":{"type":"integer","minimum":1,"maximum":65535,"default":2222,"examples":[2222]},"requireSignIn":{"type":"boolean","default":false,"examples":[true]},"startTimeout":{"type":"integer","minimum":30,"maximum":3600,"default":300,"examples":[900]},"signIn":{"type":"object","additionalProperties":false,"default":{},"properties":{"twoFactor":{"type":"string","enum":["optional","required"],"default":"optional","examples":["required"]},"passwordForm":{"type":"boolean","default":true,"examples":[false]},"autoRegister":{"type":"boolean","default":false,"examples":[true]},"accountLinking":{"type":"string","enum":["login","auto","disabled"],"default":"login","examples":["auto"]},"username":{"type":"string","enum":["nickname","preferred_username","email","userid"],"default":"nickname","examples":["preferred_username"]},"sources":{"type":"array","x-allowed":"a list of sources","default":[],"examples":[[{"name":"company","discoveryUrl":"https://id.example.com/realms/main/.well-known/openid-configuration","clientId":"gitea","clientSecret":{"secret":"company_client"},"scopes":["email","profile","groups"],"requiredClaim":{"name":"groups","value":"git-users"},"groups":{"claim":"groups","admin":"git-admins","restricted":"guests"},"iconUrl":"https://id.example.com/logo.svg","skipTwoFactor":true}],[{"name":"github","provider":"github","clientId":"Iv1.0123456789abcdef","clientSecret":{"secret":"github_client"},"urls":{"authorize":"https://github.example.com/login/oauth/authorize","token":"https://github.example.com/login/oauth/access_token","profile":"https://github.example.com/api/v3/user","email":"https://github.example.com/api/v3/user/emails"}}]],"items":{"type":"object","x-allowed":"a source with name, clientId, clientSecret and, for OpenID Connect, discoveryUrl","additionalProperties":false,"required":["name","clientId","clientSecret"],"properties":{"name":{"type":"string","x-allowed":"1 to 64 letters, digits, \".\", \"_\" and \"-\", a letter or digit first","pattern":"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$","examples":["company"]},"provider":{"type":"string","enum":["openidConnect","bitbucket","discord","dropbox","facebook","gitea","github","gitlab","gplus","mastodon","nextcloud","twitter","yandex"],"default":"openidConnect","examples":["github"]},"discoveryUrl":{"type":"string","x-allowed":"an https:// URL with /.well-known/","examples":["https://id.example.com/realms/main/.well-known/openid-configuration"]},"clientId":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["gitea"]},"clientSecret":{"type":"object","x-allowed":"a reference to a kept secret","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","x-allowed":"the name of a secret of yours, such as company_client","examples":["company_client"]}}},"scopes":{"type":"array","x-allowed":"a list of scopes such as email","default":[],"examples":[["email","profile"]],"items":{"type":"string","x-allowed":"a scope: 1 to 128 printable characters without spaces, commas, quotes and backslashes","pattern":"^[!#-+\\--\\[\\]-~]{1,128}$"}},"urls":{"type":"object","additionalProperties":false,"properties":{"authorize":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/login/oauth/authorize"]},"token":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/login/oauth/access_token"]},"profile":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/api/v3/user"]},"email":{"type":"string","x-allowed":"an https:// URL","examples":["https://github.example.com/api/v3/user/emails"]}}},"requiredClaim":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["groups"]},"value":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["git-users"]}}},"groups":{"type":"object","additionalProperties":false,"required":["claim"],"properties":{"claim":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["groups"]},"admin":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["git-admins"]},"restricted":{"type":"string","x-allowed":"1 to 255 characters on one line, without spaces at its ends","pattern":"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$","examples":["guests"]}}},"iconUrl":{"type":"string","x-allowed":"an https:// URL","examples":["https://id.example.com/logo.svg"]},"skipTwoFactor":{"type":"boolean","default":false,"examples":[true]}}}}}},"settings":{"type":"object","x-allowed":"sections with keys","additionalProperties":{"type":"object","x-allowed":"keys with values","additionalProperties":{"type":["string","number","boolean","object"],"x-allowed":"a text on one line, a number, true or false, or { secret: NAME }","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","x-allowed":"the name of a secret of yours, such as storage_key"}}}},"default":{},"examples":[{"service":{"DEFAULT_KEEP_EMAIL_PRIVATE":true}}]}}},"mail":{"type":"object","additionalProperties":false,"required":["host","from"],"properties":{"host":{"type":"string","x-allowed":"a host name or an IP address","examples":["smtp.example.com"]},"tls":{"type":"string","enum":["smtps","starttls","none"],"default":"smtps","examples":["starttls"]},"port":{"type":"integer","minimum":1,"maximum":65535,"examples":[2465]},"from":{"type":"string","x-allowed":"a mail address","examples":["git@example.com"]},"user":{"type":"string","x-allowed":"1 to 128 characters on one line, without spaces at its ends","pattern":"^(?! )[^\\p{Cc}]{1,128}(?<! )$","examples":["git@example.com"]},"password":{"type":"object","x-allowed":"a reference to a kept secret","additionalProperties":false,"required":["secret"],"properties":{"secret":{"type":"string","x-allowed":"the name of a secret of yours, such as mail_password","examples":["mail_password"]}}},"notifications":{"type":"boolean","default":true,"examples":[false]}}},"proxy":{"type":"object","additionalProperties":false,"default":{},"properties":{"maxUploadSize":{"type":"string","x-allowed":"a size as Nginx takes it: a number with k, m or g, or \"0\"","pattern":"^(0|[1-9][0-9]{0,9}[kKmMgG]?)$","default":"512m","examples":["512m","2g"]},"loginRequestsPerMinute":{"type":"integer","minimum":1,"maximum":6000,"default":10,"examples":[10]},"restartPatience":{"type":"integer","minimum":0,"maximum":3600,"default":120,"examples":[120]}}},"tls":{"type":"object","additionalProperties":false,"required":["email"],"properties":{"email":{"type":"string","x-allowed":"a mail address","pattern":"^[^\\s@]+@[^\\s@]+$","examples":["ops@example.com"]},"profile":{"type":"string","enum":["classic","tlsserver","shortlived"],"default":"classic","examples":["tlsserver"]},"staging":{"type":"boolean","default":false,"examples":[true]},"directory":{"type":"string","x-allowed":"an https:// URL","pattern":"^[^\\s]+$","examples":["https://acme.example.com/dir"]},"caBundle":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","examples":["acme-ca.pem"]},"renewCalendar":{"type":"string","x-allowed":"a systemd OnCalendar expression, see systemd.time(7)","pattern":"^[^\\p{Cc}]+$","default":"*-*-* 03,15:27:00","examples":["*-*-* 03,15:27:00","*-*-* 04:12:00 Europe/Vienna"]}}},"docker":{"type":"object","additionalProperties":false,"default":{},"properties":{"registryMirror":{"type":"string","x-allowed":"an http:// or https:// URL without a path","pattern":"^[^\\s]+$","examples":["https://mirror.example.com"]},"logMaxSize":{"type":"string","x-allowed":"a number with k, m or g","pattern":"^[1-9][0-9]{0,5}[kmg]$","default":"10m","examples":["10m"]},"logMaxFiles":{"type":"integer","minimum":1,"maximum":100,"default":5,"examples":[5]}}},"network":{"type":"object","additionalProperties":false,"default":{},"properties":{"subnet":{"type":"string","x-allowed":"a private IPv4 network with a prefix of 16 to 28","pattern":"^[0-9.]+/[0-9]+$","default":"172.31.250.0/24","examples":["10.123.45.0/24"]},"firewall":{"type":"boolean","default":true,"examples":[true]},"allow":{"type":"object","additionalProperties":false,"default":{},"properties":{"ssh":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","examples":[["198.51.100.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}},"web":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","examples":[["198.51.100.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}},"other":{"type":"array","x-allowed":"a list of networks such as 198.51.100.0/24","examples":[["192.0.2.0/24"]],"items":{"type":"string","x-allowed":"a network such as 198.51.100.0/24","pattern":"^[0-9a-fA-F.:]+/[0-9]{1,3}$"}}}}}},"secrets":{"type":"object","additionalProperties":false,"default":{},"properties":{"source":{"type":"string","enum":["file","aws-secrets-manager"],"examples":["file"]},"file":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.secrets.yaml","examples":["gitea.secrets.yaml"]}}},"verify":{"type":"object","additionalProperties":false,"default":{},"properties":{"dnsServer":{"type":"string","x-allowed":"address:port, an IPv6 address in brackets","pattern":"^[^\\s]+:[0-9]+$","examples":["198.51.100.53:53","[2001:db8::53]:53"]},"pushSizeMiB":{"type":"integer","minimum":1,"maximum":4096,"default":100,"examples":[100]}}}}};
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
const pattern29 = new RegExp("^[^\\p{Cc}]{1,64}$", "u");
const pattern30 = new RegExp("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "u");
const pattern31 = new RegExp("^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$", "u");
const pattern32 = new RegExp("^[!#-+\\--\\[\\]-~]{1,128}$", "u");
const pattern38 = new RegExp("^(?! )[^\\p{Cc}]{1,128}(?<! )$", "u");
const pattern39 = new RegExp("^(0|[1-9][0-9]{0,9}[kKmMgG]?)$", "u");
const pattern41 = new RegExp("^[^\\s]+$", "u");
const pattern45 = new RegExp("^[1-9][0-9]{0,5}[kmg]$", "u");
const pattern46 = new RegExp("^[0-9.]+/[0-9]+$", "u");
const pattern51 = new RegExp("^[^\\s]+:[0-9]+$", "u");

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
for(const key5 in data39){
if(!((((key5 === "gitea") || (key5 === "postgres")) || (key5 === "nginx")) || (key5 === "certbot"))){
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
}
else {
const err96 = {instancePath:instancePath+"/images",schemaPath:"#/properties/images/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
let data44 = data.gitea;
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
if(data44.title === undefined){
data44.title = "Gitea";
}
if(data44.sshPort === undefined){
data44.sshPort = 2222;
}
if(data44.requireSignIn === undefined){
data44.requireSignIn = false;
}
if(data44.startTimeout === undefined){
data44.startTimeout = 300;
}
if(data44.signIn === undefined){
data44.signIn = {};
}
if(data44.settings === undefined){
data44.settings = {};
}
for(const key6 in data44){
if(!((((((key6 === "title") || (key6 === "sshPort")) || (key6 === "requireSignIn")) || (key6 === "startTimeout")) || (key6 === "signIn")) || (key6 === "settings"))){
const err97 = {instancePath:instancePath+"/gitea",schemaPath:"#/properties/gitea/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
let data45 = data44.title;
if(typeof data45 === "string"){
if(!pattern29.test(data45)){
const err98 = {instancePath:instancePath+"/gitea/title",schemaPath:"#/properties/gitea/properties/title/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]{1,64}$"},message:"must match pattern \""+"^[^\\p{Cc}]{1,64}$"+"\""};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/gitea/title",schemaPath:"#/properties/gitea/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
let data46 = data44.sshPort;
if(!(((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46))) && (isFinite(data46)))){
const err100 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if((typeof data46 == "number") && (isFinite(data46))){
if(data46 > 65535 || isNaN(data46)){
const err101 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if(data46 < 1 || isNaN(data46)){
const err102 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
}
if(typeof data44.requireSignIn !== "boolean"){
const err103 = {instancePath:instancePath+"/gitea/requireSignIn",schemaPath:"#/properties/gitea/properties/requireSignIn/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
let data48 = data44.startTimeout;
if(!(((typeof data48 == "number") && (!(data48 % 1) && !isNaN(data48))) && (isFinite(data48)))){
const err104 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
if((typeof data48 == "number") && (isFinite(data48))){
if(data48 > 3600 || isNaN(data48)){
const err105 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600"};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
if(data48 < 30 || isNaN(data48)){
const err106 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 30},message:"must be >= 30"};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
let data49 = data44.signIn;
if(data49 && typeof data49 == "object" && !Array.isArray(data49)){
if(data49.twoFactor === undefined){
data49.twoFactor = "optional";
}
if(data49.passwordForm === undefined){
data49.passwordForm = true;
}
if(data49.autoRegister === undefined){
data49.autoRegister = false;
}
if(data49.accountLinking === undefined){
data49.accountLinking = "login";
}
if(data49.username === undefined){
data49.username = "nickname";
}
if(data49.sources === undefined){
data49.sources = [];
}
for(const key7 in data49){
if(!((((((key7 === "twoFactor") || (key7 === "passwordForm")) || (key7 === "autoRegister")) || (key7 === "accountLinking")) || (key7 === "username")) || (key7 === "sources"))){
const err107 = {instancePath:instancePath+"/gitea/signIn",schemaPath:"#/properties/gitea/properties/signIn/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
let data50 = data49.twoFactor;
if(typeof data50 !== "string"){
const err108 = {instancePath:instancePath+"/gitea/signIn/twoFactor",schemaPath:"#/properties/gitea/properties/signIn/properties/twoFactor/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
if(!((data50 === "optional") || (data50 === "required"))){
const err109 = {instancePath:instancePath+"/gitea/signIn/twoFactor",schemaPath:"#/properties/gitea/properties/signIn/properties/twoFactor/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.twoFactor.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if(typeof data49.passwordForm !== "boolean"){
const err110 = {instancePath:instancePath+"/gitea/signIn/passwordForm",schemaPath:"#/properties/gitea/properties/signIn/properties/passwordForm/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
if(typeof data49.autoRegister !== "boolean"){
const err111 = {instancePath:instancePath+"/gitea/signIn/autoRegister",schemaPath:"#/properties/gitea/properties/signIn/properties/autoRegister/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
let data53 = data49.accountLinking;
if(typeof data53 !== "string"){
const err112 = {instancePath:instancePath+"/gitea/signIn/accountLinking",schemaPath:"#/properties/gitea/properties/signIn/properties/accountLinking/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
if(!(((data53 === "login") || (data53 === "auto")) || (data53 === "disabled"))){
const err113 = {instancePath:instancePath+"/gitea/signIn/accountLinking",schemaPath:"#/properties/gitea/properties/signIn/properties/accountLinking/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.accountLinking.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
let data54 = data49.username;
if(typeof data54 !== "string"){
const err114 = {instancePath:instancePath+"/gitea/signIn/username",schemaPath:"#/properties/gitea/properties/signIn/properties/username/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(!((((data54 === "nickname") || (data54 === "preferred_username")) || (data54 === "email")) || (data54 === "userid"))){
const err115 = {instancePath:instancePath+"/gitea/signIn/username",schemaPath:"#/properties/gitea/properties/signIn/properties/username/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.username.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
let data55 = data49.sources;
if(Array.isArray(data55)){
const len1 = data55.length;
for(let i1=0; i1<len1; i1++){
let data56 = data55[i1];
if(data56 && typeof data56 == "object" && !Array.isArray(data56)){
if(data56.provider === undefined){
data56.provider = "openidConnect";
}
if(data56.scopes === undefined){
data56.scopes = [];
}
if(data56.skipTwoFactor === undefined){
data56.skipTwoFactor = false;
}
if(data56.name === undefined){
const err116 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(data56.clientId === undefined){
const err117 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/required",keyword:"required",params:{missingProperty: "clientId"},message:"must have required property '"+"clientId"+"'"};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(data56.clientSecret === undefined){
const err118 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/required",keyword:"required",params:{missingProperty: "clientSecret"},message:"must have required property '"+"clientSecret"+"'"};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
for(const key8 in data56){
if(!(func1.call(schema31.properties.gitea.properties.signIn.properties.sources.items.properties, key8))){
const err119 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data56.name !== undefined){
let data57 = data56.name;
if(typeof data57 === "string"){
if(!pattern30.test(data57)){
const err120 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"+"\""};
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
const err121 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
let data58 = data56.provider;
if(typeof data58 !== "string"){
const err122 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/provider",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/provider/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(!(((((((((((((data58 === "openidConnect") || (data58 === "bitbucket")) || (data58 === "discord")) || (data58 === "dropbox")) || (data58 === "facebook")) || (data58 === "gitea")) || (data58 === "github")) || (data58 === "gitlab")) || (data58 === "gplus")) || (data58 === "mastodon")) || (data58 === "nextcloud")) || (data58 === "twitter")) || (data58 === "yandex"))){
const err123 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/provider",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/provider/enum",keyword:"enum",params:{allowedValues: schema31.properties.gitea.properties.signIn.properties.sources.items.properties.provider.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
if(data56.discoveryUrl !== undefined){
if(typeof data56.discoveryUrl !== "string"){
const err124 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/discoveryUrl",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/discoveryUrl/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
if(data56.clientId !== undefined){
let data60 = data56.clientId;
if(typeof data60 === "string"){
if(!pattern31.test(data60)){
const err125 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/clientId",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientId/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
else {
const err126 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/clientId",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientId/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
if(data56.clientSecret !== undefined){
let data61 = data56.clientSecret;
if(data61 && typeof data61 == "object" && !Array.isArray(data61)){
if(data61.secret === undefined){
const err127 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/clientSecret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
for(const key9 in data61){
if(!(key9 === "secret")){
const err128 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/clientSecret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data61.secret !== undefined){
if(typeof data61.secret !== "string"){
const err129 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/clientSecret/secret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
}
else {
const err130 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/clientSecret",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/clientSecret/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
let data63 = data56.scopes;
if(Array.isArray(data63)){
const len2 = data63.length;
for(let i2=0; i2<len2; i2++){
let data64 = data63[i2];
if(typeof data64 === "string"){
if(!pattern32.test(data64)){
const err131 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/scopes/" + i2,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/scopes/items/pattern",keyword:"pattern",params:{pattern: "^[!#-+\\--\\[\\]-~]{1,128}$"},message:"must match pattern \""+"^[!#-+\\--\\[\\]-~]{1,128}$"+"\""};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
else {
const err132 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/scopes/" + i2,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/scopes/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
}
else {
const err133 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/scopes",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/scopes/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if(data56.urls !== undefined){
let data65 = data56.urls;
if(data65 && typeof data65 == "object" && !Array.isArray(data65)){
for(const key10 in data65){
if(!((((key10 === "authorize") || (key10 === "token")) || (key10 === "profile")) || (key10 === "email"))){
const err134 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/urls",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
}
if(data65.authorize !== undefined){
if(typeof data65.authorize !== "string"){
const err135 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/urls/authorize",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/authorize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
if(data65.token !== undefined){
if(typeof data65.token !== "string"){
const err136 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/urls/token",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/token/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
if(data65.profile !== undefined){
if(typeof data65.profile !== "string"){
const err137 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/urls/profile",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data65.email !== undefined){
if(typeof data65.email !== "string"){
const err138 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/urls/email",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
}
else {
const err139 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/urls",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/urls/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
if(data56.requiredClaim !== undefined){
let data70 = data56.requiredClaim;
if(data70 && typeof data70 == "object" && !Array.isArray(data70)){
if(data70.name === undefined){
const err140 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/requiredClaim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'"};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
for(const key11 in data70){
if(!((key11 === "name") || (key11 === "value"))){
const err141 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/requiredClaim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
if(data70.name !== undefined){
let data71 = data70.name;
if(typeof data71 === "string"){
if(!pattern31.test(data71)){
const err142 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/requiredClaim/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/name/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
}
else {
const err143 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/requiredClaim/name",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
if(data70.value !== undefined){
let data72 = data70.value;
if(typeof data72 === "string"){
if(!pattern31.test(data72)){
const err144 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/requiredClaim/value",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/value/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
else {
const err145 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/requiredClaim/value",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
}
else {
const err146 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/requiredClaim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/requiredClaim/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
if(data56.groups !== undefined){
let data73 = data56.groups;
if(data73 && typeof data73 == "object" && !Array.isArray(data73)){
if(data73.claim === undefined){
const err147 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/required",keyword:"required",params:{missingProperty: "claim"},message:"must have required property '"+"claim"+"'"};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
for(const key12 in data73){
if(!(((key12 === "claim") || (key12 === "admin")) || (key12 === "restricted"))){
const err148 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
if(data73.claim !== undefined){
let data74 = data73.claim;
if(typeof data74 === "string"){
if(!pattern31.test(data74)){
const err149 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups/claim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/claim/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
else {
const err150 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups/claim",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/claim/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(data73.admin !== undefined){
let data75 = data73.admin;
if(typeof data75 === "string"){
if(!pattern31.test(data75)){
const err151 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups/admin",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/admin/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
else {
const err152 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups/admin",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/admin/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
if(data73.restricted !== undefined){
let data76 = data73.restricted;
if(typeof data76 === "string"){
if(!pattern31.test(data76)){
const err153 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups/restricted",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/restricted/pattern",keyword:"pattern",params:{pattern: "^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"},message:"must match pattern \""+"^(?!\\s)[^\\p{Cc}]{1,255}(?<!\\s)$"+"\""};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
}
else {
const err154 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups/restricted",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/properties/restricted/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
}
else {
const err155 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/groups",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/groups/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
}
if(data56.iconUrl !== undefined){
if(typeof data56.iconUrl !== "string"){
const err156 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/iconUrl",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/iconUrl/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
if(typeof data56.skipTwoFactor !== "boolean"){
const err157 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1+"/skipTwoFactor",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/properties/skipTwoFactor/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
else {
const err158 = {instancePath:instancePath+"/gitea/signIn/sources/" + i1,schemaPath:"#/properties/gitea/properties/signIn/properties/sources/items/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
}
else {
const err159 = {instancePath:instancePath+"/gitea/signIn/sources",schemaPath:"#/properties/gitea/properties/signIn/properties/sources/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
}
else {
const err160 = {instancePath:instancePath+"/gitea/signIn",schemaPath:"#/properties/gitea/properties/signIn/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
let data79 = data44.settings;
if(data79 && typeof data79 == "object" && !Array.isArray(data79)){
for(const key13 in data79){
let data80 = data79[key13];
if(data80 && typeof data80 == "object" && !Array.isArray(data80)){
for(const key14 in data80){
let data81 = data80[key14];
if((((typeof data81 !== "string") && (!((typeof data81 == "number") && (isFinite(data81))))) && (typeof data81 !== "boolean")) && (!(data81 && typeof data81 == "object" && !Array.isArray(data81)))){
const err161 = {instancePath:instancePath+"/gitea/settings/" + key13.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/type",keyword:"type",params:{type: schema31.properties.gitea.properties.settings.additionalProperties.additionalProperties.type},message:"must be string,number,boolean,object"};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
if(data81 && typeof data81 == "object" && !Array.isArray(data81)){
if(data81.secret === undefined){
const err162 = {instancePath:instancePath+"/gitea/settings/" + key13.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
for(const key15 in data81){
if(!(key15 === "secret")){
const err163 = {instancePath:instancePath+"/gitea/settings/" + key13.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key14.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key15},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
if(data81.secret !== undefined){
if(typeof data81.secret !== "string"){
const err164 = {instancePath:instancePath+"/gitea/settings/" + key13.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + key14.replace(/~/g, "~0").replace(/\//g, "~1")+"/secret",schemaPath:"#/properties/gitea/properties/settings/additionalProperties/additionalProperties/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
}
}
}
}
else {
const err165 = {instancePath:instancePath+"/gitea/settings/" + key13.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/gitea/properties/settings/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
}
else {
const err166 = {instancePath:instancePath+"/gitea/settings",schemaPath:"#/properties/gitea/properties/settings/type",keyword:"type",params:{type: "object"},message:"must be object"};
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
const err167 = {instancePath:instancePath+"/gitea",schemaPath:"#/properties/gitea/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
if(data.mail !== undefined){
let data83 = data.mail;
if(data83 && typeof data83 == "object" && !Array.isArray(data83)){
if(data83.tls === undefined){
data83.tls = "smtps";
}
if(data83.notifications === undefined){
data83.notifications = true;
}
if(data83.host === undefined){
const err168 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/required",keyword:"required",params:{missingProperty: "host"},message:"must have required property '"+"host"+"'"};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
if(data83.from === undefined){
const err169 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'"};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
for(const key16 in data83){
if(!(((((((key16 === "host") || (key16 === "tls")) || (key16 === "port")) || (key16 === "from")) || (key16 === "user")) || (key16 === "password")) || (key16 === "notifications"))){
const err170 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key16},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
}
if(data83.host !== undefined){
if(typeof data83.host !== "string"){
const err171 = {instancePath:instancePath+"/mail/host",schemaPath:"#/properties/mail/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
let data85 = data83.tls;
if(typeof data85 !== "string"){
const err172 = {instancePath:instancePath+"/mail/tls",schemaPath:"#/properties/mail/properties/tls/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
if(!(((data85 === "smtps") || (data85 === "starttls")) || (data85 === "none"))){
const err173 = {instancePath:instancePath+"/mail/tls",schemaPath:"#/properties/mail/properties/tls/enum",keyword:"enum",params:{allowedValues: schema31.properties.mail.properties.tls.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
if(data83.port !== undefined){
let data86 = data83.port;
if(!(((typeof data86 == "number") && (!(data86 % 1) && !isNaN(data86))) && (isFinite(data86)))){
const err174 = {instancePath:instancePath+"/mail/port",schemaPath:"#/properties/mail/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
if((typeof data86 == "number") && (isFinite(data86))){
if(data86 > 65535 || isNaN(data86)){
const err175 = {instancePath:instancePath+"/mail/port",schemaPath:"#/properties/mail/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
if(data86 < 1 || isNaN(data86)){
const err176 = {instancePath:instancePath+"/mail/port",schemaPath:"#/properties/mail/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
}
if(data83.from !== undefined){
if(typeof data83.from !== "string"){
const err177 = {instancePath:instancePath+"/mail/from",schemaPath:"#/properties/mail/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
}
if(data83.user !== undefined){
let data88 = data83.user;
if(typeof data88 === "string"){
if(!pattern38.test(data88)){
const err178 = {instancePath:instancePath+"/mail/user",schemaPath:"#/properties/mail/properties/user/pattern",keyword:"pattern",params:{pattern: "^(?! )[^\\p{Cc}]{1,128}(?<! )$"},message:"must match pattern \""+"^(?! )[^\\p{Cc}]{1,128}(?<! )$"+"\""};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
else {
const err179 = {instancePath:instancePath+"/mail/user",schemaPath:"#/properties/mail/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
}
if(data83.password !== undefined){
let data89 = data83.password;
if(data89 && typeof data89 == "object" && !Array.isArray(data89)){
if(data89.secret === undefined){
const err180 = {instancePath:instancePath+"/mail/password",schemaPath:"#/properties/mail/properties/password/required",keyword:"required",params:{missingProperty: "secret"},message:"must have required property '"+"secret"+"'"};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
for(const key17 in data89){
if(!(key17 === "secret")){
const err181 = {instancePath:instancePath+"/mail/password",schemaPath:"#/properties/mail/properties/password/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key17},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
if(data89.secret !== undefined){
if(typeof data89.secret !== "string"){
const err182 = {instancePath:instancePath+"/mail/password/secret",schemaPath:"#/properties/mail/properties/password/properties/secret/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
}
}
else {
const err183 = {instancePath:instancePath+"/mail/password",schemaPath:"#/properties/mail/properties/password/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
}
if(typeof data83.notifications !== "boolean"){
const err184 = {instancePath:instancePath+"/mail/notifications",schemaPath:"#/properties/mail/properties/notifications/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
else {
const err185 = {instancePath:instancePath+"/mail",schemaPath:"#/properties/mail/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
}
let data92 = data.proxy;
if(data92 && typeof data92 == "object" && !Array.isArray(data92)){
if(data92.maxUploadSize === undefined){
data92.maxUploadSize = "512m";
}
if(data92.loginRequestsPerMinute === undefined){
data92.loginRequestsPerMinute = 10;
}
if(data92.restartPatience === undefined){
data92.restartPatience = 120;
}
for(const key18 in data92){
if(!(((key18 === "maxUploadSize") || (key18 === "loginRequestsPerMinute")) || (key18 === "restartPatience"))){
const err186 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key18},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
let data93 = data92.maxUploadSize;
if(typeof data93 === "string"){
if(!pattern39.test(data93)){
const err187 = {instancePath:instancePath+"/proxy/maxUploadSize",schemaPath:"#/properties/proxy/properties/maxUploadSize/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,9}[kKmMgG]?)$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,9}[kKmMgG]?)$"+"\""};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
else {
const err188 = {instancePath:instancePath+"/proxy/maxUploadSize",schemaPath:"#/properties/proxy/properties/maxUploadSize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
let data94 = data92.loginRequestsPerMinute;
if(!(((typeof data94 == "number") && (!(data94 % 1) && !isNaN(data94))) && (isFinite(data94)))){
const err189 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
if((typeof data94 == "number") && (isFinite(data94))){
if(data94 > 6000 || isNaN(data94)){
const err190 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/maximum",keyword:"maximum",params:{comparison: "<=", limit: 6000},message:"must be <= 6000"};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
if(data94 < 1 || isNaN(data94)){
const err191 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
let data95 = data92.restartPatience;
if(!(((typeof data95 == "number") && (!(data95 % 1) && !isNaN(data95))) && (isFinite(data95)))){
const err192 = {instancePath:instancePath+"/proxy/restartPatience",schemaPath:"#/properties/proxy/properties/restartPatience/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
if((typeof data95 == "number") && (isFinite(data95))){
if(data95 > 3600 || isNaN(data95)){
const err193 = {instancePath:instancePath+"/proxy/restartPatience",schemaPath:"#/properties/proxy/properties/restartPatience/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600"};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
if(data95 < 0 || isNaN(data95)){
const err194 = {instancePath:instancePath+"/proxy/restartPatience",schemaPath:"#/properties/proxy/properties/restartPatience/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
}
}
else {
const err195 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
if(data.tls !== undefined){
let data96 = data.tls;
if(data96 && typeof data96 == "object" && !Array.isArray(data96)){
if(data96.profile === undefined){
data96.profile = "classic";
}
if(data96.staging === undefined){
data96.staging = false;
}
if(data96.renewCalendar === undefined){
data96.renewCalendar = "*-*-* 03,15:27:00";
}
if(data96.email === undefined){
const err196 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "email"},message:"must have required property '"+"email"+"'"};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
for(const key19 in data96){
if(!((((((key19 === "email") || (key19 === "profile")) || (key19 === "staging")) || (key19 === "directory")) || (key19 === "caBundle")) || (key19 === "renewCalendar"))){
const err197 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key19},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(data96.email !== undefined){
let data97 = data96.email;
if(typeof data97 === "string"){
if(!pattern24.test(data97)){
const err198 = {instancePath:instancePath+"/tls/email",schemaPath:"#/properties/tls/properties/email/pattern",keyword:"pattern",params:{pattern: "^[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^[^\\s@]+@[^\\s@]+$"+"\""};
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
const err199 = {instancePath:instancePath+"/tls/email",schemaPath:"#/properties/tls/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
let data98 = data96.profile;
if(typeof data98 !== "string"){
const err200 = {instancePath:instancePath+"/tls/profile",schemaPath:"#/properties/tls/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
if(!(((data98 === "classic") || (data98 === "tlsserver")) || (data98 === "shortlived"))){
const err201 = {instancePath:instancePath+"/tls/profile",schemaPath:"#/properties/tls/properties/profile/enum",keyword:"enum",params:{allowedValues: schema31.properties.tls.properties.profile.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
if(typeof data96.staging !== "boolean"){
const err202 = {instancePath:instancePath+"/tls/staging",schemaPath:"#/properties/tls/properties/staging/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
if(data96.directory !== undefined){
let data100 = data96.directory;
if(typeof data100 === "string"){
if(!pattern41.test(data100)){
const err203 = {instancePath:instancePath+"/tls/directory",schemaPath:"#/properties/tls/properties/directory/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},message:"must match pattern \""+"^[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
else {
const err204 = {instancePath:instancePath+"/tls/directory",schemaPath:"#/properties/tls/properties/directory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
}
if(data96.caBundle !== undefined){
let data101 = data96.caBundle;
if(typeof data101 === "string"){
if(!pattern6.test(data101)){
const err205 = {instancePath:instancePath+"/tls/caBundle",schemaPath:"#/properties/tls/properties/caBundle/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
}
else {
const err206 = {instancePath:instancePath+"/tls/caBundle",schemaPath:"#/properties/tls/properties/caBundle/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
}
let data102 = data96.renewCalendar;
if(typeof data102 === "string"){
if(!pattern6.test(data102)){
const err207 = {instancePath:instancePath+"/tls/renewCalendar",schemaPath:"#/properties/tls/properties/renewCalendar/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
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
const err208 = {instancePath:instancePath+"/tls/renewCalendar",schemaPath:"#/properties/tls/properties/renewCalendar/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
else {
const err209 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
}
let data103 = data.docker;
if(data103 && typeof data103 == "object" && !Array.isArray(data103)){
if(data103.logMaxSize === undefined){
data103.logMaxSize = "10m";
}
if(data103.logMaxFiles === undefined){
data103.logMaxFiles = 5;
}
for(const key20 in data103){
if(!(((key20 === "registryMirror") || (key20 === "logMaxSize")) || (key20 === "logMaxFiles"))){
const err210 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key20},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
}
if(data103.registryMirror !== undefined){
let data104 = data103.registryMirror;
if(typeof data104 === "string"){
if(!pattern41.test(data104)){
const err211 = {instancePath:instancePath+"/docker/registryMirror",schemaPath:"#/properties/docker/properties/registryMirror/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},message:"must match pattern \""+"^[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
}
else {
const err212 = {instancePath:instancePath+"/docker/registryMirror",schemaPath:"#/properties/docker/properties/registryMirror/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
let data105 = data103.logMaxSize;
if(typeof data105 === "string"){
if(!pattern45.test(data105)){
const err213 = {instancePath:instancePath+"/docker/logMaxSize",schemaPath:"#/properties/docker/properties/logMaxSize/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[kmg]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[kmg]$"+"\""};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
else {
const err214 = {instancePath:instancePath+"/docker/logMaxSize",schemaPath:"#/properties/docker/properties/logMaxSize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
let data106 = data103.logMaxFiles;
if(!(((typeof data106 == "number") && (!(data106 % 1) && !isNaN(data106))) && (isFinite(data106)))){
const err215 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
if((typeof data106 == "number") && (isFinite(data106))){
if(data106 > 100 || isNaN(data106)){
const err216 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100"};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
if(data106 < 1 || isNaN(data106)){
const err217 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
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
else {
const err218 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
let data107 = data.network;
if(data107 && typeof data107 == "object" && !Array.isArray(data107)){
if(data107.subnet === undefined){
data107.subnet = "172.31.250.0/24";
}
if(data107.firewall === undefined){
data107.firewall = true;
}
if(data107.allow === undefined){
data107.allow = {};
}
for(const key21 in data107){
if(!(((key21 === "subnet") || (key21 === "firewall")) || (key21 === "allow"))){
const err219 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key21},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
}
let data108 = data107.subnet;
if(typeof data108 === "string"){
if(!pattern46.test(data108)){
const err220 = {instancePath:instancePath+"/network/subnet",schemaPath:"#/properties/network/properties/subnet/pattern",keyword:"pattern",params:{pattern: "^[0-9.]+/[0-9]+$"},message:"must match pattern \""+"^[0-9.]+/[0-9]+$"+"\""};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
}
else {
const err221 = {instancePath:instancePath+"/network/subnet",schemaPath:"#/properties/network/properties/subnet/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
if(typeof data107.firewall !== "boolean"){
const err222 = {instancePath:instancePath+"/network/firewall",schemaPath:"#/properties/network/properties/firewall/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
let data110 = data107.allow;
if(data110 && typeof data110 == "object" && !Array.isArray(data110)){
for(const key22 in data110){
if(!(((key22 === "ssh") || (key22 === "web")) || (key22 === "other"))){
const err223 = {instancePath:instancePath+"/network/allow",schemaPath:"#/properties/network/properties/allow/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key22},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
}
if(data110.ssh !== undefined){
let data111 = data110.ssh;
if(Array.isArray(data111)){
const len3 = data111.length;
for(let i3=0; i3<len3; i3++){
let data112 = data111[i3];
if(typeof data112 === "string"){
if(!pattern16.test(data112)){
const err224 = {instancePath:instancePath+"/network/allow/ssh/" + i3,schemaPath:"#/properties/network/properties/allow/properties/ssh/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9a-fA-F.:]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
}
else {
const err225 = {instancePath:instancePath+"/network/allow/ssh/" + i3,schemaPath:"#/properties/network/properties/allow/properties/ssh/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
}
}
else {
const err226 = {instancePath:instancePath+"/network/allow/ssh",schemaPath:"#/properties/network/properties/allow/properties/ssh/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
if(data110.web !== undefined){
let data113 = data110.web;
if(Array.isArray(data113)){
const len4 = data113.length;
for(let i4=0; i4<len4; i4++){
let data114 = data113[i4];
if(typeof data114 === "string"){
if(!pattern16.test(data114)){
const err227 = {instancePath:instancePath+"/network/allow/web/" + i4,schemaPath:"#/properties/network/properties/allow/properties/web/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9a-fA-F.:]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
}
else {
const err228 = {instancePath:instancePath+"/network/allow/web/" + i4,schemaPath:"#/properties/network/properties/allow/properties/web/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
}
}
else {
const err229 = {instancePath:instancePath+"/network/allow/web",schemaPath:"#/properties/network/properties/allow/properties/web/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
}
if(data110.other !== undefined){
let data115 = data110.other;
if(Array.isArray(data115)){
const len5 = data115.length;
for(let i5=0; i5<len5; i5++){
let data116 = data115[i5];
if(typeof data116 === "string"){
if(!pattern16.test(data116)){
const err230 = {instancePath:instancePath+"/network/allow/other/" + i5,schemaPath:"#/properties/network/properties/allow/properties/other/items/pattern",keyword:"pattern",params:{pattern: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9a-fA-F.:]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
}
else {
const err231 = {instancePath:instancePath+"/network/allow/other/" + i5,schemaPath:"#/properties/network/properties/allow/properties/other/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
}
}
else {
const err232 = {instancePath:instancePath+"/network/allow/other",schemaPath:"#/properties/network/properties/allow/properties/other/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
}
else {
const err233 = {instancePath:instancePath+"/network/allow",schemaPath:"#/properties/network/properties/allow/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
}
else {
const err234 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
let data117 = data.secrets;
if(data117 && typeof data117 == "object" && !Array.isArray(data117)){
if(data117.file === undefined){
data117.file = "gitea.secrets.yaml";
}
for(const key23 in data117){
if(!((key23 === "source") || (key23 === "file"))){
const err235 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key23},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
}
if(data117.source !== undefined){
let data118 = data117.source;
if(typeof data118 !== "string"){
const err236 = {instancePath:instancePath+"/secrets/source",schemaPath:"#/properties/secrets/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
if(!((data118 === "file") || (data118 === "aws-secrets-manager"))){
const err237 = {instancePath:instancePath+"/secrets/source",schemaPath:"#/properties/secrets/properties/source/enum",keyword:"enum",params:{allowedValues: schema31.properties.secrets.properties.source.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
}
let data119 = data117.file;
if(typeof data119 === "string"){
if(!pattern6.test(data119)){
const err238 = {instancePath:instancePath+"/secrets/file",schemaPath:"#/properties/secrets/properties/file/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
}
else {
const err239 = {instancePath:instancePath+"/secrets/file",schemaPath:"#/properties/secrets/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
const err240 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
let data120 = data.verify;
if(data120 && typeof data120 == "object" && !Array.isArray(data120)){
if(data120.pushSizeMiB === undefined){
data120.pushSizeMiB = 100;
}
for(const key24 in data120){
if(!((key24 === "dnsServer") || (key24 === "pushSizeMiB"))){
const err241 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key24},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
}
if(data120.dnsServer !== undefined){
let data121 = data120.dnsServer;
if(typeof data121 === "string"){
if(!pattern51.test(data121)){
const err242 = {instancePath:instancePath+"/verify/dnsServer",schemaPath:"#/properties/verify/properties/dnsServer/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+:[0-9]+$"},message:"must match pattern \""+"^[^\\s]+:[0-9]+$"+"\""};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
}
else {
const err243 = {instancePath:instancePath+"/verify/dnsServer",schemaPath:"#/properties/verify/properties/dnsServer/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
}
let data122 = data120.pushSizeMiB;
if(!(((typeof data122 == "number") && (!(data122 % 1) && !isNaN(data122))) && (isFinite(data122)))){
const err244 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
if((typeof data122 == "number") && (isFinite(data122))){
if(data122 > 4096 || isNaN(data122)){
const err245 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4096},message:"must be <= 4096"};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
if(data122 < 1 || isNaN(data122)){
const err246 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err246];
}
else {
vErrors.push(err246);
}
errors++;
}
}
}
else {
const err247 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err247];
}
else {
vErrors.push(err247);
}
errors++;
}
}
else {
const err248 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err248];
}
else {
vErrors.push(err248);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export { schema31 as schema };
