import { Injectable } from '@nestjs/common';

/** Parts of a service report here whether they work; all must for the service to be ready. */
@Injectable()
export class Readiness {
  private readonly parts = new Map<string, () => boolean>();

  add(name: string, isUp: () => boolean): void {
    this.parts.set(name, isUp);
  }

  read(): Record<string, boolean> {
    return Object.fromEntries([...this.parts].map(([name, isUp]) => [name, isUp()]));
  }
}
