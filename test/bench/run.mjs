// Benches by name: `npm run bench -- redirector ingest`; all of them without a name. Each prints its figure beside a baseline of the same run.
const benches = { redirector: './redirector.mjs', ingest: './ingest.mjs' };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no bench "${unknown[0]}"; there are: ${Object.keys(benches).join(', ')}.\n`);
  process.exit(1);
}
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const { bench } = await import(benches[name]);
  process.stdout.write(`\n${name}\n`);
  await bench();
}
process.exit(0);
