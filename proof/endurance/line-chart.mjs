const [WIDTH, HEIGHT] = [860, 220];
const PLOT = { left: 70, right: 20, top: 44, bottom: 34 };
const COLOURS = ['#2563eb', '#d97706', '#059669'];

/**
 * Line charts over one time, one below the other, as a text of SVG. A panel: `{ title, unit, lines: [{ name, points: [[x, y]] }] }`.
 * Readable on light and on dark, since every colour stands on its own background.
 */
export function lineCharts({ title, xUnit, panels }) {
  const height = 30 + panels.length * HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${PLOT.left}" y="20" font-size="14" font-weight="600" fill="#111827">${escaped(title)}</text>`,
    ...panels.map((panel, index) => panelOf(panel, 30 + index * HEIGHT, xUnit)),
    '</svg>\n',
  ].join('\n');
}

function panelOf({ title, unit, lines }, top, xUnit) {
  const all = lines.flatMap(({ points }) => points);
  const most = { x: Math.max(...all.map(([x]) => x)), y: roundUp(Math.max(...all.map(([, y]) => y))) };
  const area = { width: WIDTH - PLOT.left - PLOT.right, height: HEIGHT - PLOT.top - PLOT.bottom };
  const x = (value) => PLOT.left + (value / most.x) * area.width;
  const y = (value) => top + PLOT.top + area.height - (value / most.y) * area.height;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return [
    `<text x="${PLOT.left}" y="${top + 22}" font-weight="600" fill="#111827">${escaped(title)}</text>`,
    ...lines.map(
      ({ name }, index) =>
        `<text x="${WIDTH - PLOT.right - 90 * (lines.length - index)}" y="${top + 22}" fill="${COLOURS[index]}">${escaped(name)}</text>`,
    ),
    ...ticks.map((share) => {
      const [at, value] = [y(most.y * share), most.y * share];
      return (
        `<line x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}" stroke="#e5e7eb"/>` +
        `<text x="${PLOT.left - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end" fill="#4b5563">${numberText(value)} ${escaped(unit)}</text>`
      );
    }),
    ...ticks.map(
      (share) =>
        `<text x="${x(most.x * share).toFixed(1)}" y="${top + HEIGHT - 14}" text-anchor="middle" fill="#4b5563">${numberText(most.x * share)} ${escaped(xUnit)}</text>`,
    ),
    ...lines.map(({ points }, index) => {
      const path = points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ');
      return `<polyline points="${path}" fill="none" stroke="${COLOURS[index]}" stroke-width="1.5"/>`;
    }),
  ].join('\n');
}

/** To the next of 1, 2, 2.5, 5 and 10 times a power of ten, so that the ticks are round. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value || 1));
  return power * ([1, 2, 2.5, 4, 5, 10].find((step) => step * power >= value) ?? 10);
}

function numberText(value) {
  return String(Number(value.toPrecision(3)));
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
