# One image for every Airflow service, from the same lock as everywhere else. Any Debian-like base with Python 3.11+ does.
ARG BASE=python:3.11-slim-bookworm
FROM ${BASE}

ENV AIRFLOW_HOME=/opt/airflow \
    PYTHONPATH=/opt/airflow/include \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/venv/bin:$PATH

# First the locks alone: the layer is rebuilt only when one changes.
COPY requirements.txt requirements-server.txt /tmp/
RUN python3 -m venv /opt/venv \
    && pip install --no-cache-dir --disable-pip-version-check -r /tmp/requirements.txt -r /tmp/requirements-server.txt \
    && rm /tmp/requirements.txt /tmp/requirements-server.txt

RUN useradd --uid 50000 --user-group --home-dir /opt/airflow --no-create-home airflow \
    && install -d -o airflow -g airflow /opt/airflow /opt/airflow/logs /opt/airflow/var

WORKDIR /opt/airflow
COPY --chown=airflow:airflow include include
COPY --chown=airflow:airflow dags dags
COPY --chown=airflow:airflow plugins plugins

USER airflow
CMD ["airflow", "version"]
