import type { Connector } from 'golden-thread/kit';
import { ServiceNowConfig } from './config.js';
import { openInstance } from './open.js';

/** ServiceNow over its Table API: what improvement needs of its tables in; changes, their tasks and improvement initiatives out. */
const servicenow: Connector<ServiceNowConfig> = Object.freeze({
  id: 'servicenow',
  about: 'ServiceNow: reads incidents, problems, changes, SLA results and more; writes changes, change tasks and improvement initiatives.',
  config: ServiceNowConfig,
  open: openInstance,
});

export default servicenow;
