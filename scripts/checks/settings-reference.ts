import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settings } from '../../server/src/kernel/config.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

/** docs/settings.md, made from the declaration of the settings. */
export function settingsReference(): string {
  const rows = Object.entries(settings).map(([name, { about, fallback }]) => `| \`${name}\` | ${fallback === '' ? '(empty)' : `\`${cell(fallback)}\``} | ${cell(about)} |`);
  return `# Settings

Bedside is configured by environment variables; each has a default with which it runs. All faults in them are reported at once when it starts.
This page is generated from \`server/src/kernel/config.ts\`: \`node scripts/checks/settings-reference.ts\` writes it anew.

| Name | Default | What it is |
|---|---|---|
${rows.join('\n')}
`;
}

const fileOf = (root: string): string => join(root, 'docs/settings.md');

/** Empty when docs/settings.md is what the code says. */
export function checkSettingsReference(root: string): string[] {
  return readFileSync(fileOf(root), { encoding: 'utf8', flag: 'a+' }) === settingsReference() ? [] : ['docs/settings.md is not current: run node scripts/checks/settings-reference.ts'];
}

if (import.meta.main) writeFileSync(fileOf(join(import.meta.dirname, '../..')), settingsReference());
