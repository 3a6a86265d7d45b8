export { checkAnnouncement, receiveDocument, receivedBefore, type DocumentAnnouncement, type ReceiveDeps, type Received } from './receive.ts';
export { serveBinary, type ServedBinary, type ServeRequest } from './serve.ts';
export { clamdScan, noVirusScan, type ClamdOptions, type VirusScan, type VirusScanRun } from './virus-scan.ts';
export { documentTypes, materialClassSystem, sha256Url, type DocumentType } from './vocabulary.ts';
