import { followEvents, type Follow, type Followed } from './events.js';
import { createClient, createConfig } from './generated/client/index.js';
import { Operations, type Options } from './generated/sdk.gen.js';
import type {
  Event, GetOrderHistoryData, ListEventsData, ListOrdersData, ListParkedEventsData, ListPaymentsData, ListTicketsData,
  ListWebhookAttemptsData, Order, OrderTransition, ParkedEvent, Payment, Ticket, WebhookAttempt,
} from './generated/types.gen.js';
import { DEFAULT_RETRY, type RetryOptions } from './retry.js';
import { Shared, Transport } from './transport.js';

/** How a client is set up. */
export interface BoxofficeOptions {
  /** Where the service is. Of several replicas the next is asked when one cannot be reached. */
  baseUrl: string | readonly string[];
  /** Who is asking: a user's token, or an operator's key. */
  token?: string;
  /** Bounds of trying again. */
  retry?: Partial<RetryOptions>;
  /** What to send requests with, for proxies and the like. Default: the global `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/** Any list that comes in pages. */
type List<Item> = (options: object) => Promise<Item[]>;

/** A client of Boxoffice. It has every operation of the API as a method; each throws what the service refuses as `ProblemError`. */
export class Boxoffice extends Operations {
  readonly #transport: Transport;

  constructor(options: BoxofficeOptions | Transport) {
    const transport = options instanceof Transport ? options : transportOf(options);
    const config = createConfig({ baseUrl: transport.shared.first, fetch: transport.fetch, throwOnError: true });
    super({ client: createClient(config) });
    this.#transport = transport;
  }

  /**
   * The same client for somebody else. Both share what they have seen: what one has been answered, the next answer to the other
   * one shows.
   */
  withToken(token: string): Boxoffice {
    return new Boxoffice(new Transport(this.#transport.shared, token));
  }

  /**
   * Follows what happens, without end. A stream that breaks off or goes silent is resumed where it was, at another base URL if
   * need be, without a gap or a repetition. Throws when it is refused for good, and when it cannot be opened the first time within
   * the bounds of a call.
   */
  followEvents(wanted: Follow = {}): AsyncGenerator<Followed, void, undefined> {
    return followEvents(this.#transport, wanted);
  }

  /** All tickets of a list, page by page as they are taken. */
  iterTickets(options?: Options<ListTicketsData>): AsyncGenerator<Ticket, void, undefined> {
    return this.#all((page) => this.listTickets(page as Options<ListTicketsData, true>), options);
  }

  /** All my orders. */
  iterOrders(options?: Options<ListOrdersData>): AsyncGenerator<Order, void, undefined> {
    return this.#all((page) => this.listOrders(page as Options<ListOrdersData, true>), options);
  }

  /** All that an order was. */
  iterOrderHistory(options: Options<GetOrderHistoryData>): AsyncGenerator<OrderTransition, void, undefined> {
    return this.#all((page) => this.getOrderHistory(page as Options<GetOrderHistoryData, true>), options);
  }

  /** All my payments. */
  iterPayments(options?: Options<ListPaymentsData>): AsyncGenerator<Payment, void, undefined> {
    return this.#all((page) => this.listPayments(page as Options<ListPaymentsData, true>), options);
  }

  /** All attempts to send an endpoint something. */
  iterWebhookAttempts(options: Options<ListWebhookAttemptsData>): AsyncGenerator<WebhookAttempt, void, undefined> {
    return this.#all((page) => this.listWebhookAttempts(page as Options<ListWebhookAttemptsData, true>), options);
  }

  /** All events that a consumer group has given up. */
  iterParkedEvents(options: Options<ListParkedEventsData>): AsyncGenerator<ParkedEvent, void, undefined> {
    return this.#all((page) => this.listParkedEvents(page as Options<ListParkedEventsData, true>), options);
  }

  /** All events that are kept by now; `followEvents` goes on. */
  iterEvents(options?: Options<ListEventsData>): AsyncGenerator<Event, void, undefined> {
    return this.#all((page) => this.listEvents(page as Options<ListEventsData, true>), options);
  }

  /** Goes from page to page by `Link`, which has the whole query of the next one. */
  async *#all<Item>(list: List<Item>, options: { query?: object } = {}): AsyncGenerator<Item, void, undefined> {
    let query: object | undefined = options.query;
    do {
      let link: string | null = null;
      const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
        const response = await this.#transport.fetch(input, init);
        link = response.headers.get('link');
        return response;
      };
      yield* await list({ ...options, query, fetch });
      query = nextQuery(link);
    } while (query);
  }
}

function transportOf({ baseUrl, token, retry, fetch }: BoxofficeOptions): Transport {
  const send = fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => globalThis.fetch(input, init));
  return new Transport(new Shared(baseUrl, { ...DEFAULT_RETRY, ...retry }, send), token);
}

/** The query of the next page, if there is one. */
function nextQuery(link: string | null): object | undefined {
  const next = /<([^>]*)>\s*;\s*rel="next"/.exec(link ?? '')?.[1];
  return next === undefined ? undefined : Object.fromEntries(new URL(next, 'http://localhost').searchParams);
}
