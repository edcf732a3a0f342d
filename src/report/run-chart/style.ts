/**
 * Colours of Okabe & Ito ("Color Universal Design", 2008), which colour-blind people tell apart; a signal differs in shape as well, and every line in
 * its dashes and its label, so that a black and white print says the same. Every name begins with `rc-`, because a page may hold several charts and more.
 */
const light = {
  ground: '#ffffff',
  ink: '#1f2328',
  faint: '#59636e',
  grid: '#d1d9e0',
  band: '#eef1f4',
  window: '#e3effa',
  value: '#0072b2',
};
const dark = { ground: '#14181d', ink: '#e6edf3', faint: '#a5b0bb', grid: '#39424c', band: '#1e242b', window: '#17304a', value: '#56b4e9' };
const signal = { light: '#c04a00', dark: '#ff9a4d' };
const target = { light: '#00704f', dark: '#3fd0a0' };

function rules(colours: typeof light, signalColour: string, targetColour: string): string {
  return [
    `.rc-ground{fill:${colours.ground}}`,
    `.rc-ink{fill:${colours.ink}}`,
    `.rc-faint{fill:${colours.faint}}`,
    `.rc-grid{stroke:${colours.grid}}`,
    `.rc-band{fill:${colours.band}}`,
    `.rc-window{fill:${colours.window}}`,
    `.rc-line,.rc-mean,.rc-now{stroke:${colours.value}}`,
    `.rc-point,.rc-now-text{fill:${colours.value}}`,
    `.rc-limit{stroke:${colours.faint}}`,
    `.rc-signal{fill:${signalColour};stroke:${colours.ground}}`,
    `.rc-signal-text{fill:${signalColour}}`,
    `.rc-target{stroke:${targetColour}}`,
    `.rc-target-text{fill:${targetColour}}`,
  ].join('');
}

/** The style sheet of a chart: light, dark where the reader's system is dark, and light again on paper. */
export const styleSheet = [
  `.rc{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",Arial,sans-serif}`,
  rules(light, signal.light, target.light),
  `@media (prefers-color-scheme:dark){${rules(dark, signal.dark, target.dark)}}`,
  `@media print{${rules(light, signal.light, target.light)}}`,
].join('');
