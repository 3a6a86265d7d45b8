import { readdirSync } from 'node:fs';

// npm run bench -- NAME [--full]: prints one line a figure, name<TAB>ours<TAB>reference<TAB>ratio<TAB>unit<TAB>what the reference is.
const [name = '', ...flags] = process.argv.slice(2);
const names = readdirSync(new URL('.', import.meta.url)).filter((f) => f.endsWith('.ts') && !/^(bench|soak)\.ts$/.test(f) && !f.includes('.test.')).map((f) => f.slice(0, -3));
if (!names.includes(name)) {
  console.error(`npm run bench -- NAME, one of: ${names.join(', ')}`);
  process.exit(2);
}
const { bench } = (await import(`./${name}.ts`)) as { bench: (print: (name: string, ours: number, reference: number, unit: string, what: string) => void, options: { full: boolean }) => Promise<void> };
const digits = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toPrecision(3));
await bench((figure, ours, reference, unit, what) => { console.log([figure, digits(ours), digits(reference), (ours / reference).toFixed(2), unit, what].join('\t')); }, { full: flags.includes('--full') });
