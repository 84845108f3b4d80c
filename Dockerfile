# One image for every Airflow service, from the same lock as everywhere else. Any Debian-like base with Python 3.11+ does.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

ENV AIRFLOW_HOME=/opt/airflow \
    PYTHONPATH=/opt/airflow/include \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    # The root may be read-only, and there is no home: what matplotlib remembers of fonts is made anew.
    MPLCONFIGDIR=/tmp/matplotlib \
    PATH=/opt/venv/bin:$PATH

# The charts of the weekly summary need a font with Chinese characters; without it an edition has none.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends fonts-wqy-zenhei \
    && rm -rf /var/lib/apt/lists/*

# First the locks alone: the layer is rebuilt only when one changes.
COPY requirements.txt requirements-server.txt /tmp/
RUN python3 -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check -r /tmp/requirements.txt -r /tmp/requirements-server.txt \
    && rm /tmp/requirements.txt /tmp/requirements-server.txt

RUN useradd --uid 50000 --user-group --home-dir /opt/airflow --no-create-home airflow \
    && install -d -o airflow -g airflow /opt/airflow /opt/airflow/logs /opt/airflow/run /opt/airflow/var \
    && install -d -o airflow -g airflow -m 700 /opt/airflow/backups \
    # With a file of settings there, Airflow writes none: the root may be read-only.
    && touch /opt/airflow/airflow.cfg

WORKDIR /opt/airflow
COPY --chmod=755 scripts/nuanliu /opt/venv/bin/nuanliu
COPY include include
COPY dags dags
COPY plugins plugins
RUN python3 -m compileall -q include dags plugins

USER airflow
CMD ["airflow", "version"]
