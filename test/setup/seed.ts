import fc from 'fast-check';

// The same cases on every run, so that a red run is about the change and not about luck; another seed looks elsewhere: FAST_CHECK_SEED=7 npm test.
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 20260101) });
