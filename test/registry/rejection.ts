import { RegistryError } from "../../src/registry/errors.ts";

/** The RegistryError that a promise is rejected with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<RegistryError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
  throw new Error("a RegistryError was expected, and there was none");
}
