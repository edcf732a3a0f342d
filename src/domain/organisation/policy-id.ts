import { z } from 'zod';

/** How everything that policy.yaml names is named: in lower case, so that it can be written into a ticket's label or a file name. */
export const policyId = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case letters, digits and hyphens');
