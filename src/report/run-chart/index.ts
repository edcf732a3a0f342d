export { type Phase, type RunChart, runChartNumbers, type RunChartNumbers, type Span, type WeeklyValue } from './chart.js';
export { chartInWords } from './in-words.js';
export { runChart } from './run-chart.js';
export { type Signal, type SignalRule, signalsIn } from './signals.js';
export { type Xmr, xmr } from './xmr.js';
export { chartOf, improvementChart } from './improvement-chart.js';
