/** How a transfer syntax writes elements and pixels. @see PS3.5 Annex A */
export interface TransferSyntax {
  readonly uid: string;
  readonly name: string;
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
  readonly deflated: boolean;
  /** Pixels stand in fragments. */
  readonly encapsulated: boolean;
  /** Media type of one frame in DICOMweb. @see PS3.18 Table 8.7.3-2 */
  readonly frameMediaType: string;
  readonly lossy: boolean;
}

const native = 'application/octet-stream';
const row = (uid: string, name: string, frameMediaType: string, more: Partial<TransferSyntax> = {}): [string, TransferSyntax] => {
  const full = `1.2.840.10008.1.2${uid}`;
  return [full, { uid: full, name, explicitVr: true, littleEndian: true, deflated: false, encapsulated: frameMediaType !== native, frameMediaType, lossy: false, ...more }];
};

const known: ReadonlyMap<string, TransferSyntax> = new Map([
  row('', 'Implicit VR Little Endian', native, { explicitVr: false }),
  row('.1', 'Explicit VR Little Endian', native),
  row('.1.98', 'Encapsulated Uncompressed Explicit VR Little Endian', native, { encapsulated: true }),
  row('.1.99', 'Deflated Explicit VR Little Endian', native, { deflated: true }),
  row('.2', 'Explicit VR Big Endian', native, { littleEndian: false }),
  row('.4.50', 'JPEG Baseline (Process 1)', 'image/jpeg', { lossy: true }),
  row('.4.51', 'JPEG Extended (Process 2 and 4)', 'image/jpeg', { lossy: true }),
  row('.4.57', 'JPEG Lossless (Process 14)', 'image/jpeg'),
  row('.4.70', 'JPEG Lossless, First-Order Prediction', 'image/jpeg'),
  row('.4.80', 'JPEG-LS Lossless', 'image/jls'),
  row('.4.81', 'JPEG-LS Near-Lossless', 'image/jls', { lossy: true }),
  row('.4.90', 'JPEG 2000 Lossless', 'image/jp2'),
  row('.4.91', 'JPEG 2000', 'image/jp2', { lossy: true }),
  row('.4.92', 'JPEG 2000 Part 2 Multi-component Lossless', 'image/jpx'),
  row('.4.93', 'JPEG 2000 Part 2 Multi-component', 'image/jpx', { lossy: true }),
  row('.4.100', 'MPEG2 Main Profile / Main Level', 'video/mpeg', { lossy: true }),
  row('.4.101', 'MPEG2 Main Profile / High Level', 'video/mpeg', { lossy: true }),
  row('.4.102', 'MPEG-4 AVC/H.264 High Profile', 'video/mp4', { lossy: true }),
  row('.4.103', 'MPEG-4 AVC/H.264 BD-compatible', 'video/mp4', { lossy: true }),
  row('.4.104', 'MPEG-4 AVC/H.264 High Profile for 2D video', 'video/mp4', { lossy: true }),
  row('.4.107', 'HEVC/H.265 Main Profile', 'video/mp4', { lossy: true }),
  row('.4.110', 'JPEG XL Lossless', 'image/jxl'),
  row('.4.111', 'JPEG XL JPEG Recompression', 'image/jxl', { lossy: true }),
  row('.4.112', 'JPEG XL', 'image/jxl', { lossy: true }),
  row('.4.201', 'HTJ2K Lossless', 'image/jphc'),
  row('.4.202', 'HTJ2K Lossless RPCL', 'image/jphc'),
  row('.4.203', 'HTJ2K', 'image/jphc', { lossy: true }),
  row('.5', 'RLE Lossless', 'image/dicom-rle'),
  row('.8.1', 'Deflated Image Frame Compression', 'application/octet-stream', { encapsulated: true }),
]);

/** Facts of a transfer syntax; one that is not known (a private one) is read as Explicit VR Little Endian, as PS3.5 10.1 asks, with its frames passed on as they are. */
export function transferSyntax(uid: string): TransferSyntax {
  return known.get(uid) ?? { uid, name: uid, explicitVr: true, littleEndian: true, deflated: false, encapsulated: true, frameMediaType: native, lossy: false };
}

export const implicitLittleEndian = '1.2.840.10008.1.2';
export const explicitLittleEndian = '1.2.840.10008.1.2.1';
