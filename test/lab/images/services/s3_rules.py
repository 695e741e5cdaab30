"""Rules of S3 that moto does not keep: what a bucket asks of a PUT whose objects are locked, and who may delete what."""

import io
from fnmatch import fnmatchcase
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from moto.s3.models import s3_backends

SWITCH = "/lab-api/deletes/"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
ElementTree.register_namespace("", NAMESPACE)
WANTS_SUM = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"


def bucket_of(name):
    for backends in list(s3_backends.values()):
        for backend in list(backends.values()):
            if name in backend.buckets:
                return backend.buckets[name]
    return None


def has_sum(environ):
    """A sum of the content in the header, or promised for the end of the body. Naming an algorithm alone is no sum."""
    if environ.get("HTTP_CONTENT_MD5"):
        return True
    kinds = [name for name in environ if name.startswith("HTTP_X_AMZ_CHECKSUM_")]
    trailer = environ.get("HTTP_X_AMZ_TRAILER", "").lower()
    return bool(kinds) or trailer.startswith("x-amz-checksum-")


def no_delete(key):
    action = "s3:DeleteObject"
    return f"User is not authorized to perform: {action} on resource: {key} because no identity-based policy allows the {action} action"


def refusal(start_response, status, code, message):
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>'
    start_response(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body.encode())))])
    return [body.encode()]


class Rules:
    """Stands before the application that knows S3. Buckets are known by their names in the path."""

    def __init__(self, application):
        self.application = application
        self.debug = True
        self.allowed = {}

    def __call__(self, environ, start_response):
        path = environ.get("PATH_INFO", "")
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        if path.startswith(SWITCH):
            return self.switch(environ, start_response, path[len(SWITCH) :], query)
        name, _, key = path.lstrip("/").partition("/")
        bucket = bucket_of(name) if "/s3/" in environ.get("HTTP_AUTHORIZATION", "") else None
        if bucket is None:
            return self.application(environ, start_response)
        method = environ["REQUEST_METHOD"]
        if method == "PUT" and key and not set(query) - {"x-id"} and not has_sum(environ):
            if bucket.has_default_lock or any(each.startswith("HTTP_X_AMZ_OBJECT_LOCK") for each in environ):
                return refusal(start_response, "400 Bad Request", "InvalidRequest", WANTS_SUM)
        if method == "DELETE" and key and "uploadId" not in query and not self.may_delete(name, key):
            return refusal(start_response, "403 Forbidden", "AccessDenied", no_delete(f"arn:aws:s3:::{name}/{key}"))
        if method == "POST" and not key and "delete" in query and name in self.allowed:
            return self.several(environ, start_response, name)
        return self.application(environ, start_response)

    def switch(self, environ, start_response, name, query):
        """PUT with `only=PATTERN` (any number of them) limits who deletes objects of a bucket; DELETE lifts that."""
        if environ["REQUEST_METHOD"] == "PUT":
            self.allowed[unquote(name)] = query.get("only", [])
        else:
            self.allowed.pop(unquote(name), None)
        start_response("204 No Content", [])
        return []

    def may_delete(self, name, key):
        patterns = self.allowed.get(name)
        return patterns is None or any(fnmatchcase(key, pattern) for pattern in patterns)

    def several(self, environ, start_response, name):
        """Of several keys in one request those that may be deleted are, and the others are named as errors."""
        wanted = ElementTree.fromstring(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        denied = []
        for item in [each for each in wanted if each.tag.endswith("Object")]:
            key = next(part.text for part in item if part.tag.endswith("Key"))
            if not self.may_delete(name, key):
                denied.append(key)
                wanted.remove(item)
        body = ElementTree.tostring(wanted)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        errors = "".join(
            f"<Error><Key>{escape(key)}</Key><Code>AccessDenied</Code><Message>{escape(no_delete(key))}</Message></Error>"
            for key in denied
        )
        if not any(each.tag.endswith("Object") for each in wanted):
            text = f'<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="{NAMESPACE}">{errors}</DeleteResult>'.encode()
            start_response("200 OK", [("Content-Type", "application/xml"), ("Content-Length", str(len(text)))])
            return [text]
        said = {}
        parts = self.application(environ, lambda status, headers, *_: said.update(status=status, headers=headers))
        text = b"".join(parts).replace(b"</DeleteResult>", errors.encode() + b"</DeleteResult>")
        kept = [(head, value) for head, value in said["headers"] if head.lower() != "content-length"]
        start_response(said["status"], [*kept, ("Content-Length", str(len(text)))])
        return [text]
