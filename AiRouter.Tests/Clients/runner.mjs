// What the suites beside this file have in common: runs their checks one after another and prints one line of JSON for each:
// {"name": …, "ok": true} or {"name": …, "ok": false, "error": …}. NodeSuite.cs reads the lines. The first argument of a suite, if
// there is one, is a part of the names of the checks to run.

/** Runs checks, which are functions by name. */
export async function run(checks) {
  const only = process.argv[2];
  for (const [name, check] of Object.entries(checks)) {
    if (only && !name.includes(only)) {
      continue;
    }

    try {
      await check();
      console.log(JSON.stringify({ name, ok: true }));
    } catch (error) {
      console.log(JSON.stringify({ name, ok: false, error: String(error?.stack ?? error) }));
    }
  }
}
