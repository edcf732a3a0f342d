// Node builds this list anew at each look until it has been noted on `process`. A test's `process` is a copy on which that never happens, and
// axios looks at it before every request.
Object.defineProperty(process, 'allowedNodeEnvironmentFlags', { value: process.allowedNodeEnvironmentFlags, enumerable: true });
