import type { ServerResponse } from 'node:http';
import { ERRORS } from '@tus/server';
import { problemOf } from '../http/index.ts';

const codes = new Map<string, readonly [code: string, title: string]>([
  [ERRORS.MISSING_OFFSET.body, ['upload-offset-missing', 'The header Upload-Offset is missing.']],
  [ERRORS.INVALID_CONTENT_TYPE.body, ['content-type', 'Send application/offset+octet-stream.']],
  [ERRORS.FILE_NOT_FOUND.body, ['upload-not-found', 'There is no such upload; it may have expired. Start again.']],
  [ERRORS.FILE_NO_LONGER_EXISTS.body, ['upload-gone', 'This upload is gone. Start again.']],
  [ERRORS.INVALID_OFFSET.body, ['upload-offset', 'The upload is at another offset; ask for it and go on from there.']],
  [ERRORS.ERR_SIZE_EXCEEDED.body, ['upload-too-large', 'More bytes came than were announced.']],
  [ERRORS.ERR_MAX_SIZE_EXCEEDED.body, ['upload-too-large', 'The file is larger than this server takes.']],
  [ERRORS.INVALID_LENGTH.body, ['upload-length', 'The length of the upload must be given.']],
  [ERRORS.INVALID_METADATA.body, ['upload-metadata', 'The header Upload-Metadata is not valid.']],
]);

/** What the tus library refuses by itself, as problem details. @see RFC 9457 */
export function tusProblem(error: unknown): { status_code: number; body: string } {
  const { status_code: status, body } = (error ?? {}) as { readonly status_code?: unknown; readonly body?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) {
    const problem = problemOf(error); // nothing of an unforeseen error's text gets out
    return { status_code: problem.status, body: JSON.stringify(problem) };
  }
  const [code, title] = codes.get(String(body)) ?? ['upload-invalid', 'The request is not valid for this upload.'];
  return { status_code: status, body: JSON.stringify({ type: 'about:blank', title, status, code }) };
}

/** The library names every answer plain text: refusals get their own type here, at the last moment, and all answers the headers that hold elsewhere. */
export function typeProblems(response: ServerResponse): void {
  const write = response.writeHead.bind(response) as (...all: unknown[]) => ServerResponse;
  response.writeHead = ((status: number, ...rest: unknown[]) => {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('cache-control', 'no-store');
    const headers = rest.at(-1);
    if (status >= 400 && Array.isArray(headers)) {
      const flat = headers.flat() as unknown[];
      const at = flat.findIndex((name, i) => i % 2 === 0 && String(name).toLowerCase() === 'content-type');
      if (at >= 0) flat[at + 1] = 'application/problem+json';
      return write(status, ...rest.slice(0, -1), flat);
    }
    return write(status, ...rest);
  }) as ServerResponse['writeHead'];
}
