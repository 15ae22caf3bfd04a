/** A symmetric matrix that is positive definite, as L·Lᵀ with L lower triangular. */
export class Cholesky {
  private readonly lower: readonly number[][];

  private constructor(lower: readonly number[][]) {
    this.lower = lower;
  }

  /** Factors the matrix; undefined when it is not positive definite, to rounding. O(n³). */
  static of(matrix: readonly (readonly number[])[]): Cholesky | undefined {
    const lower = matrix.map((row) => row.map(() => 0));
    for (let i = 0; i < matrix.length; i++) {
      for (let j = 0; j <= i; j++) {
        let rest = matrix[i][j];
        for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
        if (i > j) lower[i][j] = rest / lower[j][j];
        else if (rest > 1e-13 * matrix[i][i]) lower[i][i] = Math.sqrt(rest);
        else return undefined;
      }
    }
    return new Cholesky(lower);
  }

  /** The solution of matrix·x = right. */
  solve(right: readonly number[]): number[] {
    const { lower } = this;
    const x = [...right];
    for (let i = 0; i < x.length; i++) {
      for (let k = 0; k < i; k++) x[i] -= lower[i][k] * x[k];
      x[i] /= lower[i][i];
    }
    for (let i = x.length - 1; i >= 0; i--) {
      for (let k = i + 1; k < x.length; k++) x[i] -= lower[k][i] * x[k];
      x[i] /= lower[i][i];
    }
    return x;
  }

  inverse(): number[][] {
    return this.lower.map((_, column) => this.solve(this.lower.map((__, row) => (row === column ? 1 : 0))));
  }
}
