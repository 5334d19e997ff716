"""The OpenAPI document as the judge of replies."""

from __future__ import annotations

import httpx
import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012


class Contract:
    """Says whether a reply is one that the document promises. Paths without a place in the document are left alone."""

    def __init__(self, text: str):
        self.document = yaml.safe_load(text)
        self.paths: dict[str, dict] = self.document["paths"]
        resource = DRAFT202012.create_resource(self.document)
        self._registry = Registry().with_resource("urn:openapi", resource)

    def operation(self, method: str, path: str) -> dict | None:
        return self.paths.get(path, {}).get(method.lower())

    def resolve(self, node: dict) -> dict:
        while "$ref" in node:
            found: object = self.document
            for word in node["$ref"].removeprefix("#/").split("/"):
                found = found[word.replace("~1", "/").replace("~0", "~")]  # type: ignore[index]
            node = found  # type: ignore[assignment]
        return node

    def check(self, response: httpx.Response) -> None:
        method, path = response.request.method, response.request.url.path
        operation = self.operation(method, path)
        if operation is None:
            return
        promised = operation["responses"].get(str(response.status_code)) or operation["responses"].get("default")
        assert promised is not None, f"{method} {path} answered {response.status_code}, which the OpenAPI document does not mention: {response.text[:300]}"
        content = self.resolve(promised).get("content")
        if not content:
            return
        kind = response.headers.get("content-type", "").split(";")[0]
        assert kind in content, f"{method} {path} answered {response.status_code} as {kind}, the document says {list(content)}"
        if kind == "application/json":
            self.check_value(response.json(), content[kind]["schema"], f"{method} {path} {response.status_code}")

    def check_value(self, value: object, schema: dict, what: str) -> None:
        rooted = absolute(schema)
        errors = sorted(OAS30Validator(rooted, registry=self._registry).iter_errors(value), key=lambda error: list(error.path))
        assert not errors, f"{what} is not as the OpenAPI document says: " + "; ".join(
            f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in errors)


def absolute(node: object) -> object:
    """The schema with its local references pointing into the registered document."""
    if isinstance(node, dict):
        return {
            key: f"urn:openapi{value}" if key == "$ref" and isinstance(value, str) and value.startswith("#") else absolute(value)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [absolute(item) for item in node]
    return node
