import { expect, test } from 'vitest';
import { svgChart } from '../../bench/svg-chart.mjs';

function chartOf(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => ({
    name: `line ${index}`,
    points: [
      [10, 1],
      [100, 10 + index],
    ],
  }));
  return svgChart([{ title: 'Time', unit: 'ms', lines }], { title: 'A chart', xTitle: 'people' });
}

test('every line of a chart has a colour and a place in the legend of its own, within the picture', () => {
  const chart = chartOf(7);
  const legend = [...chart.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="10" height="10" fill="(.*?)"/g)];
  const heightOf = (svg: string) => Number(/viewBox="0 0 \d+ (\d+)"/.exec(svg)?.[1]);
  expect(new Set(legend.map(([, x, y]) => `${x} ${y}`)).size).toBe(7);
  expect(new Set(legend.map(([, , , colour]) => colour)).size).toBe(7);
  expect(Math.max(...legend.map(([, , y]) => Number(y) + 10))).toBeLessThan(heightOf(chart));
  expect(heightOf(chartOf(2))).toBe(320);
});
