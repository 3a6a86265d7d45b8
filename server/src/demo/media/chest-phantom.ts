import { seededRandom, type Random } from '../random.ts';

/**
 * A chest computed from simple bodies (ellipsoids, capsules, rings), in millimetres of the patient's system: x to the left, y to the back,
 * z to the head. Values are Hounsfield units. No image of a person went into it. Later bodies lie over earlier ones.
 */
interface Ellipsoid { readonly kind: 'ellipsoid'; readonly at: Point; readonly radius: Point; readonly hu: number; readonly within?: 'lung'; readonly spikes?: number }
interface Capsule { readonly kind: 'capsule'; readonly from: Point; readonly to: Point; readonly radius: number; readonly hu: number; readonly within?: 'lung' }
type Body = Ellipsoid | Capsule;
type Point = readonly [x: number, y: number, z: number];

export const phantomSize = { columns: 512, rows: 512, slices: 60, pixelMm: 0.72, sliceMm: 5 } as const;
/** The nodule that the story is about: right upper lobe. */
export const noduleAt: Point = [-78, -18, 74];
export const noduleDiameterMm = 16;

const air = -1000;
const lung = -858;
const soft = 42;
const fat = -98;

const lerp = (a: Point, b: Point, t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];

/** Vessels that branch from each hilum towards the pleura, thinner at every branching. */
function vessels(random: Random): Capsule[] {
  const found: Capsule[] = [];
  const grow = (from: Point, heading: Point, lengthMm: number, radius: number, depth: number): void => {
    const to: Point = [from[0] + heading[0] * lengthMm, from[1] + heading[1] * lengthMm, from[2] + heading[2] * lengthMm];
    found.push({ kind: 'capsule', from, to, radius, hu: 38, within: 'lung' });
    if (depth === 0) return;
    for (let child = 0; child < 3; child++) {
      const turned = heading.map((h) => h + random.normal(0, 0.6)) as unknown as Point;
      const size = Math.hypot(...turned);
      grow(to, [turned[0] / size, turned[1] / size, turned[2] / size], lengthMm * (0.66 + 0.2 * random.next()), radius * 0.68, depth - 1);
    }
  };
  for (const side of [-1, 1]) {
    for (const [x, y, z] of [[0.75, -0.35, 0.6], [0.8, 0.45, 0.35], [0.85, -0.45, -0.25], [0.6, 0.45, -0.65], [0.5, 0.1, -0.85], [0.6, 0.1, 0.8]] as const) grow([side * 38, 8, 18], [side * x, y, z], 30, 4.2, 5);
  }
  return found;
}

function bodies(): Body[] {
  const sphere = (at: Point, r: number, hu: number, more: Partial<Ellipsoid> = {}): Ellipsoid => ({ kind: 'ellipsoid', at, radius: [r, r, r], hu, ...more });
  const tube = (points: readonly Point[], radius: number, hu: number): Capsule[] => points.slice(1).map((to, n) => ({ kind: 'capsule', from: points[n]!, to, radius, hu }));
  const carina: Point = [0, 12, 38];
  return [
    ...vessels(seededRandom('chest phantom vessels')),
    { kind: 'ellipsoid', at: [-55, 12, -152], radius: [88, 82, 78], hu: 58 }, // liver under the right dome
    { kind: 'ellipsoid', at: [72, 25, -158], radius: [58, 62, 64], hu: 46 }, // spleen and stomach
    { kind: 'ellipsoid', at: [22, -26, -38], radius: [56, 46, 58], hu: 46 }, // heart
    { kind: 'ellipsoid', at: [30, -22, -46], radius: [26, 24, 34], hu: 152 }, // left ventricle, with contrast
    { kind: 'ellipsoid', at: [-12, -34, -34], radius: [22, 20, 32], hu: 138 }, // right heart
    { kind: 'ellipsoid', at: [0, -4, 64], radius: [34, 32, 70], hu: 24 }, // mediastinum
    ...tube([[10, -28, 8], [2, -34, 40], [14, -14, 62], [26, 22, 52], [24, 38, 20], [20, 42, -140]], 13, 172), // aorta: up, arch, down
    ...tube([[-24, -18, 90], [-24, -16, 4]], 9, 168), // superior vena cava
    ...tube([[6, -18, 12], [-34, 4, 18]], 11, 164), ...tube([[6, -18, 16], [36, 6, 22]], 10, 164), // pulmonary arteries
    ...tube([[4, 32, 140], [4, 34, -140]], 6, 28), // oesophagus
    ...tube([[0, 8, 150], [0, 10, 80], carina], 8.5, air + 15), ...tube([carina, [-34, 12, 14]], 6, air + 20), ...tube([carina, [38, 14, 8]], 5.2, air + 20), // trachea, main bronchi
    sphere([-19, -2, 52], 6, 48), // the node beside the trachea
    sphere(noduleAt, noduleDiameterMm / 2, 36, { spikes: 9 }),
    ...[[-62, 20, 92], [-88, 10, 60], [70, 0, 96], [58, 26, 78], [-66, -30, 100]].map(([x, y, z]) => sphere([x!, y!, z!], 5.5, -950, { within: 'lung' })), // emphysema
  ];
}

/** Left and right lung as one outline each: wide at the base, narrow at the apex, hollowed by the heart. */
function inLung(x: number, y: number, z: number): boolean {
  const side = x < 0 ? -1 : 1;
  const up = (z + 20) / 150;
  if (up > 1) return false;
  const taper = Math.sqrt(Math.max(0, 1 - Math.max(0, up) ** 2.4));
  const halfWidth = 56 * taper;
  const halfDepth = 84 * taper;
  if (halfWidth < 4) return false;
  const cx = side * (74 - (1 - taper) * 22);
  const dx = (x - cx) / halfWidth;
  const dy = (y - 4 - (1 - taper) * 10) / halfDepth;
  if (dx * dx + dy * dy > 1) return false;
  const dome = side < 0 ? -88 : -100; // the diaphragm, higher over the liver
  const reach = Math.hypot((x - cx) / 62, (y - 0) / 88);
  return z > dome - 62 * reach * reach;
}

/** Bone: spine, breastbone, ribs that fall towards the front, shoulder blades. */
function bone(x: number, y: number, z: number, radial: number): number | undefined {
  const disc = ((z % 28) + 28) % 28 < 5;
  const vertebra = Math.hypot((x) / 17, (y - 72) / 14);
  if (vertebra < 1) return disc ? 88 : vertebra > 0.86 ? 620 : 210;
  if (Math.abs(x) < 5 && y > 96 && y < 122) return ((z % 28) + 28) % 28 < 16 ? 420 : 44;
  if (Math.hypot(x, y - 90) < 8) return 22; // the canal
  if (Math.abs(Math.hypot(x, y - 90) - 10.5) < 2.5) return 460;
  if (Math.abs(x) < 16 && Math.abs(y + 96) < 6 && z > -70 && z < 110) return 330;
  if (z > 20 && z < 130 && radial > 0.93 && radial < 0.965 && Math.abs(x) > 58 && y > 18 && y < 88) return 520;
  if (radial > 0.835 && radial < 0.905) {
    const fall = (z + (-y) * 0.46 + 600) % 27; // lower in front than behind
    const across = Math.hypot((fall - 13.5) / 5.4, (radial - 0.87) / 0.03);
    if (across < 1 && Math.abs(x) > 12) return across > 0.62 ? 560 : 190;
  }
  return undefined;
}

/** What is where before the bodies are laid over it. */
function ground(x: number, y: number, z: number): number {
  const outer = Math.hypot(x / 168, (y - 4) / 118);
  if (outer > 1) return y > 128 && y < 138 && Math.abs(x) < 190 ? -620 : air; // the table
  if (outer > 0.985) return 20; // skin
  const inner = Math.hypot(x / 148, (y - 4) / 104);
  if (inner > 1) return fat;
  const solid = bone(x, y, z, inner);
  if (solid !== undefined) return solid;
  if (inner > 0.92) return soft + 12; // muscle
  if (inLung(x, y, z)) return lung + 26 * Math.max(-1, Math.min(1, (y - 10) / 90)); // denser at the back, by gravity
  return inner > 0.8 ? soft : -40;
}

const isLung = (hu: number): boolean => hu < -700;

function paint(slice: Int16Array, lungHere: Uint8Array, body: Body, z: number): void {
  const { columns, rows, pixelMm } = phantomSize;
  const toColumn = (x: number): number => x / pixelMm + columns / 2;
  const toRow = (y: number): number => y / pixelMm + rows / 2;
  const reach = body.kind === 'ellipsoid' ? Math.max(...body.radius) * (body.spikes ? 1.6 : 1) : body.radius;
  const ends: readonly Point[] = body.kind === 'ellipsoid' ? [body.at] : [body.from, body.to];
  if (z < Math.min(...ends.map((p) => p[2])) - reach || z > Math.max(...ends.map((p) => p[2])) + reach) return;
  const [left, right] = [Math.min(...ends.map((p) => p[0])) - reach, Math.max(...ends.map((p) => p[0])) + reach];
  const [top, bottom] = [Math.min(...ends.map((p) => p[1])) - reach, Math.max(...ends.map((p) => p[1])) + reach];
  for (let row = Math.max(0, Math.floor(toRow(top))); row <= Math.min(rows - 1, Math.ceil(toRow(bottom))); row++) {
    for (let column = Math.max(0, Math.floor(toColumn(left))); column <= Math.min(columns - 1, Math.ceil(toColumn(right))); column++) {
      const n = row * columns + column;
      if (body.within === 'lung' && !lungHere[n]) continue;
      if (covers(body, (column - columns / 2) * pixelMm, (row - rows / 2) * pixelMm, z)) slice[n] = body.hu;
    }
  }
}

function covers(body: Body, x: number, y: number, z: number): boolean {
  if (body.kind === 'ellipsoid') {
    const [dx, dy, dz] = [x - body.at[0], y - body.at[1], z - body.at[2]];
    const r = Math.hypot(dx / body.radius[0], dy / body.radius[1], dz / body.radius[2]);
    return r <= 1 || (body.spikes !== undefined && r < 1.55 && Math.cos(body.spikes * Math.atan2(dy, dx) + dz * 0.3) > 0.86 + (r - 1) * 0.2);
  }
  const along: Point = [body.to[0] - body.from[0], body.to[1] - body.from[1], body.to[2] - body.from[2]];
  const length2 = along[0] ** 2 + along[1] ** 2 + along[2] ** 2;
  const t = Math.max(0, Math.min(1, ((x - body.from[0]) * along[0] + (y - body.from[1]) * along[1] + (z - body.from[2]) * along[2]) / length2));
  const [nx, ny, nz] = lerp(body.from, body.to, t);
  return Math.hypot(x - nx, y - ny, z - nz) <= body.radius;
}

/** Height of a slice over the middle of the chest, in mm; slice 0 is the lowest. */
export const sliceHeightMm = (slice: number): number => (slice - phantomSize.slices / 2) * phantomSize.sliceMm;

/** Computes the slices one after the other, lowest first: Hounsfield units, rows from front to back, with the grain of a scanner. */
export function* chestPhantom(): Generator<Int16Array> {
  const { columns, rows, slices, pixelMm } = phantomSize;
  const parts = bodies();
  for (let s = 0; s < slices; s++) {
    const z = sliceHeightMm(s);
    const slice = new Int16Array(columns * rows);
    const lungHere = new Uint8Array(columns * rows);
    const grain = seededRandom(`grain ${s}`);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const hu = ground((column - columns / 2) * pixelMm, (row - rows / 2) * pixelMm, z);
        slice[row * columns + column] = hu;
        if (isLung(hu) && hu > -950) lungHere[row * columns + column] = 1;
      }
    }
    for (const body of parts) paint(slice, lungHere, body, z);
    for (let n = 0; n < slice.length; n++) slice[n] = Math.max(-1024, Math.min(3071, slice[n]! + Math.round((grain.next() + grain.next() + grain.next() - 1.5) * 26)));
    yield slice;
  }
}
