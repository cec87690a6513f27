# TopoDash in one container: docker build -t topodash . && docker run -p 8050:8050 topodash
# Runs, uploads and the cache are in the volume /data: docker run -p 8050:8050 -v topodash:/data topodash

FROM python:3.11-slim AS build
# The CPU build of torch; another index (for CUDA) can be given: --build-arg TORCH_INDEX=...
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
RUN python -m venv /opt/topodash
ENV PATH=/opt/topodash/bin:$PATH
# Torch and the other packages first: these layers stay as they are while the code changes.
COPY requirements.txt .
RUN pip install --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)" \
 && pip install -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY assets assets
COPY data data
COPY topodash topodash
RUN pip install --no-deps .

FROM python:3.11-slim
COPY --from=build /opt/topodash /opt/topodash
COPY app.py /srv/app.py
RUN useradd --create-home --uid 10001 topodash \
 && mkdir /data \
 && chown topodash:topodash /data
USER topodash
WORKDIR /srv
ENV PATH=/opt/topodash/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    OMP_NUM_THREADS=1 \
    HOST=0.0.0.0 \
    PORT=8050 \
    TOPODASH_DATA_DIR=/data
VOLUME /data
EXPOSE 8050
HEALTHCHECK --interval=30s --timeout=5s --start-period=40s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=4)"]
# gunicorn, one worker with threads (topodash/web/serving.py). As process 1 it ends the workers and reaps what they leave.
CMD ["python", "app.py"]
