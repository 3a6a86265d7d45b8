import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { patiently, root, say } from './print.mjs';
import { runToEnd } from './child.mjs';

/**
 * What Debian has and npm has not. `there` are files of which one must exist. `need` is who wants it: the product itself (`start`, where it
 * works without, but less well), its tests (`test`; a test without its judge is skipped and says so), or the benchmarks (`bench`).
 */
export const systemPackages = [
  { name: 'chromium', need: 'test', why: 'browser of the end-to-end tests', there: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] },
  { name: 'poppler-utils', need: 'test', why: 'pdfsig and pdftotext judge signed reports', there: ['/usr/bin/pdfsig'] },
  { name: 'qpdf', need: 'test', why: 'judges the structure of PDF files', there: ['/usr/bin/qpdf'] },
  { name: 'dcmtk', need: 'test', why: 'foreign DICOM implementation on the other end', there: ['/usr/bin/dcmdump'] },
  { name: 'libxml2-utils', need: 'test', why: 'xmllint judges C-CDA documents', there: ['/usr/bin/xmllint'] },
  { name: 'fonts-noto-cjk', need: 'test', why: 'Chinese letters in pictures that the browser tests take', there: ['/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'] },
  { name: 'fonts-noto-core', need: 'test', why: 'Arabic and other letters in them', there: ['/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf'] },
  { name: 'openssl', need: 'test', why: 'judges certificates and TLS', there: ['/usr/bin/openssl'] },
  { name: 'libnss3-tools', need: 'test', why: 'certutil gives pdfsig the root that it shall trust', there: ['/usr/bin/certutil'] },
];

const missing = (needs) => systemPackages.filter((p) => needs.includes(p.need) && !p.there.some((file) => existsSync(file)));

/** How apt-get can be run without asking anybody, or undefined. */
function aptCommand() {
  if (!existsSync('/usr/bin/apt-get')) return undefined;
  const env = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=300'];
  if (process.getuid() === 0) return env;
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n', ...env] : undefined;
}

const run = ([file, ...first], args) => runToEnd(file, [...first, ...args], { quiet: true });

/**
 * Installs the system packages that are missing, if that needs no password; otherwise names them in one line and goes on.
 * What could not be had is not tried again on every start.
 */
export async function provideSystemPackages(needs) {
  const wanted = missing(needs);
  if (wanted.length === 0) return;
  const names = wanted.map((p) => p.name);
  const marker = join(root, '.runtime', `system-packages-${needs.join('-')}`);
  const triedBefore = existsSync(marker) && readFileSync(marker, 'utf8') === names.join(' ');
  const apt = triedBefore && !process.env.CI ? undefined : aptCommand();
  if (apt) {
    await patiently(`Installing system packages: ${names.join(' ')}`, async () => {
      const install = ['install', '-y', '--no-install-recommends', ...names];
      const first = await run(apt, install);
      if (first.code !== 0) {
        await run(apt, ['update']);
        await run(apt, install);
      }
    });
  }
  const left = missing(needs);
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, left.map((p) => p.name).join(' '));
  if (left.length > 0) say(`Going on without these system packages: ${left.map((p) => `${p.name} (${p.why})`).join(', ')}. To have them: apt-get install ${left.map((p) => p.name).join(' ')}`);
}
