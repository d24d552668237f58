import type { StaffRole } from '../../domain/account.ts';
import type { ChatMessage, Ticket } from '../../domain/desk.ts';
import type { Language } from '../../domain/language.ts';
import type {
  EscalationDetail,
  EscalationView,
  FormView,
  ResolveRequest,
  RevealedTicket,
  StaffView,
  StatusView,
  TicketView,
} from '../../domain/views.ts';
import { type Answer, request } from '../kit/api-client.ts';

/** A new account and the password that is shown once. */
export type CreatedAccount = { readonly account: StaffView; readonly oneTimePassword: string };

/** What is asked for a new account. */
export type AccountRequest = {
  readonly name: string;
  readonly displayName: string;
  readonly role: StaffRole;
  readonly skills: readonly string[];
};

const at = (path: string, id: string): string => `${path}/${encodeURIComponent(id)}`;
const ESCALATIONS = '/api/v1/desk/escalations';
const TICKETS = '/api/v1/desk/tickets';

/** The staff page's requests, with advice in one language. The cookie says who asks. */
export type StaffApi = ReturnType<typeof createStaffApi>;

/** Makes the staff page's requests. */
export function createStaffApi(language: Language) {
  const caller = { language };
  const get = <T>(path: string): Promise<Answer<T>> => request<T>(caller, path);
  const post = <T>(path: string, body: unknown = {}): Promise<Answer<T>> =>
    request<T>(caller, path, { body });
  return {
    me: () => get<StaffView>('/api/v1/staff/me'),
    signIn: (name: string, password: string) =>
      post<StaffView>('/api/v1/staff/sign-in', { name, password }),
    signOut: () => post<null>('/api/v1/staff/sign-out'),
    changePassword: (current: string, next: string) =>
      post<StaffView>('/api/v1/staff/password', { current, next }),
    escalations: () => get<readonly EscalationView[]>(ESCALATIONS),
    escalation: (id: string) => get<EscalationDetail>(at(ESCALATIONS, id)),
    claim: (id: string) => post<EscalationView>(`${at(ESCALATIONS, id)}/claim`),
    heartbeat: (id: string) => post<EscalationView>(`${at(ESCALATIONS, id)}/heartbeat`),
    release: (id: string) => post<EscalationView>(`${at(ESCALATIONS, id)}/release`),
    say: (id: string, text: string) =>
      post<ChatMessage>(`${at(ESCALATIONS, id)}/messages`, { text }),
    resolve: (id: string, how: ResolveRequest) =>
      post<EscalationView>(`${at(ESCALATIONS, id)}/resolve`, how),
    tickets: () => get<readonly TicketView[]>(TICKETS),
    setTicketStatus: (number: string, status: Ticket['status']) =>
      post<TicketView>(`${at(TICKETS, number)}/status`, { status }),
    reveal: (number: string, reason: string) =>
      post<RevealedTicket>(`${at(TICKETS, number)}/reveal`, { reason }),
    form: (id: string) => get<FormView>(at('/api/v1/forms', id)),
    status: () => get<StatusView>('/api/v1/status'),
    accounts: () => get<readonly StaffView[]>('/api/v1/staff/accounts'),
    createAccount: (account: AccountRequest) =>
      post<CreatedAccount>('/api/v1/staff/accounts', account),
  };
}
