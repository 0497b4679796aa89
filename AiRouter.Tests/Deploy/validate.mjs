// Checks Kubernetes objects against the schemas that Kubernetes and the Prometheus operator publish, as the npm packages
// kubernetes-models and @kubernetes-models/prometheus-operator carry them (compiled to functions). Strict: fields that the
// schema does not have are problems too, as the API server treats them with --validate=strict.
//
// Usage: node validate.mjs NODE_MODULES <objects.json >problems.json; an array of objects, and an array of arrays of strings.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const packages = ["kubernetes-models", "@kubernetes-models/prometheus-operator"].map((name) => path.join(process.argv[2], name));

async function problemsOf(object) {
  const validate = await schemaOf(object?.apiVersion, object?.kind);
  if (!validate) {
    return [`apiVersion: there is no schema for ${object?.kind} of ${object?.apiVersion}`];
  }

  const watched = new Watched(object, "");
  validate(watched.proxy);
  const wrong = (validate.errors ?? [])
    .map((error) => `${dotted(error.instancePath)}: ${error.keyword} ${JSON.stringify(error.params)}`);
  const unknown = watched.unread().map((field) => `${dotted(field)}: no such field`);
  return [...new Set([...wrong, ...unknown])].sort();
}

async function schemaOf(apiVersion, kind) {
  if (!/^[A-Za-z0-9./-]+$/.test(apiVersion ?? "") || !/^[A-Za-z0-9]+$/.test(kind ?? "")) {
    return undefined;
  }

  const model = packages.map((folder) => path.join(folder, apiVersion, `${kind}.js`)).find(existsSync);
  const schema = model && /from"([./]+\/_schemas\/[A-Za-z0-9]+\.js)"/.exec(readFileSync(model, "utf8"))?.[1];
  return schema && (await import(pathToFileURL(path.resolve(path.dirname(model), schema)).href)).validate;
}

function dotted(pointer) {
  return pointer.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~") || "(object)";
}

// A schema looks at every field that it knows: those that nobody looked at are unknown. Where it looks at none, not even which
// there are, anything may stand.
class Watched {
  #read = new Set();
  #listed = false;
  #children = new Map();

  constructor(value, pointer) {
    this.value = value;
    this.pointer = pointer;
    this.proxy = new Proxy(value, {
      get: (target, key) => {
        if (typeof key === "string") {
          this.#read.add(key);
        }
        return this.#child(target[key], key);
      },
      ownKeys: (target) => {
        this.#listed = true;
        return Reflect.ownKeys(target);
      },
    });
  }

  #child(value, key) {
    if (value === null || typeof value !== "object" || typeof key !== "string") {
      return value;
    }
    if (!this.#children.has(key)) {
      this.#children.set(key, new Watched(value, `${this.pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`));
    }
    return this.#children.get(key).proxy;
  }

  unread() {
    const here = this.#read.size === 0 && !this.#listed
      ? []
      : Object.keys(this.value).filter((key) => !this.#read.has(key)).map((key) => `${this.pointer}/${key}`);
    return [...here, ...[...this.#children.values()].flatMap((child) => child.unread())];
  }
}

const objects = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(objects.map(problemsOf))));
