/**
 * Draws lines over two logarithmic axes as SVG, side by side in panels: `{ title, unit, lines: [{ name, points }] }`, with
 * points as pairs of rows and a value above zero. Colours fit a light and a dark page.
 */
export function svgChart(panels, { title, xTitle }) {
  const width = PANEL.width * panels.length;
  const legendRows = Math.max(...panels.map(({ lines }) => Math.ceil(lines.length / LEGEND.columns)));
  const height = PANEL.height + (legendRows - 1) * LEGEND.rowHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    '<style>text { fill: #57606a } .axis { stroke: #8c959f } .grid { stroke: #8c959f; stroke-opacity: 0.25 }</style>',
    ...panels.flatMap((panel, index) => drawPanel(panel, index * PANEL.width, xTitle)),
    '</svg>',
    '',
  ].join('\n');
}

const PANEL = { width: 440, height: 320 };
const PLOT = { left: 62, top: 34, right: 424, bottom: 262 };
const LEGEND = { columns: 2, width: 180, rowHeight: 18 };
const COLOURS = ['#0969da', '#bf3989', '#1a7f37', '#9a6700', '#8250df', '#cf222e', '#6e7781'];

function drawPanel({ title, unit, lines }, shift, xTitle) {
  const points = lines.flatMap((line) => line.points);
  const x = scaleOf(
    points.map(([at]) => at),
    shift + PLOT.left,
    shift + PLOT.right,
  );
  const y = scaleOf(
    points.map(([, value]) => value),
    PLOT.bottom,
    PLOT.top,
  );
  return [
    text(shift + PLOT.left, 18, title, 'font-weight="bold"'),
    ...x.ticks.flatMap((tick) => [
      line([x.place(tick), PLOT.top], [x.place(tick), PLOT.bottom], 'grid'),
      text(x.place(tick), PLOT.bottom + 16, short(tick), 'text-anchor="middle"'),
    ]),
    ...y.ticks.flatMap((tick) => [
      line([shift + PLOT.left, y.place(tick)], [shift + PLOT.right, y.place(tick)], 'grid'),
      text(shift + PLOT.left - 6, y.place(tick) + 4, `${short(tick)} ${unit}`, 'text-anchor="end"'),
    ]),
    line([shift + PLOT.left, PLOT.bottom], [shift + PLOT.right, PLOT.bottom], 'axis'),
    text(shift + (PLOT.left + PLOT.right) / 2, PLOT.bottom + 32, xTitle, 'text-anchor="middle"'),
    ...lines.flatMap(({ name, points: own }, index) =>
      drawLine({ name, points: own, colour: COLOURS[index % COLOURS.length], index }, { x, y, shift }),
    ),
  ];
}

function drawLine({ name, points, colour, index }, { x, y, shift }) {
  const left = shift + PLOT.left + (index % LEGEND.columns) * LEGEND.width;
  const below = PLOT.bottom + Math.floor(index / LEGEND.columns) * LEGEND.rowHeight;
  const places = points.map(([at, value]) => [x.place(at).toFixed(1), y.place(value).toFixed(1)]);
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
    `<rect x="${left}" y="${below + 43}" width="10" height="10" fill="${colour}"/>`,
    text(left + 16, below + 52, name),
  ];
}

/** From one power of ten to another, with a tick at each. */
function scaleOf(values, from, to) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  return {
    ticks: Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index)),
    place: (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from),
  };
}

function short(value) {
  if (value >= 1_000_000) return `${value / 1_000_000}M`;
  return value >= 1_000 ? `${value / 1_000}k` : String(Number(value.toPrecision(3)));
}

function line([x1, y1], [x2, y2], kind) {
  return `<line class="${kind}" x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}"/>`;
}

function text(x, y, words, more = '') {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escaped(words)}</text>`;
}

function escaped(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
