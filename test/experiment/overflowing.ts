/** Random traffic on a small scaling pool with a provider behind it, made to overflow now and then. */
export const overflowing = `
name: Overflowing
horizon: 10m
warmup: 1m
replications: 2
traffic:
  chat:
    arrivals: { rate: 40/s, cv: 2 }
    inputTokens: { lognormal: { mean: 400, cv: 1 }, max: 4000 }
    outputTokens: { lognormal: { mean: 80, cv: 1 }, max: 400 }
    slo: ["ttft p90 < 2s", "success >= 90%"]
    client: { timeout: { ttft: 4s, total: 30s }, retry: { attempts: 3 } }
    path: [answers, { first: [gpus, api] }]
caches:
  answers: { kind: exact, hitRate: 10% }
pools:
  gpus:
    engine: { stepTime: { overhead: 2ms, denseFloor: 15ms, denseBase: 5ms, densePerToken: 90us, perKvToken: 0.1us }, maxSequences: 32, kvBlocks: 2000 }
    replicas: { min: 1, max: 2 }
    coldStart: { phases: { loading: { lognormal: { mean: 60s, cv: 0.5 } } } }
    scaling: { targetTracking: { metric: concurrency, target: 16 } }
    queue: { capacity: 50, maxWait: 3s }
    price: { perReplicaHour: $4, reserved: { count: 1, perReplicaHour: $3 } }
providers:
  api:
    model: { inputPerMillion: $1, outputPerMillion: $4 }
    limits: { law: tokenBucket, rpm: 60, retryAfter: true }
    latency: { ttft: { exponential: { mean: 500ms } }, tpot: { exponential: { mean: 10ms } } }
    faults: { errorRate: 5% }
`;
