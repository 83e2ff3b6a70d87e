FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=1048576 \
    DATA_DIR=/data WEB_BIND=0.0.0.0:8000 LMTP_BIND=0.0.0.0:8024 SMTP_BIND=
WORKDIR /srv/guichet
RUN useradd --system --home /srv/guichet guichet && mkdir /data && chown guichet /data
COPY requirements.txt requirements-postgres.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt -r requirements-postgres.txt
COPY --chown=guichet . .
RUN python -c "from app.web.language import compile_catalogues; compile_catalogues()"
USER guichet
EXPOSE 8000 8024
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=3)"]
CMD ["gunicorn", "wsgi:application"]
