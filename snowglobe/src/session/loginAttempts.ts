import type { Clock } from "../clock";
import { SnowflakeError } from "../errors";
import type { Microseconds } from "../time";

/** Wrong passwords in a row after which a user is locked. */
const MOST_RETRIES = 5;
/** How long a user is locked. */
const LOCKOUT_MINUTES = 15;

interface Attempts {
  failures: number;
  lockedUntil: Microseconds;
}

/**
 * Locks users out who give wrong passwords: after five in a row for 15 minutes, the defaults of a password policy. In
 * memory: a restart unlocks. Only users that there are have an entry.
 *
 * Source: "CREATE PASSWORD POLICY", PASSWORD_MAX_RETRIES and PASSWORD_LOCKOUT_TIME_MINS.
 */
export class LoginAttempts {
  private readonly byUser = new Map<number, Attempts>();

  constructor(private readonly clock: Clock) {}

  /** @throws SnowflakeError 390102 while the user is locked, also for the right password */
  requireUnlocked(user: number): void {
    const attempts = this.byUser.get(user);
    if (!attempts || attempts.failures < MOST_RETRIES) return;
    if (this.clock.now() >= attempts.lockedUntil) {
      this.byUser.delete(user);
      return;
    }
    throw new SnowflakeError(
      "390102",
      "08001",
      `Your user account has been temporarily locked due to too many failed attempts. Try again after ${LOCKOUT_MINUTES} minutes or contact your account administrator for assistance.`,
    );
  }

  failed(user: number): void {
    const attempts = this.byUser.get(user) ?? { failures: 0, lockedUntil: 0 };
    attempts.failures++;
    attempts.lockedUntil = this.clock.now() + LOCKOUT_MINUTES * 60_000_000;
    this.byUser.set(user, attempts);
  }

  succeeded(user: number): void {
    this.byUser.delete(user);
  }
}
