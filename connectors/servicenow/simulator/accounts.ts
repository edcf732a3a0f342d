/** Somebody who may sign in. The person or machine is also a row of `sys_user`. */
export interface Account {
  readonly user_name: string;
  readonly password: string;
  /** `admin` may all; `snc_read_only` may write nothing; `itil` may write tasks. */
  readonly roles: readonly string[];
  readonly name?: string;
  readonly email?: string;
  /** IANA zone for display values and `gs` functions. */
  readonly time_zone?: string;
  /** As in `sys_user.date_format`, for instance `dd/MM/yyyy`. */
  readonly date_format?: string;
  /** What the header `x-sn-apikey` says for this account. */
  readonly api_key?: string;
  /** Common name of the client certificate that stands for this account. */
  readonly certificate_name?: string;
}

/** An inbound OAuth client and the user on whose behalf it acts with client_credentials. */
export interface OAuthClient {
  readonly client_id: string;
  readonly client_secret: string;
  readonly user_name: string;
  /** PEM: with it the client may use the JWT bearer grant. */
  readonly public_key?: string;
}

/** The accounts of every new simulator; README.md lists them. */
export const defaultAccounts: readonly Account[] = [
  { user_name: 'gt.reader', password: 'reader-password', roles: ['itil', 'snc_read_only'], name: 'Golden Thread Reader' },
  { user_name: 'gt.writer', password: 'writer-password', roles: ['itil'], name: 'Golden Thread Writer' },
  { user_name: 'admin', password: 'admin-password', roles: ['admin'], name: 'System Administrator' },
  {
    user_name: 'change.manager',
    password: 'change-password',
    roles: ['itil', 'change_manager'],
    name: 'Change Manager',
    email: 'change.manager@example.com',
  },
];

export const defaultClients: readonly OAuthClient[] = [
  { client_id: 'gt-reader-client', client_secret: 'reader-client-secret', user_name: 'gt.reader' },
  { client_id: 'gt-writer-client', client_secret: 'writer-client-secret', user_name: 'gt.writer' },
];
