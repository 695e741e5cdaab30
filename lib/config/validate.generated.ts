// Generated from schema/gitea.config.schema.json by schema/generate.ts. Do not edit.
// @ts-nocheck
// biome-ignore-all lint: generated
// biome-ignore-all format: generated
// biome-ignore-all assist: generated
export const validate = validate20;

const schema31 = {"type":"object","additionalProperties":false,"required":["host","domain","admin","tls"],"properties":{"host":{"type":"object","additionalProperties":false,"required":["address"],"properties":{"provider":{"type":"string","enum":["existing"],"default":"existing","examples":["existing"]},"address":{"type":"string","x-allowed":"an IP address or a host name that this machine can reach, not a loopback one","pattern":"^[^\\s/@]+$","examples":["203.0.113.10"]},"port":{"type":"integer","minimum":1,"maximum":65535,"default":22,"examples":[22]},"user":{"type":"string","x-allowed":"a Linux account name: lower-case letters, digits, `_` and `-`","pattern":"^[a-z_][a-z0-9_-]{0,31}$","default":"root","examples":["root","debian"]},"identityFile":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","examples":["~/.ssh/id_ed25519"]},"knownHosts":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.known_hosts","examples":["gitea.known_hosts"]},"dataPath":{"type":"string","x-allowed":"an absolute path of letters, digits, `.`, `_` and `-`, outside the system's own directories","pattern":"^/[A-Za-z0-9._/-]+$","default":"/srv/gitea","examples":["/srv/gitea","/data/gitea"]},"swap":{"type":"string","enum":["auto","off"],"default":"auto","examples":["auto"]},"hardenSsh":{"type":"boolean","default":true,"examples":[true]},"unattendedUpgrades":{"type":"boolean","default":true,"examples":[true]}}},"domain":{"type":"string","x-allowed":"a full host name in lower case, without scheme, port or trailing dot","pattern":"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$","examples":["git.example.com"]},"admin":{"type":"object","additionalProperties":false,"required":["username","email"],"properties":{"username":{"type":"string","x-allowed":"at most 40 letters, digits, `-`, `_` or `.`, beginning and ending with a letter or digit, no two signs in a row","pattern":"^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$","examples":["gitadmin"]},"email":{"type":"string","x-allowed":"a mail address","pattern":"^[^\\s@]+@[^\\s@]+$","examples":["gitadmin@example.com"]}}},"images":{"type":"object","additionalProperties":false,"default":{},"properties":{"gitea":{"type":"string","x-allowed":"repository:tag, with the tag naming a version","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"gitea/gitea:1.27.3-rootless","examples":["gitea/gitea:28.1.0-rootless"]},"postgres":{"type":"string","x-allowed":"repository:tag, with the tag naming a version","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"postgres:18.6","examples":["postgres:18.6"]},"nginx":{"type":"string","x-allowed":"repository:tag or repository@sha256:...","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"nginx:1.30.4-alpine","examples":["nginx:1.30.4-alpine"]},"certbot":{"type":"string","x-allowed":"repository:tag or repository@sha256:...","pattern":"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$","default":"certbot/certbot:v5.9.0","examples":["certbot/certbot:v5.9.0"]}}},"gitea":{"type":"object","additionalProperties":false,"default":{},"properties":{"title":{"type":"string","x-allowed":"1 to 64 characters on one line","pattern":"^[^\\p{Cc}]{1,64}$","default":"Gitea","examples":["Our Git"]},"sshPort":{"type":"integer","minimum":1,"maximum":65535,"default":2222,"examples":[2222]},"requireSignIn":{"type":"boolean","default":false,"examples":[true]},"startTimeout":{"type":"integer","minimum":30,"maximum":3600,"default":300,"examples":[900]}}},"proxy":{"type":"object","additionalProperties":false,"default":{},"properties":{"maxUploadSize":{"type":"string","x-allowed":"a size as Nginx takes it: a number with k, m or g, or \"0\"","pattern":"^(0|[1-9][0-9]{0,9}[kKmMgG]?)$","default":"512m","examples":["512m","2g"]},"loginRequestsPerMinute":{"type":"integer","minimum":1,"maximum":6000,"default":10,"examples":[10]}}},"tls":{"type":"object","additionalProperties":false,"required":["email"],"properties":{"email":{"type":"string","x-allowed":"a mail address","pattern":"^[^\\s@]+@[^\\s@]+$","examples":["ops@example.com"]},"profile":{"type":"string","enum":["classic","tlsserver","shortlived"],"default":"classic","examples":["tlsserver"]},"staging":{"type":"boolean","default":false,"examples":[true]},"directory":{"type":"string","x-allowed":"an https:// URL","pattern":"^[^\\s]+$","examples":["https://acme.example.com/dir"]},"caBundle":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","examples":["acme-ca.pem"]},"renewCalendar":{"type":"string","x-allowed":"a systemd OnCalendar expression, see systemd.time(7)","pattern":"^[^\\p{Cc}]+$","default":"*-*-* 03,15:27:00","examples":["*-*-* 03,15:27:00","*-*-* 04:12:00 Europe/Vienna"]}}},"docker":{"type":"object","additionalProperties":false,"default":{},"properties":{"registryMirror":{"type":"string","x-allowed":"an http:// or https:// URL without a path","pattern":"^[^\\s]+$","examples":["https://mirror.example.com"]},"logMaxSize":{"type":"string","x-allowed":"a number with k, m or g","pattern":"^[1-9][0-9]{0,5}[kmg]$","default":"10m","examples":["10m"]},"logMaxFiles":{"type":"integer","minimum":1,"maximum":100,"default":5,"examples":[5]}}},"network":{"type":"object","additionalProperties":false,"default":{},"properties":{"subnet":{"type":"string","x-allowed":"a private IPv4 network with a prefix of 16 to 28","pattern":"^[0-9.]+/[0-9]+$","default":"172.31.250.0/24","examples":["10.123.45.0/24"]}}},"secrets":{"type":"object","additionalProperties":false,"default":{},"properties":{"source":{"type":"string","enum":["file"],"default":"file","examples":["file"]},"file":{"type":"string","x-allowed":"a path","pattern":"^[^\\p{Cc}]+$","default":"gitea.secrets.yaml","examples":["gitea.secrets.yaml"]}}},"verify":{"type":"object","additionalProperties":false,"default":{},"properties":{"dnsServer":{"type":"string","x-allowed":"address:port, an IPv6 address in brackets","pattern":"^[^\\s]+:[0-9]+$","examples":["198.51.100.53:53","[2001:db8::53]:53"]},"pushSizeMiB":{"type":"integer","minimum":1,"maximum":4096,"default":100,"examples":[100]}}}}};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[^\\s/@]+$", "u");
const pattern5 = new RegExp("^[a-z_][a-z0-9_-]{0,31}$", "u");
const pattern6 = new RegExp("^[^\\p{Cc}]+$", "u");
const pattern8 = new RegExp("^/[A-Za-z0-9._/-]+$", "u");
const pattern9 = new RegExp("^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "u");
const pattern10 = new RegExp("^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$", "u");
const pattern11 = new RegExp("^[^\\s@]+@[^\\s@]+$", "u");
const pattern12 = new RegExp("^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$", "u");
const pattern16 = new RegExp("^[^\\p{Cc}]{1,64}$", "u");
const pattern17 = new RegExp("^(0|[1-9][0-9]{0,9}[kKmMgG]?)$", "u");
const pattern19 = new RegExp("^[^\\s]+$", "u");
const pattern23 = new RegExp("^[1-9][0-9]{0,5}[kmg]$", "u");
const pattern24 = new RegExp("^[0-9.]+/[0-9]+$", "u");
const pattern26 = new RegExp("^[^\\s]+:[0-9]+$", "u");

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
if(data0.address === undefined){
const err5 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key1 in data0){
if(!(func1.call(schema31.properties.host.properties, key1))){
const err6 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
let data1 = data0.provider;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/host/provider",schemaPath:"#/properties/host/properties/provider/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(data1 === "existing")){
const err8 = {instancePath:instancePath+"/host/provider",schemaPath:"#/properties/host/properties/provider/enum",keyword:"enum",params:{allowedValues: schema31.properties.host.properties.provider.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data0.address !== undefined){
let data2 = data0.address;
if(typeof data2 === "string"){
if(!pattern4.test(data2)){
const err9 = {instancePath:instancePath+"/host/address",schemaPath:"#/properties/host/properties/address/pattern",keyword:"pattern",params:{pattern: "^[^\\s/@]+$"},message:"must match pattern \""+"^[^\\s/@]+$"+"\""};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/host/address",schemaPath:"#/properties/host/properties/address/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
let data3 = data0.port;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err11 = {instancePath:instancePath+"/host/port",schemaPath:"#/properties/host/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 65535 || isNaN(data3)){
const err12 = {instancePath:instancePath+"/host/port",schemaPath:"#/properties/host/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data3 < 1 || isNaN(data3)){
const err13 = {instancePath:instancePath+"/host/port",schemaPath:"#/properties/host/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
let data4 = data0.user;
if(typeof data4 === "string"){
if(!pattern5.test(data4)){
const err14 = {instancePath:instancePath+"/host/user",schemaPath:"#/properties/host/properties/user/pattern",keyword:"pattern",params:{pattern: "^[a-z_][a-z0-9_-]{0,31}$"},message:"must match pattern \""+"^[a-z_][a-z0-9_-]{0,31}$"+"\""};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/host/user",schemaPath:"#/properties/host/properties/user/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data0.identityFile !== undefined){
let data5 = data0.identityFile;
if(typeof data5 === "string"){
if(!pattern6.test(data5)){
const err16 = {instancePath:instancePath+"/host/identityFile",schemaPath:"#/properties/host/properties/identityFile/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/host/identityFile",schemaPath:"#/properties/host/properties/identityFile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
let data6 = data0.knownHosts;
if(typeof data6 === "string"){
if(!pattern6.test(data6)){
const err18 = {instancePath:instancePath+"/host/knownHosts",schemaPath:"#/properties/host/properties/knownHosts/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/host/knownHosts",schemaPath:"#/properties/host/properties/knownHosts/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
let data7 = data0.dataPath;
if(typeof data7 === "string"){
if(!pattern8.test(data7)){
const err20 = {instancePath:instancePath+"/host/dataPath",schemaPath:"#/properties/host/properties/dataPath/pattern",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9._/-]+$"},message:"must match pattern \""+"^/[A-Za-z0-9._/-]+$"+"\""};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/host/dataPath",schemaPath:"#/properties/host/properties/dataPath/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
let data8 = data0.swap;
if(typeof data8 !== "string"){
const err22 = {instancePath:instancePath+"/host/swap",schemaPath:"#/properties/host/properties/swap/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(!((data8 === "auto") || (data8 === "off"))){
const err23 = {instancePath:instancePath+"/host/swap",schemaPath:"#/properties/host/properties/swap/enum",keyword:"enum",params:{allowedValues: schema31.properties.host.properties.swap.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(typeof data0.hardenSsh !== "boolean"){
const err24 = {instancePath:instancePath+"/host/hardenSsh",schemaPath:"#/properties/host/properties/hardenSsh/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(typeof data0.unattendedUpgrades !== "boolean"){
const err25 = {instancePath:instancePath+"/host/unattendedUpgrades",schemaPath:"#/properties/host/properties/unattendedUpgrades/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
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
const err26 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.domain !== undefined){
let data11 = data.domain;
if(typeof data11 === "string"){
if(!pattern9.test(data11)){
const err27 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\""};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
else {
const err28 = {instancePath:instancePath+"/domain",schemaPath:"#/properties/domain/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.admin !== undefined){
let data12 = data.admin;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.username === undefined){
const err29 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/required",keyword:"required",params:{missingProperty: "username"},message:"must have required property '"+"username"+"'"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data12.email === undefined){
const err30 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/required",keyword:"required",params:{missingProperty: "email"},message:"must have required property '"+"email"+"'"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
for(const key2 in data12){
if(!((key2 === "username") || (key2 === "email"))){
const err31 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data12.username !== undefined){
let data13 = data12.username;
if(typeof data13 === "string"){
if(!pattern10.test(data13)){
const err32 = {instancePath:instancePath+"/admin/username",schemaPath:"#/properties/admin/properties/username/pattern",keyword:"pattern",params:{pattern: "^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$"},message:"must match pattern \""+"^(?=.{1,40}$)[A-Za-z0-9]+([-._][A-Za-z0-9]+)*$"+"\""};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/admin/username",schemaPath:"#/properties/admin/properties/username/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data12.email !== undefined){
let data14 = data12.email;
if(typeof data14 === "string"){
if(!pattern11.test(data14)){
const err34 = {instancePath:instancePath+"/admin/email",schemaPath:"#/properties/admin/properties/email/pattern",keyword:"pattern",params:{pattern: "^[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^[^\\s@]+@[^\\s@]+$"+"\""};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/admin/email",schemaPath:"#/properties/admin/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
}
else {
const err36 = {instancePath:instancePath+"/admin",schemaPath:"#/properties/admin/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
let data15 = data.images;
if(data15 && typeof data15 == "object" && !Array.isArray(data15)){
if(data15.gitea === undefined){
data15.gitea = "gitea/gitea:1.27.3-rootless";
}
if(data15.postgres === undefined){
data15.postgres = "postgres:18.6";
}
if(data15.nginx === undefined){
data15.nginx = "nginx:1.30.4-alpine";
}
if(data15.certbot === undefined){
data15.certbot = "certbot/certbot:v5.9.0";
}
for(const key3 in data15){
if(!((((key3 === "gitea") || (key3 === "postgres")) || (key3 === "nginx")) || (key3 === "certbot"))){
const err37 = {instancePath:instancePath+"/images",schemaPath:"#/properties/images/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
let data16 = data15.gitea;
if(typeof data16 === "string"){
if(!pattern12.test(data16)){
const err38 = {instancePath:instancePath+"/images/gitea",schemaPath:"#/properties/images/properties/gitea/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
else {
const err39 = {instancePath:instancePath+"/images/gitea",schemaPath:"#/properties/images/properties/gitea/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
let data17 = data15.postgres;
if(typeof data17 === "string"){
if(!pattern12.test(data17)){
const err40 = {instancePath:instancePath+"/images/postgres",schemaPath:"#/properties/images/properties/postgres/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
else {
const err41 = {instancePath:instancePath+"/images/postgres",schemaPath:"#/properties/images/properties/postgres/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
let data18 = data15.nginx;
if(typeof data18 === "string"){
if(!pattern12.test(data18)){
const err42 = {instancePath:instancePath+"/images/nginx",schemaPath:"#/properties/images/properties/nginx/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
else {
const err43 = {instancePath:instancePath+"/images/nginx",schemaPath:"#/properties/images/properties/nginx/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
let data19 = data15.certbot;
if(typeof data19 === "string"){
if(!pattern12.test(data19)){
const err44 = {instancePath:instancePath+"/images/certbot",schemaPath:"#/properties/images/properties/certbot/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"},message:"must match pattern \""+"^[a-z0-9][^\\s@]*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}(@sha256:[a-f0-9]{64})?|@sha256:[a-f0-9]{64})$"+"\""};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/images/certbot",schemaPath:"#/properties/images/properties/certbot/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
const err46 = {instancePath:instancePath+"/images",schemaPath:"#/properties/images/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
let data20 = data.gitea;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
if(data20.title === undefined){
data20.title = "Gitea";
}
if(data20.sshPort === undefined){
data20.sshPort = 2222;
}
if(data20.requireSignIn === undefined){
data20.requireSignIn = false;
}
if(data20.startTimeout === undefined){
data20.startTimeout = 300;
}
for(const key4 in data20){
if(!((((key4 === "title") || (key4 === "sshPort")) || (key4 === "requireSignIn")) || (key4 === "startTimeout"))){
const err47 = {instancePath:instancePath+"/gitea",schemaPath:"#/properties/gitea/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
let data21 = data20.title;
if(typeof data21 === "string"){
if(!pattern16.test(data21)){
const err48 = {instancePath:instancePath+"/gitea/title",schemaPath:"#/properties/gitea/properties/title/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]{1,64}$"},message:"must match pattern \""+"^[^\\p{Cc}]{1,64}$"+"\""};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
else {
const err49 = {instancePath:instancePath+"/gitea/title",schemaPath:"#/properties/gitea/properties/title/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
let data22 = data20.sshPort;
if(!(((typeof data22 == "number") && (!(data22 % 1) && !isNaN(data22))) && (isFinite(data22)))){
const err50 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if((typeof data22 == "number") && (isFinite(data22))){
if(data22 > 65535 || isNaN(data22)){
const err51 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data22 < 1 || isNaN(data22)){
const err52 = {instancePath:instancePath+"/gitea/sshPort",schemaPath:"#/properties/gitea/properties/sshPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(typeof data20.requireSignIn !== "boolean"){
const err53 = {instancePath:instancePath+"/gitea/requireSignIn",schemaPath:"#/properties/gitea/properties/requireSignIn/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
let data24 = data20.startTimeout;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
const err54 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 > 3600 || isNaN(data24)){
const err55 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600},message:"must be <= 3600"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(data24 < 30 || isNaN(data24)){
const err56 = {instancePath:instancePath+"/gitea/startTimeout",schemaPath:"#/properties/gitea/properties/startTimeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 30},message:"must be >= 30"};
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
const err57 = {instancePath:instancePath+"/gitea",schemaPath:"#/properties/gitea/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
let data25 = data.proxy;
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
if(data25.maxUploadSize === undefined){
data25.maxUploadSize = "512m";
}
if(data25.loginRequestsPerMinute === undefined){
data25.loginRequestsPerMinute = 10;
}
for(const key5 in data25){
if(!((key5 === "maxUploadSize") || (key5 === "loginRequestsPerMinute"))){
const err58 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
let data26 = data25.maxUploadSize;
if(typeof data26 === "string"){
if(!pattern17.test(data26)){
const err59 = {instancePath:instancePath+"/proxy/maxUploadSize",schemaPath:"#/properties/proxy/properties/maxUploadSize/pattern",keyword:"pattern",params:{pattern: "^(0|[1-9][0-9]{0,9}[kKmMgG]?)$"},message:"must match pattern \""+"^(0|[1-9][0-9]{0,9}[kKmMgG]?)$"+"\""};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/proxy/maxUploadSize",schemaPath:"#/properties/proxy/properties/maxUploadSize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
let data27 = data25.loginRequestsPerMinute;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
const err61 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 > 6000 || isNaN(data27)){
const err62 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/maximum",keyword:"maximum",params:{comparison: "<=", limit: 6000},message:"must be <= 6000"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data27 < 1 || isNaN(data27)){
const err63 = {instancePath:instancePath+"/proxy/loginRequestsPerMinute",schemaPath:"#/properties/proxy/properties/loginRequestsPerMinute/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
else {
const err64 = {instancePath:instancePath+"/proxy",schemaPath:"#/properties/proxy/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if(data.tls !== undefined){
let data28 = data.tls;
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
if(data28.profile === undefined){
data28.profile = "classic";
}
if(data28.staging === undefined){
data28.staging = false;
}
if(data28.renewCalendar === undefined){
data28.renewCalendar = "*-*-* 03,15:27:00";
}
if(data28.email === undefined){
const err65 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/required",keyword:"required",params:{missingProperty: "email"},message:"must have required property '"+"email"+"'"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
for(const key6 in data28){
if(!((((((key6 === "email") || (key6 === "profile")) || (key6 === "staging")) || (key6 === "directory")) || (key6 === "caBundle")) || (key6 === "renewCalendar"))){
const err66 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data28.email !== undefined){
let data29 = data28.email;
if(typeof data29 === "string"){
if(!pattern11.test(data29)){
const err67 = {instancePath:instancePath+"/tls/email",schemaPath:"#/properties/tls/properties/email/pattern",keyword:"pattern",params:{pattern: "^[^\\s@]+@[^\\s@]+$"},message:"must match pattern \""+"^[^\\s@]+@[^\\s@]+$"+"\""};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
else {
const err68 = {instancePath:instancePath+"/tls/email",schemaPath:"#/properties/tls/properties/email/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
let data30 = data28.profile;
if(typeof data30 !== "string"){
const err69 = {instancePath:instancePath+"/tls/profile",schemaPath:"#/properties/tls/properties/profile/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
if(!(((data30 === "classic") || (data30 === "tlsserver")) || (data30 === "shortlived"))){
const err70 = {instancePath:instancePath+"/tls/profile",schemaPath:"#/properties/tls/properties/profile/enum",keyword:"enum",params:{allowedValues: schema31.properties.tls.properties.profile.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
if(typeof data28.staging !== "boolean"){
const err71 = {instancePath:instancePath+"/tls/staging",schemaPath:"#/properties/tls/properties/staging/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if(data28.directory !== undefined){
let data32 = data28.directory;
if(typeof data32 === "string"){
if(!pattern19.test(data32)){
const err72 = {instancePath:instancePath+"/tls/directory",schemaPath:"#/properties/tls/properties/directory/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},message:"must match pattern \""+"^[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
else {
const err73 = {instancePath:instancePath+"/tls/directory",schemaPath:"#/properties/tls/properties/directory/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data28.caBundle !== undefined){
let data33 = data28.caBundle;
if(typeof data33 === "string"){
if(!pattern6.test(data33)){
const err74 = {instancePath:instancePath+"/tls/caBundle",schemaPath:"#/properties/tls/properties/caBundle/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
else {
const err75 = {instancePath:instancePath+"/tls/caBundle",schemaPath:"#/properties/tls/properties/caBundle/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
let data34 = data28.renewCalendar;
if(typeof data34 === "string"){
if(!pattern6.test(data34)){
const err76 = {instancePath:instancePath+"/tls/renewCalendar",schemaPath:"#/properties/tls/properties/renewCalendar/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
else {
const err77 = {instancePath:instancePath+"/tls/renewCalendar",schemaPath:"#/properties/tls/properties/renewCalendar/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
const err78 = {instancePath:instancePath+"/tls",schemaPath:"#/properties/tls/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
let data35 = data.docker;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.logMaxSize === undefined){
data35.logMaxSize = "10m";
}
if(data35.logMaxFiles === undefined){
data35.logMaxFiles = 5;
}
for(const key7 in data35){
if(!(((key7 === "registryMirror") || (key7 === "logMaxSize")) || (key7 === "logMaxFiles"))){
const err79 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data35.registryMirror !== undefined){
let data36 = data35.registryMirror;
if(typeof data36 === "string"){
if(!pattern19.test(data36)){
const err80 = {instancePath:instancePath+"/docker/registryMirror",schemaPath:"#/properties/docker/properties/registryMirror/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+$"},message:"must match pattern \""+"^[^\\s]+$"+"\""};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/docker/registryMirror",schemaPath:"#/properties/docker/properties/registryMirror/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
let data37 = data35.logMaxSize;
if(typeof data37 === "string"){
if(!pattern23.test(data37)){
const err82 = {instancePath:instancePath+"/docker/logMaxSize",schemaPath:"#/properties/docker/properties/logMaxSize/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,5}[kmg]$"},message:"must match pattern \""+"^[1-9][0-9]{0,5}[kmg]$"+"\""};
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
const err83 = {instancePath:instancePath+"/docker/logMaxSize",schemaPath:"#/properties/docker/properties/logMaxSize/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
let data38 = data35.logMaxFiles;
if(!(((typeof data38 == "number") && (!(data38 % 1) && !isNaN(data38))) && (isFinite(data38)))){
const err84 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if((typeof data38 == "number") && (isFinite(data38))){
if(data38 > 100 || isNaN(data38)){
const err85 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100"};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(data38 < 1 || isNaN(data38)){
const err86 = {instancePath:instancePath+"/docker/logMaxFiles",schemaPath:"#/properties/docker/properties/logMaxFiles/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
}
else {
const err87 = {instancePath:instancePath+"/docker",schemaPath:"#/properties/docker/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
let data39 = data.network;
if(data39 && typeof data39 == "object" && !Array.isArray(data39)){
if(data39.subnet === undefined){
data39.subnet = "172.31.250.0/24";
}
for(const key8 in data39){
if(!(key8 === "subnet")){
const err88 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
let data40 = data39.subnet;
if(typeof data40 === "string"){
if(!pattern24.test(data40)){
const err89 = {instancePath:instancePath+"/network/subnet",schemaPath:"#/properties/network/properties/subnet/pattern",keyword:"pattern",params:{pattern: "^[0-9.]+/[0-9]+$"},message:"must match pattern \""+"^[0-9.]+/[0-9]+$"+"\""};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
else {
const err90 = {instancePath:instancePath+"/network/subnet",schemaPath:"#/properties/network/properties/subnet/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
const err91 = {instancePath:instancePath+"/network",schemaPath:"#/properties/network/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
let data41 = data.secrets;
if(data41 && typeof data41 == "object" && !Array.isArray(data41)){
if(data41.source === undefined){
data41.source = "file";
}
if(data41.file === undefined){
data41.file = "gitea.secrets.yaml";
}
for(const key9 in data41){
if(!((key9 === "source") || (key9 === "file"))){
const err92 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key9},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
let data42 = data41.source;
if(typeof data42 !== "string"){
const err93 = {instancePath:instancePath+"/secrets/source",schemaPath:"#/properties/secrets/properties/source/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(!(data42 === "file")){
const err94 = {instancePath:instancePath+"/secrets/source",schemaPath:"#/properties/secrets/properties/source/enum",keyword:"enum",params:{allowedValues: schema31.properties.secrets.properties.source.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
let data43 = data41.file;
if(typeof data43 === "string"){
if(!pattern6.test(data43)){
const err95 = {instancePath:instancePath+"/secrets/file",schemaPath:"#/properties/secrets/properties/file/pattern",keyword:"pattern",params:{pattern: "^[^\\p{Cc}]+$"},message:"must match pattern \""+"^[^\\p{Cc}]+$"+"\""};
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
const err96 = {instancePath:instancePath+"/secrets/file",schemaPath:"#/properties/secrets/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
const err97 = {instancePath:instancePath+"/secrets",schemaPath:"#/properties/secrets/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
let data44 = data.verify;
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
if(data44.pushSizeMiB === undefined){
data44.pushSizeMiB = 100;
}
for(const key10 in data44){
if(!((key10 === "dnsServer") || (key10 === "pushSizeMiB"))){
const err98 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
if(data44.dnsServer !== undefined){
let data45 = data44.dnsServer;
if(typeof data45 === "string"){
if(!pattern26.test(data45)){
const err99 = {instancePath:instancePath+"/verify/dnsServer",schemaPath:"#/properties/verify/properties/dnsServer/pattern",keyword:"pattern",params:{pattern: "^[^\\s]+:[0-9]+$"},message:"must match pattern \""+"^[^\\s]+:[0-9]+$"+"\""};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
else {
const err100 = {instancePath:instancePath+"/verify/dnsServer",schemaPath:"#/properties/verify/properties/dnsServer/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
let data46 = data44.pushSizeMiB;
if(!(((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46))) && (isFinite(data46)))){
const err101 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
if((typeof data46 == "number") && (isFinite(data46))){
if(data46 > 4096 || isNaN(data46)){
const err102 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4096},message:"must be <= 4096"};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(data46 < 1 || isNaN(data46)){
const err103 = {instancePath:instancePath+"/verify/pushSizeMiB",schemaPath:"#/properties/verify/properties/pushSizeMiB/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
}
else {
const err104 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
else {
const err105 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export { schema31 as schema };
