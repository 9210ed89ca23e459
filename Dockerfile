# learning-bot in one image: the service (scheduler and web) as a non-root user, its data in a volume, its
# configuration in a folder. How to run it stands in docs/operating.md.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
COPY requirements.txt /build/requirements.txt
RUN python3 -m venv /opt/venv \
 && /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /build/requirements.txt

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin bot \
 && install -d -o bot -g bot /srv /srv/data
COPY --from=build /opt/venv /opt/venv
COPY bot /opt/learning-bot/bot
COPY templates /opt/learning-bot/templates
COPY sources.yaml subscriptions.yaml /srv/configuration/
COPY schema /srv/configuration/schema
RUN printf '#!/bin/sh\nexec /opt/venv/bin/python -m bot --config /srv/configuration "$@"\n' > /usr/local/bin/learning-bot \
 && chmod 755 /usr/local/bin/learning-bot
ENV PYTHONPATH=/opt/learning-bot PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER bot
WORKDIR /srv
VOLUME /srv/data
EXPOSE 8080
HEALTHCHECK --interval=60s --timeout=5s --start-period=30s \
  CMD ["/opt/venv/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
# exec form, and `exec` in the script: the bot is process 1, gets SIGTERM, finishes what is in hand and stops
ENTRYPOINT ["/usr/local/bin/learning-bot"]
CMD ["run", "--host", "0.0.0.0", "--port", "8080"]
