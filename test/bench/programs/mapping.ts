import { benchMapping } from '../mapping.js';
import { report } from '../measure.js';

report(await benchMapping());
