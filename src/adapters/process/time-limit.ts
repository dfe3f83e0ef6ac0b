/** The value of `promise`, or `otherwise` when it takes longer than `limitMs` or fails. Never rejects. */
export function withTimeLimit<T>(promise: Promise<T>, limitMs: number, otherwise: T): Promise<T> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(otherwise), limitMs);
    const settle = (value: T): void => {
      clearTimeout(timer);
      resolve(value);
    };
    promise.then(settle, () => settle(otherwise));
  });
}
