/** Joins the image and the drawings over it into one PNG. */
export async function snapshot(canvas: HTMLCanvasElement, drawings: SVGElement | null): Promise<Blob> {
  const out = document.createElement('canvas');
  out.width = canvas.width;
  out.height = canvas.height;
  const context = out.getContext('2d');
  if (!context || out.width === 0) throw new Error('There is no image to capture');
  context.drawImage(canvas, 0, 0);
  if (drawings && drawings.childElementCount > 0) {
    const copy = drawings.cloneNode(true) as SVGElement;
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('width', String(canvas.clientWidth));
    copy.setAttribute('height', String(canvas.clientHeight));
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
    await picture.decode();
    context.drawImage(picture, 0, 0, out.width, out.height);
  }
  return new Promise((resolve, reject) => { out.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The image cannot be captured'))), 'image/png'); });
}
