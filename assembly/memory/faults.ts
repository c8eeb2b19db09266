/**
 * Injection of allocation failures. In the release build `CHECKED` is not defined and the compiler removes all of this.
 */

let countdown: i32 = -1;

/** The n-th allocation from now fails (1 is the next); 0 or less: none does. */
export function failAllocation(n: i32): void {
  countdown = n > 0 ? n : -1;
}

/** Whether an allocation that has not come yet is to fail. */
export function failurePending(): bool {
  return countdown > 0;
}

/** Whether the allocation that is about to be made must fail. */
export function allocationFails(): bool {
  if (isDefined(CHECKED)) {
    if (countdown > 0) {
      countdown--;
      if (countdown == 0) {
        countdown = -1;
        return true;
      }
    }
  }
  return false;
}
