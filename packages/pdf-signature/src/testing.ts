import 'reflect-metadata';
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import PdfKit from 'pdfkit';
import * as x509 from '@peculiar/x509';
import { signerFromKey, type Signer } from './index.ts';

const rsa = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
const ec = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface TestAuthority { readonly rootPem: string; signer(name: string, kind?: 'rsa' | 'ec'): Promise<Signer> }

/** A root made for one test, and signers under it. */
export async function testAuthority(): Promise<TestAuthority> {
  const keys = await crypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const notBefore = new Date(Date.now() - 3600_000);
  const notAfter = new Date(Date.now() + 86_400_000);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Test root', notBefore, notAfter, keys, signingAlgorithm: rsa,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)],
  });
  const rootPem = root.toString('pem');
  return {
    rootPem,
    signer: async (name, kind = 'rsa') => {
      const pair = await crypto.subtle.generateKey(kind === 'rsa' ? rsa : ec, true, ['sign', 'verify']);
      const certificate = await x509.X509CertificateGenerator.create({
        subject: [{ CN: [name] }], issuer: root.subject, notBefore, notAfter, publicKey: pair.publicKey, signingKey: keys.privateKey, signingAlgorithm: rsa,
        extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey)],
      });
      return signerFromKey(new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)), certificate.toString('pem'), [rootPem]);
    },
  };
}

/** A document of `pages` pages with a link annotation on the first. */
export function testPdf(pages = 2): Promise<Buffer> {
  const document = new PdfKit({ autoFirstPage: false, info: { Title: 'A (test) \\ document' } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (let page = 1; page <= pages; page += 1) document.addPage().text(`Page ${page}`, { link: 'https://bedside.example/' });
  document.end();
  return new Promise((resolve) => { document.on('end', () => resolve(Buffer.concat(chunks))); });
}

export function hasProgram(name: string, versionFlag: string): boolean {
  try {
    execFileSync(name, [versionFlag], { stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as { status?: number | null }).status != null;
  }
}

/** Runs a foreign program; resolves with what it printed and its exit code. */
export async function judge(program: string, args: readonly string[]): Promise<{ output: string; code: number }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { maxBuffer: 64 << 20 });
    return { output: stdout + stderr, code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: unknown };
    return { output: `${stdout ?? ''}${stderr ?? ''}`, code: typeof code === 'number' ? code : 1 };
  }
}

/** The error that `work` throws, or undefined. */
export function errorOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
