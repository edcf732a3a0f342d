import { fileConnector } from './connector.js';

/** An inbox folder with the files that people drop into it: CSV, XLSX, JSON, NDJSON, OSCAL. */
export default fileConnector();
