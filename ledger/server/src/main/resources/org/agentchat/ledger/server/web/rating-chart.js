// Draws how a rating moved. The numbers are in a table beside it: a canvas says nothing to a reader
// that does not see it.
import { el, number, shortened } from "./dom.js";
// Loaded for what it leaves behind: globalThis.Chart.
import "./chart.umd.min.js";

/** Points that a chart of this width can show apart. */
const MOST_POINTS = 2_000;

const DAY = 86_400_000;

/** Moments on the axis, as fine as the time between the first and the last wants. */
function format(span) {
  const parts = span < 2 * DAY
    ? { hour: "2-digit", minute: "2-digit" }
    : span < 400 * DAY
      ? { month: "short", day: "numeric" }
      : { year: "numeric", month: "short" };
  const formatter = new Intl.DateTimeFormat(undefined, parts);
  return (millis) => formatter.format(new Date(millis));
}

const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The rating before the first change, then after each; thinned out evenly when they are many. */
function points(changes) {
  const step = Math.max(1, Math.ceil(changes.length / MOST_POINTS));
  const kept = changes.filter((_, i) => i % step === 0 || i === changes.length - 1);
  return [
    { x: changes[0].at, y: changes[0].old_rating },
    ...kept.map((change) => ({ x: change.at, y: change.new_rating })),
  ];
}

function summary(changes, what) {
  const ratings = changes.map((change) => change.new_rating).concat(changes[0].old_rating);
  const lowest = ratings.reduce((a, b) => Math.min(a, b));
  const highest = ratings.reduce((a, b) => Math.max(a, b));
  const last = changes.at(-1);
  return `Line chart of the ${what}: from ${number(changes[0].old_rating)} to ${number(last.new_rating)} in ` +
    `${number(changes.length)} changes, between ${number(lowest)} and ${number(highest)}. The table below has every change.`;
}

function options(first, last) {
  const span = last - first;
  const axis = { color: colour("--quiet") };
  const grid = { color: colour("--line") };
  const onAxis = format(span);
  return {
    animation: false,
    layout: { padding: { top: 4, right: 10 } },
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: "nearest", axis: "x", intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: {
        displayColors: false,
        callbacks: {
          title: (items) => EXACT.format(new Date(items[0].parsed.x)),
          label: (item) => `Rating ${number(item.parsed.y)}`,
        },
      },
    },
    scales: {
      x: {
        type: "linear", grid, border: grid,
        // A single moment needs room around it.
        ...(span > 0 ? { min: first, max: last } : {}),
        ticks: { ...axis, maxTicksLimit: 6, maxRotation: 0, callback: (millis) => onAxis(millis) },
      },
      y: { grid, border: grid, grace: "10%", ticks: { ...axis, precision: 0, maxTicksLimit: 6 } },
    },
  };
}

/** Draws into the figure once that is in the page. Changes are oldest first, at least one. */
export function ratingChart(changes, what) {
  const canvas = el("canvas", { role: "img", "aria-label": summary(changes, shortened(what, 100)) });
  const figure = el("div", { class: "chart" }, canvas);
  const data = points(changes);
  const [first, last] = [data[0].x, data.at(-1).x];
  const chart = new globalThis.Chart(canvas, {
    type: "line",
    data: {
      datasets: [{
        data, stepped: true, clip: 8, borderWidth: 2, pointHitRadius: 12,
        pointRadius: data.length > 60 ? 0 : 3,
        borderColor: colour("--accent"), backgroundColor: colour("--accent"),
      }],
    },
    options: options(first, last),
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    chart.data.datasets[0].borderColor = colour("--accent");
    chart.data.datasets[0].backgroundColor = colour("--accent");
    chart.options = options(first, last);
    chart.update("none");
  });
  return figure;
}
