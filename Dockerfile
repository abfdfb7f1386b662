# syntax=docker/dockerfile:1
# Both stages stand on one base. A release pins it: --build-arg BASE=docker.io/library/node:24-bookworm-slim@sha256:…
# docs/image.md says how the image is built, run and checked.
ARG BASE=docker.io/library/node:24-bookworm-slim

FROM ${BASE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
# A registry of one's own: --secret id=npmrc,src=$HOME/.npmrc. It stays out of every layer.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY schemas ./schemas
COPY src ./src
RUN npm run --silent build
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What only people and compilers read. Licences stay, since the packages are handed on.
RUN find node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' -o -iname '*.md' \) \
      -not -iname 'licen[sc]e*' -delete \
 && find node_modules -depth -type d -empty -delete

FROM ${BASE}
ARG VERSION=0.0.0-dev
ARG REVISION=unknown
ARG CREATED=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="grantd" \
      org.opencontainers.image.description="GitOps for Mailtrap permissions" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}"
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY config ./config
COPY schemas ./schemas
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
RUN ln -s /app/dist/main.js /usr/local/bin/grantd && chmod 0755 dist/main.js
# A number, so that a cluster that demands runAsNonRoot can tell. Nobody is in /etc/passwd for it; nothing needs that.
USER 65532:65532
EXPOSE 9911
# Exec form: grantd is process 1 itself, handles SIGTERM, and starts no process that it would have to reap.
# A daemon waits nearly all the time: a young heap of 1 MB and one helper thread save 13 MB (docs/quality/performance.md).
ENTRYPOINT ["node", "--max-semi-space-size=1", "--v8-pool-size=1", "/app/dist/main.js"]
CMD ["run"]
