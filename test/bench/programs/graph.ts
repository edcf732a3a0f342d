import { benchGraph } from '../graph.js';
import { report } from '../measure.js';

report(await benchGraph(Number(process.argv[2])));
