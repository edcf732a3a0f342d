export * from './explain-measurement.js';
export * from './explanation-lines.js';
