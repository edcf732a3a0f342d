# syntax=docker/dockerfile:1
FROM docker.io/library/node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY .ci ./.ci
COPY src ./src
COPY connectors ./connectors
# The product, and the kit's conformance suite; no tests. The maps to the sources would double its size: who wants them has them from `npm run build`.
RUN node .ci/bundle.mjs && find build -name '*.map' -delete

FROM docker.io/library/node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY .ci ./.ci
# What the bundle does not hold. Optional packages are left out: the one there is brings a Node of its own, for machines that have an old one.
RUN npm ci --omit=dev --omit=optional \
  && node .ci/outside.mjs \
  && find node_modules \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.map' \) -delete \
  && rm -rf node_modules/better-sqlite3/deps node_modules/better-sqlite3/src \
  && find node_modules/better-sqlite3/prebuilds -name '*.node' ! -name "$(node -p 'process.platform + "-" + process.arch').node" -delete

FROM docker.io/library/node:24-bookworm-slim
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-semi-space-size=8 --max-old-space-size=1024" \
    MALLOC_ARENA_MAX=1 \
    GOLDEN_THREAD_CONFIG=/config \
    GOLDEN_THREAD_HOST=0.0.0.0
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/build ./build
# As shipped, for the demo and to start from; what an organisation runs with is mounted over /config and /mappings.
COPY config ./config
COPY mappings ./mappings
COPY config /config
COPY mappings /mappings
RUN mkdir -p /data && chown 10001:10001 /data
USER 10001
VOLUME /data
EXPOSE 8420
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "require('node:http').get('http://127.0.0.1:8420/livez', (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "/app/build/src/cli/bin.js"]
CMD ["start"]
