"""The two descriptions of the interface, and ways through them."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from hamsa_schemas import default_catalogue
from hamsa_schemas.data_files import package_data
from hamsa_schemas.schema_set import BASE_URI

ASYNCAPI = "asyncapi/hamsa.json"
OPENAPI = "openapi/hamsa.json"

Example = tuple[str, dict[str, Any], Any]


@cache
def interface(path: str) -> dict[str, Any]:
    """A document by its path in the package."""
    content: dict[str, Any] = json.loads(package_data().joinpath(path).read_text(encoding="utf-8"))
    return content


def file_references(node: Any) -> Iterator[str]:
    """The path in the package of every schema file to which the document, or a part of it, refers."""
    if isinstance(node, dict):
        reference = node.get("$ref", "#")
        if not reference.startswith("#"):
            yield reference.removeprefix("../")
        for inner in node.values():
            yield from file_references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from file_references(inner)


def resolved(path: str, node: dict[str, Any]) -> dict[str, Any]:
    """What a node of a document is, or what it refers to within the document."""
    while "$ref" in node:
        target: Any = interface(path)
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def examples(path: str) -> Iterator[Example]:
    """Every example of a document: where the schema is that it must fit (a JSON Pointer), that schema, and itself."""
    yield from _examples(interface(path), "")


def _examples(node: Any, pointer: str) -> Iterator[Example]:
    if isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _examples(inner, f"{pointer}/{index}")
        return
    if not isinstance(node, dict):
        return
    if "schema" in node:
        if "example" in node:
            yield f"{pointer}/schema", node["schema"], node["example"]
        for example in node.get("examples", {}).values():
            yield f"{pointer}/schema", node["schema"], example["value"]
    elif "payload" in node:
        for example in node.get("examples", []):
            yield f"{pointer}/payload", node["payload"], example["payload"]
    for name, inner in node.items():
        if name not in ("example", "examples"):
            yield from _examples(inner, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")


def validator(path: str, pointer: str) -> Draft202012Validator:
    """The validator of the schema at a place of a document, which may refer to schema files."""
    registry: Registry[Any] = Registry().with_resources(
        (BASE_URI + name, DRAFT202012.create_resource(content))
        for name, content in {path: interface(path), **default_catalogue().schemas}.items()
    )
    return Draft202012Validator({"$ref": f"{BASE_URI}{path}#{pointer}"}, registry=registry)


def copy_of_package_data(folder: Path, changes: dict[str, Any]) -> None:
    """Write the documents and the schemas into a folder, and then `changes`: JSON contents by path."""
    for name in (ASYNCAPI, OPENAPI, *default_catalogue().schemas):
        content = changes.get(name) or json.loads(package_data().joinpath(name).read_text(encoding="utf-8"))
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
