FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data WEB_BIND=0.0.0.0:8000 LMTP_BIND=0.0.0.0:8024 SMTP_BIND=
WORKDIR /srv/guichet
RUN useradd --system --home /srv/guichet guichet && mkdir /data && chown guichet /data
COPY requirements.txt requirements-postgres.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt -r requirements-postgres.txt
COPY --chown=guichet . .
RUN python -c "from app.web.language import compile_catalogues; compile_catalogues()"
USER guichet
EXPOSE 8000 8024
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=3)"]
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "wsgi:application"]
