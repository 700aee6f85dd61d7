"""A small OpenID provider on loopback, for tests: ``identity_provider.py PORT SETTINGS.json``.

Authorization code flow of OpenID Connect Core 1.0 with PKCE (RFC 7636, S256 required), nonce,
exact redirect URI, codes that can be used once, RS256 signatures with a published key, and
RP-initiated logout. Persons are chosen with a button, without password. A person with a
``fault`` gets a token that a client must refuse.

Settings: ``client_id``, ``client_secret``, ``redirect_uri``, ``people`` (claims by subject).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
STRANGE_KEY = RSAKey.generate_key(2048, {"kid": "k1"})


class Provider(BaseHTTPRequestHandler):
    settings: ClassVar[dict] = {}
    codes: ClassVar[dict] = {}
    issuer = ""

    def do_GET(self):
        place = urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(place.query).items()}
        pages = {
            "/.well-known/openid-configuration": self.discovery,
            "/jwks": self.jwks,
            "/authorize": self.authorize,
            "/continue": self.go_on,
            "/logout": self.log_out,
        }
        if place.path in pages:
            pages[place.path](asked)
        else:
            self.answer(404, {"error": "not_found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {k: v[0] for k, v in parse_qs(body).items()}
        if self.path == "/token":
            self.token(asked)
        else:
            self.answer(404, {"error": "not_found"})

    def discovery(self, _asked):
        self.answer(
            200,
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "end_session_endpoint": f"{self.issuer}/logout",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            },
        )

    def jwks(self, _asked):
        self.answer(200, {"keys": [KEY.as_dict(private=False)]})

    def authorize(self, asked):
        wrong = self.wrong_with(asked)
        if wrong:
            self.answer(400, {"error": "invalid_request", "error_description": wrong})
            return
        links = "".join(
            f'<p><a href="/continue?{escape(urlencode({**asked, "person": sub}))}">'
            f"{escape(sub)}</a></p>"
            for sub in self.settings["people"]
        )
        self.page(f"<h1>Who are you?</h1>{links}")

    def wrong_with(self, asked):
        needed = {
            "client_id": self.settings["client_id"],
            "redirect_uri": self.settings["redirect_uri"],
            "response_type": "code",
            "code_challenge_method": "S256",
        }
        wrong = [k for k, v in needed.items() if asked.get(k) != v]
        wrong += [k for k in ("state", "nonce", "code_challenge") if not asked.get(k)]
        wrong += [] if "openid" in asked.get("scope", "").split() else ["scope"]
        return ", ".join(wrong)

    def go_on(self, asked):
        if self.wrong_with(asked) or asked.get("person") not in self.settings["people"]:
            self.answer(400, {"error": "invalid_request"})
            return
        code = secrets.token_urlsafe(24)
        self.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        self.redirect(f"{asked['redirect_uri']}?{back}")

    def token(self, asked):
        given = self.codes.pop(asked.get("code"), None)
        if not self.is_client():
            self.answer(401, {"error": "invalid_client"})
            return
        verifier = asked.get("code_verifier", "").encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
        if (
            given is None
            or asked.get("grant_type") != "authorization_code"
            or asked.get("redirect_uri") != given["redirect_uri"]
            or digest != given["code_challenge"]
        ):
            self.answer(400, {"error": "invalid_grant"})
            return
        self.answer(
            200,
            {
                "access_token": secrets.token_urlsafe(24),
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": self.id_token(given["person"], given["nonce"]),
            },
        )

    def is_client(self):
        kind, _, coded = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return False
        name, _, secret = base64.b64decode(coded).decode().partition(":")
        held = (self.settings["client_id"], self.settings["client_secret"])
        return (unquote(name), unquote(secret)) == held

    def id_token(self, person, nonce):
        held = dict(self.settings["people"][person])
        fault, age = held.pop("fault", ""), held.pop("age_seconds", 0)
        now = int(time.time())
        claims = {
            "iss": "https://elsewhere.example" if fault == "issuer" else self.issuer,
            "sub": person,
            "aud": "another" if fault == "audience" else self.settings["client_id"],
            "iat": now - age - (7200 if fault == "expired" else 0),
            "exp": now - 3600 if fault == "expired" else now + 300,
            "nonce": "replayed" if fault == "nonce" else nonce,
            **held,
        }
        if fault == "unsigned":
            parts = ({"alg": "none", "typ": "JWT"}, claims)
            return ".".join(map(_part, parts)) + "."
        key = STRANGE_KEY if fault == "signature" else KEY
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)

    def log_out(self, asked):
        if asked.get("post_logout_redirect_uri") == self.settings["redirect_uri"]:
            self.redirect(asked["post_logout_redirect_uri"])
        else:
            self.page("<h1>Signed out</h1>")

    def redirect(self, target):
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page(self, body):
        self.write(200, "text/html; charset=utf-8", body.encode())

    def answer(self, status, content):
        self.write(status, "application/json", json.dumps(content).encode())

    def write(self, status, kind, content):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words):
        """Nothing is told."""


def _part(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def main(port, settings):
    Provider.settings = json.loads(Path(settings).read_text(encoding="utf-8"))
    Provider.issuer = f"http://127.0.0.1:{port}"
    ThreadingHTTPServer(("127.0.0.1", int(port)), Provider).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
