/** Where a server of the tests runs. */
export interface Where {
  readonly port: number;
  /** Its own, removed with it. */
  readonly folder: string;
  /** Of the installation: programs beside the one that is started. */
  readonly programs: string;
}

/** A server that tests need: how to find it, start it and get it. One file each, listed in `index.ts`. */
export interface Service {
  readonly name: string;
  /** Environment variable that names a server to use; it is left as it is found, and never stopped. */
  readonly env: string;
  /** Where it listens on a machine that has one. */
  readonly usualUrl: string;
  /** Debian packages that bring it. */
  readonly packages: readonly string[];
  /** The program to start, the first of these that is installed. */
  readonly programs: readonly string[];
  /** Makes what the program expects in its folder. */
  prepare?(where: Where): Promise<void>;
  args(where: Where): string[];
  url(where: Where): string;
  /** True when the server at `url` answers as the tests need it. Never rejects. */
  isReady(url: string): Promise<boolean>;
}
