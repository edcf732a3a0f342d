import type { Connector } from 'golden-thread/kit';
import { ServiceNowConfig } from './config.js';
import { openInstance } from './open.js';

/** ServiceNow over its Table API: incidents, problems, changes and service level results in; change requests out. */
const servicenow: Connector<ServiceNowConfig> = Object.freeze({
  id: 'servicenow',
  about: 'ServiceNow: reads incidents, problems, change requests and SLA results; creates change requests.',
  config: ServiceNowConfig,
  open: openInstance,
});

export default servicenow;
