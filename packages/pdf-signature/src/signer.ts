import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { PdfSignatureError } from './errors.ts';
import type { Signer } from './cms.ts';

/**
 * A signer whose key is in memory.
 * @param pkcs8 DER of the private key, RSA or P-256. @param certificatePem its certificate. @param chainPem those above it, each a PEM text.
 * @throws PdfSignatureError `unsupported` when key and certificate do not belong together or are of another kind.
 */
export function signerFromKey(pkcs8: Uint8Array, certificatePem: string, chainPem: readonly string[]): Signer {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const certificate = new X509Certificate(certificatePem);
  if (!certificate.checkPrivateKey(key)) throw new PdfSignatureError('unsupported', 'The private key is not that of the certificate');
  const rsa = key.asymmetricKeyType === 'rsa';
  if (!rsa && key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new PdfSignatureError('unsupported', 'Keys are RSA or P-256');
  return {
    certificate: certificate.raw,
    chain: chainPem.map((pem) => new X509Certificate(pem).raw),
    algorithm: rsa ? 'rsa-sha256' : 'ecdsa-p256-sha256',
    sign: (bytes) => new Promise((resolve, reject) => {
      sign('sha256', bytes, { key, dsaEncoding: 'der' }, (error, signature) => { if (error) reject(error); else resolve(signature); });
    }),
  };
}
