import { createInterface } from 'node:readline';
import { Pool } from 'undici';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What is sent along with a request. */
export interface Sending {
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** A service refused; the message is its problem+json in one line. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: string,
    asked: string,
  ) {
    super(`${asked} was answered with ${status}: ${problem}`);
  }
}

/** REST of one service of the suite, with an API key. It talks to the operator's own services, so private addresses are meant. */
export class Api {
  private readonly pool: Pool;

  constructor(
    readonly url: string,
    private readonly key: string,
  ) {
    this.pool = new Pool(url, { connections: 32 });
  }

  get<T>(path: string): Promise<T> {
    return this.json('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.json('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.json('PUT', path, body);
  }

  /** Sends a file's text under its media type. */
  async send<T>(path: string, type: string, text: string): Promise<T> {
    return this.read(
      'POST',
      path,
      await this.raw('POST', path, { headers: { ...this.auth(), 'content-type': type }, body: text }),
    );
  }

  /** Any request, answered with whatever comes: nothing is thrown for a status. */
  async raw(method: Method | 'HEAD', path: string, sending: Sending = {}): Promise<Answer> {
    const answer = await this.pool.request({
      method,
      path,
      headers: sending.headers ?? {},
      body: sending.body ?? null,
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  /** Posts and reads lines of JSON as they come. */
  async *lines<T>(path: string, body: unknown): AsyncGenerator<T> {
    const headers = { ...this.auth(), 'content-type': 'application/json' };
    const answer = await this.pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) });
    if (answer.statusCode >= 400)
      throw new ApiError(answer.statusCode, await answer.body.text(), `POST ${path}`);
    for await (const line of createInterface({ input: answer.body }))
      if (line !== '') yield JSON.parse(line) as T;
  }

  close(): Promise<void> {
    return this.pool.close();
  }

  private async json<T>(method: Method, path: string, body?: unknown): Promise<T> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { ...this.auth(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    return this.read(method, path, await this.raw(method, path, { headers, ...sent }));
  }

  private read<T>(method: string, path: string, { status, text }: Answer): T {
    if (status >= 400) throw new ApiError(status, text, `${method} ${path}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private auth(): Record<string, string> {
    return { authorization: `Bearer ${this.key}` };
  }
}
